"""Removes result files when their last byte was sent, or when nobody came to read them.

The server opens a file only after it was handed over, and does not say when it has sent it
(granian 2.8.7, tried); the kernel does (inotify(7)). Until then the file counts as the client's.
"""

import asyncio
import ctypes
import os
import struct
from pathlib import Path

UNREAD_SECONDS = 15
"""So long after it was handed over a file is removed that nobody has open."""

_CLOSED_AFTER_READING = 0x10
_REMOVED = 0x8000
"""What the kernel says of a watch (inotify(7): IN_CLOSE_NOWRITE, IN_IGNORED)."""

_EVENT = struct.Struct("iIII")
_READ = 64 * 1024

_libc = ctypes.CDLL(None, use_errno=True)


class ResultFiles:
    """The result files of this process that were handed over; for use in one event loop."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._timers: dict[Path, asyncio.TimerHandle] = {}
        self._watches: dict[int, Path] = {}
        self._events = -1

    def owns(self, path: Path) -> bool:
        """Whether a file is a result: it lies in the folder."""
        return self._folder is not None and self._folder in path.parents

    def watch(self, path: Path) -> None:
        """Remove a file after it was read; to be called before it is handed over."""
        loop = asyncio.get_running_loop()
        if self._events < 0:
            self._events = _libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
            if self._events >= 0:
                loop.add_reader(self._events, self._read_events)
        watch = _libc.inotify_add_watch(self._events, os.fsencode(path), _CLOSED_AFTER_READING)
        if watch >= 0:  # else the timer alone looks after it
            self._watches[watch] = path
        self._timers[path] = loop.call_later(UNREAD_SECONDS, self._look, path)

    def remove(self, path: Path) -> None:
        """Remove a file now."""
        timer = self._timers.pop(path, None)
        if timer is not None:
            timer.cancel()
        path.unlink(missing_ok=True)

    def close(self) -> None:
        """Remove all files that were handed over."""
        for path in list(self._timers):
            self.remove(path)
        if self._events >= 0:
            os.close(self._events)
            self._events = -1

    def _read_events(self) -> None:
        data = os.read(self._events, _READ)
        place = 0
        while place < len(data):
            watch, mask, _, length = _EVENT.unpack_from(data, place)
            place += _EVENT.size + length
            if mask & _CLOSED_AFTER_READING and watch in self._watches:
                self.remove(self._watches.pop(watch))
            elif mask & _REMOVED:  # the timer was there first
                self._watches.pop(watch, None)

    def _look(self, path: Path) -> None:
        if _is_open(path):
            loop = asyncio.get_running_loop()
            self._timers[path] = loop.call_later(UNREAD_SECONDS, self._look, path)
        else:
            self.remove(path)


def _is_open(path: Path) -> bool:
    """Whether this process has a file open."""
    for entry in Path("/proc/self/fd").iterdir():
        try:
            if entry.readlink() == path:
                return True
        except FileNotFoundError:
            continue
    return False
