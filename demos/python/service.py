"""What a server does for one client, on any thread; and how a server starts and stops."""

import argparse
import contextlib
import errno
import signal
import socket
import sys
import threading
import time
import traceback

from commands import Commands, wrong_number
from resp import CommandError, ProtocolError, RequestReader, Status, encode, integer

BACKLOG = 4096
IDLE = 300  # seconds that a client may be silent, or may not read
LINGER = 1  # seconds that a refused client is read on, so that it gets the reason
STOPPING = (signal.SIGTERM, signal.SIGINT)
HOLDING = (b"sleep", b"primes", b"run", b"meet", b"timed")  # a reply must not wait for these


def parse_options(about):
    parser = argparse.ArgumentParser(
        description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--listen", type=address, default="127.0.0.1:12000", metavar="ADDR")
    parser.add_argument("--quiet", action="store_true", help="print no line for a request")
    parser.add_argument(
        "--meet-timeout",
        type=float,
        default=5,
        metavar="SECONDS",
        help="how long the first client of a MEET waits for the others (default 5)",
    )
    return parser.parse_args()


def address(spelled):
    host, colon, port = spelled.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > 65535:
        raise argparse.ArgumentTypeError("expected HOST:PORT, as in 127.0.0.1:12000")
    return host, int(port)


def run(main):
    """Runs a server; what it cannot do is one line."""
    try:
        main()
    except OSError as error:
        sys.exit(f"{sys.argv[0]}: cannot serve: {error.strerror or error}; try another --listen")


class Service:
    """The state of a server, from its first line to its last."""

    def __init__(self, options, listener):
        self.quiet = options.quiet
        self.listener = listener
        self.commands = Commands(options)
        self.print_lock = threading.Lock()
        self.clients = set()
        self.clients_lock = threading.Lock()
        self.stopping = False
        self.admitted = 0
        # A handler would run on the main thread, which may be about to wait in accept for
        # ever: a thread of its own waits for the signals, blocked in every other.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
        threading.Thread(target=self.wait_for_signal, daemon=True).start()
        self.print("listening on %s:%d" % listener.getsockname()[:2])

    def admit(self, accept):
        """The next client; None once the server stops. No failed accept ends a server."""
        while not self.stopping:
            try:
                connection, peer = accept()
            except OSError as error:
                if not self.stopping and error.errno != errno.ECONNABORTED:
                    time.sleep(0.1)  # out of descriptors, say: those who leave give some back
                continue
            self.admitted += 1
            client = ClientHandler(self, connection, peer, f"client-{self.admitted}")
            with self.clients_lock:
                self.clients.add(client)
            if self.stopping:
                client.read_no_more()
            return client
        return None

    def wait_for_signal(self):
        signal.sigwait(STOPPING)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)  # the second ends the process
        self.stop()

    def stop(self):
        """Accepts no more, and lets each client get the replies to what it has sent."""
        self.stopping = True
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)  # wakes an accept that waits
        self.listener.close()
        with self.clients_lock:
            for client in self.clients:
                client.read_no_more()

    def finish(self):
        self.print(f"stopped after {self.admitted} clients")

    def print(self, line):
        """Prints a whole line: without the lock, lines of two threads can mix."""
        with self.print_lock, contextlib.suppress(OSError, ValueError):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()

    def show(self, line):
        if not self.quiet:
            self.print(f"{time.strftime('%H:%M:%SZ', time.gmtime())} {line}")


class ClientHandler:
    """One client: reads its requests, does them, logs them, replies."""

    def __init__(self, service, connection, peer, name):
        self.service = service
        self.connection = connection
        self.peer = "%s:%d" % peer[:2]
        self.name = name
        self.version = 2
        self.unsent = b""
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.settimeout(IDLE)

    def serve(self):
        """Answers this client until it leaves; its errors end no other's service."""
        self.service.show(f"{self.name} {self.peer} is served")
        try:
            self.converse()
        except (EOFError, OSError):
            pass  # it left, or was silent for too long
        except Exception:  # a mistake of ours must not end the service of the others
            traceback.print_exc()
        finally:
            self.close()
            self.service.show(f"{self.name} {self.peer} is closed")

    def converse(self):
        requests = RequestReader(self.receive)
        while True:
            try:
                request = requests.read()
            except ProtocolError as error:
                self.refuse(CommandError(f"ERR Protocol error: {error}"))
                return
            if not request:
                continue
            name = request[0].lower()
            if name in (b"post", b"host:"):
                return  # a web page must not make a browser on this machine run commands
            if name in HOLDING:
                self.flush()
            start_time = time.perf_counter()
            reply = self.carry_out(request)
            self.log(request, reply, time.perf_counter() - start_time)
            self.unsent += encode(reply, self.version)
            if name == b"quit":
                self.flush()
                return

    def receive(self, count):
        """More bytes. Replies are sent together, before the wait for further requests."""
        self.flush()
        return self.connection.recv(count)

    def flush(self):
        self.connection.sendall(self.unsent)
        self.unsent = b""

    def carry_out(self, request):
        name = request[0].lower()
        if name == b"quit":
            return Status("OK")
        if name == b"hello":
            return self.hello(*request[1:])
        return self.service.commands.carry_out(request)

    def hello(self, version=None, *more):
        if more:
            return CommandError(wrong_number(b"hello"))
        if version is not None:
            if integer(version) is None:
                return CommandError("ERR Protocol version is not an integer or out of range")
            if integer(version) not in (2, 3):
                return CommandError("NOPROTO unsupported protocol version")
            self.version = integer(version)
        return {b"server": b"python", b"version": b"0.1.0", b"proto": self.version}

    def log(self, request, reply, seconds):
        words = printable(b" ".join(request))
        outcome = printable(encode(reply)[:200])[:60]
        self.service.show(f"{self.name} {self.peer} {words} -> {outcome} in {seconds:.3f} s")

    def read_no_more(self):
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RD)

    def refuse(self, error):
        """Sends a last reply. Closing while input is unread would reset the connection, and the
        reply would be lost, so what still comes is read for a moment."""
        self.unsent += encode(error)
        self.flush()
        self.connection.shutdown(socket.SHUT_WR)
        deadline = time.monotonic() + LINGER
        unread = 0
        while unread < 1024 * 1024 and (left := deadline - time.monotonic()) > 0:
            self.connection.settimeout(left)
            received = len(self.connection.recv(64 * 1024))
            if not received:
                return
            unread += received

    @contextlib.contextmanager
    def refused_without_thread(self):
        """A thread that the system refuses is reported to its client, and ends nothing else."""
        try:
            yield
        except RuntimeError:
            with contextlib.suppress(OSError):
                self.connection.sendall(b"-ERR server out of threads\r\n")
            self.close()

    def close(self):
        with self.service.clients_lock:
            self.service.clients.discard(self)
        self.connection.close()


def printable(received):
    """Text of a client without the escapes that could rule a terminal, and not too long."""
    shown = received[:1024].decode("utf-8", "backslashreplace")
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in shown
    )
