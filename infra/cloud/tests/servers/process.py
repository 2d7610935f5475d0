"""A program of somebody else's, from its start until it answers, and to its end.

Nothing sleeps for a fixed time: readiness is asked for until a bound is over, and a program that ends early is told by
the end of its log.
"""
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

PATIENCE_SECONDS = 60


def free_port():
    """A port nobody listens on at present."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@contextmanager
def running(name, command, folder, environment=None):
    """Runs a program, its output in `<name>.log` of the folder; it and its children are ended at the end."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that an end from outside ends them too
    log = Path(folder) / f"{name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, env={**os.environ, **(environment or {})}, stdin=subprocess.DEVNULL, stdout=output,
                                   stderr=subprocess.STDOUT, start_new_session=True, cwd=folder)
    process.log, process.name = log, name
    try:
        yield process
    finally:
        ended(process)


def ended(process):
    """Ends a program of ours: asks, and insists after ten seconds. Its children are of its own session."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass  # nobody is left


def until(process, ready):
    """Asks until `ready` answers with something, which is the answer."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        answer = ready()
        if answer:
            return answer
        if process.poll() is not None:
            break
        time.sleep(0.05)
    tail = process.log.read_text(encoding="utf-8", errors="replace")[-1500:]
    raise RuntimeError(f"{process.name} did not get ready:\n{tail}")


def answers(url):
    """Whether a GET of a URL is answered with 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def listening_address(process, before):
    """The address that a program prints after the given words."""
    def printed():
        for line in process.log.read_text(encoding="utf-8", errors="replace").splitlines():
            if before in line:
                return line.split(before, 1)[1].split(",")[0].split()[0]
        return None
    return until(process, printed)
