"""Runs the shapes over the content: pySHACL, and the same shapes compiled to SPARQL (D12).

SPARQL-based constraints run compiled at every size: an engine of queries is a hundred times faster
at them. All other constraints run by pySHACL; in large data they run compiled over the whole, and
by pySHACL for the focus nodes that a change since the last release affects (decision record 1).
"""

from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from itertools import chain
from pathlib import Path

from rdflib import Graph

from kmn_ld.engine import TrustedStore, without_graph
from kmn_ld.sources import DERIVED
from kmn_ld.validation import changes, shacl
from kmn_ld.validation.compiled import CompiledQuery, compile_shapes, validate_store
from kmn_ld.validation.findings import INFO, Finding
from kmn_ld.validation.locating import locate_findings
from kmn_ld.validation.reading import Reading
from kmn_ld.vocab import GRAPH, PREFIXES

MOST_AFFECTED = 10_000
"""A change that affects more focus nodes is checked by the compiled shapes alone."""

_SHAPES, _ONTOLOGY = GRAPH + "shapes", GRAPH + "ontology"
_TYPE = f" <{PREFIXES['rdf']}type> "


class Shapes:
    """The shapes of the sources, and the data that they are held against."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._shapes = shacl.graph_of(reading.graphs.get(_SHAPES, []))
        self._ontology = shacl.graph_of(reading.graphs.get(_ONTOLOGY, []))
        # at every size: what only pySHACL knows would fail when the data has grown
        self._queries = list(self._compiled())

    def check(self, store: TrustedStore) -> list[Finding]:
        """Return what all shapes find: SPARQL-based constraints by the store, others by pySHACL."""
        found = self._ask(store, (query for query in self._queries if query.is_sparql))
        return found + shacl.validate_graph(shacl.graph_of(self._lines), self._core)

    def check_large(self, store: TrustedStore, content: Path, before: Path | None) -> list[Finding]:
        """Return the same for large data, by the store; what has changed goes through pySHACL too.

        `content` and `before` are the sorted N-Quads of now and of the last release.
        """
        found = self._ask(store, self._queries)
        return found + (self.check_changed(content, before) if before else [])

    def check_changed(self, content: Path, before: Path) -> list[Finding]:
        """Return what pySHACL finds about the focus nodes that a change affects.

        None are looked at where the shapes or the ontology have changed, which affects all, or
        where there are more than `MOST_AFFECTED`.
        """
        nodes = self._affected(changes.changed_quads(before, content))
        if not 0 < len(nodes) <= MOST_AFFECTED:
            return []
        around = changes.lines_around(nodes, self._lines, changes.reach_of(self._shapes))
        data = shacl.graph_of(chain(around, self._reading.graphs.get(_ONTOLOGY, [])))
        results = shacl.validate_graph(data, self._core)
        return [result for result in results if f"<{result.focus}>" in nodes]

    def check_examples(
        self, store: TrustedStore, examples: Collection[Reading], sources: Path
    ) -> Iterator[Finding]:
        """Yield errors and warnings about worked examples among the data, with their places."""
        for group in _groups(examples):
            own = Reading()
            for example in group:
                own.described_in |= dict.fromkeys(example.described_in, example.files[0])
            for example in group:  # the file that says what a thing is counts more
                typed = (node[1:-1] for node in _typed(example))
                own.described_in |= dict.fromkeys(typed, example.files[0])
            focus = [iri for iri in own.described_in if iri not in self._reading.described_in]
            beside = (one for one in examples if one not in group and not _clash(one, group))
            with store.holding(chain(*map(_lines_of, chain(group, beside)))):
                found = validate_store(store.rows, self._compiled(focus))
            told = [finding for finding in found if finding.severity != INFO]
            yield from locate_findings(told, own, sources)

    def _compiled(self, focus: Collection[str] | None = None) -> Iterable[CompiledQuery]:
        return compile_shapes(self._shapes, self._ontology, focus)

    def _ask(self, store: TrustedStore, queries: Iterable[CompiledQuery]) -> list[Finding]:
        with store.holding(chain(*self._reading.drafts.values())):
            return validate_store(store.rows, queries)

    @cached_property
    def _core(self) -> Graph:
        return shacl.core_of(self._shapes)

    @cached_property
    def _lines(self) -> list[str]:
        graphs = self._reading.graphs.items()
        plain = (lines for graph, lines in graphs if graph != _SHAPES)
        return list(chain(*plain, *self._reading.drafts.values()))

    def _affected(self, quads: Iterable[str]) -> set[str]:
        """Return the focus nodes that a change affects; drafts count as changed.

        None are returned where the shapes or the ontology have changed: that affects all.
        """
        changed = list(chain(*self._reading.drafts.values()))
        for quad in quads:
            triple, graph = without_graph(quad)
            if graph in (f"<{_SHAPES}>", f"<{_ONTOLOGY}>"):
                return set()
            if graph != f"<{GRAPH}{DERIVED}>":
                changed.append(triple)
        return changes.affected_nodes(changed, self._lines, changes.reach_of(self._shapes))


def _groups(examples: Iterable[Reading]) -> list[list[Reading]]:
    """Return examples that can stand side by side: no two say what one thing is."""
    groups: list[list[Reading]] = []
    for example in examples:
        fitting = next((group for group in groups if not _clash(example, group)), None)
        if fitting is None:
            groups.append([example])
        else:
            fitting.append(example)
    return groups


def _clash(example: Reading, group: Iterable[Reading]) -> bool:
    return any(_typed(example) & _typed(one) for one in group)


def _typed(example: Reading) -> set[str]:
    return {line.split(" ", 1)[0] for line in _lines_of(example) if _TYPE in line}


def _lines_of(example: Reading) -> list[str]:
    return list(chain(*example.graphs.values()))
