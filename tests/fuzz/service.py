"""A real server, what is sent to it byte by byte, and what every answer must be."""

import contextlib
import csv
import http.client
import io
import json
import socket
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from kmn_ld.build.progress import Silent
from kmn_ld.build.releasing import build_dataset
from kmn_ld.config import Settings
from kmn_ld.formats import BY_NAME, GRAPHS
from tests.engine.waiting import eventually
from tests.fuzz.inputs import EX
from tests.web.served import Served, serving

SECONDS = 2
"""What a query may take here."""
PATIENCE = 20.0
GROWTH = 40 * 2**20
"""Bytes of resident memory that server processes may gain: caches that fill, fragments."""
LIMITS = ("query-timeout", "query-memory", "results-of-all", "worker-late")
"""The problems that may be answered with 503."""
STATUSES = (200, 204, 301, 303, 304, 400, 404, 405, 406, 413, 414, 415, 429, 431, 503)
_DATA = f"""
<{EX}a> <{EX}p> <{EX}b> .
<{EX}b> <{EX}p> <{EX}a> <{EX}g1> .
<{EX}a> <{EX}q> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .
<{EX}a> <{EX}q> "Haus"@de <{EX}g1> .
<{EX}b> <{EX}q> "a\\u0001b" .
<{EX}b> <{EX}q> "2026-01-02"^^<http://www.w3.org/2001/XMLSchema#date> <{EX}g2> .
_:x <{EX}p> _:y .
<{EX}a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{EX}b> .
"""


@dataclass
class Answer:
    status: int
    media_type: str
    headers: list[tuple[str, str]]
    body: bytes


@dataclass
class Fuzzed:
    """A server with a connection that is opened anew where it was closed."""

    served: Served
    answered: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    _socket: socket.socket | None = None

    def send(self, method: str, target: str, headers: list[tuple[str, str]], body: bytes) -> Answer:
        """Send a request as it is, and return the whole answer."""
        lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
        if body or method == "POST":
            lines.append(f"Content-Length: {len(body)}")
        data = "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + body
        if self._socket is not None:
            try:
                return self._exchange(data, method)
            except (http.client.BadStatusLine, ConnectionError):  # closed after the last answer
                self.close()
        return self._exchange(data, method)

    def _exchange(self, data: bytes, method: str) -> Answer:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self.served.port), PATIENCE)
        with contextlib.suppress(BrokenPipeError):  # an early refusal may still be read
            self._socket.sendall(data)
        response = http.client.HTTPResponse(self._socket, method=method)
        response.begin()
        body = response.read()
        if response.will_close:
            self.close()
        self.answered += 1
        self.statuses[response.status] = self.statuses.get(response.status, 0) + 1
        media_type = response.headers.get_content_type() if response.headers["Content-Type"] else ""
        return Answer(response.status, media_type, response.getheaders(), body)

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def memory(self) -> int:
        """Return the resident bytes of the server processes, query workers left out."""
        return sum(
            int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096
            for pid in self._processes()
        )

    def workers(self) -> list[int]:
        """Return the query workers."""
        below = [child for pid in self._processes() for child in _children(pid)]
        return [pid for pid in below if b"engine.worker" in _command(pid)]

    def is_at_rest(self) -> bool:
        return len(self.workers()) <= len(self._processes())

    def _processes(self) -> list[int]:
        return [pid for pid in _children(self.served.process.pid) if b"-c" in _command(pid)]


@contextlib.contextmanager
def fuzzed(folder: Path) -> Iterator[Fuzzed]:
    """Serve a handful of statements."""
    (folder / "data.nq").write_text(_DATA)
    settings = Settings(releases=folder / "releases")
    build_dataset(settings, folder / "data.nq", Silent())
    limits = {"query_seconds": SECONDS, "query_memory_mb": 256, "cache_mb": 2, "query_workers": 4}
    with serving(settings.releases, folder / "tmp", **limits) as served:
        client = Fuzzed(served)
        try:
            yield client
        finally:
            client.close()


def demand_an_answer(answer: Answer) -> None:
    """Assert what holds for every answer to anything."""
    assert answer.status in STATUSES
    assert all(value.isprintable() or value == "" for _, value in answer.headers)
    if answer.status >= 400 and answer.body and answer.media_type != "text/html":
        problem = json.loads(answer.body)
        assert (answer.media_type, problem["status"]) == (
            "application/problem+json",
            answer.status,
        )
        assert answer.status < 500 or problem["type"].rpartition(":")[2] in LIMITS
    elif answer.status >= 500:
        assert answer.media_type == "text/html"
        assert b"503" in answer.body
    elif answer.status == 200 and answer.body:
        demand_well_formed(answer)


def demand_well_formed(answer: Answer) -> None:
    """Assert that a result is one in the format that it says it has."""
    if answer.media_type.endswith("json"):
        json.loads(answer.body)
    elif answer.media_type.endswith("xml"):
        ET.fromstring(answer.body)
    elif answer.media_type == "text/csv":
        list(csv.reader(io.StringIO(answer.body.decode(), newline=""), strict=True))
    for name in GRAPHS:
        entry = BY_NAME[name]
        if answer.media_type == entry.media_types[0]:
            list(ox.parse(answer.body, format=ox.RdfFormat.from_extension(entry.suffix)))


def demand_the_same_again(
    client: Fuzzed, target: str, headers: list[tuple[str, str]], answer: Answer
) -> None:
    """Assert that an answer with an entity tag is known again, whole and by its tag."""
    said = {name.lower(): value for name, value in answer.headers}
    if answer.status != 200 or "etag" not in said:
        return
    again = client.send("GET", target, headers, b"")
    assert (again.status, again.body) == (200, answer.body)
    known = client.send("GET", target, [*headers, ("If-None-Match", said["etag"])], b"")
    assert (known.status, known.body) == (304, b"")


def demand_rest(client: Fuzzed, before: int) -> None:
    """Assert that the server is as it was: memory, workers."""
    assert before > 0
    assert client.memory() - before < GROWTH
    assert eventually(client.is_at_rest, 30)


def _children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        texts = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children")]
        return [int(child) for text in texts for child in text.split()]
    return []


def _command(pid: int) -> bytes:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""
