"""The handout's server with a thread for each client, and one slip, which it is called by.

    slips.py SLIP BACKLOG [--listen ADDR]     SLIP: the name of a function below,
                                             or in place_slips.py or word_slips.py
"""

import atexit
import os
import signal
import socket
import struct
import sys
import threading

import handout
import place_slips
import word_slips

take_request, serve, reply = handout.take_request, handout.serve, handout.reply


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


def part():
    """A reply is sent only as far as one send sends it, and that is not far."""
    socket.socket.sendall = lambda connection, data: connection.send(data[:1000])


def unended():
    """The last byte of each reply is missing."""
    sendall = socket.socket.sendall
    socket.socket.sendall = lambda connection, data: sendall(connection, data[:-1])


def lacks():
    """There is no RUN."""
    handout.reply = lambda words: (
        b"-ERR unknown command\r\n" if words[0] == b"RUN" else reply(words)
    )


def resets():
    """A connection that was reset is never closed."""
    recv, kept = socket.socket.recv, []

    def receive(connection, size):
        try:
            return recv(connection, size)
        except ConnectionResetError:
            kept.append(os.dup(connection.fileno()))
            raise

    socket.socket.recv = receive


def pipes():
    """A pipe is left of each program."""
    handout.reply = lambda words: (words[0] == b"RUN" and os.pipe(), reply(words))[1]


def minutes():
    """SLEEP takes milliseconds for minutes."""
    seconds = handout.seconds
    handout.seconds = lambda text: seconds(text) * (60_000 if text.endswith("ms") else 1)


def hurries():
    """SLEEP is answered at once."""
    handout.seconds = lambda text: 0


def whole_seconds():
    """SLEEP sleeps for whole seconds, and for one at least."""
    seconds = handout.seconds
    handout.seconds = lambda text: max(1, round(seconds(text)))
    handout.ALLOWED += ("sleep",)


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


def lingers():
    """Each connection ends with a reset."""

    def serve_and_reset(connection):
        at_once = struct.pack("ii", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        serve(connection)

    handout.serve = serve_and_reset


def once():
    """A client is closed after its first reply."""

    def serve_once(connection):
        buffer = bytearray()
        with connection:
            while (words := take_request(buffer)) is None:
                received = connection.recv(65536)
                if not received:
                    return
                buffer += received
            connection.sendall(reply(words))

    handout.serve = serve_once


def first_that_ends():
    """The stop waits for the first thread that ends, and not for the others."""
    ended, stop, served = threading.Event(), handout.stopping.set, set()

    def serve_and_say(connection):
        served.add(connection)
        serve(connection)
        served.remove(connection)
        ended.set()

    def stop_reading():
        ended.clear()
        stop()
        for connection in list(served):
            connection.shutdown(socket.SHUT_RD)

    def join(thread):
        ended.wait()
        os._exit(0)

    handout.serve, threading.Thread.join = serve_and_say, join
    handout.stopping.set = stop_reading


def status():
    """An exit with another status than 0."""
    atexit.register(lambda: os._exit(1))


def again():
    """Once a meeting has met, every client that asks for it has met."""
    met, meet = set(), handout.meet

    def meet_again(number):
        came = b"+MET\r\n" if number in met else meet(number)
        met.add(number)
        return came

    handout.meet = meet_again


def counters():
    """A program keeps the counters locked."""

    def replies(words):
        if words[0].upper() not in (b"RUN", b"INCR"):
            return reply(words)
        with lock:
            return reply(words)

    lock, handout.reply = threading.Lock(), replies
    handout.ALLOWED += ("sleep",)


def programs():
    """A program keeps a lock that each request takes for a moment."""

    def replies(words):
        with lock:
            if words[0].upper() == b"RUN":
                return reply(words)
        return reply(words)

    lock, handout.reply = threading.Lock(), replies
    handout.ALLOWED += ("sleep",)


def writes():
    """A lock for all connections is kept while a reply is written."""
    sendall, lock, log = socket.socket.sendall, threading.Lock(), handout.log
    handout.log = lambda words: log([word[:40] for word in words])

    def send(connection, data):
        with lock:
            sendall(connection, data)

    socket.socket.sendall = send


def exits():
    """SIGTERM ends it at once."""
    handout.stopping.set = lambda: os._exit(0)


def rereads():
    """INCR reads its value again for the reply, after the lock."""

    def replies(words):
        answer = reply(words)
        raised = answer[:1] == b":"
        return b":%d\r\n" % handout.counters[words[1]] if raised else answer

    handout.reply = replies


def second():
    """A timeout of a second, meant for reads, ends a send too."""
    sendall = socket.socket.sendall

    def send(connection, data):
        connection.settimeout(1)
        sendall(connection, data)
        connection.settimeout(None)

    socket.socket.sendall = send


def goes_on():
    """The flag of SIGTERM is looked at by nobody."""
    handout.stopping.set = lambda: None


def keeps():
    """An INCR without a name keeps the lock of the counters."""

    def replies(words):
        if words == [b"INCR"]:
            handout.log(words)
            handout.counters_lock.acquire()
            return b"-ERR wrong number of arguments\r\n"
        return reply(words)

    handout.reply = replies


def sixty_four():
    """Of what comes in one write, 64 requests are taken."""
    of_this_thread = threading.local()

    def take(buffer):
        taken = getattr(of_this_thread, "taken", 0)
        if taken == 64:
            buffer.clear()
        words = take_request(buffer)
        of_this_thread.taken = taken + 1 if words else 0
        return words

    handout.take_request = take


def relocks():
    """An INCR without a name locks the counters, and its error locks them again."""

    def replies(words):
        if words == [b"INCR"]:
            handout.log(words)
            with handout.counters_lock, handout.counters_lock:
                return b"-ERR wrong number of arguments\r\n"
        return reply(words)

    handout.reply = replies


def runtime():
    """SIGTERM is handled, and the status is that of a program which it killed."""
    atexit.register(lambda: os._exit(143))


def empty():
    """A request without words ends the server."""

    def take(buffer):
        words = take_request(buffer)
        if words == []:
            os._exit(1)
        return words

    handout.take_request = take


def collects():
    """Replies are sent before a read or a sleep, and SIGPIPE ends the program."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sendall, recv, kept = socket.socket.sendall, socket.socket.recv, threading.local()

    def flush():
        if getattr(kept, "replies", b""):
            sendall(kept.connection, kept.replies)
        kept.replies = b""

    def send(connection, data):
        kept.connection, kept.replies = connection, getattr(kept, "replies", b"") + data

    def receive(connection, size):
        flush()
        return recv(connection, size)

    socket.socket.sendall, socket.socket.recv = send, receive
    handout.reply = lambda words: (words[0] == b"SLEEP" and flush(), reply(words))[1]


def short_read():
    """What one read returns of a long text is taken for all of it."""
    of_this_thread = threading.local()

    def take(buffer):
        words, end = take_request(buffer), buffer.find(b"\n", 14)
        if words is None and buffer[:1] == b"*" and 14 < end < len(buffer) - 1:
            words = [b"ECHO", bytes(buffer[end + 1 :])]
            of_this_thread.buffer = buffer
            of_this_thread.rest = int(buffer[15:end]) + 2 - len(words[1])
            buffer.clear()
        return words

    recv = socket.socket.recv

    def receive(connection, size):
        while getattr(of_this_thread, "rest", 0):
            of_this_thread.rest -= len(recv(connection, min(size, of_this_thread.rest)))
        return recv(connection, size)

    handout.take_request, socket.socket.recv = take, receive


def small():
    """A request that is longer than 128 KiB ends its connection."""

    def take(buffer):
        if len(buffer) > 128 * 1024:
            raise OSError
        return take_request(buffer)

    handout.take_request = take


def interrupted():
    """An accept that fails, as one that a signal interrupts, ends the server."""
    clients = []

    def serve_some(connection):
        clients.append(1)
        serve(connection)
        len(clients) > 20 and os._exit(0)

    handout.serve = serve_some


def closed_twice():
    """Each tenth client loses its connection, whose number was closed twice."""
    clients = []

    def serve_most(connection):
        clients.append(1)
        os.close(connection.detach()) if len(clients) % 10 == 0 else serve(connection)

    handout.serve = serve_most


def impatient():
    """The accept has a timeout, and the server ends with it."""

    def accept(listener, handle):
        listener.settimeout(0.2)
        while not handout.stopping.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                break
            connection.settimeout(None)
            handle(connection)
        listener.close()

    handout.accept_until_stopped = accept


def accepts():
    """Connections end at a stop, and the accept waits on."""

    def accept(listener, handle):
        while not handout.stopping.is_set():
            handle(listener.accept()[0])

    handout.accept_until_stopped = accept


def impatient_reads():
    """A read timeout, for a look at the stop, throws away half a request."""

    def serve_patiently(connection):
        buffer = bytearray()
        connection.settimeout(0.1)
        with connection:
            while not handout.stopping.is_set():
                try:
                    if words := take_request(buffer):
                        connection.sendall(reply(words))
                        continue
                    received = connection.recv(65536)
                    if not received:
                        return
                    buffer += received
                except TimeoutError:
                    buffer.clear()
                except (OSError, handout.Broken):
                    return

    handout.serve = serve_patiently


def first_under_a_lock():
    """The first request of a client is read to its end under one lock for all."""
    lock = threading.Lock()

    def serve_after_the_first(connection):
        connection.recv(1, socket.MSG_PEEK)
        with lock:
            # Only looks at it: whole requests end like this.
            while (come := connection.recv(65536, socket.MSG_PEEK))[-2:] != b"\r\n":
                if not come:
                    break
                threading.Event().wait(0.01)
        serve(connection)

    handout.serve = serve_after_the_first


def everywhere():
    """Listens on every address, whatever --listen says."""
    handout.listen = lambda backlog: socket.create_server(("", 0), backlog=backlog)


def wakes_at_the_stop():
    """A SLEEP ends at the stop, too."""
    handout.time.sleep = handout.stopping.wait


def negative():
    """A length below 0 ends the server."""
    number = handout.number

    def number_of(text, most):
        return os._exit(2) if text[:1] == b"-" else number(text, most)

    handout.number = number_of


def simple():
    """ECHO is answered with a simple string."""
    handout.bulk = lambda data: b"+" + data + b"\r\n"


def without_end():
    """Replies have no CR LF."""
    answer = handout.answer
    handout.answer = lambda words: answer(words).rstrip(b"\r\n") + b"\n"


def counts_before():
    """INCR answers the value that was there before."""
    answer = handout.answer

    def answer_before(words):
        text = answer(words)
        return b":%d\r\n" % (int(text[1:]) - 1) if text[:1] == b":" else text

    handout.answer = answer_before


def keeps_words():
    """The words of a request are added to those before it."""
    kept = []

    def take(buffer):
        words = take_request(buffer)
        if words is not None:
            kept.extend(words)
            words = list(kept)
        return words

    handout.take_request = take


def strips():
    """Line ends are taken from the end of a text."""
    bulk = handout.bulk
    handout.bulk = lambda data: bulk(data.rstrip(b"\r\n"))


def clears():
    """An error empties the buffer, with the requests that came together with it."""
    local = threading.local()

    def take(buffer):
        local.buffer = buffer
        return take_request(buffer)

    def reply_and_clear(words):
        text = reply(words)
        if text[:1] == b"-":
            local.buffer.clear()
        return text

    handout.take_request, handout.reply = take, reply_and_clear


def errs_to_last():
    """An error goes to the client that came last."""
    last = []

    def serve_noted(connection):
        last.append(connection)
        serve(connection)

    def reply_to_last(words):
        text = reply(words)
        if text[:1] != b"-":
            return text
        last[-1].sendall(text)
        return b""

    handout.serve, handout.reply = serve_noted, reply_to_last


def runs_out():
    """A place is taken by each client, and never given back."""
    places = threading.Semaphore(3)

    def serve_in_place(connection):
        places.acquire()
        serve(connection)

    handout.serve = serve_in_place


def holds_back():
    """Replies are sent once nothing is left in the buffer."""

    def serve_late(connection):
        buffer, replies = bytearray(), b""
        with connection:
            while not handout.stopping.is_set():
                if words := take_request(buffer):
                    replies += reply(words)
                    continue
                if not buffer and replies:
                    connection.sendall(replies)
                    replies = b""
                received = connection.recv(65536)
                if not received:
                    return
                buffer += received

    handout.serve = serve_late


def wakes_one():
    """Of those who meet, one is woken; the others wait until their time is over."""
    handout.meetings_changed.notify_all = handout.meetings_changed.notify


(vars(place_slips) | vars(word_slips) | globals())[sys.argv[1]]()
sys.argv[1] = "threads"
handout.main()
