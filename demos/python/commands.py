"""The commands: what a server does when it is asked."""

import multiprocessing
import os
import re
import subprocess
import threading
import time

from resp import CommandError, Status, integer

UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600}
LONGEST_SLEEP = 60
RUN_TIMEOUT = 60
KEPT = 64 * 1024  # bytes of a program's output

# What RUN may start, and the arguments that are harmless: `date -s` sets the clock. None: any.
NO_ARGUMENT = "(?!)"
ALLOWED = {
    "date": r"-u|\+.*",
    "echo": None,
    "false": None,
    "hostname": NO_ARGUMENT,
    "id": "-[ugGn]|-un|-gn",
    "pwd": "-[LP]",
    "sleep": None,
    "true": None,
    "uname": "-[amnorsv]",
    "uptime": "-[ps]",
    "whoami": NO_ARGUMENT,
}


def text(word):
    """Bytes of a client for a line of ours: each byte a character, at most 128."""
    return word[:128].decode("latin-1")


class Commands:
    """The commands, and the state that all clients share."""

    def __init__(self, options):
        self.options = options
        self.counters = {}
        self.counters_lock = threading.Lock()
        self.meetings = {}
        self.arrived = threading.Condition()
        # name: method, least and most arguments
        self.table = {
            b"ping": (self.ping, 0, 1),
            b"echo": (self.echo, 1, 1),
            b"sleep": (self.sleep, 1, 1),
            b"primes": (self.primes, 1, 1),
            b"run": (self.run, 1, None),
            b"meet": (self.meet, 1, 1),
            b"say": (self.say, 1, None),
            b"incr": (self.incrby, 1, 1),
            b"incrby": (self.incrby, 2, 2),
            b"get": (self.get, 1, 1),
            b"timed": (self.timed, 1, None),
        }

    def carry_out(self, request):
        """The reply to a request; an error is a reply as well."""
        name, *arguments = request
        try:
            if name.lower() not in self.table:
                raise CommandError(unknown(name, arguments))
            method, least, most = self.table[name.lower()]
            if len(arguments) < least or (most is not None and len(arguments) > most):
                raise CommandError(wrong_number(name))
            return method(*arguments)
        except CommandError as error:
            return error

    def ping(self, *words):
        return words[0] if words else Status("PONG")

    def echo(self, word):
        return word

    def sleep(self, word):
        seconds = parse_duration(word)
        if seconds > LONGEST_SLEEP:
            raise CommandError("ERR SLEEP takes at most 1m here")
        time.sleep(seconds)  # the interpreter's lock is free meanwhile
        return Status("OK")

    def primes(self, word):
        below = parse_number("PRIMES", word, 0, 10_000_000)
        return sum(1 for candidate in range(2, below) if is_prime(candidate))

    def run(self, program, *arguments):
        name = text(program)
        if name not in ALLOWED:
            raise CommandError(f"NOPERM '{name}' is not on the allowlist ({', '.join(ALLOWED)})")
        harmless = ALLOWED[name]
        for word in arguments:
            known = harmless is None or re.fullmatch(harmless, word.decode("latin-1"))
            if not known or b"\0" in word:
                raise CommandError(f"NOPERM '{text(word)}' is not an allowed argument of '{name}'")
        return start([program, *arguments])

    def meet(self, word):
        """A rendezvous: a condition variable, and a timer that starts with the first."""
        clients = parse_number("MEET", word, 1, 1000)
        with self.arrived:
            deadline = time.monotonic() + self.options.meet_timeout
            meeting = self.meetings.setdefault(clients, {"came": 0, "deadline": deadline})
            meeting["came"] += 1
            everybody = meeting["came"] == clients
            while not everybody and self.meetings.get(clients) is meeting:
                left = meeting["deadline"] - time.monotonic()
                if left <= 0:
                    break
                self.arrived.wait(left)
            if self.meetings.get(clients) is meeting:  # the first to see its end ends it for all
                del self.meetings[clients]
                self.arrived.notify_all()
            if meeting["came"] == clients:
                return Status("MET")
            raise CommandError(f"TIMEOUT only {meeting['came']} of {clients} clients met")

    def say(self, *_words):
        return b"Hello from the server"

    def incrby(self, counter, amount=b"1"):
        amount = integer(amount)
        if amount is None:
            raise CommandError("ERR value is not an integer or out of range")
        # The interpreter's lock does not make these three steps one: that takes a lock of ours.
        with self.counters_lock:
            value = self.counters.get(counter, 0) + amount
            if not -(2**63) <= value < 2**63:
                raise CommandError("ERR increment or decrement would overflow")
            self.counters[counter] = value
        return value

    def get(self, counter):
        return self.counters.get(counter, 0)

    def timed(self, *request):
        start_time = time.perf_counter()
        if request[0].lower() in (b"timed", b"hello", b"quit"):
            reply = CommandError(f"ERR TIMED does not take '{text(request[0]).lower()}'")
        else:
            reply = self.carry_out(request)
        micros = int((time.perf_counter() - start_time) * 1e6)
        thread = threading.current_thread()
        name = thread.name
        if thread is threading.main_thread():
            process = multiprocessing.current_process()
            name = "main" if process.name == "MainProcess" else process.name
        return [micros, name.encode(), reply]


def unknown(name, arguments):
    echoed = ""
    for word in arguments:
        if len(echoed) >= 128:
            break
        echoed += "'%s' " % text(word)[: 128 - len(echoed)]
    return f"ERR unknown command '{text(name)}', with args beginning with: {echoed}"


def wrong_number(name):
    return f"ERR wrong number of arguments for '{text(name).lower()}' command"


def parse_duration(word):
    spelled = text(word)
    parts = re.findall(r"(\d+)\s*([a-z]+)\s*", spelled)
    whole = re.fullmatch(r"(\d+\s*[a-z]+\s*)+", spelled)
    if re.fullmatch(r"[0-9]+\.?[0-9]*|\.[0-9]+", spelled):
        return float(spelled)
    if not whole or any(unit not in UNITS for _, unit in parts):
        raise CommandError(f"ERR invalid duration '{spelled}': try 500ms, 2s or 1m")
    return sum(int(number) * UNITS[unit] for number, unit in parts)


def parse_number(name, word, least, most):
    number = integer(word)
    if number is None or not least <= number <= most:
        raise CommandError(f"ERR invalid number '{text(word)}': {name} takes {least} to {most}")
    return number


def is_prime(candidate):
    """By trial division: slow on purpose."""
    if candidate % 2 == 0:
        return candidate == 2
    divisor = 3
    while divisor * divisor <= candidate:
        if candidate % divisor == 0:
            return False
        divisor += 2
    return True


def start(words):
    """Runs a program without a shell: its status as a shell gives it, its output, its errors."""
    surroundings = {"PATH": os.defpath, "LANG": "C"}
    if "TZ" in os.environ:
        surroundings["TZ"] = os.environ["TZ"]
    try:
        done = subprocess.run(
            words,
            env=surroundings,
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            start_new_session=True,
            timeout=RUN_TIMEOUT,
        )
    except FileNotFoundError:
        return [127, b"", words[0] + b": is not installed\n"]
    except subprocess.TimeoutExpired as stopped:
        return [124, stopped.stdout or b"", b"stopped at the time limit of 1m\n"]
    except OSError as error:
        raise CommandError(f"ERR cannot run '{text(words[0])}': {error.strerror}") from error
    status = done.returncode if done.returncode >= 0 else 128 - done.returncode
    return [status, done.stdout[:KEPT], done.stderr[:KEPT]]
