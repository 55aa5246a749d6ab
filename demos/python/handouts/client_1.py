#!/usr/bin/env python3
"""The client of handout 1: sends one Linux command after another, and prints what comes back.

The server: threaded-server --plain run
"""

import socket
import sys

port = int(sys.argv[1]) if len(sys.argv) > 1 else 12000
client = socket.socket()
client.connect(("127.0.0.1", port))
while (command := input("command (close ends)? ")) != "close":
    client.send(command.encode())
    print(client.recv(4096).decode())
client.close()
