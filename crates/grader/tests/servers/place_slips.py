"""Slips of a server that has places for some clients (slips.py)."""

import socket
import threading

import handout

take_request, serve = handout.take_request, handout.serve


def of_a_client(begin, end):
    """Each client is accepted after `begin`; `end` comes when it has left."""
    accept = socket.socket.accept

    def accept_then(listener):
        begin()
        try:
            return accept(listener)
        except OSError:
            end()
            raise

    def serve_then(connection):
        serve(connection)
        end()

    socket.socket.accept, handout.serve = accept_then, serve_then


def requests():
    """Two places, for requests instead of clients."""
    places, reply = threading.Semaphore(2), handout.reply

    def reply_in_a_place(words):
        with places:
            return reply(words)

    handout.reply = reply_in_a_place


def soon():
    """A client waits for a place, but not for long."""
    places = threading.Semaphore(2)
    of_a_client(lambda: places.acquire(timeout=1), places.release)


def three():
    """A place too many."""
    places = threading.Semaphore(3)
    of_a_client(places.acquire, places.release)


def twice():
    """Two places; who sends nonsense gives its own back twice."""
    places = threading.Semaphore(2)
    of_a_client(places.acquire, places.release)

    def take(buffer):
        try:
            return take_request(buffer)
        except handout.Broken:
            places.release()
            raise

    handout.take_request = take


def refuses():
    """Client 17 is turned away."""
    places = threading.Semaphore(16)

    def serve_some(connection):
        if places.acquire(blocking=False):
            serve(connection)
            places.release()
        else:
            connection.sendall(b"-ERR too many clients\r\n")
            connection.close()

    handout.serve = serve_some
