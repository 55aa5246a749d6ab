#!/usr/bin/env python3
"""The client of handout 2: says hello, and asks whether to go on.

The server: threaded-server --plain
"""

import socket
import sys

port = int(sys.argv[1]) if len(sys.argv) > 1 else 12000
client = socket.socket()
client.connect(("127.0.0.1", port))
answer = "y"
while answer == "y":
    client.send(b"Hello from the client")
    print(client.recv(1024).decode())
    answer = input("continue (y/n)? ")
client.close()
