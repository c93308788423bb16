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
from kmn_ld.engine.embedded import open_embedded
from kmn_ld.errors import BuildError, ResourceNotFound
from kmn_ld.web.live import EXTENSION, Current, Holder, Opener, live

PARAMETER = "release"
"""Name of the part of a path (`/releases/<release>/…`) that says which release answers."""
MOST_OPEN = 2
"""Older releases that a server process holds open: each may take as much memory as the current."""
IDLE_SECONDS = 60.0
"""An older release that nobody has asked for so long is closed."""


@dataclass
class _Opened:
    """An open release, and when it was last asked for."""

    holder: Holder
    used: float


class Archive:
    """The older releases of a folder. Safe to use from every thread."""

    def __init__(
        self, folder: Path, opener: Opener, *, most: int = MOST_OPEN, idle: float = IDLE_SECONDS
    ) -> None:
        self._folder = folder
        self._opener = opener
        self._most = most
        self._idle = idle
        self._lock = threading.Lock()
        self._open: OrderedDict[str, _Opened] = OrderedDict()
        self._timer: threading.Timer | None = None

    @contextmanager
    def use(self, key: str) -> Iterator[Current]:
        """Keep the engine of a release open for the length of the block.

        Raises ResourceNotFound where there is no such release on disk (any more), EngineError.
        """
        with self._lock:
            holder = self._find(key)
            current = holder.enter()
        try:
            yield current
        finally:
            holder.leave()

    def close(self) -> None:
        """Close all as soon as nobody uses them."""
        with self._lock:
            while self._open:
                self._close_oldest()
            if self._timer is not None:
                self._timer.cancel()

    def _close_idle(self) -> None:
        with self._lock:
            while self._open and monotonic() - next(iter(self._open.values())).used >= self._idle:
                self._close_oldest()
            self._timer = None
            self._look_later()

    def _look_later(self) -> None:
        if self._open and self._timer is None:
            self._timer = threading.Timer(self._idle, self._close_idle)
            self._timer.daemon = True
            self._timer.start()

    def _find(self, key: str) -> Holder:
        if key not in self._open:
            while len(self._open) >= self._most:
                self._close_oldest()
            release = self._release(key)
            current = Current.of(self._opener(release), release)
            self._open[key] = _Opened(Holder(current), monotonic())
        self._open[key].used = monotonic()
        self._open.move_to_end(key)
        self._look_later()
        return self._open[key].holder

    def _release(self, key: str) -> releases.Release:
        try:
            return releases.find(self._folder, key)
        except BuildError as error:
            kept = ", ".join(releases.all_ids(self._folder))
            raise ResourceNotFound("release-not-kept", id=key, kept=kept) from error

    def _close_oldest(self) -> None:
        _, oldest = self._open.popitem(last=False)
        oldest.holder.retire()


def register(app: Flask, settings: Settings) -> None:
    """Have requests whose path names a release answered from it, and their pages stay with it.

    An older release is always opened here, also where another engine answers for the current one.
    """
    folder = app.extensions[EXTENSION].tally.folder
    archive = Archive(settings.releases, partial(open_embedded, settings, folder=folder))

    def enter(_endpoint: str | None, values: dict[str, str] | None) -> None:
        key = values.pop(PARAMETER, None) if values else None
        if key is None:
            return
        g.asked_release = key
        if key != live().current.key:
            block = archive.use(key)
            g.current = block.__enter__()
            g.current_block = block  # left at the end of the request, as that of the current one

    def stay(endpoint: str, values: dict[str, object]) -> None:
        if app.url_map.is_endpoint_expecting(endpoint, PARAMETER) and "asked_release" in g:
            values.setdefault(PARAMETER, g.asked_release)

    app.url_value_preprocessor(enter)
    app.url_defaults(stay)
