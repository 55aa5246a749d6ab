#!/usr/bin/env python3
"""What a client costs its server: memory while it is connected, and the time until its first answer.

Starts each server, connects clients that stay, and adds up the memory of all its processes (Pss: a page that
two processes share counts half in each). Linux. Build the kit's servers first:
cargo build --profile demo, and PATH=$PWD/target/demo:$PATH
"""

import pathlib
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

CLIENTS = 100
HERE = pathlib.Path(__file__).parent
SERVERS = {
    "threaded-server, a thread": ["threaded-server", "--quiet"],
    "Python, a thread": [sys.executable, HERE / "threaded_server.py", "--quiet"],
    "Python, a process": [sys.executable, HERE / "process_server.py", "--quiet"],
}


def main():
    print("| a client has | memory of a client that stays | connect, PING, answer (median) |")
    print("|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        servers = SERVERS | in_c(pathlib.Path(folder) / "server")
        show(servers)


def in_c(program):
    """A server in C, which can fork for each client: the cheapest process there is."""
    source = HERE.parent.parent / "crates/grader/tests/servers/handout.c"
    if not shutil.which("cc"):
        print("skipped the server in C: cc is not in PATH", file=sys.stderr)
        return {}
    subprocess.run(["cc", "-O2", "-pthread", "-o", program, source], check=True)
    return {
        "C, a thread": [program, "threads", "128"],
        "C, a process (fork)": [program, "fork", "128"],
    }


def show(servers):
    for name, command in servers.items():
        if not shutil.which(command[0]):
            print(f"skipped {name}: {command[0]} is not in PATH", file=sys.stderr)
            continue
        memory, seconds = measure(command)
        print(f"| {name} | {memory:.0f} KiB | {seconds * 1e6:.0f} µs |")


def measure(command):
    server = subprocess.Popen(
        [*command, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        host, port = server.stdout.readline().split()[-1].rsplit(":", 1)
        address = host, int(port)
        ask(address).close()
        before = memory_of_all(server.pid)
        clients, times = [], []
        for _ in range(CLIENTS):
            start = time.perf_counter()
            clients.append(ask(address))
            times.append(time.perf_counter() - start)
        grown = memory_of_all(server.pid) - before
        for client in clients:
            client.close()
        return grown / CLIENTS, statistics.median(times)
    finally:
        server.terminate()
        server.wait()


def ask(address):
    client = socket.create_connection(address)
    client.sendall(b"PING\n")
    client.recv(100)
    return client


def memory_of_all(pid):
    """KiB of a process and all that came of it."""
    try:
        status = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    except ProcessLookupError:
        return 0  # it has ended, and is not waited for yet
    own = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("Pss:"))
    children = " ".join(
        task.read_text() for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children")
    )
    return own + sum(memory_of_all(int(child)) for child in children.split())


if __name__ == "__main__":
    main()
