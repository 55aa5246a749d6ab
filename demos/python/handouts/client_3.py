#!/usr/bin/env python3
"""The client of handout 3: talks to the person at the server, until one of the two types a dot.

The server: threaded-server --plain --operator
"""

import datetime
import socket
import sys

port = int(sys.argv[1]) if len(sys.argv) > 1 else 12000
client = socket.socket()
client.connect(("127.0.0.1", port))
while (message := input("message ('.' ends)? ")) != ".":
    client.send(message.encode())
    print(datetime.datetime.now(), "sent:", message)
    answer = client.recv(1024).decode()
    print(datetime.datetime.now(), "answer:", answer)
    if answer == "Bye":
        break
client.close()
