"""Runs our own queries in this process, and reads what is said about a thing."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeGuard

import pyoxigraph as ox

from kmn_ld.engine.conversion import to_oxigraph, to_statement, to_substitutions, to_term
from kmn_ld.engine.own_thread import in_own_thread
from kmn_ld.engine.parsing import to_lines
from kmn_ld.engine.rejections import rejection
from kmn_ld.engine.terms import Row, Statement, Term
from kmn_ld.errors import EngineError

_NOTHING = "SELECT * WHERE { FILTER (false) }"
_DEFAULT_GRAPH = ox.DefaultGraph()
_MOST_ROUNDS = 20
"""Rules that still conclude something new after so many rounds make up terms without end."""


class TrustedStore:
    """Answers queries of ours over one store; may be used from several threads."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    @classmethod
    def of_folder(cls, folder: Path) -> "TrustedStore":
        """Open the store in a folder read-only."""
        return cls(ox.Store.read_only(str(folder)))

    @in_own_thread
    def rows(self, query: str, bindings: Mapping[str, Term] | None = None) -> list[Row]:
        """Return the solutions of a trusted SELECT query.

        Each name in `bindings` must be a variable that the outer SELECT projects.
        """
        solutions = self._run(query, bindings)
        if not isinstance(solutions, ox.QuerySolutions):
            raise EngineError("query-not-select")
        names = [variable.value for variable in solutions.variables]
        try:
            return [
                {name: to_term(value) for name in names if (value := solution[name]) is not None}
                for solution in solutions
            ]
        except (RuntimeError, ValueError, OSError) as error:
            raise rejection(error) from error

    def rows_for_each(self, query: str, name: str, terms: Iterable[Term]) -> list[Row]:
        """Return the solutions of a trusted SELECT query for several terms (see `Engine`)."""
        named = [written for term in terms if (written := _written(term))]
        values = " ".join(named)
        return self.rows(f"{query}\nVALUES ?{name} {{ {values} }}") if named else []

    @in_own_thread
    def ask(self, query: str, bindings: Mapping[str, Term] | None = None) -> bool:
        """Return the answer of a trusted ASK query."""
        answer = self._run(query, bindings)
        if not isinstance(answer, ox.QueryBoolean):
            raise EngineError("query-not-ask")
        return bool(answer)

    @in_own_thread
    def derive(self, rules: Sequence[str], graph: str) -> list[str]:
        """Add what the rules, CONSTRUCT queries, conclude until nothing new follows.

        It goes to the default graph and to the named one. Returns the new triples as N-Triples
        lines. Raises EngineError for a rule that fails or has no end.
        """
        graphs = (_DEFAULT_GRAPH, ox.NamedNode(graph))
        derived: set[ox.Triple] = set()
        for _ in range(_MOST_ROUNDS):
            fresh = self._conclusions(rules, derived)
            if not fresh:
                self._store.optimize()  # as one that was loaded: reads take two thirds of the time
                self._store.flush()
                return to_lines(derived)
            derived |= fresh
            # once a round: each bulk has files of its own, and the more the slower are the rules
            self._store.bulk_extend(_quad(triple, name) for triple in fresh for name in graphs)
        raise EngineError("rules-endless", rounds=_MOST_ROUNDS)

    @contextmanager
    def holding(self, lines: Iterable[str]) -> Iterator[None]:
        """Hold N-Triples lines in the default graph; what was not there before goes at the end."""
        parsed = ox.parse("\n".join(lines).encode(), format=ox.RdfFormat.N_TRIPLES)
        fresh = [quad for quad in parsed if quad not in self._store]
        self._store.extend(fresh)
        try:
            yield
        finally:
            for quad in fresh:
                self._store.remove(quad)

    def _conclusions(self, rules: Sequence[str], known: set[ox.Triple]) -> set[ox.Triple]:
        """Return what the rules conclude that neither is known nor stands in the store."""
        found: set[ox.Triple] = set()
        for rule in rules:
            triples = self._run(rule, None)
            if not isinstance(triples, ox.QueryTriples):
                raise EngineError("query-not-construct")
            try:
                found.update(triples)
            except (RuntimeError, ValueError, OSError) as error:
                raise rejection(error) from error
        return {triple for triple in found - known if _quad(triple) not in self._store}

    def statements_about(self, iri: str) -> list[Statement]:
        """Return the quads that describe a thing, sorted (see `Engine`)."""
        thing = _named_node(iri)
        if thing is None:
            return []
        part = f"{iri}#"
        quads: list[ox.Quad] = []
        reached: set[ox.NamedNode | ox.BlankNode] = {thing}
        waiting: deque[ox.NamedNode | ox.BlankNode] = deque(reached)
        while waiting:
            found = list(_once(self._store.quads_for_pattern(waiting.popleft(), None, None, None)))
            quads += found
            for value in (quad.object for quad in found):
                if _belongs_to_it(value, part) and value not in reached:
                    reached.add(value)
                    waiting.append(value)
        return _sorted(quads)

    @in_own_thread
    def graph(self, iri: str) -> list[Statement]:
        """Return all quads of one named graph, sorted; empty where there is no such graph."""
        name = _named_node(iri)
        return _sorted(self._store.quads_for_pattern(None, None, None, name)) if name else []

    def _run(
        self, query: str, bindings: Mapping[str, Term] | None
    ) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        try:
            substitutions = to_substitutions(bindings or {})
        except ValueError:  # a text that is no IRI: nothing is said about it
            return self._store.query(_NOTHING)
        try:
            return self._store.query(query, substitutions=substitutions)
        except (SyntaxError, RuntimeError, ValueError, OSError) as error:
            raise rejection(error) from error


def _quad(triple: ox.Triple, graph: ox.NamedNode | ox.DefaultGraph = _DEFAULT_GRAPH) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)


def _written(term: Term) -> str:
    """Return a term as VALUES takes it, empty for a text that is no IRI."""
    try:
        return str(to_oxigraph(term))
    except ValueError:
        return ""


def _named_node(iri: str) -> ox.NamedNode | None:
    """Return the node, or None for a text that is no IRI: nothing is said about that."""
    try:
        return ox.NamedNode(iri)
    except ValueError:
        return None


def _once(quads: Iterator[ox.Quad]) -> Iterator[ox.Quad]:
    """Leave out the quads of the default graph that a named graph holds too (decision D5)."""
    unnamed = []
    named = set()
    for quad in quads:
        if quad.graph_name == _DEFAULT_GRAPH:
            unnamed.append(quad)
        else:
            named.add(quad.triple)
            yield quad
    yield from (quad for quad in unnamed if quad.triple not in named)


def _belongs_to_it(value: object, part: str) -> TypeGuard[ox.NamedNode | ox.BlankNode]:
    if isinstance(value, ox.NamedNode):
        return value.value.startswith(part)
    return isinstance(value, ox.BlankNode)


def _sorted(quads: list[ox.Quad] | Iterator[ox.Quad]) -> list[Statement]:
    return [to_statement(quad) for quad in sorted(quads, key=str)]
