"""Knows the folder of a release and which one is current.

releases/<id>/manifest.json     what it holds (class Manifest)
releases/<id>/content.nq        canonical N-Quads of the named graphs: what is digested
releases/<id>/default.nt        canonical N-Triples of the default graph
releases/<id>/store/            the same quads as a read-only Oxigraph store
releases/<id>/dump/…            the dumps
releases/<id>/graph/…           the named graphs in each RDF format (`graph_file`), and overviews
releases/<id>/usage.json        how often properties and classes are used, with examples
releases/<id>/statistics.json   how many triples, things and terms each graph holds (VoID)
releases/<id>/search.sqlite     the index of the search, of a release of sources
releases/<id>/things.txt        the IRIs of all things and of our terms, one a line, sorted
releases/<id>/queries/…         the example queries of the sources, for the query page
releases/<id>/ledger.csv        the ledger as it was
releases/current → <id>         replaced at once
releases/.rewritten             changes whenever something was erased from releases
"""

import ctypes
import fcntl
import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from kmn_ld.errors import BuildError
from kmn_ld.vocab import GRAPH

CURRENT = "current"
REWRITTEN = ".rewritten"
MANIFEST = "manifest.json"
STORE = "store"
DUMPS = "dump"
GRAPHS = "graph"
CONTENT = "content.nq"
DEFAULT = "default.nt"
LEDGER = "ledger.csv"
THINGS = "things.txt"
QUERIES = "queries"
USAGE = "usage.json"
STATISTICS = "statistics.json"
SEARCH = "search.sqlite"

_ID = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{12}")
_FILE_NAME = re.compile(r"[a-z0-9-]{1,60}")


@dataclass(frozen=True)
class File:
    """A file of a release: path within its folder, size in bytes, hex SHA-256."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Step:
    """A step of the build and how long it took, in seconds."""

    name: str
    seconds: float


@dataclass(frozen=True)
class Rewriting:
    """A release was written anew: on which day (ISO 8601), why, and the digest that it had."""

    day: str
    why: str
    digest_before: str


@dataclass(frozen=True)
class Manifest:
    """What a release holds.

    `kind` is "sources" or "dataset"; `built` is UTC, ISO 8601; `digest` is the hex SHA-256 over
    the content; `graphs` is named graph IRI → number of triples; `quads` counts what the store
    holds, the default graph included; `load` lists the files that make up the store, in order,
    each with "nq" (as it stands) or "nt" (into the default graph); `findings` is severity → number
    of findings in the sources, None where they were not counted; `rewritten` tells of each time
    that something was erased from it: then `digest` is no longer the one in its id.
    """

    id: str
    kind: str
    built: str
    digest: str
    graphs: Mapping[str, int]
    quads: int
    load: tuple[tuple[str, str], ...]
    files: tuple[File, ...]
    tools: Mapping[str, str]
    steps: tuple[Step, ...]
    findings: Mapping[str, int] | None = None
    rewritten: tuple[Rewriting, ...] = ()

    def to_json(self) -> str:
        """Return the manifest as it is written to disk."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Manifest":
        """Read a manifest back."""
        values: dict[str, Any] = json.loads(text)
        values["load"] = tuple((name, kind) for name, kind in values["load"])
        values["files"] = tuple(File(**entry) for entry in values["files"])
        values["steps"] = tuple(Step(**entry) for entry in values["steps"])
        values["rewritten"] = tuple(Rewriting(**one) for one in values.get("rewritten", ()))
        return cls(**values)


@dataclass(frozen=True)
class Release:
    """A release on disk."""

    folder: Path
    manifest: Manifest

    @property
    def id(self) -> str:
        """Build time and content digest, `20261124T081900Z-3f9a1c2b4d5e`."""
        return self.manifest.id

    @cached_property
    def files(self) -> Mapping[str, File]:
        """Path within the folder → file, as the manifest lists them."""
        return {file.path: file for file in self.manifest.files}

    def path(self, *parts: str) -> Path:
        """Return a path inside the release's folder."""
        return self.folder.joinpath(*parts)


def graph_file(iri: str, suffix: str) -> str:
    """Return the path within a release of what a file of a named graph below our base holds."""
    name = iri.removeprefix(GRAPH)
    if not _FILE_NAME.fullmatch(name):  # any IRI may name a graph of a dataset
        name = hashlib.sha256(iri.encode()).hexdigest()
    return f"{GRAPHS}/{name}.{suffix}"


def read(folder: Path) -> Release:
    """Read the release in a folder.

    Raises BuildError where there is none or its manifest cannot be read.
    """
    try:
        manifest = Manifest.from_json((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise BuildError("release-unreadable", path=folder) from error
    return Release(folder, manifest)


def digest_of(path: Path) -> str:
    """Return the hex SHA-256 of a file."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def demand_files(release: Release, paths: Iterable[str]) -> None:
    """Raise BuildError unless these files are what the manifest says, byte by byte."""
    for path in paths:
        listed, found = release.files.get(path), release.path(path)
        is_there = found.is_file() and (listed is None or found.stat().st_size == listed.bytes)
        if not is_there or (listed and digest_of(found) != listed.sha256):
            raise BuildError("release-damaged", path=found)


def is_whole(release: Release) -> bool:
    """Return whether all files of a release are there, and its content is what it was."""
    try:
        demand_files(release, (name for name, _ in release.manifest.load))
        sizes = {
            file.path: release.path(file.path).stat().st_size for file in release.manifest.files
        }
    except (BuildError, OSError):
        return False
    return sizes == {file.path: file.bytes for file in release.manifest.files}


def current_id(releases: Path) -> str | None:
    """Return the id that `current` points at, or None."""
    try:
        return str((releases / CURRENT).readlink())
    except OSError:
        return None


def current(releases: Path) -> Release:
    """Return the current release.

    Raises BuildError where there is none.
    """
    key = current_id(releases)
    if key is None:
        raise BuildError("release-none", path=releases)
    return find(releases, key)


def current_or_none(releases: Path) -> Release | None:
    """Return the current release, or None before the first build.

    Raises BuildError where `current` points at one that cannot be read.
    """
    return current(releases) if current_id(releases) else None


def find(releases: Path, key: str) -> Release:
    """Return a release by its id.

    Raises BuildError where there is none of that id.
    """
    if not _ID.fullmatch(key) or not (releases / key).is_dir():
        raise BuildError("release-unknown", id=key, path=releases)
    return read(releases / key)


def all_ids(releases: Path) -> list[str]:
    """Return the ids of all releases on disk, oldest first."""
    if not releases.is_dir():
        return []
    return sorted(entry.name for entry in releases.iterdir() if _ID.fullmatch(entry.name))


def newest(releases: Path, kind: str) -> Release | None:
    """Return the newest release of a kind that can be read, or None."""
    for key in reversed(all_ids(releases)):
        with suppress(BuildError):
            release = find(releases, key)
            if release.manifest.kind == kind:
                return release
    return None


@contextmanager
def exclusive(releases: Path) -> Iterator[None]:
    """Let one process at a time change what releases there are.

    A lock of the kernel, so a process that was killed leaves none. Raises BuildError where
    another one works.
    """
    with (releases / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BuildError("build-running", path=releases) from error
        yield


def activate(releases: Path, key: str) -> None:
    """Point `current` at a release, unless a build is running.

    Raises BuildError where there is none of that id or another process works here.
    """
    find(releases, key)
    with exclusive(releases):
        point_at(releases, key)


def point_at(releases: Path, key: str) -> None:
    """Point `current` at a release, at once: a reader sees the old one or the new one.

    The caller holds `exclusive`.
    """
    link = releases / f".{CURRENT}-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(key)
    link.replace(releases / CURRENT)
    sync(releases)


def exchange(new: Path, old: Path) -> None:
    """Let two folders of one file system swap their names, at once (Linux, renameat2).

    Raises BuildError where the file system cannot do that.
    """
    here, swap = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.renameat2(here, os.fsencode(new), here, os.fsencode(old), swap) != 0:
        reason = os.strerror(ctypes.get_errno())
        raise BuildError("release-exchange", path=old, reason=reason)


def rewriting_mark(releases: Path) -> str:
    """Return a text that changes whenever releases were written anew under their old ids."""
    try:
        return (releases / REWRITTEN).read_text(encoding="utf-8")
    except OSError:
        return ""


def mark_rewriting(releases: Path) -> None:
    """Let servers open their releases anew. The caller holds `exclusive`."""
    new = releases / f".{CURRENT}-mark-{os.getpid()}"
    new.write_text(f"{time.time_ns()}\n", encoding="utf-8")
    new.replace(releases / REWRITTEN)


def prune(releases: Path, keep: int) -> list[str]:
    """Remove all but the newest `keep` releases and the current one; return the removed ids."""
    with exclusive(releases):
        current_key = current_id(releases)
        doomed = [key for key in all_ids(releases)[: -keep or None] if key != current_key]
        for key in doomed:
            leftover = releases / f".building-{key}"  # a kill leaves what the next build removes
            (releases / key).rename(leftover)
            shutil.rmtree(leftover)
    return doomed


def leftovers(releases: Path) -> Iterator[Path]:
    """Yield what a build that was killed has left behind."""
    yield from releases.glob(".building-*")
    yield from releases.glob(f".{CURRENT}-*")


def remove(path: Path) -> None:
    """Remove a file, a link or a folder, as far as that is possible; what is left, is left."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Bring a file or a folder's entries to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
