"""Speaks HTTP with another SPARQL engine: SPARQLWrapper's requests, over connections of ours.

Nothing but the addresses in the settings is ever called: no proxy, no redirect. What is received
ends at a deadline, however slowly it comes, and a cut answer never looks whole.
"""

import logging
import re
import ssl
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from socket import SHUT_RDWR, socket
from threading import Timer
from time import monotonic
from typing import cast
from urllib.parse import unquote, urlencode, urlsplit, urlunsplit
from urllib.request import Request

from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper

from kmn_ld.config import Settings
from kmn_ld.engine.remote_time import Deadline, Leave
from kmn_ld.engine.tokens import plain
from kmn_ld.errors import EngineError, QueryRefused, QueryTimeout, ResultTooLarge

_LOG = logging.getLogger(__name__)

_MEDIA_TYPES = {
    "solutions": "application/sparql-results+json",
    "boolean": "application/sparql-results+json",
    "graph": "application/n-triples, text/turtle;q=0.5",
    "count": "text/csv",
}
_FORMS = {"solutions": "SELECT", "boolean": "ASK", "graph": "CONSTRUCT", "count": "SELECT"}
_LEAST = 0.001
_PIECE = 64 * 1024
_SHOWN = 300
_SUCCESS = range(200, 300)
_BAD_REQUEST = 400
_REFUSAL = re.compile(r"Virtuoso (?:22|37|42)\w{3} Error")
"""What Virtuoso says, with status 500, where a query or a value in it is at fault (SQL states)."""
_OUT_OF_TIME = ("S1T00", "S1TAT")
_AGENT = "kmn-ld"


@dataclass(frozen=True)
class Dataset:
    """IRIs of the graphs that make up the default graph and the named graphs of a query."""

    default: Sequence[str]
    named: Sequence[str]


class Answer:
    """A remote answer while it comes in; a file for Oxigraph's parsers."""

    def __init__(self, response: HTTPResponse, exchange: "_Exchange") -> None:
        self._response = response
        self._exchange = exchange
        self.media_type = response.headers.get_content_type()

    def read(self, size: int = _PIECE) -> bytes:
        """Return the next bytes, none at the end.

        Raises QueryTimeout at the deadline, EngineError where the answer is cut.
        """
        with self._exchange.failing():
            piece = self._response.read1(size if size > 0 else _PIECE)
        if not piece and size and not self._is_whole():
            raise EngineError("remote-cut")
        return piece

    def _is_whole(self) -> bool:
        """Whether the end was announced; one that is just the connection's end could be a cut."""
        return self._response.chunked or self._response.length == 0


class Endpoint:
    """The remote engine of the settings; may be used from several threads.

    `seconds` is what an error calls the time limit that the deadlines stand for; `has_store` says
    whether graphs can be `put`.
    """

    def __init__(self, settings: Settings, seconds: int) -> None:
        self.has_store = bool(settings.endpoint_graph_store)
        self._query = _without_credentials(settings.endpoint)
        self._update = _without_credentials(settings.endpoint_update or settings.endpoint)
        self._store = _without_credentials(settings.endpoint_graph_store)
        self._seconds = seconds

    @contextmanager
    def asked(self, text: str, form: str, dataset: Dataset, deadline: Deadline) -> Iterator[Answer]:
        """Send a query and yield its answer: JSON results, or triples as `media_type` says.

        `form` is "solutions", "boolean", "graph", or "count" (rows as CSV, of which only the number
        matters); `deadline` is on the clock of `monotonic`. Raises QueryRefused where the engine
        does not like the query, QueryTimeout, EngineError, and the refusal of a `Leave`.
        """
        address, credentials = self._query
        call = _Call(address, text, _FORMS[form])
        call.setReturnFormat(TURTLE if form == "graph" else JSON)
        for parameter, graphs in (
            ("default-graph-uri", dataset.default),
            ("named-graph-uri", dataset.named),
        ):
            for graph in graphs:
                call.addParameter(parameter, graph)
        headers = {"Accept": _MEDIA_TYPES[form], **_authorisation(credentials)}
        exchange = _Exchange(call.request(), headers, deadline, self._seconds)
        with exchange.answered() as answer:
            _demand_type(answer, _MEDIA_TYPES[form])
            yield answer

    def update(self, text: str, deadline: float) -> None:
        """Run a SPARQL Update; raises EngineError and QueryTimeout."""
        address, credentials = self._update
        call = _Call(address, text, "INSERT")
        self._send(call.request(), {"Accept": "*/*", **_authorisation(credentials)}, deadline)

    def put(self, graph: str, data: bytes, deadline: float, *, more: bool = False) -> None:
        """Replace a graph by N-Triples, or add them where there is `more` to it already.

        SPARQL 1.1 Graph Store Protocol, 5.3 and 5.5. They are sent as Turtle, which N-Triples are.
        Raises as `update`.
        """
        address, credentials = self._store
        mark = "&" if "?" in address else "?"
        method = "POST" if more else "PUT"
        target = f"{address}{mark}{urlencode({'graph': graph})}"
        headers = {"Content-Type": "text/turtle", **_authorisation(credentials)}
        self._send(Request(target, data, method=method), headers, deadline)

    def _send(self, request: Request, headers: dict[str, str], deadline: float) -> None:
        exchange = _Exchange(request, headers, deadline, self._seconds)
        with exchange.answered() as answer:
            while answer.read():
                pass


class _Call(SPARQLWrapper):
    """SPARQLWrapper's request for a text whose form is known.

    Its own guess at the form is a search by expressions that a text can make endless.
    """

    def __init__(self, endpoint: str, text: str, form: str) -> None:
        super().__init__(endpoint, agent=_AGENT)
        self.setMethod(POST)
        self.setOnlyConneg(True)
        self.queryString = text
        self.queryType = form

    def request(self) -> Request:
        return self._createRequest()


class _Exchange:
    """One request and its answer, which end at the deadline whatever the other side does."""

    def __init__(
        self, request: Request, headers: dict[str, str], deadline: Deadline, seconds: int
    ) -> None:
        self._request = request
        self._headers = {**dict(request.header_items()), **headers, "Connection": "close"}
        self._leave = deadline if isinstance(deadline, Leave) else None
        self._deadline = deadline.deadline if isinstance(deadline, Leave) else deadline
        self._seconds = seconds
        self._connection = self._connect()
        self._socket: socket | None = None

    def _connect(self) -> HTTPConnection:
        left = max(self._deadline - monotonic(), _LEAST)
        if self._request.type == "https":
            context = ssl.create_default_context()
            return HTTPSConnection(self._request.host, timeout=left, context=context)
        return HTTPConnection(self._request.host, timeout=left)

    @contextmanager
    def answered(self) -> Iterator[Answer]:
        """Send the request and yield the answer if it is a success."""
        with ExitStack() as closing:
            # a timeout of the socket would begin anew with each byte
            closing.enter_context(_calling(self._hang_up, self._deadline + _LEAST))
            if self._leave and not self._leave.is_asked:
                closing.enter_context(_calling(self._ask_leave, self._leave.short_until))
            closing.callback(self._connection.close)
            with self.failing():
                self._connection.connect()
                self._socket = self._connection.sock  # a connection lets go of it at the answer
                self._demand_time()  # nobody could hang up before
                self._connection.request(
                    self._request.get_method(),
                    self._request.selector,
                    cast(bytes, self._request.data),
                    self._headers,
                )
                response = closing.enter_context(self._connection.getresponse())
            self._demand_success(response)
            yield Answer(response, self)

    @contextmanager
    def failing(self) -> Iterator[None]:
        """Turn what a connection raises into our errors."""
        try:
            yield
        except (OSError, HTTPException, ValueError, AttributeError) as error:
            # the last two: a connection that was closed in the meantime
            self._demand_time(error)
            _LOG.warning("The remote engine fails: %s", type(error).__name__)
            _LOG.debug("Its failure: %s", plain(str(error)))
            is_cut = isinstance(error, HTTPException)
            raise EngineError("remote-cut" if is_cut else "remote-away") from error
        self._demand_time()

    def _demand_time(self, cause: Exception | None = None) -> None:
        if self._leave and self._leave.refusal:
            raise self._leave.refusal from cause
        if monotonic() >= self._deadline:
            raise self._late() from cause

    def _late(self) -> QueryTimeout:
        return QueryTimeout("query-timeout", seconds=self._seconds)

    def _ask_leave(self) -> None:
        if self._leave and not self._leave.ask():
            self._hang_up()

    def _hang_up(self) -> None:
        if self._socket is not None:
            with suppress(OSError):  # it has ended by itself
                self._socket.shutdown(SHUT_RDWR)

    def _demand_success(self, response: HTTPResponse) -> None:
        state = response.headers.get("X-SQL-State", "")
        if state in _OUT_OF_TIME:
            raise self._late()
        rows = response.headers.get("X-SPARQL-MaxRows")
        if rows is not None:
            raise ResultTooLarge("remote-rows", limit=plain(rows))
        status = response.status
        if status in _SUCCESS:
            return
        reason = self._said(response)
        _LOG.warning("The remote engine answers %s", status)
        _LOG.debug("It says: %s", reason)  # engines quote the query
        if status in (408, 504) or any(state in reason for state in _OUT_OF_TIME):
            raise self._late()
        if status == _BAD_REQUEST or _REFUSAL.match(reason):
            raise QueryRefused("query-refused", reason=reason)
        raise EngineError("remote-status", status=status)

    def _said(self, response: HTTPResponse) -> str:
        """Return the first line of what an engine says about an error, without controls."""
        text = ""
        if response.headers.get_content_type() == "text/plain":
            with self.failing():
                text = response.read1(_PIECE).decode("utf-8", "replace")
        return plain(text.strip().partition("\n")[0][:_SHOWN].rstrip() or response.reason)


@contextmanager
def _calling(call: Callable[[], None], moment: float) -> Iterator[None]:
    """Make a call in a thread of its own at a moment within the block; it ends with the block."""
    timer = Timer(max(moment - monotonic(), 0), call)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


def _demand_type(answer: Answer, accepted: str) -> None:
    names = {entry.partition(";")[0] for entry in accepted.split(", ")}
    if answer.media_type not in names:
        given = plain(answer.media_type)
        _LOG.warning("The remote engine answers in %s", given)
        raise EngineError("remote-format", given=given)


def _without_credentials(address: str) -> tuple[str, str]:
    """Return an address without user and password, and these as `user:password`."""
    parts = urlsplit(address)
    user, mark, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=host)), unquote(user) if mark else ""


def _authorisation(credentials: str) -> dict[str, str]:
    """Return the header for user and password (RFC 7617)."""
    if not credentials:
        return {}
    return {"Authorization": "Basic " + b64encode(credentials.encode()).decode("ascii")}
