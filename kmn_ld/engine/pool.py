"""Answers everybody's queries in worker processes, within the limits (decisions D6 and D6a)."""

import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from kmn_ld.config import Settings
from kmn_ld.engine import frames
from kmn_ld.engine.guard import refuse_what_is_not_offered
from kmn_ld.engine.interface import PublicAnswer, PublicQuery
from kmn_ld.engine.limits import Limits
from kmn_ld.engine.repeating import mentions_changing
from kmn_ld.engine.spool import MEBIBYTE, Room, Spool
from kmn_ld.engine.stock import IDLE_SECONDS, LEAST, Stock, Worker
from kmn_ld.engine.tally import Tally
from kmn_ld.engine.tokens import position
from kmn_ld.errors import (
    EngineError,
    KmnError,
    NotAcceptable,
    QueryOutOfMemory,
    QueryRefused,
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
_FAILURES: dict[str, type[KmnError]] = {
    kind.__name__: kind
    for kind in (NotAcceptable, QueryOutOfMemory, QueryRefused, QuerySyntaxError)
}


SHORT_SECONDS = 0.5
"""From then on a query needs a slot for long ones too (`Limits.long_slot`)."""


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
    """What a worker said: format and form, or a failure; whether it is to be replaced."""

    head: dict[str, Any]
    failure: KmnError | None
    is_spent: bool


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
        form, status = "unknown", KmnError.status
        try:
            answer = self._answer(query, client, started)
            form, status = answer.form, _OK
            return answer
        except KmnError as error:
            status = error.status
            raise
        finally:
            self._tally.add("queries", form, str(status))
            self._tally.observe("query_seconds", form, seconds=monotonic() - started)

    def _answer(self, query: PublicQuery, client: str, started: float) -> PublicAnswer:
        deadline = started + self._settings.query_seconds
        self._refuse_long(query.text)
        refuse_what_is_not_offered(query.text)
        with self._limits.slot(client, deadline):
            spool = Spool(self._room, client, self._settings.result_max_bytes)
            try:
                head = self._evaluate(query, spool, deadline)
                body, path, digest = spool.finish()
            finally:
                spool.discard()
        return PublicAnswer(
            format=head["format"],
            form=head["form"],
            body=body,
            path=path,
            length=spool.length,
            digest=digest,
            seconds=monotonic() - started,
            is_repeatable=head.get("repeatable", not mentions_changing(query.text)),
        )

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

    def _refuse_long(self, text: str) -> None:
        try:
            length = len(text.encode())
        except UnicodeEncodeError as error:
            line, column = position(text, error.start)
            code = f"{ord(text[error.start]):04X}"
            raise QuerySyntaxError("query-encoding", line=line, column=column, code=code) from error
        limit = self._settings.query_max_bytes
        if length > limit:
            raise QueryTooLong("query-too-long", length=length, limit=limit)

    def _evaluate(self, query: PublicQuery, spool: Spool, deadline: float) -> dict[str, Any]:
        """Write the result into the spool; return format and form."""
        return self._run(query, spool.write, deadline)

    def _run(
        self, query: PublicQuery, write: Callable[[bytes], object], deadline: float
    ) -> dict[str, Any]:
        """Have a worker answer, piece by piece; return format and form."""
        request = frames.request_frame(query)
        worker = self._stock.take_ready(deadline)
        try:
            with ExitStack() as held:
                until = monotonic() + SHORT_SECONDS
                time = _Time(deadline, until, lambda: held.enter_context(self._limits.long_slot()))
                reply = _converse(worker, request, write, time)
        except TimeoutError as error:
            self._stock.discard(worker, reason="deadline")
            raise QueryTimeout("query-timeout", seconds=self._settings.query_seconds) from error
        except (EOFError, ConnectionError) as error:
            self._stock.discard(worker, reason="died")
            raise QueryOutOfMemory("query-memory", limit=self._settings.query_memory_mb) from error
        except TooManyQueries:
            self._stock.discard(worker, reason="crowd")
            raise
        except BaseException:
            self._stock.discard(worker, reason="result")
            raise
        if reply.is_spent:
            is_failure = isinstance(reply.failure, QueryOutOfMemory)
            self._stock.discard(worker, reason="memory" if is_failure else "")
        else:
            self._stock.put_back(worker)
        if reply.failure is not None:
            raise reply.failure
        return reply.head


def _converse(
    worker: Worker, request: bytes, write: Callable[[bytes], object], time: _Time
) -> _Reply:
    """Send a request and collect the reply.

    Raises EOFError or ConnectionError where the worker has died, what `time` raises and what
    `write` raises.
    """
    connection = worker.connection
    connection.settimeout(max(time.deadline - monotonic(), LEAST))
    connection.sendall(request)
    head: dict[str, Any] = {}
    while True:
        connection.settimeout(time.left())  # also where a result flows without a pause
        try:
            kind, payload = worker.frames.read()
        except TimeoutError:
            continue
        if kind == frames.DATA:
            write(payload)
        elif kind == frames.HEAD:
            head = json.loads(payload)
        elif kind == frames.END:
            return _Reply(head, None, json.loads(payload)["spent"])
        else:
            return _failed(json.loads(payload))


def _failed(content: dict[str, Any]) -> _Reply:
    kind = _FAILURES.get(content["error"], EngineError)
    return _Reply({}, kind(content["key"], **content["details"]), content["spent"])
