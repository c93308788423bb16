"""Writes the named graphs of a release as files: one for each RDF format, and an overview."""

import re
from collections import Counter, defaultdict
from dataclasses import replace
from itertools import islice
from pathlib import Path

from kmn_ld import releases
from kmn_ld.build.content import named_lines, read_lines
from kmn_ld.describe.overview import Counting
from kmn_ld.describe.usage import UsageCounting
from kmn_ld.engine import convert
from kmn_ld.errors import SourceError
from kmn_ld.formats import BY_NAME, DOCUMENT
from kmn_ld.validation.findings import WARNING, Finding, violation

MOST_GRAPHS = 100
SMALL = 1_000
"""Where there are more than `MOST_GRAPHS`, graphs of so many triples or fewer have no files."""

_PIECE = 100_000
"""Quads that are parted at once."""
_LANGUAGE = re.compile(r'^".*"@([A-Za-z0-9-]+) \.$')


def write_graphs(folder: Path) -> list[Finding]:
    """Write `graph/<name>.<format>` and `.json` for the graphs below our base in the content.

    How their terms are used goes to `usage.json`. Returns a warning for each format that cannot
    express a graph; that file is left out.
    """
    (folder / releases.GRAPHS).mkdir()
    findings = []
    usage = UsageCounting()
    for iri in _part(folder):
        findings += _write_graph(folder, iri, usage)
    (folder / releases.USAGE).write_text(usage.to_json(), encoding="utf-8")
    return findings


def _part(folder: Path) -> list[str]:
    """Write the triples of each graph that gets files, sorted; return the IRIs of these graphs.

    A file is open only while lines are added to it: there may be very many graphs.
    """
    counts = Counter(graph for _, graph in named_lines(folder))
    least = SMALL if len(counts) > MOST_GRAPHS else 0
    wanted = sorted(graph for graph, count in counts.items() if count > least)
    files = {graph: folder / releases.graph_file(graph[1:-1], "nt") for graph in wanted}
    quads = named_lines(folder)
    while piece := list(islice(quads, _PIECE)):
        waiting: defaultdict[str, list[str]] = defaultdict(list)
        for triple, graph in piece:
            waiting[graph].append(f"{triple}\n")
        for graph in waiting.keys() & files.keys():
            with files[graph].open("a", encoding="utf-8", newline="\n") as out:
                out.writelines(waiting[graph])
    return [graph[1:-1] for graph in wanted]


def _write_graph(folder: Path, iri: str, usage: UsageCounting) -> list[Finding]:
    triples = folder / releases.graph_file(iri, "nt")
    counting = Counting()
    for line in read_lines(triples):
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
