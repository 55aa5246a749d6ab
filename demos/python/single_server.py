#!/usr/bin/env python3
"""Serve one client after another, on one thread.

Compare with threaded_server.py; what a server does for a client is in service.py.
"""

import socket

import service


def main():
    options = service.parse_options(__doc__)
    # One call for socket, bind and listen of C.
    with socket.create_server(options.listen, backlog=service.BACKLOG) as listener:
        kit = service.Service(options, listener)
        while client := kit.admit(listener.accept):  # None once it has to stop
            client.serve()
    kit.finish()


if __name__ == "__main__":
    service.run(main)
