"""What server process and query worker say to each other: length-prefixed frames on a socket.

The server sends REQUEST. The worker sends READY once, then for each request HEAD, any number of
DATA and END, or FAILURE at any point instead of what is left.
"""

import json
import socket
import struct
from typing import Any

REQUEST, READY, HEAD, DATA, END, FAILURE = b"Q", b"R", b"H", b"D", b"E", b"F"
PIECE = 64 * 1024
"""Bytes of a result that travel together."""

_HEADER = struct.Struct("!cI")
_READ = PIECE + _HEADER.size * 4


def frame(kind: bytes, payload: bytes = b"") -> bytes:
    """Return a frame as it travels."""
    return _HEADER.pack(kind, len(payload)) + payload


def json_frame(kind: bytes, **content: Any) -> bytes:
    """Return a frame with a JSON object."""
    return frame(kind, json.dumps(content).encode())


class FrameReader:
    """Reads frames from a socket, whose timeout applies to each read."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._buffer = b""

    def read(self) -> tuple[bytes, bytes]:
        """Return kind and payload of the next frame.

        Raises EOFError where the other side has ended, TimeoutError and OSError of the socket.
        """
        header = self._take(_HEADER.size)
        kind, length = _HEADER.unpack(header)
        return kind, self._take(length)

    def _take(self, length: int) -> bytes:
        buffer = self._buffer
        if len(buffer) < length:
            pieces = [buffer]
            missing = length - len(buffer)
            while missing > 0:
                piece = self._connection.recv(max(missing, _READ))
                if not piece:
                    raise EOFError
                pieces.append(piece)
                missing -= len(piece)
            buffer = b"".join(pieces)
        self._buffer = buffer[length:]
        return buffer[:length]
