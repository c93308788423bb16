"""Writes the named graphs of a release as files: one for each RDF format, and an overview."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from kmn_ld import releases
from kmn_ld.build.sorting import sort_lines
from kmn_ld.describe.overview import Counting
from kmn_ld.describe.usage import UsageCounting
from kmn_ld.engine import convert, graph_of, without_graph
from kmn_ld.errors import SourceError
from kmn_ld.formats import BY_NAME, DOCUMENT
from kmn_ld.validation.findings import WARNING, Finding, violation
from kmn_ld.vocab import GRAPH

MOST_GRAPHS = 100
SMALL = 1_000
"""Where there are more than `MOST_GRAPHS`, graphs of so many triples or fewer have no files."""

_OURS = f"<{GRAPH}"
_LANGUAGE = re.compile(r'^".*"@([A-Za-z0-9-]+) \.$')


def write_graphs(folder: Path) -> list[Finding]:
    """Write `graph/<name>.<format>` and `.json` for the graphs below our base in the content.

    How their terms are used goes to `usage.json`. Returns a warning for each format that cannot
    express a graph; that file is left out.
    """
    content = folder / releases.CONTENT
    counts = Counter(graph for _, graph in _ours(content))
    least = SMALL if len(counts) > MOST_GRAPHS else 0
    lines = (f"{graph} {line}" for line, graph in _ours(content) if counts[graph] > least)
    (folder / releases.GRAPHS).mkdir()
    findings = []
    usage = UsageCounting()
    for graph, group in groupby(sort_lines(lines, folder), key=lambda line: line.partition(" ")[0]):
        triples = (line.partition(" ")[2] for line in group)
        findings += _write_graph(folder, graph[1:-1], triples, usage)
    (folder / releases.USAGE).write_text(usage.to_json(), encoding="utf-8")
    return findings


def default_lines(folder: Path) -> Iterator[str]:
    """Yield the triples of the default graph of a release, as sorted lines without line feeds."""
    plain = folder / releases.DEFAULT
    if plain.exists():
        yield from _lines(plain)
    else:  # a dataset as it stands
        yield from (line for line in _lines(folder / releases.CONTENT) if not graph_of(line))


def _ours(content: Path) -> Iterator[tuple[str, str]]:
    """Yield N-Triples line and graph of each quad in a graph below our base."""
    for quad in _lines(content):
        if _OURS in quad:
            triple, graph = without_graph(quad)
            if graph.startswith(_OURS):
                yield triple, graph


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="\n") as source:
        for line in source:
            yield line.rstrip("\n")


def _write_graph(
    folder: Path, iri: str, lines: Iterable[str], usage: UsageCounting
) -> list[Finding]:
    triples = folder / releases.graph_file(iri, "nt")
    counting = Counting()
    with triples.open("w", encoding="utf-8", newline="\n") as out:
        for line in lines:
            out.write(line + "\n")
            _count(line, counting)
            usage.add(iri, line)
    unwritten: dict[str, dict[str, str]] = {}
    findings = []
    for name in DOCUMENT:
        target = folder / releases.graph_file(iri, BY_NAME[name].suffix)
        if target == triples:
            continue
        try:
            convert(triples, target, name, iri)
        except SourceError as error:
            details = {key: str(value) for key, value in error.details.items()}
            unwritten[name] = {"key": error.key, **details}
            finding = violation(error.key, focus=iri, **details)
            findings.append(replace(finding, severity=WARNING))
    overview = folder / releases.graph_file(iri, "json")
    overview.write_text(counting.overview(unwritten).to_json(), encoding="utf-8")
    return findings


def _count(line: str, counting: Counting) -> None:
    subject, predicate, rest = line.split(" ", 2)
    value = rest[:-2]
    language = _LANGUAGE.search(rest)
    counting.add(_iri(subject), _iri(predicate), _iri(value), language[1] if language else "")


def _iri(term: str) -> str:
    """Return the IRI of a term in N-Triples, empty for other terms."""
    return term[1:-1] if term.startswith("<") and not term.startswith("<<") else ""
