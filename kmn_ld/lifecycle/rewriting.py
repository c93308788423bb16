"""Writes a release anew without what is erased, beside the old one, and swaps the two at once."""

import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from re import Pattern

from kmn_ld import catalogue, releases
from kmn_ld.build.content import default_lines, read_lines
from kmn_ld.build.dumps import write_dumps
from kmn_ld.build.graphs import write_graphs
from kmn_ld.build.releasing import list_files
from kmn_ld.build.searching import write_search
from kmn_ld.build.sorting import write_merged
from kmn_ld.engine import TrustedStore, graph_of, load_store, without_graph
from kmn_ld.engine.loading import stored_lines
from kmn_ld.errors import BuildError
from kmn_ld.lifecycle.names import files_with, has_name
from kmn_ld.releases import Release, Rewriting
from kmn_ld.vocab import BASE, GRAPH, PREFIXES

WORKSPACE = ".building-erasure"
"""Folder of the copy: a build, too, removes what a kill has left of it."""

_LEADING_HERE = (f"<{PREFIXES['dcterms']}isReplacedBy>", f"<{PREFIXES['owl']}sameAs>")
"""What stubs of merged ids say of the id: it stays, and names nobody."""

_SUPERPROPERTY = f"<{PREFIXES['adms']}status>"
_ERASED = f"<{BASE}id/concept/status/erased>"
_STUBS = f"<{GRAPH}history>"


@dataclass(frozen=True)
class Target:
    """What is to go.

    `iri` is that of a thing, empty where only names go; `pattern` finds its names, None where it
    has none that can be looked for; `stub` are the N-Quads lines that stay in place of the thing;
    `ledger` are the bytes that a release of sources gets; `nodes` are labels of blank nodes of one
    release that are said of the thing alone (`in_release`).
    """

    iri: str = ""
    pattern: Pattern[str] | None = field(default=None, hash=False)
    stub: tuple[str, ...] = ()
    ledger: bytes = b""
    nodes: frozenset[str] = frozenset()

    def in_release(self, release: Release) -> "Target":
        """Return the target with the blank nodes behind the thing: lists, parts without names."""
        found: set[str] = set()
        size = -1
        while self.iri and size < len(found):
            size = len(found)
            for line in read_lines(release.path(releases.CONTENT)):
                subject, _, rest = line.split(" ", 2)
                if rest.startswith("_:") and (subject in found or self.is_thing(subject)):
                    found.add(rest.partition(" ")[0])
        return replace(self, nodes=frozenset(found))

    def is_doomed(self, line: str) -> bool:
        """Return whether a line of N-Quads or N-Triples goes."""
        if self.pattern is not None and self.pattern.search(line):
            return True
        subject, predicate, rest = line.split(" ", 2)
        if subject in self.nodes:
            return True
        if not self.iri or self.iri not in line:
            return False
        if self.is_thing(subject):
            return not self._stays(line, predicate, rest)
        return self.is_thing(rest.partition(" ")[0]) and predicate not in _LEADING_HERE

    def mentions(self, line: str) -> bool:
        """Return whether a text holds a name, or the IRI of the thing."""
        has_match = self.pattern is not None and self.pattern.search(line) is not None
        return has_match or (bool(self.iri) and self.is_thing(f"<{line}>"))

    def _stays(self, line: str, predicate: str, rest: str) -> bool:
        """Return whether a statement about the thing is of its stub, or follows from that."""
        follows = predicate == _SUPERPROPERTY and rest.startswith(f"{_ERASED} ")
        return line in self.stub or f"{line.removesuffix('.')}{_STUBS} ." in self.stub or follows

    def is_thing(self, term: str) -> bool:
        """Return whether a term is the thing or a part of it."""
        return term.startswith(f"<{self.iri}") and term[len(self.iri) + 1] in ">#"


@dataclass(frozen=True)
class Rewritten:
    """What became of a release: digests before and after, statements and files that went."""

    id: str
    digest_before: str
    digest: str
    statements: int
    dropped: tuple[str, ...]


def count_doomed(release: Release, target: Target) -> int:
    """Return how many statements of a release would go."""
    target = target.in_release(release)
    return sum(1 for line in read_lines(release.path(releases.CONTENT)) if target.is_doomed(line))


def is_affected(release: Release, target: Target) -> bool:
    """Return whether a release holds anything that is to go, in whatever file."""
    pattern = target.pattern
    return count_doomed(release, target) > 0 or (
        pattern is not None and bool(files_with(release.folder, pattern))
    )


def rewrite(folder: Path, release: Release, target: Target, day: str) -> Rewritten:
    """Write a release anew and put it in the place of the old one, which goes.

    A reader, and a crash, finds the old one or the new one. Raises BuildError, and leaves the old
    one, where a name would remain or a file would be lost. The caller holds `exclusive`.
    """
    workspace = folder / WORKSPACE
    target = target.in_release(release)
    gone = count_doomed(release, target)
    releases.remove(workspace)
    workspace.mkdir()
    try:
        dropped = _write(release, target, workspace)
        manifest = _manifest(release, workspace, day)
        (workspace / releases.MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
        _demand_clean(workspace, target)
        _demand_whole(release, workspace, dropped)
        for path in (*workspace.rglob("*"), workspace):
            releases.sync(path)
        releases.exchange(workspace, release.folder)
        releases.sync(folder)
    finally:
        releases.remove(workspace)
    before = release.manifest.digest
    return Rewritten(release.id, before, manifest.digest, gone, tuple(sorted(dropped)))


def _write(release: Release, target: Target, folder: Path) -> set[str]:
    """Write all files but the manifest; return the names of those that are left out."""
    _write_content(release, target, folder)
    files = [(folder / name, kind) for name, kind in release.manifest.load]
    store = load_store(files, folder / releases.STORE)
    del store  # closes its files
    write_graphs(folder)
    if release.manifest.kind == "sources":
        dropped = _copy_texts(release, target, folder)
        write_dumps(folder)
    else:
        dropped = _write_dataset(release, folder)
    _write_counts(folder)
    if release.path(releases.SEARCH).exists():
        write_search(folder)
    return dropped


def _write_content(release: Release, target: Target, folder: Path) -> None:
    for name, kind in release.manifest.load:
        stub: Iterable[str] = target.stub if release.manifest.kind == "sources" else ()
        if kind == "nt":
            stub = [without_graph(line)[0] for line in stub]
        kept = (line for line in read_lines(release.path(name)) if not target.is_doomed(line))
        write_merged([kept, sorted(stub)], folder / name)


def _copy_texts(release: Release, target: Target, folder: Path) -> set[str]:
    """Copy things, queries and the ledger; leave out query files that hold a name."""
    dropped = set()
    things = release.path(releases.THINGS)
    if things.exists():
        kept = [line for line in read_lines(things) if not target.mentions(line)]
        (folder / releases.THINGS).write_text("".join(f"{line}\n" for line in kept), "utf-8")
    for path in sorted(release.path(releases.QUERIES).rglob("*")):
        name = path.relative_to(release.folder)
        if target.pattern is not None and has_name(path, target.pattern):
            dropped.add(name.as_posix())
            continue
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(path, folder / name)
    old = release.path(releases.LEDGER)
    if old.exists():
        (folder / releases.LEDGER).write_bytes(target.ledger or old.read_bytes())
    return dropped


def _write_dataset(release: Release, folder: Path) -> set[str]:
    """Give the dump of a dataset as sorted N-Quads: as it stood it holds what is erased."""
    (folder / releases.DUMPS).mkdir()
    shutil.copyfile(folder / releases.CONTENT, folder / releases.DUMPS / "dataset.nq")
    return {"dump/dataset.trig"} & set(release.files)


def _write_counts(folder: Path) -> None:
    store = TrustedStore.of_folder(folder / releases.STORE)
    counted = catalogue.count(store, default_lines(folder))
    (folder / releases.STATISTICS).write_text(counted.to_json(), encoding="utf-8")


def _manifest(release: Release, folder: Path, day: str) -> releases.Manifest:
    old = release.manifest
    counts = Counter(graph_of(line)[1:-1] for line in read_lines(folder / releases.CONTENT))
    quads = sum(1 for _ in stored_lines(folder / releases.STORE))
    return replace(
        old,
        digest=releases.digest_of(folder / releases.CONTENT),
        graphs={graph: counts[graph] for graph in old.graphs},
        quads=quads,
        files=tuple(list_files(folder)),
        rewritten=(*old.rewritten, Rewriting(day, "erased", old.digest)),
    )


def _demand_clean(folder: Path, target: Target) -> None:
    """Raise BuildError where a name is left: in a file, or packed in the store."""
    if target.pattern is None:
        return
    left = files_with(folder, target.pattern)
    if not left and any(map(target.pattern.search, stored_lines(folder / releases.STORE))):
        left = [folder / releases.STORE]
    if left:
        raise BuildError("erase-left", path=left[0].relative_to(folder).as_posix())


def _demand_whole(release: Release, folder: Path, dropped: set[str]) -> None:
    """Raise BuildError where the old release has a file that nobody has written anew."""
    lost = [name for name in _kept_names(release.files) if not (folder / name).exists()]
    lost = sorted(set(lost) - dropped)
    if lost:
        raise BuildError("erase-unknown-file", id=release.id, file=lost[0])


def _kept_names(names: Iterable[str]) -> Iterator[str]:
    """Leave out the files of the store, whose names change, and graphs that may have gone."""
    changing = (f"{releases.STORE}/", f"{releases.GRAPHS}/")
    yield from (name for name in names if not name.startswith(changing))


def described(done: Sequence[Rewritten]) -> list[dict[str, object]]:
    """Return what became of releases, as the report tells it."""
    return [
        {
            "id": one.id,
            "digest_before": one.digest_before,
            "digest": one.digest,
            "statements_removed": one.statements,
            "files_left_out": list(one.dropped),
        }
        for one in done
    ]
