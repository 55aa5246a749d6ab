#!/usr/bin/env python3
"""The client of handout 4: one message, one answer.

The server: single-server --plain --once
"""

import socket
import sys

port = int(sys.argv[1]) if len(sys.argv) > 1 else 12000
client = socket.socket()
client.connect(("127.0.0.1", port))
client.send(b"hello")
print(client.recv(1024).decode())
client.close()
