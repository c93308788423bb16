"""Turns files into canonical N-Triples lines, the form in which a build moves quads about."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from kmn_ld.engine.rdfxml import element_name
from kmn_ld.errors import SourceError, TurtleSyntaxError
from kmn_ld.vocab import PREFIXES

_XSD, _RDF = PREFIXES["xsd"], PREFIXES["rdf"]
_FIRST, _REST = ox.NamedNode(_RDF + "first"), ox.NamedNode(_RDF + "rest")
_LIST = {_FIRST, _REST}
_MOST_NESTED = 10
"""Levels of lists within lists."""
_KEPT_AS_TEXT = {_XSD + name for name in ("string", "anyURI")} | {_RDF + "langString"}
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
"""Control characters, which no text of the sources may have."""
_ZONE = r"(?:Z|[+-]\d\d:\d\d)?"
_DAY = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_LEXICAL = {
    "boolean": re.compile("true|false|0|1"),
    "integer": re.compile(r"[+-]?\d+"),
    "decimal": re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)"),
    "gYear": re.compile(rf"\d{{4}}{_ZONE}"),
    "gYearMonth": re.compile(rf"\d{{4}}-(?:0[1-9]|1[0-2]){_ZONE}"),
    "date": re.compile(_DAY + _ZONE),
    "dateTime": re.compile(rf"{_DAY}T\d\d:\d\d:\d\d(?:\.\d+)?{_ZONE}"),
}
"""Lexical forms of the datatypes that our data uses (XML Schema part 2)."""
MOST_BYTES = 16 * 1024 * 1024
"""Size of Oxigraph's buffer: no line of N-Quads, no value may be longer."""
_MOST_CHARACTERS = 1_000_000
"""Length of a value of the sources, which pages show as a whole."""


@dataclass
class ParsedGraph:
    """The triples of one file.

    `lines` are N-Triples without line feed, for triples without blank nodes; `list_triples` hold
    the others, which get canonical labels when all files are known (`label_lists`).
    """

    lines: list[str]
    list_triples: list[ox.Triple] = field(default_factory=list)


def parse_turtle(data: bytes, path: Path) -> ParsedGraph:
    """Parse a Turtle file of the sources.

    Raises TurtleSyntaxError with line and column (from 1); SourceError for a blank node outside a
    list, a triple term, a value that belies its datatype, is too long or is not in canonical form,
    a control character, and a predicate that RDF/XML cannot hold: with `subject`, `predicate` and
    `object` of the statement (`_:` for a blank node, no subject in a list).
    """
    try:
        # a label of the text is good in its file alone: renamed, so that files do not share it
        quads = ox.parse(data, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
        triples = [quad.triple for quad in quads]
    except SyntaxError as error:
        raise syntax_error(error, path) from error
    except MemoryError as error:  # the parser's buffer has a fixed size
        raise SourceError("value-too-long", path=path, limit=_MOST_CHARACTERS) from error
    _check_values(triples, path)
    plain = [triple for triple in triples if not _has_blank_node(triple)]
    lists = [triple for triple in triples if _has_blank_node(triple)]
    _refuse_blank_nodes(lists, path)
    _refuse_deep_lists(lists, path)
    lines = to_lines(plain)
    _refuse_predicates(triples, path)
    _refuse_other_numbers(triples, path)
    return ParsedGraph(lines, lists)


def to_lines(triples: Iterable[ox.Triple]) -> list[str]:
    """Return N-Triples lines without line feeds, without duplicates, in order of appearance."""
    data = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    # not str.splitlines: it also parts at U+0085 and U+2028, which a literal may hold
    return list(dict.fromkeys(data.decode("utf-8").rstrip("\n").split("\n"))) if data else []


def label_lists(graphs: dict[str, list[ox.Triple]]) -> dict[str, list[str]]:
    """Return graph IRI → N-Triples lines whose blank nodes carry canonical labels.

    The labels are those of RDFC-1.0 over the whole dataset: a triple without blank nodes does not
    take part in them, so that only the others have to be passed.
    """
    dataset = ox.Dataset(
        ox.Quad(triple.subject, triple.predicate, triple.object, ox.NamedNode(graph))
        for graph, triples in graphs.items()
        for triple in triples
    )
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    labelled: dict[str, list[ox.Triple]] = {graph: [] for graph in graphs}
    for quad in dataset:
        labelled[quad.graph_name.value].append(quad.triple)
    return {graph: to_lines(triples) for graph, triples in labelled.items()}


def in_graph(line: str, graph: str) -> str:
    """Return the N-Quads line of an N-Triples line in a named graph."""
    return f"{line[:-1]}<{graph}> ."


def rdf_format(name: str) -> ox.RdfFormat:
    """Return Oxigraph's format for one of our format names."""
    return {
        "ttl": ox.RdfFormat.TURTLE,
        "trig": ox.RdfFormat.TRIG,
        "nt": ox.RdfFormat.N_TRIPLES,
        "nq": ox.RdfFormat.N_QUADS,
        "jsonld": ox.RdfFormat.JSON_LD,
        "rdf": ox.RdfFormat.RDF_XML,
    }[name]


def syntax_error(error: SyntaxError, path: Path) -> TurtleSyntaxError:
    """Return our error for one of Oxigraph's about a file."""
    return TurtleSyntaxError(
        "turtle-syntax",
        path=path,
        line=error.lineno or 1,
        column=error.offset or 1,
        reason=_reason(error),
    )


def _reason(error: SyntaxError) -> str:
    """Cut Oxigraph's repetition of the position off its message."""
    text = re.sub(r"^Parser error at line [^:]*: ", "", str(error.msg))
    return re.sub(r" \(line \d+\)$", "", text)


def _has_blank_node(triple: ox.Triple) -> bool:
    return isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode)


def _check_values(triples: list[ox.Triple], path: Path) -> None:
    """Refuse triple terms, and literals that we cannot hold or that belie their datatype."""
    for triple in triples:
        if isinstance(triple.object, ox.Triple):
            raise SourceError("triple-term", path=path, **{**_statement(triple), "object": ""})
        if not isinstance(triple.object, ox.Literal):
            continue
        value, datatype = triple.object.value, triple.object.datatype.value
        if len(value) > _MOST_CHARACTERS:
            details = {"limit": _MOST_CHARACTERS, **_statement(triple), "object": ""}
            raise SourceError("value-too-long", path=path, **details)
        if CONTROL.search(value):
            raise SourceError("control-character", path=path, **_statement(triple))
        if not unicodedata.is_normalized("NFC", value):
            raise SourceError("not-composed", path=path, **_statement(triple))
        kind = datatype.removeprefix(_XSD)
        form = _LEXICAL.get(kind) if datatype.startswith(_XSD) else None
        if form and not form.fullmatch(value):
            details = {"value": value, "datatype": f"xsd:{kind}", **_statement(triple)}
            raise SourceError("value-form", path=path, **details)


def _statement(triple: ox.Triple) -> dict[str, str]:
    """Return a triple as details of an error; the subject of a list node is no name."""
    is_in_list = isinstance(triple.subject, ox.BlankNode) and triple.predicate in _LIST
    return {
        "subject": "" if is_in_list else _term(triple.subject),
        "predicate": triple.predicate.value,
        "object": _term(triple.object),
    }


def _term(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else "_:"


def _refuse_blank_nodes(triples: list[ox.Triple], path: Path) -> None:
    """Blank nodes are allowed as list nodes alone (style guide S13.3)."""
    for triple in triples:
        if isinstance(triple.subject, ox.BlankNode) and triple.predicate not in _LIST:
            raise SourceError("blank-node", path=path, **{**_statement(triple), "object": ""})
    nodes = {triple.subject for triple in triples if isinstance(triple.subject, ox.BlankNode)}
    for triple in triples:
        if isinstance(triple.object, ox.BlankNode) and triple.object not in nodes:
            raise SourceError("blank-node", path=path, **_statement(triple))


def _refuse_deep_lists(triples: list[ox.Triple], path: Path) -> None:
    """Lists in lists have an end: parsers that descend into them, and readers."""
    nodes = {triple.subject for triple in triples}
    inside: dict[object, list[tuple[object, bool]]] = {}
    reached = set()
    for triple in triples:
        if triple.predicate in _LIST and triple.object in nodes and triple.object not in reached:
            reached.add(triple.object)
            inside.setdefault(triple.subject, []).append(
                (triple.object, triple.predicate == _FIRST)
            )
    waiting: list[tuple[object, int]] = [(node, 0) for node in nodes - reached]
    walked = 0
    while waiting and waiting[-1][1] <= _MOST_NESTED:
        node, depth = waiting.pop()
        waiting += [(inner, depth + is_first) for inner, is_first in inside.get(node, ())]
        walked += 1
    if walked < len(nodes):  # the rest is too deep, or goes round in a circle
        raise SourceError("list-nested", path=path, limit=_MOST_NESTED)


def _refuse_predicates(triples: list[ox.Triple], path: Path) -> None:
    """RDF/XML needs predicates that end in an XML name (engine, section 5, stable bytes)."""
    for predicate, triple in {triple.predicate.value: triple for triple in triples}.items():
        if element_name(predicate) is None:
            details = {**_statement(triple), "object": ""}
            raise SourceError("predicate-name", path=path, **details)


def _refuse_other_numbers(triples: list[ox.Triple], path: Path) -> None:
    """The store keeps numbers by value: a number in another form would come back changed."""
    numbers = [triple for triple in triples if _is_kept_by_value(triple.object)]
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in numbers)
    kept = {quad.triple for quad in store}
    for triple in numbers:
        if triple not in kept:
            value = str(triple.object)
            raise SourceError("number-form", path=path, value=value, **_statement(triple))


def _is_kept_by_value(term: object) -> bool:
    return isinstance(term, ox.Literal) and term.datatype.value not in _KEPT_AS_TEXT
