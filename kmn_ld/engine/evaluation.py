"""Evaluates a public query on a store and writes its result in the format the client prefers."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, islice
from typing import IO, Any, Protocol, cast

import pyoxigraph as ox

from kmn_ld.engine.conversion import Substitutions, to_substitutions
from kmn_ld.engine.interface import PublicQuery
from kmn_ld.engine.own_thread import in_own_thread
from kmn_ld.engine.parsing import rdf_format
from kmn_ld.engine.rejections import rejection
from kmn_ld.engine.repeating import absent_word, parses, unescaped
from kmn_ld.engine.serialising import ORDERED, expressible, write_many, write_triples
from kmn_ld.engine.tables import write_csv
from kmn_ld.engine.terms import Term
from kmn_ld.errors import NotAcceptable, QueryRefused
from kmn_ld.formats import BY_NAME, GRAPHS, SOLUTIONS
from kmn_ld.vocab import BASE

_RESULTS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
"""Oxigraph's format for each of our formats of rows and booleans."""
_NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
"""Characters that XML 1.0 has no way to write (section 2.2), in UTF-8."""
_SERVICE = re.compile("service", re.IGNORECASE)


class Sink(Protocol):
    """Takes a result: first its format and form, then its bytes in pieces."""

    def begin(self, format_name: str, form: str) -> None:
        """Start a result; form is "solutions", "boolean" or "graph"."""
        ...

    def write(self, data: bytes) -> int:
        """Add a piece; return its length."""
        ...


@in_own_thread
def evaluate(store: ox.Store, query: PublicQuery, sink: Sink) -> None:
    """Evaluate a query and write its whole result; bindings enter by substitution.

    Relative IRIs count from `vocab.BASE` where the text has no BASE (SPARQL 1.1 Protocol, 2.3: a
    service defines its own).

    Raises QuerySyntaxError, QueryRefused, NotAcceptable, EngineError; and what the sink raises.
    """
    default_graph, named_graphs = _dataset(query)
    substitutions = _substitutions(query.bindings)
    _refuse_hidden_service(query.text)
    try:
        result = store.query(
            query.text,
            base_iri=BASE,
            default_graph=default_graph,
            named_graphs=named_graphs,
            substitutions=substitutions,
        )
        if isinstance(result, ox.QueryTriples):
            write_graph(result, _preferred(query.graphs, GRAPHS), sink)
            return
        name = _preferred(query.solutions, SOLUTIONS)
        write_rows(result, name, sink)
    except (SyntaxError, RuntimeError, ValueError, OSError) as error:
        raise rejection(error, query.text) from error


def _preferred(accepted: Sequence[str], offered: Sequence[str]) -> str:
    if not accepted:
        types = ", ".join(BY_NAME[name].media_types[0] for name in offered)
        raise NotAcceptable("result-not-acceptable", offered=types)
    return accepted[0]


def _dataset(query: PublicQuery) -> tuple[list[Any] | None, list[Any] | None]:
    """Return the dataset arguments: both or none, for one alone would leave the rest reachable."""
    if query.default_graphs is None and query.named_graphs is None:
        return None, None
    return _named_nodes(query.default_graphs or ()), _named_nodes(query.named_graphs or ())


def _substitutions(bindings: Mapping[str, Term]) -> Substitutions:
    """Return what is to be substituted; raises QueryRefused for what is no name or no term."""
    found: Substitutions = {}
    for name, term in bindings.items():
        try:
            found |= to_substitutions({name: term})
        except ValueError as error:
            details = {"name": name, "value": term.value, "reason": str(error)}
            raise QueryRefused("query-binding", **details) from error
    return found


def _named_nodes(iris: Sequence[str]) -> list[ox.NamedNode]:
    nodes = []
    for iri in dict.fromkeys(iris):  # Oxigraph would take a graph as often as it is named
        try:
            nodes.append(ox.NamedNode(iri))
        except ValueError as error:
            raise QueryRefused("query-graph-iri", iri=iri) from error
    return nodes


def write_rows(result: ox.QuerySolutions | ox.QueryBoolean, name: str, sink: Sink) -> None:
    """Write rows or a boolean in one of our formats.

    Raises QueryRefused where the format cannot express it, and what the evaluation raises.
    """
    has_rows = isinstance(result, ox.QuerySolutions)
    sink.begin(name, "solutions" if has_rows else "boolean")
    out = result_file(sink, name, "JSON")
    if name == "csv" and isinstance(result, ox.QuerySolutions):
        write_csv(result, out)
    else:
        result.serialize(out, _RESULTS[name])


def write_graph(triples: Iterable[ox.Triple], name: str, sink: Sink) -> None:
    """Write a result of triples in one of our formats.

    Raises QueryRefused where the format cannot express one of them.
    """
    if name in ("nt", "nq"):
        sink.begin(name, "graph")
        out = result_file(sink, name, "Turtle")
        if isinstance(triples, ox.QueryTriples):
            triples.serialize(out, rdf_format(name))
        else:
            ox.serialize(triples, out, rdf_format(name))
        return
    checked = expressible(triples, name, QueryRefused)
    first = list(islice(checked, ORDERED + 1))
    sink.begin(name, "graph")
    out = result_file(sink, name, "Turtle")
    if len(first) <= ORDERED:
        out.write(write_triples(first, name))
    else:
        write_many(chain(first, checked), name, out)


class _File:
    """The part of a file that Oxigraph uses: it writes, and flushes at the end."""

    def __init__(self, write: Callable[[bytes], int]) -> None:
        self.write = write

    def flush(self) -> None:
        """Nothing is kept back here."""


class _WellFormed(_File):
    """Passes XML on; raises QueryRefused for a character that XML cannot hold.

    A raw CR would be read as a line feed (XML 1.0, 2.11).
    """

    def __init__(self, write: Callable[[bytes], int], instead: str) -> None:
        super().__init__(self._checked)
        self._write = write
        self._instead = instead
        self._tail = b""

    def _checked(self, data: bytes) -> int:
        if _NOT_XML.search(data) or _NOT_XML.search(self._tail + data[:2]):
            raise QueryRefused("result-not-xml", instead=self._instead)
        self._tail = data[-2:]
        self._write(data.replace(b"\r", b"&#13;"))
        return len(data)


def result_file(sink: Sink, name: str, instead: str) -> IO[bytes]:
    """Return the file to write a format to; XML is checked on the way."""
    file = _WellFormed(sink.write, instead) if name == "xml" else _File(sink.write)
    return cast(IO[bytes], file)


def _refuse_hidden_service(text: str) -> None:
    """Raise QueryRefused for a SERVICE clause that the guard could not see.

    What is an IRI and what is `<` and a string, only the parser knows. So it decides: a query that
    parses as it is, but not with another word instead, has a SERVICE clause. Both are run on an
    empty store.
    """
    plain = unescaped(text)
    if "service" not in plain.lower():
        return
    if not parses(_SERVICE.sub(absent_word(plain), plain)) and parses(plain):
        raise QueryRefused("query-service", line=1, column=1)
