"""Evaluates a public query on a store and writes its result in the format the client prefers."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice, product
from string import ascii_lowercase
from typing import IO, Any, Protocol, cast

import pyoxigraph as ox

from kmn_ld.engine.interface import PublicQuery
from kmn_ld.engine.parsing import rdf_format
from kmn_ld.engine.rejections import rejection
from kmn_ld.engine.serialising import write_triples
from kmn_ld.errors import NotAcceptable, QueryRefused
from kmn_ld.formats import BY_NAME, GRAPHS, SOLUTIONS
from kmn_ld.vocab import PREFIXES

_RESULTS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
_ORDERED = 10_000
"""Triples up to which a graph is sorted and declares only the prefixes in use.

Larger ones are written as they are found, JSON-LD in its expanded form.
"""
_NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
"""Characters that XML 1.0 has no way to write (section 2.2), in UTF-8."""
_NAME_START = (
    r"A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D\
\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_XML_NAME_AT_END = re.compile(
    rf"[{_NAME_START}][{_NAME_START}0-9.\u00B7\u0300-\u036F\u203F\u2040-]*$"
)
_SERVICE = re.compile("service", re.IGNORECASE)


class Sink(Protocol):
    """Takes a result: first its format and form, then its bytes in pieces."""

    def begin(self, format_name: str, form: str) -> None:
        """Start a result; form is "solutions", "boolean" or "graph"."""
        ...

    def write(self, data: bytes) -> int:
        """Add a piece; return its length."""
        ...


def evaluate(store: ox.Store, query: PublicQuery, sink: Sink) -> None:
    """Evaluate a query and write its whole result.

    Raises QuerySyntaxError, QueryRefused, NotAcceptable, EngineError; and what the sink raises.
    """
    default_graph, named_graphs = _dataset(query)
    _refuse_hidden_service(query.text)
    try:
        result = store.query(query.text, default_graph=default_graph, named_graphs=named_graphs)
        if isinstance(result, ox.QueryTriples):
            _write_graph(result, _preferred(query.graphs, GRAPHS), sink)
            return
        name = _preferred(query.solutions, SOLUTIONS)
        sink.begin(name, "boolean" if isinstance(result, ox.QueryBoolean) else "solutions")
        result.serialize(_file(sink, name, "JSON"), _RESULTS[name])
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


def _named_nodes(iris: Sequence[str]) -> list[ox.NamedNode]:
    nodes = []
    for iri in iris:
        try:
            nodes.append(ox.NamedNode(iri))
        except ValueError as error:
            raise QueryRefused("query-graph-iri", iri=iri) from error
    return nodes


def _write_graph(triples: ox.QueryTriples, name: str, sink: Sink) -> None:
    if name in ("nt", "nq"):
        sink.begin(name, "graph")
        triples.serialize(_file(sink, name, "Turtle"), rdf_format(name))
        return
    checked = _expressible(triples, name)
    first = list(islice(checked, _ORDERED + 1))
    sink.begin(name, "graph")
    out = _file(sink, name, "Turtle")
    if len(first) <= _ORDERED:
        out.write(write_triples(first, name))
        return
    form = ox.RdfFormat.STREAMING_JSON_LD if name == "jsonld" else rdf_format(name)
    ox.serialize(chain(first, checked), out, form, prefixes=PREFIXES)


def _expressible(triples: Iterator[ox.Triple], name: str) -> Iterator[ox.Triple]:
    """Pass triples on; raise QueryRefused for one that the format cannot express."""
    known: set[str] = set()
    for triple in triples:
        predicate = triple.predicate.value
        if predicate not in known:
            if name == "rdf" and not _XML_NAME_AT_END.search(predicate):
                raise QueryRefused("result-not-rdf-xml", predicate=predicate, instead="Turtle")
            known.add(predicate)
        if name == "jsonld" and isinstance(triple.object, ox.Triple):
            reason = "RDF 1.2"
            raise QueryRefused(
                "result-not-in-format", format="JSON-LD", reason=reason, instead="Turtle"
            )
        yield triple


class _File:
    """The part of a file that Oxigraph uses: it writes, and flushes at the end."""

    def __init__(self, write: Callable[[bytes], int]) -> None:
        self.write = write

    def flush(self) -> None:
        """Nothing is kept back here."""


class _WellFormed(_File):
    """Passes XML on; raises QueryRefused for a character that XML cannot hold."""

    def __init__(self, write: Callable[[bytes], int], instead: str) -> None:
        super().__init__(self._checked)
        self._write = write
        self._instead = instead
        self._tail = b""

    def _checked(self, data: bytes) -> int:
        if _NOT_XML.search(data) or _NOT_XML.search(self._tail + data[:2]):
            raise QueryRefused("result-not-xml", instead=self._instead)
        self._tail = data[-2:]
        return self._write(data)


def _file(sink: Sink, name: str, instead: str) -> IO[bytes]:
    """Return the file to write a format to; XML is checked on the way."""
    is_xml = name in ("xml", "rdf")
    file = _WellFormed(sink.write, instead) if is_xml else _File(sink.write)
    return cast(IO[bytes], file)


def _refuse_hidden_service(text: str) -> None:
    """Raise QueryRefused for a SERVICE clause that the guard could not see.

    What is an IRI and what is `<` and a string, only the parser knows. So it decides: a query that
    parses as it is, but not with another word instead, has a SERVICE clause. Both are run on an
    empty store.
    """
    if _SERVICE.search(text) is None:
        return
    if not _parses(_SERVICE.sub(_absent_word(text), text)) and _parses(text):
        raise QueryRefused("query-service", line=1, column=1)


def _absent_word(text: str) -> str:
    """Return a word as long as SERVICE that the text does not hold."""
    lower = text.lower()
    words = ("xxx" + "".join(letters) for letters in product(ascii_lowercase, repeat=4))
    return next(word for word in words if word not in lower)


def _parses(text: str) -> bool:
    try:
        ox.Store().query(text)
    except SyntaxError:
        return False
    except (RuntimeError, ValueError, OSError):
        return True
    return True
