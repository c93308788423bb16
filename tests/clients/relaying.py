"""A server between client and service that remembers what was asked."""

import contextlib
import http.client
import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

_NOT_PASSED = ("connection", "keep-alive", "transfer-encoding", "accept-encoding")


@dataclass(frozen=True)
class Seen:
    """A request: method, path, what it accepts, and the query of its form, empty without one."""

    method: str
    path: str
    accept: str
    query: str


@dataclass
class Relay:
    """The address of the relay, and the requests in their order."""

    address: str
    seen: list[Seen] = field(default_factory=list)


@contextlib.contextmanager
def relaying(server: str) -> Iterator[Relay]:
    """Relay to a server until the block ends."""

    class Handler(_Handler):
        there = urlsplit(server).netloc

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        Handler.relay = Relay(f"http://127.0.0.1:{listening.server_port}")
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        try:
            yield Handler.relay
        finally:
            listening.shutdown()
            thread.join()


class _Handler(http.server.BaseHTTPRequestHandler):
    there: ClassVar[str]
    relay: ClassVar[Relay]

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        query = parse_qs(body.decode()).get("query", [""])[0]
        accept = self.headers.get("Accept", "")
        self.relay.seen.append(Seen(self.command, self.path, accept, query))
        passed = {
            name: value for name, value in self.headers.items() if name.lower() not in _NOT_PASSED
        }
        with contextlib.closing(http.client.HTTPConnection(self.there, timeout=20)) as connection:
            connection.request(self.command, self.path, body, passed)
            self._pass_back(connection.getresponse())

    do_POST = do_GET  # noqa: N815 - the name is that of the library

    def log_message(self, *_: object) -> None:
        """Tell nothing on stderr."""

    def _pass_back(self, answer: http.client.HTTPResponse) -> None:
        data = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in (*_NOT_PASSED, "content-length", "date", "server"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
