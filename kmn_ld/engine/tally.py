"""Counts what happens, over all processes that share a folder.

Each `Tally` has a file there, which it alone writes and holds locked as long as it lives. What is
left of ended ones is added up in one file, so no count ever falls; their gauges go.
"""

import fcntl
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from mmap import mmap
from pathlib import Path
from struct import Struct
from tempfile import mkstemp
from threading import Lock
from weakref import finalize

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, float("inf"))
"""Upper bounds of the buckets that durations are counted in, in seconds."""

Key = tuple[str, ...]
"""What is counted, and the values of its labels."""

_PREFIX = "counts-"
_ENDED = "ended-counts"
_VALUE = Struct("=d")
_RECORD = Struct("=d?119s")
"""A record: its value, whether it is a gauge, what it counts."""
_MOST = 512
_SIZE = _MOST * _RECORD.size
_SPLIT = "\t"


class Tally:
    """Counts of this process; may be used from several threads.

    Without a folder they are for this process alone. Labels take few values, never what a client
    has written: there is room for `_MOST` counts.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self._lock = Lock()
        self._places: dict[Key, int] = {}
        self._map = mmap(-1, _SIZE) if folder is None else self._map_of_file(folder)
        self._values = memoryview(self._map).cast("d")

    def _map_of_file(self, folder: Path) -> mmap:
        with _exclusive(folder):  # else another could take the file for one of the dead
            file, _ = mkstemp(prefix=_PREFIX, dir=folder)
            fcntl.flock(file, fcntl.LOCK_EX)
        finalize(self, os.close, file)
        os.ftruncate(file, _SIZE)
        return mmap(file, _SIZE)

    def add(self, *key: str, amount: float = 1.0) -> None:
        """Add to a counter."""
        with self._lock:
            self._values[self._place(key)] += amount

    def change(self, *key: str, by: float) -> None:
        """Raise or lower a gauge."""
        with self._lock:
            self._values[self._place(key, is_gauge=True)] += by

    def replace(self, *key: str, value: float) -> None:
        """Give a gauge another value."""
        with self._lock:
            self._values[self._place(key, is_gauge=True)] = value

    def observe(self, name: str, *labels: str, seconds: float) -> None:
        """Count a duration in its bucket (`BOUNDS`), and add it to the sum."""
        bound = next(bound for bound in BOUNDS if seconds <= bound)
        self.add(f"{name}_bucket", *labels, str(bound))
        self.add(f"{name}_sum", *labels, amount=seconds)

    def totals(self) -> Mapping[Key, float]:
        """Return the sums over all processes that share the folder."""
        if self.folder is None:
            return {key: value for key, _, value in _records(self._map)}
        sums: defaultdict[Key, float] = defaultdict(float)
        with _exclusive(self.folder) as ended:
            for path in self.folder.glob(f"{_PREFIX}*"):
                _take_in(path, ended, sums)
            for key, _, value in _records(ended):
                sums[key] += value
        return sums

    def _place(self, key: Key, *, is_gauge: bool = False) -> int:
        """Return which of the values is that of a key, which gets a record when it is new."""
        place = self._places.get(key)
        if place is None:
            offset = len(self._places) * _RECORD.size
            _RECORD.pack_into(self._map, offset, 0.0, is_gauge, _SPLIT.join(key).encode())
            place = self._places[key] = offset // _VALUE.size
        return place


@contextmanager
def _exclusive(folder: Path) -> Iterator[mmap]:
    """Hold the file of what has ended, alone among all processes; yield its content."""
    file = os.open(folder / _ENDED, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        os.ftruncate(file, _SIZE)
        with mmap(file, _SIZE) as content:
            yield content
    finally:
        os.close(file)


def _take_in(path: Path, ended: mmap, sums: defaultdict[Key, float]) -> None:
    """Add the counts in a file to the sums, or to what has ended where nobody holds it.

    It is read when that is known: its owner may count until it ends.
    """
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            for key, _, value in _records(os.pread(file, _SIZE, 0)):
                sums[key] += value
        else:
            _add_up(os.pread(file, _SIZE, 0), ended)
            path.unlink()
    finally:
        os.close(file)


def _add_up(content: bytes, ended: mmap) -> None:
    known = {key: place for place, (key, _, _) in enumerate(_records(ended))}
    for key, is_gauge, value in _records(content):
        if not is_gauge:
            offset = known.setdefault(key, len(known)) * _RECORD.size
            before = _VALUE.unpack_from(ended, offset)[0]
            _RECORD.pack_into(ended, offset, before + value, False, _SPLIT.join(key).encode())


def _records(content: bytes | mmap) -> Iterator[tuple[Key, bool, float]]:
    """Yield what is counted, whether it is a gauge, and its value."""
    for value, is_gauge, name in _RECORD.iter_unpack(content[:]):
        text = name.rstrip(b"\0").decode()
        if not text:
            return
        yield tuple(text.split(_SPLIT)), is_gauge, value
