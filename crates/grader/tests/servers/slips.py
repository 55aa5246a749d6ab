"""The handout's server with a thread for each client, and one slip, which it is called by.

    slips.py SLIP BACKLOG [--listen ADDR]     SLIP: the name of a function below
"""

import atexit
import os
import socket
import sys

import handout

take_request, serve = handout.take_request, handout.serve


def characters():
    """The length of a reply counts characters."""

    def bulk(data):
        text = data.decode("latin-1")
        return b"$%d\r\n%s\r\n" % (len(text), text.encode())

    handout.bulk = bulk


def text():
    """Bytes that are not UTF-8 raise an exception."""
    bulk = handout.bulk
    handout.bulk = lambda data: bulk(data.decode().encode())


def lines():
    """A request is split at CR LF, and the lengths are not looked at."""

    def take(buffer):
        count = int(buffer[1 : buffer.find(b"\r\n")] or 0) if buffer[:1] == b"*" else 0
        parts = bytes(buffer).split(b"\r\n", 2 * count + 1)
        if not count or len(parts) < 2 * count + 2:
            return None
        buffer[:] = parts[-1]
        return parts[2::2]

    handout.take_request = take


def one():
    """One request is taken from what came, and the rest thrown away."""

    def take(buffer):
        words = take_request(buffer)
        if words:
            buffer.clear()
        return words

    handout.take_request = take


def offset():
    """What is left of a reply begins at the wrong byte."""

    def sendall(connection, data):
        sent = 0
        while sent < len(data):
            sent += connection.send(data[sent : sent + 65536])
            data = data[sent:]

    socket.socket.sendall = sendall


def stuck():
    """Once the socket is full, nobody waits until there is room again."""

    def sendall(connection, data):
        while data:
            try:
                data = data[connection.send(data, socket.MSG_DONTWAIT) :]
            except BlockingIOError:
                handout.stopping.wait()
                return

    socket.socket.sendall = sendall


def minutes():
    """SLEEP takes milliseconds for minutes."""
    seconds = handout.seconds
    handout.seconds = lambda text: seconds(text) * (60_000 if text.endswith("ms") else 1)


def forgets():
    """What came with a slow request is looked at once more comes."""

    def take(buffer):
        words = take_request(buffer)
        if words and words[0] == b"SLEEP":
            buffer.clear()
        return words

    handout.take_request = take


def mixture():
    """All clients share one buffer."""
    shared = bytearray()
    handout.bytearray = lambda: shared


def closes():
    """Each tenth client is closed at once."""
    clients = []

    def serve_most(connection):
        clients.append(1)
        connection.close() if len(clients) % 10 == 0 else serve(connection)

    handout.serve = serve_most


def status():
    """An exit with another status than 0."""
    atexit.register(lambda: os._exit(1))


globals()[sys.argv[1]]()
sys.argv[1] = "threads"
handout.main()
