#!/usr/bin/env python3
"""A server on the codec alone: what serves a client is yours to write.

resp.py beside this file turns bytes into requests (RequestReader) and replies into bytes
(encode). The grader says what is missing: cargo test -p my-server
"""

import sys

if sys.version_info < (3, 9):
    version = ".".join(map(str, sys.version_info[:3]))
    sys.exit("server.py needs Python 3.9 or later, and this is " + version + ": install a newer python3")

import argparse
import socket

from resp import CommandError, ProtocolError, RequestReader, Status, encode


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    # Port 0 asks for a free one.
    parser.add_argument("--listen", default="127.0.0.1:12000", metavar="ADDR")
    host, _, port = parser.parse_args().listen.rpartition(":")
    listener = socket.create_server((host, int(port)), backlog=128)
    print("listening on %s:%d" % listener.getsockname()[:2], flush=True)

    while True:
        connection, _peer = listener.accept()
        serve(connection)  # does one client's error end the server for all?


def serve(connection):
    """Serves one client until it leaves."""
    # Read a request with a RequestReader(connection.recv), and send encode(reply) for each.
    connection.sendall(b"-ERR this server is not written yet\r\n")
    connection.close()


if __name__ == "__main__":
    main()
