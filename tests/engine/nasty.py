"""Graphs that are valid and hard to write: odd IRIs, labels and texts, in every position."""

import pyoxigraph as ox

from kmn_ld.vocab import PREFIXES

EX = "https://example.org/"
RDF, XSD, ORG = PREFIXES["rdf"], PREFIXES["xsd"], PREFIXES["org"]

IRIS = [
    f"{EX}a&b='c'",
    f"{EX}a/../b",
    f"{EX}%20%C3%A4ö",
    f"{EX}?q=1&r=2#",
    f"{EX}1",
    f"{EX}größe",
    f"{EX}a.b-c·d",
    "org:foo",
    "skos:a:b",
    "urn:x",
    "geo:53,9",
    ORG,
    f"{ORG}Organization",
    f"{ORG}a/b",
    f"{RDF}nil",
    f"{RDF}List",
    f"{RDF}li",
    f"{RDF}_1",
    f"{RDF}Description",
    f"{RDF}RDF",
    "http://www.w3.org/XML/1998/namespacelang",
    f"{EX}{'n' * 3000}",
]
LITERALS = [
    ox.Literal(text)
    for text in (
        *("", " ", "a\rb", "a\r\nb", "\n", "\t", "]]>", "<b>&amp;</b>", "\"'", "org:foo"),
        *("@type", "_:a", "\u0085\u2028", "\u00ad", "🎉", "a\\u0041", "true", "1"),
    )
]
LITERALS += [
    ox.Literal("a\rb", language="de"),
    ox.Literal("x", language="zh-hant-tw"),
    ox.Literal("7", datatype=ox.NamedNode(f"{XSD}integer")),
    ox.Literal("008", datatype=ox.NamedNode(f"{XSD}integer")),
    ox.Literal("1", datatype=ox.NamedNode(f"{XSD}boolean")),
    ox.Literal("x", datatype=ox.NamedNode("org:foo")),
    ox.Literal("x", datatype=ox.NamedNode(f"{EX}1")),
    ox.Literal("{}", datatype=ox.NamedNode(f"{RDF}JSON")),
    ox.Literal("a&amp;b", datatype=ox.NamedNode(f"{RDF}HTML")),
]
LABELS = ["a", "1a", "x-61", "a.b", "a-"]

_HOUSE, _P = ox.NamedNode(f"{EX}house"), ox.NamedNode(f"{EX}p")
_TYPE, _FIRST, _REST, _NIL = (ox.NamedNode(RDF + name) for name in ("type", "first", "rest", "nil"))
_ONE, _TWO, _THREE = (ox.BlankNode(name) for name in ("one", "two", "three"))


def _list(*values: object) -> list[ox.Triple]:
    """Return a list of up to two values that begins at `_ONE`."""
    nodes = [_ONE, _TWO][: len(values)]
    rests = [*nodes[1:], _NIL]
    return [
        ox.Triple(node, predicate, value)
        for node, rest, member in zip(nodes, rests, values, strict=True)
        for predicate, value in ((_FIRST, member), (_REST, rest))
    ]


def _uses(iri: str) -> list[ox.Triple]:
    """Return triples that have an IRI wherever one may stand, but as a predicate."""
    node = ox.NamedNode(iri)
    return [
        ox.Triple(_HOUSE, _P, node),
        ox.Triple(_HOUSE, _TYPE, node),
        ox.Triple(node, _TYPE, node),
        ox.Triple(node, _P, ox.Literal("x", datatype=node)),
    ]


GRAPHS: dict[str, list[ox.Triple]] = {f"IRI {iri[:40]}": _uses(iri) for iri in IRIS} | {
    f"literal {literal}": [ox.Triple(_HOUSE, _P, literal)] for literal in LITERALS
}
GRAPHS |= {
    "all literals": [ox.Triple(_HOUSE, _P, literal) for literal in LITERALS],
    "labels": [
        ox.Triple(ox.BlankNode(one), _P, ox.BlankNode(two)) for one in LABELS for two in LABELS
    ],
    "type that is a text": [
        ox.Triple(_HOUSE, _TYPE, ox.Literal("org:Organization")),
        ox.Triple(_HOUSE, _TYPE, _P),
    ],
    "type that is a blank node": [ox.Triple(_ONE, _TYPE, _TWO), ox.Triple(_TWO, _TYPE, _ONE)],
    "list": [ox.Triple(_HOUSE, _P, _ONE), *_list(ox.Literal("a\rb"), _P)],
    "list that is a class": [ox.Triple(_HOUSE, _TYPE, _ONE), *_list(_P, _HOUSE)],
    "list that is a class and a text": [
        ox.Triple(_HOUSE, _TYPE, _ONE),
        ox.Triple(_HOUSE, _TYPE, ox.Literal("x")),
        *_list(_P, _HOUSE),
    ],
    "list of lists": [
        ox.Triple(_HOUSE, _P, _ONE),
        *_list(_THREE, _NIL),
        ox.Triple(_THREE, _FIRST, _P),
        ox.Triple(_THREE, _REST, _NIL),
    ],
    "list that points at its owner": [ox.Triple(_THREE, _P, _ONE), *_list(_THREE, _HOUSE)],
    "list with a class": [
        ox.Triple(_HOUSE, _P, _ONE),
        *_list(_P),
        ox.Triple(_ONE, _TYPE, ox.NamedNode(RDF + "List")),
    ],
    "lists that share a tail": [
        ox.Triple(_HOUSE, _P, _ONE),
        ox.Triple(_P, _P, _THREE),
        *_list(_P, _HOUSE),
        ox.Triple(_THREE, _FIRST, _P),
        ox.Triple(_THREE, _REST, _TWO),
    ],
    "list without an owner": _list(_P, _HOUSE),
}
"""Name → triples; no predicate among them is beyond RDF/XML, no term beyond RDF 1.1."""

UNWRITABLE = [f"{EX}1", f"{EX}a?", f"{EX}p/", *(RDF + name for name in ("li", "Description", "ID"))]
"""Predicates that RDF/XML cannot express."""


def as_nt(triples: list[ox.Triple]) -> bytes:
    """Return triples as N-Triples."""
    return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
