"""A real server process on a free port, and what talks to it."""

import contextlib
import http.client
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

_CODE = """
import sys
from pathlib import Path
from kmn_ld.config import Settings
from kmn_ld.web.serving import serve
serve(Settings(releases=Path(sys.argv[1]), port=int(sys.argv[2]), workers=int(sys.argv[3])))
"""
PATIENCE = 20.0
"""Seconds to wait for what must happen."""


@dataclass
class Served:
    """A server that runs: its port, its process, the folder for its temporary files."""

    port: int
    process: subprocess.Popen[str]
    temporary: Path

    def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        """Return status and body of a GET over a connection of its own."""
        with contextlib.closing(self.connect()) as connection:
            connection.request("GET", path, headers=headers or {})
            response = connection.getresponse()
            return response.status, response.read()

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def stall(self, path: str) -> socket.socket:
        """Ask for something and read no more than the first bytes of the answer."""
        stalled = socket.socket()
        stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stalled.settimeout(PATIENCE)
        stalled.connect(("127.0.0.1", self.port))
        stalled.sendall(f"GET {path} HTTP/1.1\r\nHost: example.org\r\n\r\n".encode())
        assert stalled.recv(64).startswith(b"HTTP/1.1 200")
        return stalled

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(PATIENCE)


@contextlib.contextmanager
def serving(releases: Path, temporary: Path, workers: int = 1) -> Iterator[Served]:
    """Serve a folder of releases until the block ends; `temporary` becomes its TMPDIR."""
    port = free_port()
    temporary.mkdir(exist_ok=True)
    process = start(releases, port, temporary, workers)
    try:
        served = Served(port, process, temporary)
        assert until(lambda: process.poll() is not None or _answers(served))
        assert process.poll() is None, process.communicate()[1]
        yield served
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


def start(releases: Path, port: int, temporary: Path, workers: int = 1) -> subprocess.Popen[str]:
    """Start a server process."""
    return subprocess.Popen(
        [sys.executable, "-c", _CODE, str(releases), str(port), str(workers)],
        env={"TMPDIR": str(temporary), "PATH": "/usr/bin:/bin", "PYTHONUNBUFFERED": "1"},
        stderr=subprocess.PIPE,
        text=True,
    )


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
    return port


def until(condition) -> bool:
    """Ask for a condition again and again; return whether it came true in time."""
    pause = threading.Event()
    end = monotonic() + PATIENCE
    while monotonic() < end:
        if condition():
            return True
        pause.wait(0.02)
    return False


def _answers(served: Served) -> bool:
    try:
        return served.get("/health/ready")[0] == 200
    except OSError:
        return False
