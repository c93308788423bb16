"""Reads the bodies of requests, within bounds of size, time and memory."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from typing import Any

from kmn_ld.errors import BodyTooLarge, RequestError, RequestLate, ServerBusy

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

BODY_SECONDS = 60


class Body:
    """The body of one request; counted until its block ends."""

    def __init__(self, bodies: "Bodies") -> None:
        self._bodies = bodies
        self._parts: list[bytes] = []
        self.size = 0

    async def read(self, headers: Mapping[bytes, bytes], receive: Receive) -> bytes:
        """Return the whole body.

        Raises BodyTooLarge, RequestLate, ServerBusy where all bodies together are too large, and
        RequestError where the body breaks off: the client has left, or its chunks are none
        (granian tells both in the same way, and answers 500 to the second if nobody else does).
        """
        declared = headers.get(b"content-length", b"")
        self._refuse(int(declared) if declared.isdigit() else 0)
        try:
            async with asyncio.timeout(BODY_SECONDS):
                while await self._take_part(receive):
                    self._refuse(self.size)
        except TimeoutError as error:
            raise RequestLate("body-late", seconds=BODY_SECONDS) from error
        self._refuse(self.size)
        return b"".join(self._parts)

    async def _take_part(self, receive: Receive) -> bool:
        """Take a part; return whether there are more."""
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RequestError("body-broken")
        part = message.get("body", b"")
        self._parts.append(part)
        self.size += len(part)
        self._bodies.held += len(part)
        return bool(message.get("more_body", False))

    def _refuse(self, size: int) -> None:
        if size > self._bodies.largest:
            raise BodyTooLarge("body-too-large", limit=self._bodies.largest)
        if self._bodies.held > self._bodies.together:
            raise ServerBusy("server-busy")


class Bodies:
    """All bodies of a process: `largest` bytes each, `together` bytes at a time, `held` now."""

    def __init__(self, largest: int, together: int) -> None:
        self.largest = largest
        self.together = together
        self.held = 0

    @contextmanager
    def one(self) -> Iterator[Body]:
        """Give a body for one request, to the end of the block."""
        body = Body(self)
        try:
            yield body
        finally:
            self.held -= body.size
