"""Collects a result until it is complete: in memory while it is small, then in a file (D6a)."""

import os
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp

from kmn_ld.errors import EngineError, ResultTooLarge

_IN_MEMORY = 1024 * 1024
"""Bytes up to which a result stays in memory."""


class Spool:
    """A result that grows; `length` in bytes."""

    def __init__(self, folder: Path, limit: int) -> None:
        self.length = 0
        self._folder = folder
        self._limit = limit
        self._hash = sha256()
        self._pieces: list[bytes] = []
        self._path: Path | None = None
        self._file = -1

    def write(self, piece: bytes) -> None:
        """Add a piece.

        Raises ResultTooLarge beyond the limit, EngineError where the file cannot be written.
        """
        self.length += len(piece)
        if self.length > self._limit:
            raise ResultTooLarge("result-too-large", limit=self._limit)
        self._hash.update(piece)
        self._pieces.append(piece)
        if self._path is not None or self.length > _IN_MEMORY:
            self._move_to_file()

    def finish(self) -> tuple[bytes | None, Path | None, str]:
        """Return the content, or the file that holds it, and the hex SHA-256."""
        body = b"".join(self._pieces) if self._path is None else None
        path = self._path
        self._path = None
        self._close()
        return body, path, self._hash.hexdigest()

    def discard(self) -> None:
        """Throw away what has not been handed over by `finish`."""
        self._close()
        if self._path is not None:
            self._path.unlink(missing_ok=True)

    def _move_to_file(self) -> None:
        try:
            if self._path is None:
                self._file, name = mkstemp(prefix="result-", dir=self._folder)
                self._path = Path(name)
            for piece in self._pieces:
                _write_all(self._file, piece)
        except OSError as error:
            raise EngineError("spool-unwritable", reason=error.strerror) from error
        self._pieces.clear()

    def _close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def _write_all(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]
