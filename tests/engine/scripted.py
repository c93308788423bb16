"""A remote engine that answers byte by byte what a test says."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from kmn_ld.config import Settings

Script = Callable[[socket.socket, "Scripted"], None]
JSON = "application/sparql-results+json"


@dataclass
class Scripted:
    """Its address and what it was asked; `over` is set when the test ends."""

    port: int
    script: Script
    asked: list[bytes] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def settings(self, **more: object) -> Settings:
        url = f"http://user:secret@127.0.0.1:{self.port}/"
        return Settings(endpoint=url, endpoint_graph_store=f"{url}store", **more)


@contextmanager
def answering(script: Script, *, reads: bool = True) -> Iterator[Scripted]:
    """Listen until the block ends, and answer each request by the script.

    Where not `reads`, the script reads the request itself.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = Scripted(listening.getsockname()[1], script)
        thread = threading.Thread(target=_serve, args=(listening, server, reads))
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


def _serve(listening: socket.socket, server: Scripted, reads: bool) -> None:
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        with connection, suppress(OSError):
            connection.settimeout(10)
            if reads:
                server.asked.append(_request(connection))
            server.script(connection, server)


def _request(connection: socket.socket) -> bytes:
    """Return head and body of a request."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    length = int(lengths[0].partition(b":")[2]) if lengths else 0
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def reply(body: str, *headers: str, status: str = "200 OK", kind: str = JSON) -> Script:
    """Return a script that answers with a body and its length."""
    return raw(
        f"HTTP/1.1 {status}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body.encode())}",
        *headers,
        body=body,
    )


def raw(*head: str, body: str = "") -> Script:
    """Return a script that answers with these lines and this body, and hangs up."""
    text = "\r\n".join([*head, "", body])
    return lambda connection, _server: connection.sendall(text.encode())


def trickle(start: str, piece: str) -> Script:
    """Return a script that sends a start and then a piece again and again, fifty times a second."""

    def send(connection: socket.socket, server: Scripted) -> None:
        connection.sendall(start.encode())
        while not server.over.wait(0.02):
            connection.sendall(piece.encode())

    return send


def holding(release: str, script: Script) -> Script:
    """Return a script for an engine that says that it holds a release, and else does as told."""
    version = f'{{"version": {{"type": "literal", "value": "{release} first"}}}}'
    marker = reply(f'{{"head":{{"vars":["version"]}},"results":{{"bindings":[{version}]}}}}')

    def answer(connection: socket.socket, server: Scripted) -> None:
        is_marker = b"hasVersion" in server.asked[-1]
        (marker if is_marker else script)(connection, server)

    return answer
