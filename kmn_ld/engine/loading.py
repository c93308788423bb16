"""Writes the files of a release that Oxigraph has a hand in: the store and the dumps."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from kmn_ld.engine.parsing import rdf_format
from kmn_ld.engine.serialising import write_graph
from kmn_ld.errors import SourceError

_PIECE = 250_000
"""Lines loaded at once: memory stays at a third of a gigabyte whatever the size (engine, 5)."""

Progress = Callable[[int], None]
"""Called with the number of quads done so far."""


def load_store(
    files: Sequence[tuple[Path, str]],
    folder: Path | None = None,
    progress: Progress = lambda count: None,
) -> ox.Store:
    """Load files, of kind "nq" or "nt" (into the default graph), and return the store.

    With a folder the store is written there, else it stays in memory. Files are loaded in pieces.
    """
    store = ox.Store(str(folder)) if folder else ox.Store()
    done = 0
    for path, kind in files:
        for piece, count in _pieces(path):
            _load_lines(store, piece, rdf_format(kind))
            done += count
            progress(done)
    if folder:
        store.optimize()
        store.flush()
    return store


def convert(triples: Path, target: Path, format_name: str, graph: str = "") -> None:
    """Write an N-Triples file in another format; TriG names the graph.

    Raises SourceError, and leaves no file, where the format cannot express a triple.
    """
    # lenient: what stands in the file has been checked, and is not checked again
    parsed = ox.parse(path=str(triples), format=ox.RdfFormat.N_TRIPLES, lenient=True)
    try:
        with target.open("wb") as out:
            write_graph((quad.triple for quad in parsed), format_name, graph, out, SourceError)
    except SourceError:
        target.unlink()
        raise


def stored_lines(folder: Path) -> Iterator[str]:
    """Yield every quad of the store in a folder, as a line of N-Quads without line feed."""
    for quad in ox.Store.read_only(str(folder)):
        yield f"{quad} ."


def _load_lines(store: ox.Store, lines: list[bytes], lines_format: ox.RdfFormat) -> None:
    """Load canonical lines; the labels of blank nodes stay, so that pieces and files share them.

    `bulk_load` gives every blank node a new label at every call, hence the other way for these.
    """
    labelled = [line for line in lines if b"_:" in line]
    plain = [line for line in lines if b"_:" not in line] if labelled else lines
    store.bulk_load(input=b"".join(plain), format=lines_format, lenient=True)
    store.bulk_extend(ox.parse(b"".join(labelled), format=lines_format, lenient=True))


def _pieces(path: Path) -> Iterator[tuple[list[bytes], int]]:
    with path.open("rb") as source:
        while lines := list(islice(source, _PIECE)):
            yield lines, len(lines)
