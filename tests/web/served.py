"""A real server process on a free port, and what talks to it."""

import contextlib
import http.client
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG
from time import monotonic

_CODE = """
import json
import sys
from pathlib import Path
from kmn_ld.config import Settings
from kmn_ld.web.serving import serve
serve(Settings(releases=Path(sys.argv[1]), port=int(sys.argv[2]), **json.loads(sys.argv[3])))
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

    def stall(self, path: str, client: str = "") -> socket.socket:
        """Ask for something and read no more than the first bytes of the answer.

        `client` is an address to be told in X-Forwarded-For.
        """
        stalled = socket.socket()
        stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stalled.settimeout(PATIENCE)
        stalled.connect(("127.0.0.1", self.port))
        head = f"GET {path} HTTP/1.1\r\nHost: example.org\r\nX-Forwarded-For: {client}\r\n\r\n"
        stalled.sendall(head.encode())
        assert stalled.recv(64).startswith(b"HTTP/1.1 200")
        return stalled

    def disk_used(self) -> int:
        """Return the bytes of all temporary files, of deleted ones that are still open too."""
        inodes = {}
        for path in [*self.temporary.rglob("*"), *_open_files(self.process.pid)]:
            with contextlib.suppress(OSError):
                status = path.stat()
                if status.st_dev == self.temporary.stat().st_dev and S_ISREG(status.st_mode):
                    inodes[status.st_ino] = status.st_blocks * 512
        return sum(inodes.values())

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(PATIENCE)


@contextlib.contextmanager
def serving(releases: Path, temporary: Path, **settings: object) -> Iterator[Served]:
    """Serve a folder of releases until the block ends; `temporary` becomes its TMPDIR."""
    port = free_port()
    temporary.mkdir(exist_ok=True)
    process = start(releases, port, temporary, **settings)
    try:
        served = Served(port, process, temporary)
        assert until(lambda: process.poll() is not None or answers(served))
        assert process.poll() is None, process.communicate()[1]
        yield served
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


def start(releases: Path, port: int, temporary: Path, **settings: object) -> subprocess.Popen[str]:
    """Start a service, of one server process unless `workers` says more."""
    given = json.dumps({"workers": 1, **settings})
    return subprocess.Popen(
        [sys.executable, "-c", _CODE, str(releases), str(port), given],
        env={"TMPDIR": str(temporary), "PATH": "/usr/bin:/bin", "PYTHONUNBUFFERED": "1"},
        stderr=subprocess.PIPE,
        text=True,
    )


def _open_files(pid: int) -> list[Path]:
    """Return what a process and its children have open."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    below = [path for child in children for path in _open_files(int(child))]
    with contextlib.suppress(OSError):
        below += [
            path for path in Path(f"/proc/{pid}/fd").iterdir() if "/result-" in str(path.readlink())
        ]
    return below


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


def answers(served: Served) -> bool:
    try:
        return served.get("/health/ready")[0] == 200
    except OSError:
        return False
