"""Answers everybody's queries in worker processes, within the limits (decisions D6 and D6a)."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any

from kmn_ld.config import Settings
from kmn_ld.engine import frames
from kmn_ld.engine.guard import refuse_what_is_not_offered
from kmn_ld.engine.interface import InThread, PublicAnswer, PublicQuery
from kmn_ld.engine.limits import Limits
from kmn_ld.engine.repeating import mentions_changing
from kmn_ld.engine.spool import MEBIBYTE, Room, Spool
from kmn_ld.engine.stock import IDLE_SECONDS, Stock
from kmn_ld.engine.tally import Tally
from kmn_ld.engine.tokens import position
from kmn_ld.engine.turn import Turn
from kmn_ld.errors import (
    EngineError,
    KmnError,
    QueryOutOfMemory,
    QuerySyntaxError,
    QueryTimeout,
    QueryTooLong,
    TooManyQueries,
)
from kmn_ld.releases import Release

_STACK_PER_BYTE = 4 * 1024
"""Bytes of stack a worker has for each byte of the longest query: 1 GiB at most (`Settings`).

Nested groups take 1,900, more than anything else that was tried. Untouched stack costs nothing,
but the kernel grants no more than the machine has memory.
"""
_OK = 200
_CROWDED = ("too-many-queries", "too-many-queries-of-client")
"""Keys of the errors for which it is worth to wait."""
_LONGEST_BEGUN = 8 * 1024
"""Characters of a query that an event loop looks at; longer ones would keep its other clients."""


@dataclass
class _Outcome:
    """What is counted of a query."""

    form: str = "unknown"
    status: int = KmnError.status
    is_counted: bool = True


class Pool:
    """The workers of one release in this process; may be used from several threads.

    `folder` holds slots and results; the server processes of one service share it. A worker beyond
    the one at rest ends when it has been idle for some seconds.
    """

    def __init__(
        self,
        settings: Settings,
        release: Release,
        folder: Path,
        *,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._settings = settings
        self._tally = Tally(folder)
        self._room = Room(
            folder, settings.spool_per_client_mb * MEBIBYTE, settings.spool_mb * MEBIBYTE
        )
        self._limits = Limits(folder, settings.query_workers, settings.queries_per_client)
        self._stock = Stock(
            {
                "release": str(release.folder.resolve()),
                "memory_triples": settings.memory_triples,
                "memory": settings.query_memory_mb * MEBIBYTE,
                "stack": settings.query_max_bytes * _STACK_PER_BYTE,
            },
            idle_seconds,
            self._tally,
        )

    def answer(self, query: PublicQuery, client: str) -> PublicAnswer:
        """Answer a query (see `Engine`), and count it."""
        started = monotonic()
        deadline = started + self._settings.query_seconds
        with ExitStack() as held:
            outcome = held.enter_context(self._counting(started))
            self._refuse(query.text)
            held.enter_context(self._limits.slot(client, deadline))
            spool = self._spool(held, client)
            head = self._evaluate(query, spool, deadline)
            return self._answer(query, head, spool, outcome, started)

    def begin(self, query: PublicQuery, client: str) -> "Begun | None":
        """Begin to answer a query in an event loop (see `Engine`)."""
        if len(query.text) > _LONGEST_BEGUN:
            return None
        started = monotonic()
        if self._limits.are_waited_for:  # else those that wait in threads would be overtaken
            return None
        with ExitStack() as held:
            outcome = held.enter_context(self._counting(started))
            self._refuse(query.text)
            try:
                held.enter_context(self._limits.slot(client, started))
            except TooManyQueries as error:
                if error.key not in _CROWDED:
                    raise
                outcome.is_counted = False
                return None
            spool = self._spool(held, client)
            turn = self._turn(query, spool.write)
            held.callback(turn.abandon)

            def finish() -> PublicAnswer:
                head = self._finish(turn, started + self._settings.query_seconds)
                return self._answer(query, head, spool, outcome, started)

            return Begun(turn, finish, held.pop_all())

    def ensure_ready(self) -> None:
        """Raise EngineError where no worker runs and none can be started."""
        self._stock.ensure_ready(monotonic() + self._settings.query_seconds)

    def process_ids(self) -> list[int]:
        """Return the ids of the worker processes, busy and idle."""
        return self._stock.process_ids()

    def close(self) -> None:
        """End the workers; a query that runs comes to its end first."""
        self._stock.close()
        self._limits.close()

    @contextmanager
    def _counting(self, started: float) -> Iterator[_Outcome]:
        outcome = _Outcome()
        try:
            yield outcome
        except KmnError as error:
            outcome.status = error.status
            raise
        finally:
            if outcome.is_counted:
                self._tally.add("queries", outcome.form, str(outcome.status))
                self._tally.observe("query_seconds", outcome.form, seconds=monotonic() - started)

    def _spool(self, held: ExitStack, client: str) -> Spool:
        spool = Spool(self._room, client, self._settings.result_max_bytes)
        held.callback(spool.discard)
        return spool

    def _refuse(self, text: str) -> None:
        """Raise for what is too long, what is not to be had in UTF-8, and what is not offered."""
        try:
            length = len(text.encode())
        except UnicodeEncodeError as error:
            line, column = position(text, error.start)
            code = f"{ord(text[error.start]):04X}"
            raise QuerySyntaxError("query-encoding", line=line, column=column, code=code) from error
        limit = self._settings.query_max_bytes
        if length > limit:
            raise QueryTooLong("query-too-long", length=length, limit=limit)
        refuse_what_is_not_offered(text)

    def _evaluate(self, query: PublicQuery, spool: Spool, deadline: float) -> dict[str, Any]:
        """Write the result into the spool; return format and form."""
        return self._run(query, spool.write, deadline)

    def _run(
        self, query: PublicQuery, write: Callable[[bytes], object], deadline: float
    ) -> dict[str, Any]:
        """Have a worker answer, piece by piece; return format and form."""
        return self._finish(self._turn(query, write), deadline)

    def _turn(self, query: PublicQuery, write: Callable[[bytes], object]) -> Turn:
        return Turn(self._stock, frames.request_frame(query), write, self._limits.long_slot)

    def _finish(self, turn: Turn, deadline: float) -> dict[str, Any]:
        """Wait for the end of a turn; return format and form."""
        try:
            return turn.finish(deadline)
        except TimeoutError as error:
            raise QueryTimeout("query-timeout", seconds=self._settings.query_seconds) from error
        except (EOFError, ConnectionError) as error:
            raise QueryOutOfMemory("query-memory", limit=self._settings.query_memory_mb) from error

    def _answer(
        self,
        query: PublicQuery,
        head: dict[str, Any],
        spool: Spool,
        outcome: _Outcome,
        started: float,
    ) -> PublicAnswer:
        """Take the whole result out of the spool."""
        body, path, digest = spool.finish()
        outcome.form, outcome.status = head["form"], _OK
        return PublicAnswer(
            format=head["format"],
            form=head["form"],
            body=body,
            path=path,
            length=spool.length,
            digest=digest,
            seconds=monotonic() - started,
            is_repeatable=_is_repeatable(head, query),
        )


def _is_repeatable(head: dict[str, Any], query: PublicQuery) -> bool:
    """Return what the worker says, where it has looked."""
    known = head.get("repeatable")
    return not mentions_changing(query.text) if known is None else bool(known)


class Begun:
    """A query that an event loop has begun to answer (protocol `Begun` of the engines)."""

    def __init__(self, turn: Turn, finish: Callable[[], PublicAnswer], held: ExitStack) -> None:
        self._turn = turn
        self._wait = finish
        self._held = held
        self._ending = Lock()  # who gets it, loop or thread, gives back what is held

    async def answer(self, in_thread: InThread) -> PublicAnswer:
        """Return the answer; what has to be waited for, `in_thread` calls elsewhere."""
        try:
            if await self._turn.advance():
                return self._finish()
            return await in_thread(self._finish)
        except BaseException as error:
            if self._ending.acquire(blocking=False):
                self._held.__exit__(type(error), error, error.__traceback__)
            raise

    def _finish(self) -> PublicAnswer:
        if not self._ending.acquire(blocking=False):
            raise EngineError("engine-closed")  # nobody waits for it any more
        with self._held:
            return self._wait()
