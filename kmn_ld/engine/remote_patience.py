"""Keeps an engine that has stopped to answer from holding all threads of a server process."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from time import monotonic

from kmn_ld.errors import EngineError

_AT_ONCE = 3
"""Queries of ours at once: fewer than there are threads for documents (`Front`)."""
_WAIT = 1.0
"""Longest wait for one of the others to end, in seconds."""
_PAUSE = 2
"""Seconds in which nothing is asked after an engine was away or late."""
_SIGNS = ("query-timeout", "remote-away")


class Patience:
    """Lets so many queries pass at once, and none for a while after one found nobody there."""

    def __init__(self) -> None:
        self._free = BoundedSemaphore(_AT_ONCE)
        self._pause_until = 0.0

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Ask within the block; raises EngineError at once, or after a second, where it is vain."""
        if monotonic() < self._pause_until or not self._free.acquire(timeout=_WAIT):
            raise EngineError("remote-away", retry_after=_PAUSE)
        try:
            yield
        except EngineError as error:
            if error.key in _SIGNS:
                self._pause_until = monotonic() + _PAUSE
            raise
        finally:
            self._free.release()
