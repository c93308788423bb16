"""Writes statements in our RDF formats: the same statements give the same bytes everywhere."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import IO

import pyoxigraph as ox

from kmn_ld.engine.conversion import to_quad
from kmn_ld.engine.jsonld import ShortNames, to_jsonld
from kmn_ld.engine.labelling import labelled_anew
from kmn_ld.engine.parsing import rdf_format
from kmn_ld.engine.rdfxml import element_name, stream_rdfxml, to_rdfxml
from kmn_ld.engine.terms import Statement
from kmn_ld.errors import KmnError, NotAcceptable
from kmn_ld.vocab import PREFIXES

ORDERED = 10_000
"""Triples up to which a graph is sorted and declares only the prefixes in use.

Larger ones are written as they come, JSON-LD in its expanded form.
"""
_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
_WITH_GRAPHS = ("trig", "nq")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML 1.0 has no way to write (section 2.2)."""


def serialise(
    statements: Iterable[Statement],
    format_name: str,
    prefixes: Mapping[str, str] = PREFIXES,
    *,
    names: ShortNames | None = None,
) -> bytes:
    """Return statements in an RDF format of `formats`, with the prefixes that are in use.

    JSON-LD also has the short names that are in use.

    `trig` and `nq` keep the named graphs, the others merge them. Blank nodes are labelled anew
    (`labelling`). Raises KeyError for a name that is no RDF format, NotAcceptable where the format
    cannot express a statement (`expressible`).
    """
    quads = [to_quad(statement) for statement in statements]
    if any(_has_blank_node(quad) for quad in quads):
        quads = labelled_anew(quads)
    if format_name in _WITH_GRAPHS:
        return _written(sorted(set(quads), key=_quad_order), format_name, prefixes)
    triples = {quad.triple for quad in quads}
    passed = expressible(triples, format_name, NotAcceptable)
    return write_triples(passed, format_name, prefixes, names=names)


def expressible(
    triples: Iterable[ox.Triple], format_name: str, error: type[KmnError]
) -> Iterator[ox.Triple]:
    """Pass triples on; raise the error for one that the format cannot express.

    RDF/XML has no way to write a predicate without an XML name at its end, `rdf:li`, and control
    characters; JSON-LD none to write a triple term.
    """
    demand = {"rdf": _demand_xml, "jsonld": _demand_json}.get(format_name)
    return _demanded(triples, demand, error) if demand else iter(triples)


def write_triples(
    triples: Iterable[ox.Triple],
    format_name: str,
    prefixes: Mapping[str, str] = PREFIXES,
    *,
    names: ShortNames | None = None,
) -> bytes:
    """Return triples as `serialise` writes them; their blank nodes keep their labels."""
    ordered = sorted(triples, key=_triple_order)
    if format_name == "jsonld":
        return to_jsonld(ordered, prefixes, names)
    if format_name == "rdf":
        return to_rdfxml(ordered, prefixes)
    return _written(ordered, format_name, prefixes)


def write_many(triples: Iterable[ox.Triple], format_name: str, out: IO[bytes]) -> None:
    """Write any number of triples as they come, in an RDF format without named graphs."""
    if format_name == "rdf":
        stream_rdfxml(triples, out.write, PREFIXES)
        return
    form = ox.RdfFormat.STREAMING_JSON_LD if format_name == "jsonld" else rdf_format(format_name)
    ox.serialize(triples, out, form, prefixes=PREFIXES)


def write_graph(
    triples: Iterable[ox.Triple],
    format_name: str,
    graph: str,
    out: IO[bytes],
    error: type[KmnError],
) -> None:
    """Write the triples of a graph, which TriG names.

    In order up to `ORDERED`, larger graphs as they come. Raises the error where the format cannot
    express a triple; then a part is written.
    """
    passed = expressible(triples, format_name, error)
    first = list(islice(passed, ORDERED + 1))
    is_small = len(first) <= ORDERED
    if format_name == "trig":
        name = ox.NamedNode(graph)
        quads = (ox.Quad(s, p, o, name) for s, p, o in chain(first, passed))
        if is_small:
            out.write(_written(sorted(quads, key=_quad_order), format_name, PREFIXES))
        else:
            ox.serialize(quads, out, rdf_format(format_name), prefixes=PREFIXES)
    elif is_small:
        out.write(write_triples(first, format_name))
    else:
        write_many(chain(first, passed), format_name, out)


def _demanded(
    triples: Iterable[ox.Triple],
    demand: Callable[[ox.Triple, type[KmnError]], None],
    error: type[KmnError],
) -> Iterator[ox.Triple]:
    for triple in triples:
        demand(triple, error)
        yield triple


def _demand_json(triple: ox.Triple, error: type[KmnError]) -> None:
    if isinstance(triple.object, ox.Triple):
        details = {"format": "JSON-LD", "reason": "RDF 1.2", "instead": "Turtle"}
        raise error("result-not-in-format", **details)


def _demand_xml(triple: ox.Triple, error: type[KmnError]) -> None:
    predicate, value = triple.predicate.value, triple.object
    if element_name(predicate) is None:
        raise error("result-not-rdf-xml", predicate=predicate, instead="Turtle")
    if isinstance(value, ox.Literal) and _NOT_XML.search(value.value):
        raise error("result-not-xml", instead="Turtle")
    if isinstance(value, ox.Triple):
        _demand_xml(value, error)


def _written(
    ordered: list[ox.Triple] | list[ox.Quad], format_name: str, prefixes: Mapping[str, str]
) -> bytes:
    known = dict(prefixes) if ordered else {}
    written = ox.serialize(ordered, format=rdf_format(format_name), prefixes=known) or b""
    if format_name in ("nt", "nq"):
        return b"".join(sorted(written.splitlines(keepends=True)))
    return _without_unused_prefixes(written)


def _triple_order(triple: ox.Triple) -> tuple[str, bool, str, str]:
    subject, predicate, value = triple
    return str(subject), predicate != _TYPE, predicate.value, str(value)


def _quad_order(quad: ox.Quad) -> tuple[str, tuple[str, bool, str, str]]:
    return str(quad.graph_name), _triple_order(quad.triple)


def _has_blank_node(quad: ox.Quad) -> bool:
    return isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode)


def _without_unused_prefixes(turtle: bytes) -> bytes:
    """Sort the `@prefix` lines and drop those whose prefix the rest does not mention."""
    lines = []
    start = 0
    while turtle.startswith(b"@prefix ", start):
        end = turtle.index(b"\n", start) + 1
        lines.append(turtle[start:end])
        start = end
    body = turtle[start:]
    used = [line for line in lines if line.split(b" ", 2)[1] in body]
    return b"".join([*sorted(used), body])
