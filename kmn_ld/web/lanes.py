"""The threads that run Flask: one lane for each kind of request, so that none stops another."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from kmn_ld.engine.tally import Tally

T = TypeVar("T")

QUERY_PATHS = ("/sparql", "/queries", "/releases")
"""Paths whose requests may take long."""
HEALTH_PATHS = ("/health", "/metrics")
"""Paths that must answer whatever the others do."""

_WAITING_FOR_HEALTH = 16
_WAITING_TO_BE_REFUSED = 64


class Lane:
    """A bounded number of threads, and of requests that run or wait in them."""

    def __init__(self, name: str, threads: int, waiting: int, tally: Tally | None = None) -> None:
        self._name = name
        self._tally = tally or Tally()
        self._tally.replace("threads", name, value=threads)
        self._most = threads + waiting
        self._pending = 0
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix=name)

    @property
    def is_full(self) -> bool:
        """Whether one more request would be too many."""
        return self._pending >= self._most

    async def run(self, function: Callable[..., T], *arguments: object) -> T:
        """Call a function in a thread of the lane."""
        self._pending += 1
        self._tally.replace("requests_in_hand", self._name, value=self._pending)
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._executor, function, *arguments)
        finally:
            self._pending -= 1
            self._tally.replace("requests_in_hand", self._name, value=self._pending)

    def close(self) -> None:
        """End the threads; what waits is not run any more."""
        self._executor.shutdown(wait=False, cancel_futures=True)


@dataclass(frozen=True)
class Lanes:
    """The lanes of a server process; `refusals` writes the errors that the front layer finds."""

    documents: Lane
    queries: Lane
    health: Lane
    refusals: Lane

    @classmethod
    def of_sizes(
        cls, documents: tuple[int, int], queries: tuple[int, int], tally: Tally | None = None
    ) -> "Lanes":
        """Make the lanes; sizes are threads and waiting requests, which are counted."""
        return cls(
            Lane("documents", *documents, tally),
            Lane("queries", *queries, tally),
            Lane("health", 2, _WAITING_FOR_HEALTH, tally),
            Lane("refusals", 1, _WAITING_TO_BE_REFUSED, tally),
        )

    def of_path(self, path: str) -> Lane:
        """Return the lane of a path, percent signs decoded."""
        if _is_below(path, QUERY_PATHS):
            return self.queries
        return self.health if _is_below(path, HEALTH_PATHS) else self.documents

    def close(self) -> None:
        """End all threads."""
        for lane in (self.documents, self.queries, self.health, self.refusals):
            lane.close()


def _is_below(path: str, prefixes: tuple[str, ...]) -> bool:
    return any(path == prefix or path.startswith(prefix + "/") for prefix in prefixes)
