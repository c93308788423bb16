"""Looks at other processes, and waits for what they bring about."""

import gc
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from time import monotonic

import pytest

from kmn_ld.engine.interface import PublicQuery
from kmn_ld.engine.pool import Pool
from kmn_ld.errors import EngineError, KmnError, TooManyQueries


def eventually(condition: Callable[[], bool], seconds: float = 10) -> bool:
    """Return whether the condition became true in time."""
    deadline = monotonic() + seconds
    never = Event()
    while not condition():
        if monotonic() > deadline:
            return False
        never.wait(0.01)
    return True


def is_ready(pool: Pool) -> bool:
    """Return whether a worker waits; a busy machine may take longer than a query to start one."""
    try:
        pool.ensure_ready()
    except EngineError:
        return False
    return True


def is_refused(pool: Pool, client: str) -> bool:
    """Return whether one more query of a client is one too many."""
    try:
        pool.answer(PublicQuery("ASK {}", ["json"], []), client)
    except TooManyQueries:
        return True
    return False


def is_running(pid: int) -> bool:
    """Return whether a process is there and more than a zombie without other threads."""
    folder = Path(f"/proc/{pid}")
    try:
        state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
        threads = len(list((folder / "task").iterdir()))
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX" or threads > 1


def resident_mebibytes(pid: int) -> int:
    """Return the resident memory of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * resource.getpagesize() // 2**20


def nice_values(pid: int) -> set[int]:
    """Return the nice values of the threads of a process."""
    stats = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/stat")]
    return {int(stat.rpartition(")")[2].split()[16]) for stat in stats}


def complaints_elsewhere(call: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what Python complains of when the error that a call raises ends in another thread."""
    heard: list[str] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda told: heard.append(str(told.exc_value)))
    kept = []
    with pytest.raises(KmnError) as caught:
        call()
    kept.append(caught.value)
    del caught

    def collect() -> None:
        kept.clear()
        gc.collect()

    thread = Thread(target=collect)
    thread.start()
    thread.join()
    return heard
