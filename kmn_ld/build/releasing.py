"""Makes releases: of the sources, or of one dataset file as it stands."""

import os
import platform
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from kmn_ld import catalogue, releases, sources
from kmn_ld.build.content import default_lines
from kmn_ld.build.dumps import write_dumps
from kmn_ld.build.examples import copy_examples, holds_examples
from kmn_ld.build.graphs import write_graphs
from kmn_ld.build.preparing import Prepared, prepare
from kmn_ld.build.progress import Progress, Steps
from kmn_ld.build.searching import write_search
from kmn_ld.build.sorting import write_sorted
from kmn_ld.config import Settings
from kmn_ld.engine import TrustedStore, dataset_kind, dataset_lines, load_store
from kmn_ld.errors import BuildError, ValidationFailed
from kmn_ld.releases import File, Manifest, Release
from kmn_ld.validation import records
from kmn_ld.validation.findings import Finding, counts, violations

_TOOLS = ("kmn-ld", "pyoxigraph", "rdflib", "pyshacl")


@dataclass(frozen=True)
class Outcome:
    """What a build came to: the current release, whether it is new, and warnings.

    `before` is the release of sources that was the newest until then.
    """

    release: Release
    is_new: bool
    findings: list[Finding]
    before: Release | None = None


def build_release(settings: Settings, progress: Progress, *, force: bool = False) -> Outcome:
    """Make a release of the sources and make it current.

    Nothing changes when anything is wrong: raises ValidationFailed with the findings, SourceError,
    or BuildError for a full disk and a build that is already running.
    """
    steps = Steps(progress)
    with _building(settings.releases) as folder:
        before = releases.newest(settings.releases, "sources")
        prepared = prepare(settings, folder, before, steps)
        is_loaded = prepared.store is not None
        prepared.store = None  # closes its files, which are to be named or removed
        if not is_loaded or violations(prepared.findings):
            raise ValidationFailed(
                "sources-invalid", prepared.findings, count=len(violations(prepared.findings))
            )
        digest = releases.digest_of(folder / releases.CONTENT)
        current = _current(settings.releases)
        if current and _is_unchanged(current, digest, settings) and not force:
            return Outcome(current, False, prepared.findings, before)
        with steps.step("dumps"):
            _write_texts(settings, folder, prepared)
            write_dumps(folder)
        with steps.step("graphs"):
            prepared.findings += write_graphs(folder)
        _count(folder, steps)
        with steps.step("search"):
            write_search(folder)
        release = _finish(settings, folder, _description(prepared, digest), steps)
    return Outcome(release, True, prepared.findings, before)


def build_dataset(
    settings: Settings, file: Path, progress: Progress, *, force: bool = False
) -> Outcome:
    """Make a release of one N-Quads or TriG file exactly as it stands, and make it current.

    Raises SourceError or TurtleSyntaxError where the file cannot be read, BuildError as above.
    """
    steps = Steps(progress)
    kind = dataset_kind(file)
    with _building(settings.releases) as folder:
        content = folder / releases.CONTENT
        with steps.step("read"):
            lines = write_sorted(dataset_lines(file), content)
        digest = releases.digest_of(content)
        current = _current(settings.releases)
        if current and _holds(current, "dataset", digest) and not force:
            return Outcome(current, False, [])
        with steps.step("load", lines):
            load = ((releases.CONTENT, "nq"),)
            # counted in the store, where two forms of a number are one
            quads = len(load_store([(content, "nq")], folder / releases.STORE, progress.advance))
        with steps.step("graphs"):
            findings = write_graphs(folder)
        _count(folder, steps)
        (folder / releases.DUMPS).mkdir()
        shutil.copyfile(file, folder / releases.DUMPS / f"dataset.{kind}")
        description = _Description("dataset", digest, {}, quads, load)
        release = _finish(settings, folder, description, steps)
    return Outcome(release, True, findings)


def _current(folder: Path) -> Release | None:
    """Return the current release, or None where there is none or it is damaged."""
    with suppress(BuildError):
        return releases.current_or_none(folder)
    return None


def _is_unchanged(release: Release, digest: str, settings: Settings) -> bool:
    """Return whether a release has this content, all events of the ledger, and the examples."""
    ledger, kept = settings.sources / sources.LEDGER, release.path(releases.LEDGER)
    new, old = (path.read_bytes() if path.exists() else b"" for path in (ledger, kept))
    is_known = old == new and holds_examples(release, settings.sources)
    return _holds(release, "sources", digest) and is_known


def _holds(release: Release, kind: str, digest: str) -> bool:
    """Return whether a release has this content and all its files."""
    manifest = release.manifest
    return (manifest.kind, manifest.digest) == (kind, digest) and releases.is_whole(release)


@dataclass(frozen=True)
class _Description:
    kind: str
    digest: str
    graphs: dict[str, int]
    quads: int
    load: tuple[tuple[str, str], ...]
    findings: dict[str, int] | None = None


def _description(prepared: Prepared, digest: str) -> _Description:
    load = ((releases.CONTENT, "nq"), (releases.DEFAULT, "nt"))
    found = counts(prepared.findings)
    return _Description("sources", digest, prepared.graphs or {}, prepared.quads, load, found)


@contextmanager
def _building(folder: Path) -> Iterator[Path]:
    """Yield a fresh folder inside the releases, one build at a time; remove it at the end.

    A lock of the kernel guards it, so a build that was killed leaves no lock, only a folder that
    the next build removes.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with releases.exclusive(folder):
            for leftover in releases.leftovers(folder):
                releases.remove(leftover)
            workspace = folder / f".building-{os.getpid()}"
            workspace.mkdir()
            try:
                yield workspace
            finally:
                releases.remove(workspace)
    except OSError as error:
        raise BuildError(
            "build-disk", path=error.filename or folder, reason=error.strerror or str(error)
        ) from error


def _write_texts(settings: Settings, folder: Path, prepared: Prepared) -> None:
    things = records.things(prepared.reading)
    (folder / releases.THINGS).write_text("".join(f"{iri}\n" for iri in things), encoding="utf-8")
    ledger = settings.sources / sources.LEDGER
    if ledger.exists():
        shutil.copyfile(ledger, folder / releases.LEDGER)
    copy_examples(settings.sources, folder)


def _count(folder: Path, steps: Steps) -> None:
    """Write down how much of what the store holds."""
    with steps.step("statistics"):
        store = TrustedStore.of_folder(folder / releases.STORE)
        counted = catalogue.count(store, default_lines(folder))
        (folder / releases.STATISTICS).write_text(counted.to_json(), encoding="utf-8")


def _finish(settings: Settings, folder: Path, description: _Description, steps: Steps) -> Release:
    """Write the manifest, move the folder to its name and point `current` at it."""
    with steps.step("manifest"):
        built, key = _free_id(settings.releases, description.digest)
        manifest = Manifest(
            id=key,
            built=built.isoformat().replace("+00:00", "Z"),
            files=tuple(list_files(folder)),
            tools=_tools(),
            steps=tuple(steps.done),
            kind=description.kind,
            digest=description.digest,
            graphs=description.graphs,
            quads=description.quads,
            load=description.load,
            findings=description.findings,
        )
        (folder / releases.MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
        for path in (*folder.rglob("*"), folder):
            releases.sync(path)
        target = settings.releases / key
        folder.rename(target)
        releases.sync(settings.releases)
        releases.point_at(settings.releases, key)
    return Release(target, manifest)


def _free_id(folder: Path, digest: str) -> tuple[datetime, str]:
    """Return the time and an id of it that no release has: the same content waits a second."""
    while True:
        now = datetime.now(UTC)
        key = f"{now:%Y%m%dT%H%M%SZ}-{digest[:12]}"
        if not (folder / key).exists():
            return now.replace(microsecond=0), key
        time.sleep(1 - now.microsecond / 1_000_000)


def _tools() -> dict[str, str]:
    return {"python": platform.python_version(), **{name: version(name) for name in _TOOLS}}


def list_files(folder: Path) -> Iterator[File]:
    """Yield what the manifest says of each file that a folder holds."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            yield File(name, path.stat().st_size, releases.digest_of(path))
