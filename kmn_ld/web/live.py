"""Holds what answers now: one engine over one release; swaps both when a new release is current.

Requests that began on the old release finish on it; the last one closes its engine.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from flask import current_app, g

from kmn_ld import releases
from kmn_ld.catalogue import Statistics
from kmn_ld.config import Settings
from kmn_ld.describe import Attribution, all_attributions
from kmn_ld.describe.context import short_names
from kmn_ld.describe.rules import RuleBook, read_shapes
from kmn_ld.describe.terms import Vocabulary
from kmn_ld.describe.usage import Usage
from kmn_ld.describe.vocabulary import read_vocabulary
from kmn_ld.engine.interface import Engine
from kmn_ld.engine.jsonld import ShortNames
from kmn_ld.engine.tally import Tally
from kmn_ld.errors import KmnError
from kmn_ld.ledger import Ledger
from kmn_ld.ledger import parse as parse_ledger
from kmn_ld.releases import Release
from kmn_ld.search import Index

_LOG = logging.getLogger(__name__)

EXTENSION = "kmn_ld"
CHECK_SECONDS = 0.5
RETRY_SECONDS = 30.0

Opener = Callable[[Release], Engine]


@dataclass(frozen=True)
class Current:
    """An engine, the release that it answers for (None: none on disk) and the ledger of that."""

    engine: Engine
    release: Release | None = None
    ledger: Ledger | None = None

    @classmethod
    def of(cls, engine: Engine, release: Release | None) -> "Current":
        """Put an engine and the ledger of its release together.

        Raises LedgerError where the release's ledger is broken.
        """
        return cls(engine, release, read_ledger(release) if release else None)

    @property
    def key(self) -> str:
        """The id of the release, empty where there is none."""
        return self.release.id if self.release else ""

    @property
    def is_dataset(self) -> bool:
        """Whether the release was made of one file as it stands, without ledger and types."""
        return self.release is not None and self.release.manifest.kind == "dataset"

    @cached_property
    def usage(self) -> Usage:
        """How terms are used in the release, empty where no build has counted."""
        path = self.release.path(releases.USAGE) if self.release else None
        if path is None or not path.exists():
            return Usage()
        return Usage.from_json(path.read_text(encoding="utf-8"))

    @cached_property
    def statistics(self) -> Statistics | None:
        """How much of what the release holds, None where no build has counted."""
        path = self.release.path(releases.STATISTICS) if self.release else None
        if path is None or not path.exists():
            return None
        return Statistics.from_json(path.read_text(encoding="utf-8"))

    @cached_property
    def index(self) -> Index | None:
        """The index of the search, None where the release has none."""
        path = self.release.path(releases.SEARCH) if self.release else None
        return Index(path) if path is not None and path.exists() else None

    @cached_property
    def attributions(self) -> tuple[Attribution, ...]:
        """How the sources of everything want to be named, read once."""
        return all_attributions(self.engine)

    @cached_property
    def shapes(self) -> RuleBook:
        """The shapes, read once."""
        return read_shapes(self.engine)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The ontology with its use in the data, read once."""
        return read_vocabulary(self.engine, self.usage, self.shapes)

    @cached_property
    def short_names(self) -> ShortNames:
        """What terms are called in JSON-LD, found once; of a dataset they have prefixes alone."""
        if self.is_dataset:
            return {}
        return short_names(self.vocabulary, self.usage)

    @property
    def survivors(self) -> Mapping[str, str]:
        """Merged id → id that stands for it now, chains followed to their end."""
        return self.ledger.survivors if self.ledger else {}


def read_ledger(release: Release) -> Ledger | None:
    """Return the ledger as it was at a release, None where the release has none.

    Raises LedgerError where it is broken.
    """
    path = release.path(releases.LEDGER)
    return parse_ledger(path.read_bytes(), path) if path.exists() else None


class Holder:
    """Keeps an engine open as long as anybody uses it. Safe to use from every thread."""

    def __init__(self, current: Current) -> None:
        self.current = current
        self._lock = threading.Lock()
        self._users = 0
        self._is_retired = False

    @property
    def is_free(self) -> bool:
        """Whether nobody uses it now."""
        return not self._users

    def enter(self) -> Current:
        """Count one user more, who calls `leave` at the end."""
        with self._lock:
            self._users += 1
        return self.current

    def leave(self) -> None:
        """Count one user less; the last one of a retired engine closes it."""
        with self._lock:
            self._users -= 1
            is_last = self._is_retired and not self._users
        if is_last:
            self.current.engine.close()

    def retire(self) -> None:
        """Close the engine as soon as nobody uses it; nobody enters any more."""
        with self._lock:
            is_last = not self._is_retired and not self._users
            self._is_retired = True
        if is_last:
            self.current.engine.close()


@dataclass
class Live:
    """What answers now. Safe to use from every thread.

    `generation` grows with every swap; what was made from one generation is not for the next.
    """

    first: Current
    folder: Path | None = None
    opener: Opener | None = None
    generation: int = 0
    tally: Tally = field(default_factory=Tally)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stop: threading.Event = field(default_factory=threading.Event)
    _watcher: threading.Thread | None = None
    _refused: tuple[str, float] = ("", 0.0)
    _mark: str = ""

    def __post_init__(self) -> None:
        self._held = Holder(self.first)

    @classmethod
    def over(cls, folder: Path, opener: Opener, tally: Tally | None = None) -> "Live":
        """Open the current release of a folder; `tally` counts what the application does.

        Raises BuildError where there is none, LedgerError, EngineError.
        """
        mark = releases.rewriting_mark(folder)
        release = releases.current(folder)
        first = Current.of(opener(release), release)
        return cls(first, folder, opener, tally=tally or Tally(), _mark=mark)

    @classmethod
    def of(cls, engine: Engine, settings: Settings) -> "Live":
        """Hold an engine of the caller's, with the current release if there is one."""
        is_built = releases.current_id(settings.releases) is not None
        return cls(Current.of(engine, releases.current(settings.releases) if is_built else None))

    @property
    def current(self) -> Current:
        """What answers now, for a look; who asks the engine does so within `use`."""
        return self._held.current

    @contextmanager
    def use(self) -> Iterator[Current]:
        """Keep the present engine open for the length of the block."""
        with self._lock:  # else it could be retired in between
            held = self._held
            current = held.enter()
        try:
            yield current
        finally:
            held.leave()

    def swap(self, new: Current) -> None:
        """Let new requests be answered by another engine."""
        with self._lock:
            old, self._held = self._held, Holder(new)
            self.generation += 1
        old.retire()

    def refresh(self) -> bool:
        """Look whether another release is current and swap to it; return whether it happened.

        The same one counts as another after something was erased: its files are new then.
        A release that cannot be opened is logged, and tried again after `RETRY_SECONDS`.
        """
        if self.folder is None or self.opener is None:
            return False
        key, mark = releases.current_id(self.folder), releases.rewriting_mark(self.folder)
        is_known = key == self.current.key and mark == self._mark
        if key is None or is_known or self._refused_lately(key):
            return False
        try:
            release = releases.find(self.folder, key)
            new = Current.of(self.opener(release), release)
        except (KmnError, OSError, MemoryError, RuntimeError) as error:  # no process, no thread
            self._refuse(key, error)
            return False
        self.swap(new)
        self._mark = mark
        _LOG.info("Release %s is serving", key)
        return True

    def watch(self) -> None:
        """Start a thread that refreshes twice a second until `close`."""
        self._watcher = threading.Thread(target=self._watch, name="release-watcher", daemon=True)
        self._watcher.start()

    def close(self) -> None:
        """Stop watching and close the engine as soon as nobody uses it."""
        self._stop.set()
        if self._watcher is not None:
            self._watcher.join()
        self._held.retire()

    def _watch(self) -> None:
        while not self._stop.wait(CHECK_SECONDS):
            self.refresh()

    def _refuse(self, key: str, error: Exception) -> None:
        """Note that a release cannot be opened now; an error may say how soon it may be."""
        details = error.details if isinstance(error, KmnError) else {}
        soon = details.get("retry_after")
        if soon is None or self._refused[0] != key:  # what is tried again soon is told once
            _LOG.error(
                "Release %s cannot be opened; %s goes on serving",
                key,
                self.current.key,
                exc_info=error,
            )
        seconds = soon if isinstance(soon, int) else RETRY_SECONDS
        self._refused = (key, time.monotonic() + seconds)

    def _refused_lately(self, key: str) -> bool:
        refused, until = self._refused
        return key == refused and time.monotonic() < until


def live() -> Live:
    """Return what the application answers from."""
    holder: Live = current_app.extensions[EXTENSION]
    return holder


def current() -> Current:
    """Return engine and release of this request; both stay the same to its end."""
    if "current" not in g:
        g.current_block = live().use()
        g.current = g.current_block.__enter__()
    found: Current = g.current
    return found


def leave(_error: BaseException | None = None) -> None:
    """Let go of the engine at the end of a request."""
    block = g.pop("current_block", None)
    g.pop("current", None)
    if block is not None:
        block.__exit__(None, None, None)
