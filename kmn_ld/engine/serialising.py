"""Writes statements in our RDF formats: the same statements give the same bytes everywhere."""

from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from kmn_ld.engine.conversion import to_quad
from kmn_ld.engine.jsonld import to_jsonld
from kmn_ld.engine.parsing import rdf_format
from kmn_ld.engine.terms import Statement
from kmn_ld.vocab import PREFIXES

_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
_WITH_GRAPHS = ("trig", "nq")
_UNUSED_NAMESPACE = b' xmlns:its="http://www.w3.org/2005/11/its"'
"""Oxigraph declares it in every RDF/XML document; only base directions need it."""


def serialise(
    statements: Iterable[Statement], format_name: str, prefixes: Mapping[str, str] = PREFIXES
) -> bytes:
    """Return statements in an RDF format of `formats`, with the prefixes that are in use.

    `trig` and `nq` keep the named graphs, the others merge them. Blank nodes carry the labels of
    RDFC-1.0. Raises KeyError for a name that is no RDF format.
    """
    quads = [to_quad(statement) for statement in statements]
    if any(_has_blank_node(quad) for quad in quads):
        dataset = ox.Dataset(quads)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        quads = list(dataset)
    if format_name in _WITH_GRAPHS:
        return _written(sorted(set(quads), key=_quad_order), format_name, prefixes)
    return write_triples({quad.triple for quad in quads}, format_name, prefixes)


def write_triples(
    triples: Iterable[ox.Triple], format_name: str, prefixes: Mapping[str, str] = PREFIXES
) -> bytes:
    """Return triples as `serialise` writes them; their blank nodes keep their labels."""
    ordered = sorted(triples, key=_triple_order)
    if format_name == "jsonld":
        return to_jsonld(ordered, prefixes)
    return _written(ordered, format_name, prefixes)


def _written(
    ordered: list[ox.Triple] | list[ox.Quad], format_name: str, prefixes: Mapping[str, str]
) -> bytes:
    known = dict(prefixes) if ordered else {}
    written = ox.serialize(ordered, format=rdf_format(format_name), prefixes=known) or b""
    if format_name in ("nt", "nq"):
        return b"".join(sorted(written.splitlines(keepends=True)))
    if format_name == "rdf":
        return _without_unused_namespaces(written, known)
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


def _without_unused_namespaces(xml: bytes, prefixes: Mapping[str, str]) -> bytes:
    """Drop the `xmlns:` attributes of the root element whose prefix the rest does not mention."""
    end = xml.index(b">", xml.index(b"<rdf:RDF"))
    head, body = xml[:end], xml[end:]
    if b" its:" not in body:
        head = head.replace(_UNUSED_NAMESPACE, b"")
    for name, namespace in prefixes.items():
        mentions = (b"<%b:" % name.encode(), b" %b:" % name.encode())
        if name != "rdf" and not any(mention in body for mention in mentions):
            head = head.replace(f' xmlns:{name}="{namespace}"'.encode(), b"")
    return head + body
