#!/usr/bin/env python3
"""Serve every client in a process of its own.

Compare with threaded_server.py. Processes share no memory: a counter of INCR is each client's
own here, and nobody meets in MEET. But each has an interpreter, and computes beside the others.
"""

import multiprocessing
import socket
import threading
import warnings

import service


def main():
    options = service.parse_options(__doc__)
    fork = multiprocessing.get_context("fork")  # the new process has the connection already
    # Python warns of fork beside a thread, which waits for signals and holds no lock here.
    warnings.simplefilter("ignore", DeprecationWarning)
    with socket.create_server(options.listen, backlog=service.BACKLOG) as listener:
        kit = service.Service(options, listener)
        processes = []
        while client := kit.admit(listener.accept):  # None once it has to stop
            process = fork.Process(target=serve, args=(kit, client), name=client.name)
            process.start()
            client.close()  # the other process has its own
            processes = [other for other in processes if other.is_alive()] + [process]
        for process in processes:
            process.terminate()  # it answers what it was asked, as the first one does
        for process in processes:
            process.join()
    kit.finish()


def serve(kit, client):
    """What the new process does. The thread that waits for signals was left behind in the old one."""
    kit.listener.close()
    threading.Thread(target=kit.wait_for_signal, daemon=True).start()
    client.serve()


if __name__ == "__main__":
    service.run(main)
