#!/usr/bin/env python3
"""The client of handout 5: sends who the student is, a line each.

The server: threaded-server --plain register. Without the ends of the lines nobody could say
where the name stops: three sends may arrive as one.
"""

import socket
import sys

port = int(sys.argv[1]) if len(sys.argv) > 1 else 12000
client = socket.socket()
client.connect(("127.0.0.1", port))
for what in ("name", "student id", "GitHub user name"):
    client.send(input(what + "? ").encode() + b"\n")
print(client.recv(1024).decode(), end="")
client.close()
