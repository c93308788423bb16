"""The front layer (decision D7): standard ASGI before Flask.

It answers repeated GETs and 304 from a bounded cache, calls Flask in bounded threads, and sends
what Flask hands over: whole bodies, or files (`X-Sendfile`) by the server's pathsend extension.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kmn_ld.engine.tally import Tally
from kmn_ld.errors import RequestError, ServerBusy
from kmn_ld.web.bodies import Bodies, Receive
from kmn_ld.web.bridge import (
    ERROR_KEY,
    Answer,
    Scope,
    WsgiApp,
    call,
    known_query,
    make_environ,
)
from kmn_ld.web.cache import AnswerCache, Header, Kept, Place, is_known, without_content
from kmn_ld.web.clients import Proxies, is_host
from kmn_ld.web.counting import count_refusal, count_request
from kmn_ld.web.direct import Direct
from kmn_ld.web.lanes import Lanes
from kmn_ld.web.result_files import ResultFiles

_LOG = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]

_CHUNK = 64 * 1024
_OK, _NOT_MODIFIED = 200, 304
_CONDITION = b"if-none-match"
_BUSY = Answer(503, [(b"retry-after", b"5"), (b"content-length", b"0")], b"")
"""The answer where even the errors that wait to be written are too many."""
_BROKEN = Answer(500, [(b"cache-control", b"no-store"), (b"content-length", b"0")], b"")
"""The answer where even the page of an error could not be made."""


@dataclass(frozen=True)
class Limits:
    """What the front layer holds at most, per process.

    `threads` and `query_threads` run Flask; `waiting` and `waiting_queries` requests may wait for
    each of the two; `body_bytes` is the size of a request body, `all_bodies_bytes` that of all at a
    time, `cache_bytes` that of all kept answers.
    """

    threads: int = 4
    query_threads: int = 8
    waiting: int = 256
    waiting_queries: int = 64
    body_bytes: int = 512 * 1024
    all_bodies_bytes: int = 64 * 1024 * 1024
    cache_bytes: int = 64 * 1024 * 1024


class Front:
    """An ASGI application around a WSGI application.

    `generation` is asked for each request: when its value changes, the kept answers are forgotten.
    `tally` counts what happens; files in its folder are results: they are removed after they were
    sent. `direct` answers what needs no Flask, where it is set. `on_close` is called at the end.
    """

    def __init__(
        self,
        application: WsgiApp,
        *,
        limits: Limits,
        proxies: Proxies,
        generation: Callable[[], int] = lambda: 0,
        tally: Tally | None = None,
    ) -> None:
        self._tally = tally or Tally()
        self._application = application
        self._bodies = Bodies(limits.body_bytes, limits.all_bodies_bytes)
        self._proxies = proxies
        self._generation = generation
        self._seen = generation()
        self.cache = AnswerCache(limits.cache_bytes)
        self._lanes = Lanes.of_sizes(
            (limits.threads, limits.waiting),
            (limits.query_threads, limits.waiting_queries),
            self._tally,
        )
        self._results = ResultFiles(self._tally.folder)
        self.direct: Direct | None = None
        self.on_close: Callable[[], None] = lambda: None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection event (ASGI 3)."""
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        generation = self._generation()
        if generation != self._seen:
            self.cache.clear()
            self._seen = generation
        headers = _joined(scope["headers"])
        query = known_query(scope["path"], scope["query_string"])
        scope = {**scope, "query_string": query}
        place = self._place(scope, headers)
        if scope["method"] in ("GET", "HEAD"):
            kept = self.cache.find(place, headers)
            self._tally.add("cache_lookups", "miss" if kept is None else "hit")
            if kept is not None:
                status = await _send_kept(kept, scope["method"], headers, send)
                count_request(self._tally, scope["path"], status)
                return
        # Flask is asked for the whole even where the client has it: else a thing that everybody
        # asks about by entity tag would never be kept
        known = headers.pop(_CONDITION, None) if scope["method"] in ("GET", "HEAD") else None
        answer = await self._ask(scope, headers, receive)
        is_keepable = answer.status == _OK and scope["method"] == "GET" and not answer.file
        if is_keepable and generation == self._generation():
            self.cache.keep(place, headers, answer.headers, answer.body)
            self._tally.replace("cache_bytes", value=self.cache.used)
        if known and answer.status == _OK and answer.etag and is_known(answer.etag, known):
            answer = self._not_modified(answer)
        count_request(self._tally, scope["path"], answer.status)
        await self._send(answer, scope, send)

    def _place(self, scope: Scope, headers: dict[bytes, bytes]) -> Place:
        path: bytes = scope.get("raw_path") or scope["path"].encode()
        forwarded = (b"", b"")
        if b"x-forwarded-host" in headers or b"x-forwarded-proto" in headers:
            forwarded = (
                headers.get(b"x-forwarded-host", b""),
                headers.get(b"x-forwarded-proto", b""),
            )
        return (headers.get(b"host", b""), *forwarded, path + b"?" + scope["query_string"])

    async def _ask(self, scope: Scope, headers: dict[bytes, bytes], receive: Receive) -> Answer:
        """Have the request answered, directly or by Flask."""
        content, error = b"", None
        with self._bodies.one() as body:
            try:
                if scope["method"] not in ("GET", "HEAD", "OPTIONS"):
                    content = await body.read(headers, receive)
            except RequestError as refusal:
                error = refusal
            environ = make_environ(scope, headers, content, self._proxies)
            if environ.get("HTTP_HOST") and not is_host(environ["HTTP_HOST"]):
                del environ["HTTP_HOST"]
                error = error or RequestError("request-malformed")
            if error is not None:
                environ[ERROR_KEY] = error
            try:
                if answer := await self._directly(environ, content):
                    return answer
                return await self._in_lane(scope["path"], environ)
            except Exception:  # the server would leave the client without any answer
                _LOG.exception("%s %s could not be answered", scope["method"], scope["path"])
                return _BROKEN

    async def _directly(self, environ: dict[str, Any], content: bytes) -> Answer | None:
        if self.direct is None or ERROR_KEY in environ:
            return None
        return await self.direct.answer(environ, content)

    async def _in_lane(self, path: str, environ: dict[str, Any]) -> Answer:
        """Have Flask answer in a thread, or tell the error that was found before."""
        lane = self._lanes.of_path(path)
        if lane.is_full:
            environ.setdefault(ERROR_KEY, ServerBusy("server-busy"))
        if ERROR_KEY in environ and not self._lanes.refusals.is_full:
            lane = self._lanes.refusals
        if lane.is_full:
            count_refusal(self._tally, environ[ERROR_KEY].key)
            return _BUSY
        return await lane.run(call, self._application, environ)

    def _not_modified(self, answer: Answer) -> Answer:
        if answer.file is not None and self._results.owns(answer.file):
            self._results.remove(answer.file)
        return Answer(_NOT_MODIFIED, without_content(answer.headers), b"")

    async def _send(self, answer: Answer, scope: Scope, send: Send) -> None:
        path = answer.file
        is_result = path is not None and self._results.owns(path)
        if path is None or scope["method"] == "HEAD" or answer.status != _OK:
            if path is not None and is_result:
                self._results.remove(path)
            body = b"" if scope["method"] == "HEAD" else answer.body
            await _send_whole(answer.status, answer.headers, body, send)
        else:
            if is_result:
                self._results.watch(path)
            await _send_start(answer.status, answer.headers, send)
            await _send_file(path, scope, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        """Follow the lifespan of the server process."""
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            else:
                self.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    def close(self) -> None:
        """End the threads and remove what waits for its removal."""
        self._lanes.close()
        if self.direct is not None:
            self.direct.close()
        self._results.close()
        self.on_close()


def _joined(headers: Iterable[Header]) -> dict[bytes, bytes]:
    """Return the request headers by name, repeated ones as one list (RFC 9110, 5.3)."""
    pairs = list(headers)
    joined = dict(pairs)
    if len(joined) != len(pairs):
        joined = {}
        for name, value in pairs:
            joined[name] = joined[name] + b", " + value if name in joined else value
    return joined


async def _send_kept(kept: Kept, method: str, headers: dict[bytes, bytes], send: Send) -> int:
    """Send a kept answer or the 304 to it; return the status."""
    known = headers.get(_CONDITION)
    if known is not None and is_known(kept.etag, known):
        await _send_whole(_NOT_MODIFIED, kept.headers_unchanged, b"", send)
        return _NOT_MODIFIED
    await _send_whole(_OK, kept.headers, b"" if method == "HEAD" else kept.body, send)
    return _OK


async def _send_whole(status: int, headers: list[Header], body: bytes, send: Send) -> None:
    await _send_start(status, headers, send)
    await send({"type": "http.response.body", "body": body})


async def _send_start(status: int, headers: list[Header], send: Send) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})


async def _send_file(path: Path, scope: Scope, send: Send) -> None:
    """Let the server send a file; where it cannot, send the file piece by piece."""
    if "http.response.pathsend" in scope.get("extensions", {}):
        await send({"type": "http.response.pathsend", "path": str(path)})
        return
    with path.open("rb") as file:
        more = True
        while more:
            chunk = await asyncio.to_thread(file.read, _CHUNK)
            more = len(chunk) == _CHUNK
            await send({"type": "http.response.body", "body": chunk, "more_body": more})
