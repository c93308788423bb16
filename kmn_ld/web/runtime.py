"""Makes the folder of a running server for what it spools, and removes what killed ones left."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, gettempdir

from kmn_ld.errors import ConfigError

_PREFIX = "kmn-ld-server-"
_LOCK = "lock"
"""File in the folder that the server and its processes hold locked as long as one of them lives."""


@contextmanager
def folder() -> Iterator[Path]:
    """Make a folder below that for temporary files (TMPDIR) and remove it at the end.

    Server processes that are forked in between keep the lock too. Raises ConfigError where no
    folder can be made.
    """
    try:
        parent = Path(gettempdir())
        made = TemporaryDirectory(prefix=_PREFIX, dir=parent)
    except OSError as error:
        raise ConfigError("temporary-unwritable", reason=error.strerror) from error
    remove_leftovers(parent)
    with made as name:
        lock = _lock(Path(name))
        try:
            yield Path(name)
        finally:
            os.close(lock)


def remove_leftovers(parent: Path) -> None:
    """Remove the folders of servers that live no more; only our user's, never through a link."""
    for path in parent.glob(f"{_PREFIX}*"):
        with suppress(OSError):  # somebody else's, in use (BlockingIOError) or just removed
            _remove_if_left(path)


def _lock(made: Path) -> int:
    """Lock the folder; the file takes its name when it is locked, so nobody finds it unlocked."""
    fresh = made / f"{_LOCK}-new"
    descriptor = os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    fresh.rename(made / _LOCK)
    return descriptor


def _remove_if_left(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        if os.fstat(opened).st_uid != os.geteuid():
            return
        lock = os.open(_LOCK, os.O_RDWR | os.O_NOFOLLOW, dir_fd=opened)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            rmtree(path)
        finally:
            os.close(lock)
    finally:
        os.close(opened)
