"""An ASGI client that collects what an application sends."""

import asyncio
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote


@dataclass
class Sent:
    """What an application has sent: the messages one by one, and what they add up to."""

    messages: list[dict[str, Any]] = field(default_factory=list)

    @property
    def status(self) -> int:
        return self.messages[0]["status"]

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode(): value.decode() for name, value in self.messages[0]["headers"]}

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.messages[1:])

    @property
    def path(self) -> str | None:
        return next((entry["path"] for entry in self.messages if "path" in entry), None)


class AsgiClient:
    """Sends requests to an application, in an event loop of its own (`asyncio.Runner`)."""

    def __init__(self, application: Any, runner: asyncio.Runner) -> None:
        self.application = application
        self.runner = runner

    def get(self, target: str, **options: Any) -> Sent:
        return self.runner.run(self.request("GET", target, **options))

    def head(self, target: str, **options: Any) -> Sent:
        return self.runner.run(self.request("HEAD", target, **options))

    def post(self, target: str, *pieces: bytes, **options: Any) -> Sent:
        return self.runner.run(self.request("POST", target, pieces, **options))

    async def request(
        self, method: str, target: str, pieces: tuple[bytes, ...] = (), **options: Any
    ) -> Sent:
        """Send a request; options: headers (list of pairs or dict), pathsend, peer, cut (the
        client leaves after its pieces), scope (more entries)."""
        sent = Sent()
        waiting = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
        if options.get("cut"):
            waiting.append({"type": "http.disconnect"})
        elif waiting:
            waiting[-1]["more_body"] = False
        else:
            waiting.append({"type": "http.request", "body": b"", "more_body": False})

        async def receive() -> dict[str, Any]:
            if waiting:
                return waiting.pop(0)
            await asyncio.Event().wait()
            raise AssertionError

        async def send(message: dict[str, Any]) -> None:
            sent.messages.append(message)

        await self.application(_scope(method, target, options), receive, send)
        return sent


def _scope(method: str, target: str, options: dict[str, Any]) -> dict[str, Any]:
    path, _, query = target.partition("?")
    given = options.get("headers", {})
    pairs = [("host", "example.org"), *(given.items() if isinstance(given, dict) else given)]
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in pairs],
        "client": (options.get("peer", "192.0.2.1"), 1234),
        "server": ("127.0.0.1", 8000),
        "extensions": {"http.response.pathsend": {}} if options.get("pathsend", True) else {},
    } | options.get("scope", {})
