"""How a build tells what it is doing, and how long each step took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from kmn_ld.releases import Step


class Progress(Protocol):
    """What shows progress: a bar on a terminal, plain lines elsewhere, or nothing."""

    def start(self, step: str, total: int | None) -> None:
        """Begin a step; `total` is the number of things to do, None where it is not known."""
        ...

    def advance(self, done: int) -> None:
        """Tell how many things of the step are done."""
        ...

    def finish(self, step: str, seconds: float) -> None:
        """End a step, also one that failed."""
        ...


class Silent:
    """Shows nothing."""

    def start(self, step: str, total: int | None) -> None:
        """Show nothing."""

    def advance(self, done: int) -> None:
        """Show nothing."""

    def finish(self, step: str, seconds: float) -> None:
        """Show nothing."""


class Steps:
    """Runs the steps of a build and keeps their durations in seconds."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.done: list[Step] = []

    @contextmanager
    def step(self, name: str, total: int | None = None) -> Iterator[None]:
        """Time a step, also one that fails."""
        self.progress.start(name, total)
        begin = time.perf_counter()
        try:
            yield
        finally:
            seconds = time.perf_counter() - begin
            self.progress.finish(name, seconds)
            self.done.append(Step(name, round(seconds, 3)))
