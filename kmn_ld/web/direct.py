"""Answers plain queries in the event loop (decision 16): no Flask, and no thread for short ones.

A query that takes a millisecond costs more to be handed to a thread and through Flask than to be
answered. What is no plain query, what fails, and what would have to wait at once goes that way;
the answers are the same.
"""

from typing import Any

from kmn_ld.engine.interface import Begun
from kmn_ld.errors import KmnError
from kmn_ld.web import answers, protocol, responses
from kmn_ld.web.bridge import ERROR_KEY, Answer
from kmn_ld.web.cache import Header
from kmn_ld.web.lanes import Lane
from kmn_ld.web.live import Live

_PATH = "/sparql"
_METHODS = ("GET", "POST")
_LARGEST = 16 * 1024
"""Bytes of a request that the loop reads: longer ones would keep others waiting. (What a query may
have of it, `Engine.begin` says.)"""
_MOST_FIELDS = 100
"""The same for the fields of a form."""


class Direct:
    """The endpoint for programs, over what answers now; `threads` wait for long queries."""

    def __init__(self, live: Live, threads: int) -> None:
        self._live = live
        self._lane = Lane("long-queries", threads, 0, live.tally)

    async def answer(self, environ: dict[str, Any], body: bytes) -> Answer | None:
        """Return the answer, None where Flask is to give it; an error is in `environ` then."""
        if not _is_plain(environ, body):
            return None
        try:
            asked = protocol.read(environ, lambda: body)
            if asked.query is None or asked.as_page:
                return None
            with self._live.use() as current:
                begun = current.engine.begin(asked.query, environ["REMOTE_ADDR"])
                if begun is None:
                    return None
                return await self._finished(begun, environ["REQUEST_METHOD"], asked.by_format)
        except KmnError as error:
            environ[ERROR_KEY] = error
        except Exception as error:  # told and logged as Flask tells its own
            environ[ERROR_KEY] = KmnError("internal-error")
            environ[ERROR_KEY].__cause__ = error
        return None

    def close(self) -> None:
        """End the threads."""
        self._lane.close()

    async def _finished(self, begun: Begun, method: str, by_format: bool) -> Answer:
        answer = await begun.answer(self._lane.run)
        kept = answers.age(answer, method)
        named = answers.headers(answer, "Accept" if by_format else "", kept)
        return Answer(
            200, [*map(_header, named.items()), *_IN_ALL], answer.body or b"", answer.path
        )


def _is_plain(environ: dict[str, Any], body: bytes) -> bool:
    """Return whether a request may be a plain query, and is small enough to be read in the loop."""
    if environ["PATH_INFO"] != _PATH or environ["REQUEST_METHOD"] not in _METHODS:
        return False
    if not environ.get("HTTP_HOST"):  # Flask refuses that
        return False
    texts = (environ["QUERY_STRING"], environ.get("CONTENT_TYPE", ""), body)
    return sum(map(len, texts)) <= _LARGEST and body.count(b"&") <= _MOST_FIELDS


def _header(named: tuple[str, str]) -> Header:
    return named[0].lower().encode("latin-1"), named[1].encode("latin-1")


_IN_ALL = [*map(_header, responses.IN_ALL.items())]
