"""Writes the files of a release that Oxigraph has a hand in: the store and the dumps."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from kmn_ld.engine.parsing import rdf_format
from kmn_ld.vocab import PREFIXES

_PIECE = 250_000
"""Lines loaded at once: memory stays at a third of a gigabyte whatever the size (engine, 5)."""

Progress = Callable[[int], None]
"""Called with the number of quads done so far."""


def load_store(
    files: Sequence[tuple[Path, str]],
    folder: Path | None = None,
    progress: Progress = lambda count: None,
) -> ox.Store:
    """Load files, of kind "nq", "trig" or "nt" (into the default graph), and return the store.

    With a folder the store is written there, else it stays in memory. Line-based files are loaded
    in pieces; TriG as a whole.
    """
    store = ox.Store(str(folder)) if folder else ox.Store()
    done = 0
    for path, kind in files:
        if kind == "trig":
            store.bulk_load(path=str(path), format=ox.RdfFormat.TRIG)
            continue
        for piece, count in _pieces(path):
            _load_lines(store, piece, rdf_format(kind))
            done += count
            progress(done)
    if folder:
        store.optimize()
        store.flush()
    return store


def write_sorted(lines: Iterable[str], path: Path) -> int:
    """Write N-Triples or N-Quads lines sorted by code point; return their number."""
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for line in sorted(lines):
            out.write(line + "\n")
            count += 1
    return count


def convert(triples: Path, target: Path, format_name: str) -> None:
    """Write an N-Triples file in another format, statement by statement."""
    with target.open("wb") as out:
        ox.serialize(
            ox.parse(path=str(triples), format=ox.RdfFormat.N_TRIPLES),
            output=out,
            format=rdf_format(format_name),
            prefixes=PREFIXES,
        )


def _load_lines(store: ox.Store, lines: list[bytes], lines_format: ox.RdfFormat) -> None:
    """Load lines; the labels of their blank nodes stay, so that pieces and files share them.

    `bulk_load` gives every blank node a new label at every call, hence the other way for these.
    """
    labelled = [line for line in lines if b"_:" in line]
    plain = [line for line in lines if b"_:" not in line] if labelled else lines
    store.bulk_load(input=b"".join(plain), format=lines_format)
    store.bulk_extend(ox.parse(b"".join(labelled), format=lines_format))


def _pieces(path: Path) -> Iterator[tuple[list[bytes], int]]:
    with path.open("rb") as source:
        while lines := list(islice(source, _PIECE)):
            yield lines, len(lines)
