"""Slips with the words of a request, and with its time (slips.py)."""

import time
import types

import handout

reply = handout.reply


def small_names():
    """Counters whose names differ in case alone are one."""

    def reply_to_small(words):
        is_incr = words[0].upper() == b"INCR"
        return reply([word.lower() for word in words] if is_incr else words)

    handout.reply = reply_to_small


def raw_error():
    """An unknown command is repeated as it came."""
    known = (b"PING", b"ECHO", b"SLEEP", b"RUN", b"MEET", b"INCR")
    handout.reply = lambda words: (
        reply(words)
        if words[0].upper() in known
        else b"-ERR unknown command '%s'\r\n" % words[0]
    )


def computes():
    """SLEEP looks at the clock until the time is over."""

    def sleep(pause):
        end = time.monotonic() + pause
        while time.monotonic() < end:
            pass

    handout.time = types.SimpleNamespace(sleep=sleep)


def one_count():
    """Whoever sends MEET is counted, whatever the number is."""
    changed, inside, meetings = handout.meetings_changed, [0], [0]

    def meet(number):
        with changed:
            inside[0] += 1
            meeting = meetings[0]
            if inside[0] == number:
                inside[0] = 0
                meetings[0] += 1
                changed.notify_all()
            if changed.wait_for(lambda: meetings[0] > meeting, 5):
                return b"+MET\r\n"
            inside[0] -= 1
            return b"-TIMEOUT only %d of %d clients met\r\n" % (inside[0] + 1, number)

    handout.meet = meet
