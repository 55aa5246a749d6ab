#!/usr/bin/env python3
"""Wait for all clients at once, on one thread.

The loop is asyncio's; what it does for a client is yours to write. The framing is in
docs/protocol.md; resp.py beside this file reads it from a socket that blocks, which a loop
must not do.
"""

import argparse
import asyncio
import signal


async def serve(reader, writer):
    """Answers one client until it leaves. Each `await` is a place where others have their turn."""
    # Read a request with reader.readuntil and reader.readexactly; answer it with writer.write
    # and `await writer.drain()`. A SLEEP is `await asyncio.sleep`, never time.sleep.
    writer.write(b"-ERR this server is not written yet\r\n")
    await writer.drain()
    writer.close()


async def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--listen", default="127.0.0.1:12000", metavar="ADDR")
    host, _, port = parser.parse_args().listen.rpartition(":")
    server = await asyncio.start_server(serve, host, int(port), backlog=4096)
    print("listening on %s:%d" % server.sockets[0].getsockname()[:2], flush=True)

    # The first signal ends the loop's wait; what runs then is yours to finish.
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    await stopped.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
