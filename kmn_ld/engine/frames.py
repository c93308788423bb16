"""What server process and query worker say to each other: length-prefixed frames on a socket.

The server sends REQUEST. The worker sends READY once, then for each request HEAD, any number of
DATA and END, or FAILURE at any point instead of what is left.
"""

import json
import socket
import struct
from dataclasses import astuple
from typing import Any

from kmn_ld.engine.interface import PublicQuery
from kmn_ld.engine.terms import BlankNode, Iri, Literal

REQUEST, READY, HEAD, DATA, END, FAILURE = b"Q", b"R", b"H", b"D", b"E", b"F"
PIECE = 256 * 1024
"""Bytes of a result that travel together."""

_TERMS = {kind.__name__: kind for kind in (Iri, BlankNode, Literal)}
_HEADER = struct.Struct("!cI")
_READ = PIECE + _HEADER.size * 4


def header(kind: bytes, length: int) -> bytes:
    """Return what stands before a payload of so many bytes."""
    return _HEADER.pack(kind, length)


def frame(kind: bytes, payload: bytes = b"") -> bytes:
    """Return a frame as it travels."""
    return header(kind, len(payload)) + payload


def json_frame(kind: bytes, **content: Any) -> bytes:
    """Return a frame with a JSON object."""
    return frame(kind, json.dumps(content).encode())


def request_frame(query: PublicQuery) -> bytes:
    """Return a query as it travels; each term of its bindings with its kind."""
    bindings = {
        name: (type(term).__name__, *astuple(term)) for name, term in query.bindings.items()
    }
    return json_frame(REQUEST, **{**vars(query), "bindings": bindings})


def read_request(payload: bytes) -> PublicQuery:
    """Return the query that a REQUEST holds."""
    content = json.loads(payload)
    bindings = content.pop("bindings")
    terms = {name: _TERMS[kind](*parts) for name, (kind, *parts) in bindings.items()}
    return PublicQuery(**content, bindings=terms)


class FrameReader:
    """Reads frames from a socket, whose timeout applies to each read."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._buffer = memoryview(bytearray(_READ))
        self._start = 0  # of what was received and not taken yet
        self._end = 0

    def read(self) -> tuple[bytes, bytes]:
        """Return kind and payload of the next frame.

        Raises EOFError where the other side has ended, OSError of the socket, and TimeoutError;
        what had come until then is kept for the next call.
        """
        kind, length = _HEADER.unpack(self._look(_HEADER.size))
        payload = bytes(self._look(_HEADER.size + length)[_HEADER.size :])
        self._start += _HEADER.size + length
        return kind, payload

    def _look(self, length: int) -> memoryview:
        """Return the next bytes, and leave them where they are."""
        if self._end - self._start < length:
            self._make_room(length)
        while self._end - self._start < length:
            count = self._connection.recv_into(self._buffer[self._end :])
            if not count:
                raise EOFError
            self._end += count
        return self._buffer[self._start : self._start + length]

    def _make_room(self, length: int) -> None:
        """Move what is there to the start of the buffer, of a larger one if need be."""
        rest = bytes(self._buffer[self._start : self._end])
        if length > len(self._buffer):
            self._buffer = memoryview(bytearray(length))
        self._buffer[: len(rest)] = rest
        self._start, self._end = 0, len(rest)
