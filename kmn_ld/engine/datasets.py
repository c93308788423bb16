"""Reads a dataset file, N-Quads or TriG, as canonical N-Quads lines; takes such lines apart."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from kmn_ld.engine.parsing import MOST_BYTES, rdf_format, syntax_error
from kmn_ld.errors import SourceError

_BATCH = 10_000


def dataset_kind(path: Path) -> str:
    """Return the format name (`nq`, `trig`) of a dataset file; raises SourceError for others."""
    kind = {".nq": "nq", ".trig": "trig"}.get(path.suffix)
    if kind is None:
        raise SourceError("dataset-kind", path=path)
    return kind


def dataset_lines(path: Path) -> Iterator[str]:
    """Yield a line, without line feed, for each quad of a dataset file, in its order.

    Labels of blank nodes stay in N-Quads; in TriG, where not all have one, they count from `b0`.
    Raises SourceError where the file cannot be read or a value is longer than the parser takes,
    TurtleSyntaxError where it does not parse.
    """
    kind = dataset_kind(path)
    try:
        quads: Iterator[ox.Quad] = iter(ox.parse(path=str(path), format=rdf_format(kind)))
        if kind == "trig":
            quads = _labelled(quads)
        while batch := list(islice(quads, _BATCH)):
            yield from _lines(batch, path)
    except OSError as error:
        raise SourceError("file-unreadable", path=path, reason=error.strerror or "") from error
    except SyntaxError as error:
        raise syntax_error(error, path) from error
    except MemoryError as error:  # the parser's buffer has a fixed size
        raise _too_long(path, **_long_line(path)) from error


def graph_of(line: str) -> str:
    """Return the graph of a canonical N-Quads line as it stands there, empty for the default one.

    An object that is an IRI or a blank node has no space in it; a literal or a triple term ends
    in another way than a graph does.
    """
    _, _, rest = line.split(" ", 2)
    if rest[0] == '"' or rest.startswith("<<("):
        last = rest[:-2].rpartition(" ")[2]
        is_graph = last.startswith(("<", "_:")) and '"' not in last
        return last if is_graph else ""
    return rest[:-2].partition(" ")[2]


def without_graph(line: str) -> tuple[str, str]:
    """Return the N-Triples line of a canonical N-Quads line, and its graph as in `graph_of`."""
    graph = graph_of(line)
    return (f"{line[: -len(graph) - 3]} ." if graph else line), graph


def _lines(quads: list[ox.Quad], path: Path) -> Iterator[str]:
    data = ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
    for line in data.split(b"\n")[:-1]:
        if len(line) > MOST_BYTES:  # shorter in the file, without escapes
            raise _too_long(path)
        yield line.decode()


def _labelled(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Give blank nodes labels that are the same at every reading."""
    labels: dict[str, ox.BlankNode] = {}

    def named(term: object) -> object:
        if isinstance(term, ox.BlankNode):
            return labels.setdefault(term.value, ox.BlankNode(f"b{len(labels)}"))
        if isinstance(term, ox.Triple):
            return ox.Triple(named(term.subject), term.predicate, named(term.object))  # type: ignore[arg-type]
        return term

    for quad in quads:
        yield ox.Quad(
            named(quad.subject),  # type: ignore[arg-type]
            quad.predicate,
            named(quad.object),  # type: ignore[arg-type]
            named(quad.graph_name),  # type: ignore[arg-type]
        )


def _too_long(path: Path, **place: int) -> SourceError:
    return SourceError("value-too-long", path=path, limit=MOST_BYTES, **place)


def _long_line(path: Path) -> dict[str, int]:
    """Return the number of the first line that is too long, as a detail of an error."""
    with path.open("rb") as source:
        found = (number for number, line in enumerate(source, 1) if len(line) > MOST_BYTES)
        return {"line": number} if (number := next(found, 0)) else {}
