"""A release made by hand: a dozen made-up things in two named graphs, all in the default graph."""

import hashlib
from pathlib import Path

import pyoxigraph as ox

from kmn_ld.releases import CONTENT, DEFAULT, MANIFEST, STORE, File, Manifest, Release
from kmn_ld.vocab import PREFIXES

EX = "https://example.org/"
DATA = EX + "graph/data"
SHAPES = EX + "graph/shapes"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
EXTRA = "".join(f'<{EX}n{number}> <{EX}p> "{number:0100}" .\n' for number in range(150))
"""Statements to add: enough for a product of two patterns to give 6 MB."""

_TURTLE = (
    "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    + """
PREFIX ex: <https://example.org/>
ex:house a org:Organization ;
    skos:prefLabel "Haus der Beratung"@de , "House of advice"@en , "бюро"@uk ;
    dcterms:modified "2026-01-02"^^xsd:date ;
    schema:numberOfEmployees 12 ;
    org:hasSite <https://example.org/house#office> ;
    org:linkedTo ex:other , <https://example.org/other#office> .
<https://example.org/house#office> a org:Site ;
    rdfs:label "Büro"@de ;
    locn:address <https://example.org/house#address> .
<https://example.org/house#address> locn:postCode "30159" .
<https://example.org/house#stray> rdfs:label "not linked"@en .
ex:other a org:Organization ; skos:prefLabel "Anderes Haus"@de ; org:linkedTo ex:house .
<https://example.org/other#office> a org:Site .
"""
)
_SHAPES_TURTLE = (
    "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    + """
<https://example.org/shape> a sh:NodeShape ; sh:in ( 1 "zwei"@de <https://example.org/x> ) .
"""
)


def made_by_hand(folder: Path, extra: str = "") -> Release:
    """Write a release into a folder; `extra` is more N-Triples for the graph of data."""
    data = _quads(_TURTLE, DATA) + [
        ox.Quad(*quad.triple, ox.NamedNode(DATA))
        for quad in ox.parse(extra, format=ox.RdfFormat.N_TRIPLES)
    ]
    shapes = ox.Dataset(_quads(_SHAPES_TURTLE, SHAPES))
    shapes.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    content = _sorted([*data, *shapes], ox.RdfFormat.N_QUADS)
    default = _sorted([quad.triple for quad in data], ox.RdfFormat.N_TRIPLES)
    return release_of(folder, {CONTENT: content, DEFAULT: default})


def release_of(folder: Path, files: dict[str, bytes]) -> Release:
    """Write a release whose store is made up of these files (`.nq`, `.nt`, `.trig`)."""
    folder.mkdir(parents=True, exist_ok=True)
    store = ox.Store(str(folder / STORE))
    for name, data in files.items():
        (folder / name).write_bytes(data)
        kind = ox.RdfFormat.from_extension(name.rpartition(".")[2])
        store.bulk_extend(
            quad if isinstance(quad, ox.Quad) else ox.Quad(*quad)
            for quad in ox.parse(data, format=kind)
        )
    store.flush()
    digest = hashlib.sha256(b"".join(files.values())).hexdigest()
    manifest = Manifest(
        id=f"20260102T030405Z-{digest[:12]}",
        kind="sources",
        built="2026-01-02T03:04:05Z",
        digest=digest,
        graphs={},
        quads=len(store),
        load=tuple((name, name.rpartition(".")[2]) for name in files),
        files=tuple(
            File(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in files.items()
        ),
        tools={},
        steps=(),
    )
    (folder / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
    return Release(folder, manifest)


def _quads(turtle: str, graph: str) -> list[ox.Quad]:
    return [
        ox.Quad(*quad.triple, ox.NamedNode(graph))
        for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE)
    ]


def _sorted(statements: list[ox.Quad] | list[ox.Triple], kind: ox.RdfFormat) -> bytes:
    lines = (ox.serialize(statements, format=kind) or b"").splitlines(keepends=True)
    return b"".join(sorted(lines))
