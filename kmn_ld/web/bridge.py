"""From ASGI to WSGI and back: the environment of a request, and the whole answer to it."""

import re
import sys
from collections.abc import Callable, Collection, Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote_to_bytes

from kmn_ld.formats import BY_NAME
from kmn_ld.messages import LANGUAGES
from kmn_ld.search import FACETS
from kmn_ld.web.cache import Header
from kmn_ld.web.clients import Proxies

Scope = MutableMapping[str, Any]
WsgiApp = Callable[..., Iterable[bytes]]

_DOCUMENTS = (
    "/id/",
    "/doc/",
    "/def",
    "/shapes",
    "/graph/",
    "/dump/",
    "/static/",
    "/.well-known/",
    "/openapi.json",
    "/api",
    "/queries.",
    "/sparql/",
)
"""Paths of resources that look at no parameter but those of `_PARAMETERS`."""
_LISTS = ("/", "/queries")
"""The same, where paths below them do look at others."""
_PARAMETERS: dict[bytes, tuple[str, ...]] = {
    b"lang": LANGUAGES,
    b"format": tuple(BY_NAME),
    b"redirect": ("no",),
}
"""Parameter → values that mean something."""
_OLDER = re.compile("/releases/[^/]+(?=/)")
"""What stands before a path of a release (see `archive`)."""
_ENDPOINT = "/sparql"
_OF_PROTOCOL = (b"query", b"update", b"default-graph-uri", b"named-graph-uri")
"""Parameters of the endpoint that may be repeated, or must be told when they are."""
_OF_ENDPOINT = (b"example", b"format", b"lang")
"""Parameters of the endpoint of which the first counts."""

_SEARCH = ("/search", "/search.html", "/search.json", "/search/suggest")
_OF_SEARCH = (b"q", b"page", b"limit", b"status", b"format", b"lang", *map(str.encode, FACETS))
"""Parameters of the search, of which the first counts."""

ERROR_KEY = "kmn_ld.error"
"""Key of the WSGI environment by which the front layer hands over an error of its own."""

_KEPT_BACK = ("x-sendfile", "date")
"""Headers of Flask's that are not sent: the server dates an answer when it sends it."""


@dataclass(frozen=True)
class Answer:
    """What Flask answered; `file` is sent instead of `body` where there is one."""

    status: int
    headers: list[Header]
    body: bytes
    file: Path | None = None

    @property
    def etag(self) -> bytes:
        """The entity tag, empty where there is none."""
        return next((value for name, value in self.headers if name == b"etag"), b"")


def make_environ(
    scope: Scope, headers: Mapping[bytes, bytes], body: bytes, proxies: Proxies
) -> dict[str, Any]:
    """Return the WSGI environment of a request (PEP 3333); percent signs decoded once."""
    text = {name.decode("latin-1"): value.decode("latin-1") for name, value in headers.items()}
    origin = proxies.origin((scope.get("client") or ("",))[0], scope["scheme"], text)
    server = scope.get("server") or ("", 0)
    path = unquote_to_bytes(scope.get("raw_path") or scope["path"].encode())
    environ: dict[str, Any] = {
        f"HTTP_{name.upper().replace('-', '_')}": value
        for name, value in text.items()
        if "_" not in name and name not in ("content-type", "content-length")
    }
    environ |= {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": path.decode("latin-1"),
        "REQUEST_URI": (scope.get("raw_path") or quote(path).encode()).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "CONTENT_TYPE": text.get("content-type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": origin.address,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": origin.scheme,
        "wsgi.input": BytesIO(body),
        "wsgi.input_terminated": True,  # else Werkzeug reads no body that came in chunks
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if origin.host:
        environ["HTTP_HOST"] = origin.host
    return environ


def known_query(path: str, query: bytes) -> bytes:
    """Return the query string without what no resource at this path looks at.

    Otherwise each `?x=1`, `?x=2` would be rendered anew, and kept beside the others.
    """
    path = _OLDER.sub("", path)
    if path == _ENDPOINT:
        return _known_to_endpoint(query)
    if path in _SEARCH:
        return _first_of(query, _OF_SEARCH)
    if not query or not (path in _LISTS or path.startswith(_DOCUMENTS)):
        return query
    given: dict[bytes, bytes] = {}
    for part in query.split(b"&"):
        name, _, value = part.partition(b"=")
        given.setdefault(name, value)  # of repeated ones the first counts
    return b"&".join(
        name + b"=" + given[name]
        for name, values in _PARAMETERS.items()
        if name in given and given[name].decode("latin-1") in values
    )


def _known_to_endpoint(query: bytes) -> bytes:
    """Return the query string of the endpoint without what it does not look at."""
    kept: list[bytes] = []
    found: set[bytes] = set()
    for part in query.split(b"&"):
        encoded, _, value = part.partition(b"=")
        name = unquote_to_bytes(encoded) if b"%" in encoded else encoded
        is_first = name in _OF_ENDPOINT and name not in found
        has_meaning = name != b"lang" or value.decode("latin-1") in LANGUAGES
        if name in _OF_PROTOCOL or (is_first and has_meaning):
            kept.append(part)
        found.add(name)
    return b"&".join(kept)


def _first_of(query: bytes, names: Collection[bytes]) -> bytes:
    """Return the query string with the first of each of these parameters."""
    given: dict[bytes, bytes] = {}
    for part in query.split(b"&"):
        given.setdefault(unquote_to_bytes(part.partition(b"=")[0]), part)
    return b"&".join(part for name, part in given.items() if name in names)


def call(application: WsgiApp, environ: dict[str, Any]) -> Answer:
    """Call a WSGI application and collect the whole answer."""
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], *_: object) -> None:
        started[:] = [(status, headers)]

    chunks = application(environ, start_response)
    try:
        body = b"".join(chunks)
    finally:
        if hasattr(chunks, "close"):
            chunks.close()
    status, given = started[0]
    named = [(name.lower(), value) for name, value in given]
    file = next((Path(value) for name, value in named if name == "x-sendfile"), None)
    headers = [
        (name.encode("latin-1"), value.encode("latin-1"))
        for name, value in named
        if name not in _KEPT_BACK
    ]
    return Answer(int(status[:3]), headers, body, file)
