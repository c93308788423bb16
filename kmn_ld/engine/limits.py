"""Slots for public queries: so many of all clients together, so many of one.

The server processes of one service share a file. A slot is a lock on one of its bytes, so there is
no broker, and the kernel frees the slots of a process that dies.
"""

import fcntl
import os
import struct
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address
from math import ceil
from mmap import mmap
from pathlib import Path
from threading import Condition
from time import monotonic

from kmn_ld.errors import EngineError, TooManyQueries

_FILE, _WAITING = "slots", "waiting"
_WAIT = 1.0
"""Longest wait for a slot, in seconds."""
_ALL = -1
"""The line of those that wait for others' slots, beside the numbers of clients."""
_POLL = 0.02
"""How often to look whether another process has freed a slot, in seconds."""
_LONG = 1 << 31
_CLIENTS = 1 << 32
"""Offsets of the bytes of long queries, and of the clients'; those of all together start at 0."""
WAITING_SECONDS = 5
"""How long a client waits whose query has given way: else it would take the slots that are left,
one moment after the other, and each time a worker ends."""
_TIMES = struct.Struct("<d")
_MOST_WAITING = 1 << 16
"""Clients that are told apart among those that wait."""
_SPARE = 4
"""Of so many slots one is never held by a long query; of two or three one too."""
_SUBSCRIBER = 64
"""Bits of an IPv6 address that tell subscribers apart; the rest a client can choose at will."""


class Limits:
    """Hands out slots to threads of this process, against those of all processes."""

    def __init__(self, folder: Path, total: int, per_client: int) -> None:
        self._total = total
        self._per_client = min(per_client, max(total - 1, 1))  # one client never holds them all
        self._long = max(total - max(total // _SPARE, 1), 1)
        self._held: set[int] = set()
        self._in_line: Counter[int] = Counter()  # who waits in this process: clients, and `_ALL`
        self._is_closed = False
        self._freed = Condition()
        self._file = os.open(folder / _FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._until = _shared_times(folder / _WAITING)

    @property
    def are_waited_for(self) -> bool:
        """Whether a thread of this process waits for a slot now."""
        return bool(self._in_line)

    @contextmanager
    def slot(self, client: str, deadline: float) -> Iterator[None]:
        """Hold a slot of the client and one of all; `deadline` on the clock of `monotonic`.

        Raises TooManyQueries: after a second at most where all of either are held; at once where
        as many queries of the client wait as may run, or one of them has just given way.
        """
        self._refuse_waiting(client)
        until = min(deadline, monotonic() + _WAIT)
        own = self._take_own(client, until)
        try:
            shared = self._take_shared(until)
            try:
                yield
            except TooManyQueries:  # of `long_slot`
                self._let_wait(client)
                raise
            finally:
                self._free(shared)
        finally:
            self._free(own)

    @contextmanager
    def long_slot(self) -> Iterator[None]:
        """Hold, beside its slot, one of those for queries that take long.

        There are fewer, so that however many addresses ask heavy queries, a slot for a short one
        is soon free. Raises TooManyQueries at once where all are held.
        """
        with self._freed:
            offset = self._first_free(range(_LONG, _LONG + self._long))
        if offset is None:
            wait = WAITING_SECONDS
            raise TooManyQueries("too-many-long-queries", limit=self._long, retry_after=wait)
        try:
            yield
        finally:
            self._free(offset)

    def close(self) -> None:
        """Close the file as soon as no slot is held any more."""
        with self._freed:
            self._is_closed = True
            self._close_when_free()

    def _refuse_waiting(self, client: str) -> None:
        (until,) = _TIMES.unpack_from(self._until, _place_of(client))
        left = until - monotonic()  # one clock for all processes (clock_gettime(2))
        if left > 0:
            raise TooManyQueries("too-soon-after-long-query", retry_after=ceil(left))

    def _let_wait(self, client: str) -> None:
        _TIMES.pack_into(self._until, _place_of(client), monotonic() + WAITING_SECONDS)

    def _take_own(self, client: str, until: float) -> int:
        number = client_number(client)
        start = _CLIENTS + number * self._per_client
        offsets = range(start, start + self._per_client)
        error = TooManyQueries("too-many-queries-of-client", limit=self._per_client)
        with self._freed:
            if (offset := self._first_free(offsets)) is not None:
                return offset
            if self._in_line[number] >= self._per_client:
                raise error
            return self._wait_for(number, offsets, until, error)

    def _take_shared(self, until: float) -> int:
        first = os.getpid() % self._total  # processes start their search at different slots
        offsets = [*range(first, self._total), *range(first)]
        with self._freed:
            if (offset := self._first_free(offsets)) is not None:
                return offset
            error = TooManyQueries("too-many-queries", limit=self._total)
            return self._wait_for(_ALL, offsets, until, error)

    def _wait_for(
        self, line: int, offsets: list[int] | range, until: float, error: TooManyQueries
    ) -> int:
        """Return the first that gets free; the lock is held, but for the time of waiting."""
        self._in_line[line] += 1
        try:
            while (remaining := until - monotonic()) > 0:
                self._freed.wait(min(remaining, _POLL))
                if (offset := self._first_free(offsets)) is not None:
                    return offset
            raise error
        finally:
            self._in_line -= Counter([line])  # what is at 0 is forgotten

    def _first_free(self, offsets: list[int] | range) -> int | None:
        if self._is_closed:
            raise EngineError("engine-closed")
        for offset in offsets:
            if offset not in self._held and self._lock(offset):
                self._held.add(offset)
                return offset
        return None

    def _lock(self, offset: int) -> bool:
        try:
            fcntl.fcntl(self._file, fcntl.F_OFD_SETLK, _byte(fcntl.F_WRLCK, offset))
        except (BlockingIOError, PermissionError):
            return False
        return True

    def _free(self, offset: int) -> None:
        with self._freed:
            self._held.discard(offset)
            fcntl.fcntl(self._file, fcntl.F_OFD_SETLK, _byte(fcntl.F_UNLCK, offset))
            self._freed.notify_all()  # some wait for slots of their own
            self._close_when_free()

    def _close_when_free(self) -> None:
        if self._is_closed and not self._held and self._file >= 0:
            os.close(self._file)
            self._file = -1


def _shared_times(path: Path) -> mmap:
    """Map a file of times that all processes see; untouched, it takes no room."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        os.ftruncate(file, _MOST_WAITING * _TIMES.size)
        return mmap(file, 0)
    finally:
        os.close(file)


def _place_of(client: str) -> int:
    return client_number(client) % _MOST_WAITING * _TIMES.size


def _byte(kind: int, offset: int) -> bytes:
    """Return `struct flock` for one byte (fcntl(2)); the process id of these locks is 0."""
    return struct.pack("hhqqi0q", kind, os.SEEK_SET, offset, 1, 0)


@lru_cache(maxsize=4096)
def client_number(client: str) -> int:
    """Return a client's number: 40 bits, the same in every process."""
    try:
        address = ip_address(client)
        if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
            client = str(int(address) >> (address.max_prefixlen - _SUBSCRIBER))
        elif isinstance(address, IPv6Address):
            client = str(address.ipv4_mapped)
    except ValueError:
        pass  # not an address: counts as it stands
    return int.from_bytes(blake2b(client.encode(), digest_size=5).digest(), "big")
