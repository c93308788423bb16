"""Writes the dumps of a release from its content (domain model, section 4)."""

from collections.abc import Iterator
from pathlib import Path

from kmn_ld import releases
from kmn_ld.build.sorting import write_sorted
from kmn_ld.engine import convert, graph_of, without_graph
from kmn_ld.formats import DUMPS
from kmn_ld.sources import DUMPED
from kmn_ld.vocab import GRAPH


def write_dumps(folder: Path) -> None:
    """Write `dump/<name>.<format>` for each dump and format.

    `.nq` keeps the named graphs, the other formats merge them.
    """
    target = folder / releases.DUMPS
    target.mkdir()
    for name, graphs in DUMPED.items():
        wanted = {f"<{GRAPH}{graph}>" for graph in graphs}
        write_sorted(_quads(folder / releases.CONTENT, wanted), target / f"{name}.nq")
        triples = target / f"{name}.nt"
        quads = _lines(target / f"{name}.nq")
        write_sorted((without_graph(quad)[0] for quad in quads), triples)
        for format_name in DUMPS:
            if format_name not in ("nq", "nt"):
                convert(triples, target / f"{name}.{format_name}", format_name)


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="\n") as source:
        for line in source:
            yield line.rstrip("\n")


def _quads(content: Path, graphs: set[str]) -> Iterator[str]:
    return (line for line in _lines(content) if graph_of(line) in graphs)
