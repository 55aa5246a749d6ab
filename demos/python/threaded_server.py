#!/usr/bin/env python3
"""Serve every client on a thread of its own.

Compare with single_server.py; what a server does for a client is in service.py.
"""

import socket
import threading

import service


def main():
    options = service.parse_options(__doc__)
    # One call for socket, bind and listen of C.
    with socket.create_server(options.listen, backlog=service.BACKLOG) as listener:
        kit = service.Service(options, listener)
        threads = []
        while client := kit.admit(listener.accept):  # None once it has to stop
            thread = threading.Thread(target=client.serve, name=client.name)
            with client.refused_without_thread():
                thread.start()
                threads = [other for other in threads if other.is_alive()] + [thread]
        for thread in threads:
            thread.join()
    kit.finish()


if __name__ == "__main__":
    service.run(main)
