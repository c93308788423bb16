"""Writes and reads the content of a release: sorted lines, quads and those of the default graph.

Sorted quads are sorted without their graphs too, the same triple of several graphs in a row: what
may follow a term is a space, which stands before all that terms are made of.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from kmn_ld import releases, sources
from kmn_ld.build.sorting import write_merged
from kmn_ld.engine import graph_of, without_graph
from kmn_ld.engine.parsing import in_graph
from kmn_ld.vocab import GRAPH

_OUTSIDE = {GRAPH + name for name in sources.OUTSIDE_DEFAULT_GRAPH}


def write_content(graphs: Mapping[str, Iterable[str]], folder: Path) -> tuple[dict[str, int], int]:
    """Write the named graphs (IRI → N-Triples lines) and the default graph, which merges them.

    Returns how many triples each named graph has, and how many quads were written.
    """
    ordered = {graph: sorted(set(lines)) for graph, lines in sorted(graphs.items())}
    named = (_quads(lines, graph) for graph, lines in ordered.items())
    plain = (lines for graph, lines in ordered.items() if graph not in _OUTSIDE)
    written = write_merged(named, folder / releases.CONTENT)
    written += write_merged(plain, folder / releases.DEFAULT)
    return {graph: len(lines) for graph, lines in ordered.items()}, written


def default_lines(folder: Path) -> Iterator[str]:
    """Yield the triples of the default graph of a release, as sorted lines without line feeds."""
    plain = folder / releases.DEFAULT
    if plain.exists():
        yield from read_lines(plain)
    else:  # a dataset as it stands
        content = read_lines(folder / releases.CONTENT)
        yield from (line for line in content if not graph_of(line))


def named_lines(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield N-Triples line and graph (`<…>`) of each quad in a graph below our base, sorted."""
    ours = f"<{GRAPH}"
    for quad in read_lines(folder / releases.CONTENT):
        if ours in quad:
            triple, graph = without_graph(quad)
            if graph.startswith(ours):
                yield triple, graph


def read_lines(path: Path) -> Iterator[str]:
    """Yield the lines of a file without line feeds; no other sign parts them."""
    with path.open(encoding="utf-8", newline="\n") as source:
        for line in source:
            yield line.rstrip("\n")


def _quads(lines: Iterable[str], graph: str) -> Iterator[str]:
    return (in_graph(line, graph) for line in lines)
