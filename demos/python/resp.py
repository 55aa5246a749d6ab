"""The framing of RESP2: bytes to requests, replies to bytes. See docs/protocol.md."""

import re

LINE = 64 * 1024  # bytes of a line without an end
ARGUMENTS = 1024  # of one request
ARGUMENT = 1024 * 1024  # bytes of one argument
CHUNK = 64 * 1024

BLANK = b" \t\r\n\v\f"
ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"a": b"\a"}


class ProtocolError(Exception):
    """After one of these there is no next request."""


class CommandError(Exception):
    """An error line, its code first; the connection stays usable."""


class Status(str):
    """A reply such as +OK."""


class RequestReader:
    """Reads requests from a connection's `receive`. TCP is a stream of bytes: one recv may return half a
    request or ten of them, so what has come is kept until a request is whole."""

    def __init__(self, receive):
        self.receive_bytes = receive
        self.buffer = bytearray()

    def read(self):
        """The next request as a list of byte strings; an empty one is to be ignored.
        Raises EOFError when the client has left, ProtocolError when it talks nonsense."""
        self.need(1)
        if self.buffer[:1] != b"*":
            line = self.line(b"\n", "too big inline request")
            words = split_line(line[:-1] if line.endswith(b"\r") else line)
            if len(words) > ARGUMENTS:
                raise ProtocolError("invalid multibulk length")
            return words
        count = integer(self.header("too big mbulk count string")[1:])
        if count is None or count > ARGUMENTS:
            raise ProtocolError("invalid multibulk length")
        return [self.bulk() for _ in range(count)]

    def bulk(self):
        header = self.header("too big bulk count string")
        if header[:1] != b"$":
            got = (header[:1] or b"\r").replace(b"\r", b" ").replace(b"\n", b" ")
            raise ProtocolError("expected '$', got '%s'" % got.decode("latin-1"))
        length = integer(header[1:])
        if length is None or not 0 <= length <= ARGUMENT:
            raise ProtocolError("invalid bulk length")
        return self.take(length + 2)[:length]  # the two bytes after it are skipped unseen

    def header(self, too_big):
        line = self.line(b"\r", too_big)
        self.take(1)  # the byte after the CR is skipped unseen
        return line

    def line(self, end, too_big):
        """What comes before `end`, which is taken as well."""
        scanned = 0
        while (found := self.buffer.find(end, scanned)) < 0:
            scanned = len(self.buffer)
            if scanned > LINE:
                raise ProtocolError(too_big)
            self.receive()
        if found > LINE:
            raise ProtocolError(too_big)
        return self.take(found + 1)[:-1]

    def take(self, count):
        self.need(count)
        taken = bytes(self.buffer[:count])
        del self.buffer[:count]
        return taken

    def need(self, count):
        while len(self.buffer) < count:
            self.receive()

    def receive(self):
        received = self.receive_bytes(CHUNK)
        if not received:
            raise EOFError
        self.buffer += received


def integer(text):
    """A strict integer of 64 bits, or None: no plus sign, no leading zero, no blank."""
    if not re.fullmatch(rb"0|-?[1-9][0-9]{0,18}", text):
        return None
    number = int(text)
    return number if -(2**63) <= number < 2**63 else None


def split_line(line):
    """Splits what a person typed; quotes work as they do in Redis."""
    words = []
    at = 0
    while True:
        while at < len(line) and line[at : at + 1] in BLANK:
            at += 1
        if at == len(line):
            return words
        word, at = split_word(line, at)
        words.append(word)


def split_word(line, at):
    word = b""
    while at < len(line):
        byte = line[at : at + 1]
        if byte in b" \t\r\n":
            break
        at += 1
        if byte in b"\"'":
            quoted, at = split_quoted(line, at, byte)
            return word + quoted, at
        word += byte
    return word, at


def split_quoted(line, at, quote):
    text = b""
    while at < len(line):
        byte, after = line[at : at + 1], line[at + 1 : at + 2]
        at += 1
        if byte == quote:
            if after and after not in BLANK:
                break
            return text, at
        if byte == b"\\" and quote == b"'" and after == b"'":
            byte, at = after, at + 1
        elif byte == b"\\" and quote == b'"' and after:
            code = re.compile(rb"x([0-9a-fA-F]{2})").match(line, at)
            byte = bytes([int(code[1], 16)]) if code else ESCAPES.get(after, after)
            at += len(code[0]) if code else 1
        text += byte
    raise ProtocolError("unbalanced quotes in request")


def one_line(text):
    """Text of a client inside a line of ours."""
    return text.replace("\r", " ").replace("\n", " ")


def encode(reply, version=2):
    """A reply as bytes: Status, an error, int, bytes, list or dict."""
    if isinstance(reply, Status):
        return b"+%s\r\n" % reply.encode()
    if isinstance(reply, Exception):
        return b"-%s\r\n" % one_line(str(reply)).encode("latin-1", "replace")
    if isinstance(reply, int):
        return b":%d\r\n" % reply
    if isinstance(reply, bytes):
        return b"$%d\r\n%s\r\n" % (len(reply), reply)
    if isinstance(reply, str):
        raise TypeError("a reply is Status, an error, int, bytes, list or dict, and not str")
    if isinstance(reply, dict):
        items = [part for pair in reply.items() for part in pair]
        header = b"%%%d\r\n" % len(reply) if version == 3 else b"*%d\r\n" % len(items)
    else:
        items, header = reply, b"*%d\r\n" % len(reply)
    return header + b"".join(encode(item, version) for item in items)
