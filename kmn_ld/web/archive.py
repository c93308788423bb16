"""Answers from releases that are not current: opens a few when asked for, closes them when idle.

A published result can thus be had again, as long as its release is on disk.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic

from flask import Flask, g

from kmn_ld import releases
from kmn_ld.config import Settings
from kmn_ld.engine.embedded import open_embedded, result_folder
from kmn_ld.errors import BuildError, KmnError, ResourceNotFound, ServerBusy
from kmn_ld.web.live import EXTENSION, RETRY_SECONDS, Current, Holder, Opener, live

PARAMETER = "release"
"""Name of the part of a path (`/releases/<release>/…`) that says which release answers."""
MOST_OPEN = 2
"""Older releases that a server process holds open: each may take as much memory as the current."""
IDLE_SECONDS = 60.0
"""An older release that nobody has asked for so long is closed."""
SETTLED_SECONDS = 5.0
"""For so long one that was asked for is not closed for another."""
_PATIENCE = 2.0
"""Longest wait for another release to be opened, in seconds."""
_EXTENSION = "kmn_ld_archive"


@dataclass
class _Opened:
    """An open release, when it was last asked for, and the mark of erasures at that time."""

    holder: Holder
    used: float
    mark: str


class Archive:
    """The older releases of a folder. Safe to use from every thread.

    At most `most` are open. One is closed for another only when nobody uses it and it was not asked
    for in the last `settled` seconds; one that nobody asks for closes after `idle` seconds.
    """

    def __init__(
        self,
        folder: Path,
        opener: Opener,
        *,
        most: int = MOST_OPEN,
        idle: float = IDLE_SECONDS,
        settled: float = SETTLED_SECONDS,
    ) -> None:
        self._folder = folder
        self._opener = opener
        self._most = most
        self._idle = idle
        self._settled = settled
        self._lock = threading.Lock()
        self._opening = threading.Lock()  # one release at a time is opened
        self._open: OrderedDict[str, _Opened] = OrderedDict()
        self._refused: dict[str, tuple[KmnError, float]] = {}
        self._timer: threading.Timer | None = None
        self._is_closed = False

    @contextmanager
    def use(self, key: str) -> Iterator[Current]:
        """Keep the engine of a release open for the length of the block.

        Raises ResourceNotFound where there is no such release on disk (any more), ServerBusy where
        too many others are open, EngineError.
        """
        holder = self._enter(key) or self._open_and_enter(key)
        try:
            yield holder.current
        finally:
            holder.leave()

    def close(self) -> None:
        """Close all as soon as nobody uses them; nothing is opened any more."""
        with self._lock:
            self._is_closed = True
            for opened in self._open.values():
                opened.holder.retire()
            self._open.clear()
            if self._timer is not None:
                self._timer.cancel()

    def _enter(self, key: str) -> Holder | None:
        """Enter a release that is open, unless something was erased from releases since then."""
        mark = releases.rewriting_mark(self._folder)
        with self._lock:
            opened = self._open.get(key)
            if opened is None:
                return None
            if opened.mark != mark:
                self._open.pop(key).holder.retire()
                return None
            opened.used = monotonic()
            opened.holder.enter()
            self._open.move_to_end(key)
            self._look_later()
            return opened.holder

    def _open_and_enter(self, key: str) -> Holder:
        if not self._opening.acquire(timeout=_PATIENCE):
            raise ServerBusy("archive-busy", limit=self._most)
        try:
            if holder := self._enter(key):
                return holder
            self._refuse_again(key)
            self._make_room()
            mark = releases.rewriting_mark(self._folder)
            current = self._opened(key)
            with self._lock:
                holder = Holder(current)
                if not self._is_closed:
                    self._open[key] = _Opened(holder, monotonic(), mark)
                    self._look_later()
        finally:
            self._opening.release()
        holder.enter()
        if self._is_closed:
            holder.retire()
        return holder

    def _make_room(self) -> None:
        with self._lock:
            while len(self._open) >= self._most:
                free = (key for key, opened in self._open.items() if self._can_go(opened))
                if (key := next(free, None)) is None:
                    raise ServerBusy("archive-busy", limit=self._most)
                self._open.pop(key).holder.retire()

    def _can_go(self, opened: _Opened) -> bool:
        return opened.holder.is_free and monotonic() - opened.used >= self._settled

    def _opened(self, key: str) -> Current:
        try:
            release = releases.find(self._folder, key)
        except BuildError as error:
            kept = ", ".join(releases.all_ids(self._folder))
            raise ResourceNotFound("release-not-kept", id=key, kept=kept) from error
        try:
            return Current.of(self._opener(release), release)
        except KmnError as error:
            self._refused[key] = (error, monotonic() + RETRY_SECONDS)
            raise

    def _refuse_again(self, key: str) -> None:
        """Raise what went wrong with a release a moment ago: it is not looked at all the time."""
        error, until = self._refused.get(key, (None, 0.0))
        if error is not None and monotonic() < until:
            raise error
        self._refused.pop(key, None)

    def _close_idle(self) -> None:
        with self._lock:
            self._timer = None
            now = monotonic()
            for key in [key for key, one in self._open.items() if now - one.used >= self._idle]:
                self._open.pop(key).holder.retire()
            self._look_later()

    def _look_later(self) -> None:
        if self._open and self._timer is None:
            self._timer = threading.Timer(self._idle, self._close_idle)
            self._timer.daemon = True
            self._timer.start()


def register(app: Flask, settings: Settings) -> None:
    """Have requests whose path names a release answered from it, and their pages stay with it.

    An older release is always opened here, also where another engine answers for the current one.
    """
    folder = app.extensions[EXTENSION].tally.folder or result_folder()
    archive = Archive(settings.releases, partial(open_embedded, settings, folder=folder))
    app.extensions[_EXTENSION] = archive

    def enter(_endpoint: str | None, values: dict[str, str] | None) -> None:
        key = values.pop(PARAMETER, None) if values else None
        if key is None:
            return
        g.asked_release = key
        block = live().use()
        current = block.__enter__()
        if current.key != key:
            block.__exit__(None, None, None)
            block = archive.use(key)
            current = block.__enter__()
        g.current, g.current_block = current, block  # left at the end of the request

    def stay(endpoint: str, values: dict[str, object]) -> None:
        if app.url_map.is_endpoint_expecting(endpoint, PARAMETER) and "asked_release" in g:
            values.setdefault(PARAMETER, g.asked_release)

    app.url_value_preprocessor(enter)
    app.url_defaults(stay)


def close(app: Flask) -> None:
    """Close all older releases of an application."""
    archive: Archive = app.extensions[_EXTENSION]
    archive.close()
