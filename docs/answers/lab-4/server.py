#!/usr/bin/env python3
"""Lab 4, all seven steps: a server on the codec alone, with a thread for each client."""

import sys

if sys.version_info < (3, 9):
    version = ".".join(map(str, sys.version_info[:3]))
    sys.exit("server.py needs Python 3.9 or later, and this is " + version + ": install a newer python3")

import argparse
import re
import signal
import socket
import threading
import time

from resp import CommandError, ProtocolError, RequestReader, Status, encode

LONGEST = 60  # seconds of a SLEEP
LOOK = 0.1  # seconds after which a thread that waits looks whether the server is to stop
UNREAD = 30  # seconds after which a client that does not read its replies is given up
UNITS = {"ms": 0.001, "s": 1, "m": 60, "": 1}

stopping = threading.Event()
print_lock = threading.Lock()
counters_lock = threading.Lock()
counters = {}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    # Port 0 asks for a free one.
    parser.add_argument("--listen", default="127.0.0.1:12000", metavar="ADDR")
    host, _, port = parser.parse_args().listen.rpartition(":")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    listener = socket.create_server((host, int(port)), backlog=128)
    listener.settimeout(LOOK)
    print("listening on %s:%d" % listener.getsockname()[:2], flush=True)

    threads = []
    while not stopping.is_set():
        try:
            connection, _peer = listener.accept()
        except OSError:  # nobody came, or this accept failed: neither ends the server
            continue
        threads = [thread for thread in threads if thread.is_alive()]
        thread = threading.Thread(target=serve, args=(connection,))
        try:
            thread.start()
            threads.append(thread)
        except RuntimeError:  # the system refuses a thread
            connection.close()
    listener.close()  # before the threads are joined: nobody new comes in
    for thread in threads:
        thread.join()


def serve(connection):
    """Serves one client until it leaves. An error of it ends nothing else."""
    with connection:
        try:
            converse(connection)
        except (EOFError, OSError):
            pass  # it left


def converse(connection):
    def receive(count):
        connection.settimeout(LOOK)
        while not stopping.is_set():  # looked at before each recv: a client may never pause
            try:
                return connection.recv(count)
            except socket.timeout:
                pass
        return b""

    def send(reply):
        connection.settimeout(UNREAD)
        connection.sendall(encode(reply))

    requests = RequestReader(receive)  # one for the whole connection
    while True:
        try:
            request = requests.read()
        except ProtocolError as error:
            send(CommandError(f"ERR Protocol error: {error}"))
            return
        if request:
            print_line(request)
            send(answer(request))


def answer(request):
    """The reply to a request; an error is a reply as well."""
    name, *words = request
    name = name.upper()
    if name == b"PING" and len(words) <= 1:
        return words[0] if words else Status("PONG")
    if name == b"ECHO" and len(words) == 1:
        return words[0]
    if name == b"SLEEP" and len(words) == 1:
        return sleep(words[0].decode("latin-1"))
    if name == b"INCR" and len(words) == 1:
        return incr(words[0])
    if name == b"GET" and len(words) == 1:
        return counters.get(words[0], 0)
    return CommandError("ERR unknown command, or a wrong number of arguments")


def sleep(spelled):
    parts = re.fullmatch(r"([0-9]+\.?[0-9]*)(ms|s|m|)", spelled)
    if not parts:
        return CommandError("ERR invalid duration: try 500ms, 2s or 1m")
    seconds = float(parts[1]) * UNITS[parts[2]]
    if seconds > LONGEST:
        return CommandError("ERR SLEEP takes 1m at most")
    time.sleep(seconds)
    return Status("OK")


def incr(counter):
    # The read and the write are one critical section.
    with counters_lock:
        counters[counter] = counters.get(counter, 0) + 1
        return counters[counter]


def print_line(request):
    """One whole line for each request, in one piece."""
    line = b" ".join(request).decode("latin-1").encode("unicode_escape").decode()
    with print_lock:
        print(line, flush=True)


if __name__ == "__main__":
    main()
