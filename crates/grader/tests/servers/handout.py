"""A right server as students write it: one file, the standard library, the handout's backlog.

    handout.py KIND BACKLOG [--listen ADDR]     KIND: serial, threads, pool, asyncio, selectors
"""

import asyncio
import contextlib
import signal
import socket
import socketserver
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

ALLOWED = ("echo", "date", "true", "false")
stopping = threading.Event()
counters, counters_lock, print_lock = {}, threading.Lock(), threading.Lock()
meetings, meetings_changed = {}, threading.Condition()


def bulk(data):
    return b"$%d\r\n%s\r\n" % (len(data), data)


def log(words):
    with print_lock:
        print(b" ".join(words).decode("latin-1").encode("unicode_escape").decode(), flush=True)


def seconds(text):
    for unit, scale in (("ms", 0.001), ("s", 1), ("", 1)):
        if text.endswith(unit):
            return float(text[: len(text) - len(unit)]) * scale
    raise ValueError


def answer(words):
    log(words)
    name, arguments = words[0].upper(), words[1:]
    if name == b"PING" and len(arguments) < 2:
        return bulk(arguments[0]) if arguments else b"+PONG\r\n"
    if name == b"ECHO" and len(arguments) == 1:
        return bulk(arguments[0])
    if name == b"INCR" and len(arguments) == 1:
        with counters_lock:
            counters[arguments[0]] = counters.get(arguments[0], 0) + 1
            return b":%d\r\n" % counters[arguments[0]]
    if name == b"RUN" and arguments and arguments[0].decode("latin-1") in ALLOWED:
        done = subprocess.run([word.decode() for word in arguments], capture_output=True)
        return b"*3\r\n:%d\r\n" % done.returncode + bulk(done.stdout) + bulk(done.stderr)
    return b"-ERR not understood\r\n"


def reply(words):
    name, arguments = words[0].upper(), words[1:]
    if name == b"SLEEP" and len(arguments) == 1:
        log(words)
        try:
            pause = seconds(arguments[0].decode())
        except ValueError:
            return b"-ERR invalid duration\r\n"
        time.sleep(pause)
        return b"+OK\r\n"
    if name == b"MEET" and len(arguments) == 1:
        log(words)
        return meet(int(arguments[0]))
    return answer(words)


def meet(number):
    with meetings_changed:
        meeting = meetings.setdefault(number, [])
        meeting.append(1)
        if len(meeting) == number:
            del meetings[number]
            meetings_changed.notify_all()
        if meetings_changed.wait_for(lambda: len(meeting) == number, timeout=5):
            return b"+MET\r\n"
        meetings.pop(number, None)
        return b"-TIMEOUT only %d of %d clients met\r\n" % (len(meeting), number)


class Broken(Exception):
    pass


def take_request(buffer):
    """The first whole request of the buffer, or None; what it takes is removed."""
    if not buffer:
        return None
    end = buffer.find(b"\r\n" if buffer[:1] == b"*" else b"\n")
    if end < 0:
        if len(buffer) > 65536:
            raise Broken
        return None
    if buffer[:1] != b"*":
        words = bytes(buffer[:end]).split()
        del buffer[: end + 1]
        return words
    words, at = [], end + 2
    for _ in range(number(buffer[1:end], 1024)):
        end = buffer.find(b"\r\n", at)
        if end < 0:
            return None
        if buffer[at : at + 1] != b"$":
            raise Broken
        length = number(buffer[at + 1 : end], 1024 * 1024)
        if len(buffer) < end + 2 + length + 2:
            return None
        words.append(bytes(buffer[end + 2 : end + 2 + length]))
        at = end + 2 + length + 2
    del buffer[:at]
    return words


def number(text, most):
    if not text.isdigit() or int(text) > most:
        raise Broken
    return int(text)


def serve(connection):
    """One client, to its end."""
    buffer = bytearray()
    with connection, contextlib.suppress(OSError):
        while not stopping.is_set():
            try:
                words = take_request(buffer)
            except Broken:
                connection.sendall(b"-ERR Protocol error\r\n")
                return
            if words is None:
                received = connection.recv(65536)
                if not received:
                    return
                buffer += received
            elif words:
                connection.sendall(reply(words))


def listen(backlog):
    where = sys.argv[sys.argv.index("--listen") + 1] if "--listen" in sys.argv else "127.0.0.1:12000"
    host, port = where.rsplit(":", 1)
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, int(port)))
    listener.listen(backlog)
    return listener


def announce(listener):
    print("listening on %s:%d" % listener.getsockname(), flush=True)


def accept_until_stopped(listener, handle):
    listener.settimeout(0.2)
    while not stopping.is_set():
        with contextlib.suppress(OSError):
            connection, _ = listener.accept()
            connection.settimeout(None)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            handle(connection)
    listener.close()


def with_threads(listener):
    clients = {}

    def thread(connection):
        serve(connection)
        clients.pop(connection, None)

    def start(connection):
        clients[connection] = threading.Thread(target=thread, args=(connection,))
        clients[connection].start()

    announce(listener)
    accept_until_stopped(listener, start)
    for connection, running in list(clients.items()):
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RD)
        running.join()


def with_a_pool(listener, workers):
    connected = set()

    def work(connection):
        connected.add(connection)
        serve(connection)
        connected.discard(connection)

    announce(listener)
    with ThreadPoolExecutor(workers) as pool:
        accept_until_stopped(listener, lambda connection: pool.submit(work, connection))
        for connection in list(connected):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RD)


async def with_asyncio(listener):
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    waiting, busy = {}, set()

    async def meet_others(n):
        future = waiting.setdefault(n, [asyncio.get_running_loop().create_future(), 0])
        future[1] += 1
        if future[1] == n:
            waiting.pop(n)
            future[0].set_result(None)
        try:
            await asyncio.wait_for(asyncio.shield(future[0]), 5)
            return b"+MET\r\n"
        except asyncio.TimeoutError:
            waiting.pop(n, None)
            return b"-TIMEOUT only %d of %d clients met\r\n" % (future[1], n)

    async def one(words):
        name, arguments = words[0].upper(), words[1:]
        if name == b"SLEEP" and len(arguments) == 1:
            log(words)
            try:
                pause = seconds(arguments[0].decode())
            except ValueError:
                return b"-ERR invalid duration\r\n"
            await asyncio.sleep(pause)
            return b"+OK\r\n"
        if name == b"MEET" and len(arguments) == 1:
            log(words)
            return await meet_others(int(arguments[0]))
        if name == b"RUN":
            return await asyncio.to_thread(answer, words)
        return answer(words)

    async def client(reader, writer):
        buffer, task = bytearray(), asyncio.current_task()
        with contextlib.suppress(OSError, asyncio.CancelledError):
            try:
                while not stop.is_set():
                    words = take_request(buffer)
                    if words is None:
                        received = await reader.read(65536)
                        if not received:
                            break
                        buffer += received
                    elif words:
                        busy.add(task)
                        writer.write(await one(words))
                        await writer.drain()
                        busy.discard(task)
            except Broken:
                writer.write(b"-ERR Protocol error\r\n")
            finally:
                busy.discard(task)
                writer.close()

    listener.setblocking(False)
    server = await asyncio.start_server(client, sock=listener, backlog=int(sys.argv[2]))
    announce(listener)
    await stop.wait()
    server.close()
    if busy:
        await asyncio.wait(busy, timeout=60)


def with_tcp_server():
    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            serve(self.request)

    class Server(socketserver.TCPServer):
        allow_reuse_address = True
        request_queue_size = int(sys.argv[2])

    where = sys.argv[sys.argv.index("--listen") + 1].rsplit(":", 1)
    with Server((where[0], int(where[1])), Handler) as server:
        announce(server.socket)
        server.timeout = 0.2
        while not stopping.is_set():
            server.handle_request()


def main():
    kind, backlog = sys.argv[1], int(sys.argv[2])
    if kind == "asyncio":
        return asyncio.run(with_asyncio(listen(backlog)))
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    if kind == "tcpserver":
        return with_tcp_server()
    listener = listen(backlog)
    if kind == "serial":
        announce(listener)
        return accept_until_stopped(listener, serve)
    if kind == "threads":
        return with_threads(listener)
    return with_a_pool(listener, int(kind.removeprefix("pool")))


if __name__ == "__main__":
    main()
