"""A query's turn at a worker: an event loop takes it as far as it goes at once, a thread waits.

Most queries take a millisecond. To hand each to a thread and back costs more than that, so the
loop waits for the first bytes of the reply itself; a thread takes over where more is to come.
"""

import asyncio
import json
import socket
from asyncio import Future
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import dataclass
from threading import get_ident
from time import monotonic
from typing import Any

from kmn_ld.engine import frames
from kmn_ld.engine.stock import LEAST, PATIENCE, Stock, Worker
from kmn_ld.errors import (
    EngineError,
    KmnError,
    NotAcceptable,
    QueryOutOfMemory,
    QueryRefused,
    QuerySyntaxError,
    TooManyQueries,
)

SHORT_SECONDS = 0.5
"""From then on a query needs a slot for long ones too (`Limits.long_slot`)."""

_FAILURES: dict[str, type[KmnError]] = {
    kind.__name__: kind
    for kind in (NotAcceptable, QueryOutOfMemory, QueryRefused, QuerySyntaxError)
}


_FRAMES_AT_ONCE = 3
"""Head, one piece of the result, end: a loop that took more would leave its other clients alone."""


@dataclass
class _Time:
    """How long a query may go on, on the clock of `monotonic`: `stay` is asked once, when it is no
    short one any more."""

    deadline: float
    short_until: float
    stay: Callable[[], object]

    def left(self) -> float:
        """Return the seconds to the next thing that is due.

        Raises TimeoutError at the deadline, and what `stay` raises.
        """
        now = monotonic()
        if now >= self.short_until:
            self.stay()
            self.short_until = self.deadline
        if now >= self.deadline:
            raise TimeoutError
        return max(min(self.short_until, self.deadline) - now, LEAST)


@dataclass(frozen=True)
class _Reply:
    """How a worker's reply ended: with a failure or without; whether it is to be replaced."""

    failure: KmnError | None
    is_spent: bool


class Turn:
    """What is between a request to a worker and the whole reply; `write` takes the result.

    `stay` gives what a query has to hold that takes long. The turn ends with `finish`, or with
    `abandon`, which does nothing after the other.
    """

    def __init__(
        self,
        stock: Stock,
        request: bytes,
        write: Callable[[bytes], object],
        stay: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._stock = stock
        self._request = request
        self._write = write
        self._stay = stay
        self._short_until = 0.0  # when the request was sent, and so many seconds
        self._head: dict[str, Any] = {}
        self._reply: _Reply | None = None
        self._is_over = False
        self._taker = stock.queue()

    async def advance(self) -> bool:
        """Go on as far as it goes in a moment; return whether `finish` has nothing to wait for."""
        await self._get_worker()
        worker = self._taker.worker
        if worker is None or not worker.is_ready:
            return False
        worker.connection.settimeout(0)
        try:
            self._send(worker)
            if not await _has_data(worker.connection, SHORT_SECONDS):
                return False
            for _ in range(_FRAMES_AT_ONCE):
                self._read(worker)
        except BlockingIOError:
            return False
        except (EOFError, ConnectionError):
            return True  # that the worker is gone, `finish` finds too
        return self._reply is not None

    def finish(self, deadline: float) -> dict[str, Any]:
        """Wait for what is left of the reply; return what it says of the result.

        Raises TimeoutError at the deadline, EOFError or ConnectionError where the worker has died,
        EngineError where none can be had, the failure of the query, and what `write` and `stay`
        raise. The worker is given back, or replaced.
        """
        self._is_over = True
        worker = self._stock.wait_ready(self._taker, deadline)
        try:
            reply = self._reply or self._converse(worker, deadline)
        except TimeoutError:
            self._stock.discard(worker, reason="deadline")
            raise
        except (EOFError, ConnectionError):
            self._stock.discard(worker, reason="died")
            raise
        except TooManyQueries:
            self._stock.discard(worker, reason="crowd")
            raise
        except BaseException:
            self._stock.discard(worker, reason="result")
            raise
        self._give_back(worker, reply)
        if reply.failure is not None:
            raise reply.failure
        return self._head

    def abandon(self) -> None:
        """End the turn wherever it is."""
        if self._is_over:
            return
        self._is_over = True
        if self._taker.worker is not None and self._short_until:
            self._stock.discard(self._taker.worker, reason="result")
        else:
            self._stock.leave(self._taker)

    async def _get_worker(self) -> None:
        """Wait for a worker as long as a busy one is worth it."""
        if self._taker.is_served:
            return
        loop, ours = asyncio.get_running_loop(), get_ident()
        served = loop.create_future()

        def tell() -> None:
            if get_ident() == ours:
                _settle(served, True)
            else:
                loop.call_soon_threadsafe(_settle, served, True)

        if not self._stock.tell(self._taker, tell):
            await _within(served, PATIENCE)

    def _converse(self, worker: Worker, deadline: float) -> _Reply:
        """Wait for the reply, piece by piece; raises what `finish` does."""
        worker.connection.settimeout(max(deadline - monotonic(), LEAST))
        self._send(worker)
        with ExitStack() as held:
            time = _Time(deadline, self._short_until, lambda: held.enter_context(self._stay()))
            while self._reply is None:
                # also where a result flows without a pause
                worker.connection.settimeout(time.left())
                with suppress(TimeoutError):
                    self._read(worker)
        return self._reply

    def _send(self, worker: Worker) -> None:
        """Send the request, once; it is small enough to find room at a worker that waits."""
        if not self._short_until:
            worker.connection.sendall(self._request)
            self._short_until = monotonic() + SHORT_SECONDS

    def _read(self, worker: Worker) -> None:
        """Take the next frame, unless the reply is whole."""
        if self._reply is not None:
            return
        kind, payload = worker.frames.read()
        if kind == frames.DATA:
            self._write(payload)
        elif kind == frames.HEAD:
            self._head = json.loads(payload)
        elif kind == frames.END:
            self._reply = _Reply(None, json.loads(payload)["spent"])
        else:
            self._reply = _failed(json.loads(payload))

    def _give_back(self, worker: Worker, reply: _Reply) -> None:
        if reply.is_spent:
            is_failure = isinstance(reply.failure, QueryOutOfMemory)
            self._stock.discard(worker, reason="memory" if is_failure else "")
        else:
            self._stock.put_back(worker)


def _failed(content: dict[str, Any]) -> _Reply:
    kind = _FAILURES.get(content["error"], EngineError)
    return _Reply(kind(content["key"], **content["details"]), content["spent"])


async def _has_data(connection: socket.socket, seconds: float) -> bool:
    """Wait until there is something to read; return whether there is."""
    loop = asyncio.get_running_loop()
    readable = loop.create_future()
    file = connection.fileno()
    loop.add_reader(file, _settle, readable, True)
    try:
        return await _within(readable, seconds)
    finally:
        loop.remove_reader(file)


async def _within(future: Future[bool], seconds: float) -> bool:
    """Return what a future brings, False where it brings nothing in time."""
    timer = asyncio.get_running_loop().call_later(seconds, _settle, future, False)
    try:
        return await future
    finally:
        timer.cancel()


def _settle(future: Future[bool], outcome: bool) -> None:
    if not future.done():
        future.set_result(outcome)
