"""Starts the servers that are compared, and adds up their memory."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

_PATIENCE = 30
ONE_CLIENT_WITH_8_WISHES = {"KMN_LD_QUERIES_PER_CLIENT": "12", "KMN_LD_QUERY_WORKERS": "16"}


@contextmanager
def running(
    command: list[str], url: str, settings: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the block ends; it is entered when `url` answers."""
    process = subprocess.Popen(
        command,
        env={**os.environ, **(settings or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(url, process)
        yield process
    finally:
        process.terminate()
        process.wait(_PATIENCE)


@contextmanager
def native(store: Path, folder: Path) -> Iterator[str]:
    """Serve a copy of a release's store with the native Oxigraph server; yield its query URL."""
    shutil.copytree(store, folder / "native")
    port = free_port()
    url = f"http://127.0.0.1:{port}/query"
    command = [str(Path(sys.executable).with_name("oxigraph")), "serve-read-only"]
    with running(
        [*command, "--location", str(folder / "native"), "--bind", f"127.0.0.1:{port}"], url
    ):
        yield url
    shutil.rmtree(folder / "native")


@contextmanager
def ours(
    releases: Path,
    *,
    workers: int = 2,
    settings: Mapping[str, str] | None = None,
) -> Iterator[tuple[str, int]]:
    """Serve the current release as an operator does; yield base URL and process id.

    Without settings, one client may ask as much at once as wrk does.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "kmn_ld", "serve", "--releases", str(releases)]
    words = ["--port", str(port), "--workers", str(workers)]
    chosen = ONE_CLIENT_WITH_8_WISHES if settings is None else settings
    with running([*command, *words], f"{url}/health/ready", chosen) as process:
        yield url, process.pid


@contextmanager
def rdflib_endpoint(dump: Path) -> Iterator[str]:
    """Serve N-Quads with rdflib-endpoint on rdflib's store in memory; yield its query URL."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory"]
    words = ["--port", str(port), "tests.bench.theirs:app"]
    with running([*command, *words], url, {"BENCH_DUMP": str(dump)}):
        yield url


def free_port() -> int:
    """Return a port on the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def memory_of_tree(pid: int) -> dict[int, int]:
    """Return process id → proportional set size in bytes, of a process and all below it."""
    pids, found = [pid], {}
    while pids:
        current = pids.pop()
        found[current] = _pss(current)
        for task in Path(f"/proc/{current}/task").iterdir():
            pids += [int(child) for child in (task / "children").read_text().split()]
    return found


def is_worker(pid: int) -> bool:
    """Return whether a process evaluates queries from outside."""
    return b"kmn_ld.engine.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()


def _pss(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except urllib.error.HTTPError:
            return  # it answers, if not with 200
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"{process.args} does not answer at {url}")
