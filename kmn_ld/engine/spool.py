"""Collects a result until it is complete: in memory while it is small, then in a file (D6a).

The files of a service lie in one folder, which is the account of what they take: each is named by
client and process, and stays there until its last byte was sent.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp

from kmn_ld.engine.limits import client_number
from kmn_ld.errors import EngineError, ResultTooLarge, SpoolFull, TooManyResults

MEBIBYTE = 1024 * 1024
_IN_MEMORY = MEBIBYTE
"""Bytes up to which a result stays in memory."""
_STEP = MEBIBYTE
"""Bytes by which a file takes room."""
_PREFIX = "result-"


class Room:
    """The room for result files in a folder: `per_client` and `total` bytes, over all processes."""

    def __init__(self, folder: Path, per_client: int, total: int) -> None:
        self._folder = folder
        self._per_client = per_client
        self._total = total

    def new_file(self, client: str) -> tuple[int, Path]:
        """Return descriptor and path of an empty file for a client's result."""
        prefix = f"{_PREFIX}{client_number(client):010x}-{os.getpid()}-"
        file, name = mkstemp(prefix=prefix, dir=self._folder)
        return file, Path(name)

    def extend(self, file: int, client: str, size: int) -> None:
        """Give a client's file the room for `size` bytes in all.

        It is taken before it is counted, so that two who extend at once never both get the last.
        Raises TooManyResults where the client's room does not suffice, SpoolFull where all
        clients' does not.
        """
        os.ftruncate(file, size)
        number = f"{client_number(client):010x}"
        sizes = list(self._sizes())
        if sum(size for owner, size in sizes if owner == number) > self._per_client:
            raise TooManyResults("results-of-client", limit=self._per_client // MEBIBYTE)
        if sum(size for _, size in sizes) > self._total:
            raise SpoolFull("results-of-all", limit=self._total // MEBIBYTE)

    def _sizes(self) -> Iterator[tuple[str, int]]:
        """Yield number of the client and size of each file; those of dead processes go."""
        with os.scandir(self._folder) as entries:
            for entry in entries:
                if not entry.name.startswith(_PREFIX):
                    continue
                _, owner, process, _ = entry.name.split("-", 3)
                try:
                    if not Path("/proc", process).exists():
                        Path(entry.path).unlink()
                    else:
                        yield owner, entry.stat().st_size
                except FileNotFoundError:
                    continue  # it was sent just now


def bytes_in_use(folder: Path) -> int:
    """Return the size of all results in a folder that were not sent to their end."""
    used = 0
    for path in folder.glob(f"{_PREFIX}*"):
        with suppress(FileNotFoundError):  # it was sent just now
            used += path.stat().st_size
    return used


class Spool:
    """A result that grows; `length` in bytes."""

    def __init__(self, room: Room, client: str, limit: int) -> None:
        self.length = 0
        self._room = room
        self._client = client
        self._limit = limit
        self._hash = sha256()
        self._pieces: list[bytes] = []
        self._path: Path | None = None
        self._file = -1
        self._granted = 0

    def write(self, piece: bytes) -> None:
        """Add a piece.

        Raises ResultTooLarge beyond the limit, TooManyResults and SpoolFull where there is no room,
        EngineError where the file cannot be written.
        """
        self.length += len(piece)
        if self.length > self._limit:
            mebibytes = f"{self._limit / MEBIBYTE:.4g}"
            raise ResultTooLarge("result-too-large", limit=self._limit, mebibytes=mebibytes)
        self._hash.update(piece)
        self._pieces.append(piece)
        if self._path is not None or self.length > _IN_MEMORY:
            self._move_to_file()

    def finish(self) -> tuple[bytes | None, Path | None, str]:
        """Return the content, or the file that holds it, and the hex SHA-256."""
        body = b"".join(self._pieces) if self._path is None else None
        path = self._path
        if path is not None:
            os.ftruncate(self._file, self.length)
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
                self._file, self._path = self._room.new_file(self._client)
            if self.length > self._granted:
                self._granted = self.length + _STEP
                self._room.extend(self._file, self._client, min(self._granted, self._limit))
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
