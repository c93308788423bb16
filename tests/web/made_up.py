"""A small release of made-up things below our own base, written by hand, and its ledger."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox

from kmn_ld import catalogue, ledger, releases
from kmn_ld.build.searching import write_search
from kmn_ld.describe.usage import UsageCounting
from kmn_ld.engine.loading import convert
from kmn_ld.engine.trusted import TrustedStore
from kmn_ld.formats import DUMPS
from kmn_ld.iris import check_digits
from kmn_ld.releases import (
    CONTENT,
    DEFAULT,
    LEDGER,
    MANIFEST,
    QUERIES,
    STATISTICS,
    STORE,
    USAGE,
    File,
    Release,
)
from kmn_ld.vocab import BASE, GRAPH, PREFIXES
from tests.engine.handmade import release_of


def an_id(payload: str) -> str:
    """Return a well-formed id."""
    return f"k{payload}{check_digits(payload)}"


ACTIVE, OTHER, SERVICE = "k7x2qf96", "kbcdf023", "k3m9tr31"
RESERVED, WITHDRAWN, ERASED = an_id("2bc3d"), an_id("3bc4d"), an_id("4bc5d")
MERGED, MERGED_TWICE, INACTIVE = an_id("5bc6d"), an_id("6bc7d"), an_id("7bc9d")
NEVER_MINTED, WRONG_DIGITS = an_id("9bc2d"), "k7x2qf69"

_PREFIXES = (
    "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items()) + f"BASE <{BASE}>\n"
)

ORGANISATIONS = f"""
<id/org/{ACTIVE}> a org:Organization ;
    skos:prefLabel "Haus der Beratung"@de , "House of advice"@en ;
    skos:altLabel "بيت المشورة"@ar , "<script>alert(1)</script>" ;
    dcterms:identifier "{ACTIVE}" ;
    org:classification <id/concept/kind/centre> ;
    kmn:inPillar <id/concept/pillar/one> ;
    dcterms:spatial <id/district/03101> ;
    foaf:homepage <https://example.org/house> , <javascript:alert(1)> ;
    locn:address <id/org/{ACTIVE}#address> ;
    cv:contactPoint <id/org/{ACTIVE}#contact> ;
    prov:hadPrimarySource <id/source/book> ;
    kmn:confidence <id/concept/confidence/seen> ;
    kmn:lastVerified "2026-11"^^xsd:gYearMonth .
<id/org/{ACTIVE}#address> a locn:Address ;
    rdfs:label "Anschrift"@de , "Address"@en ;
    locn:postCode "01234" ; locn:postName "Musterstadt"@de .
<id/org/{ACTIVE}#contact> a cv:ContactPoint ;
    rdfs:label "Kontakt"@de , "Contact"@en ;
    cv:telephone "+49 000 1" ; locn:address <id/org/{ACTIVE}#address> .
<id/org/{OTHER}> a org:Organization ;
    skos:prefLabel "Anderes Haus"@de ;
    org:classification <id/concept/kind/centre> ;
    dcterms:spatial <http://dcat-ap.de/def/politicalGeocoding/stateKey/03> ;
    org:linkedTo <id/org/{ACTIVE}> .
<id/org/{INACTIVE}> a org:Organization ; skos:prefLabel "Früheres Haus"@de .
<id/service/{SERVICE}> a cpsv:PublicService ; dcterms:title "Beratung"@de .
"""
NETWORK = """
<id/network> a kmn:Network ;
    skos:prefLabel "Mustern\u00adetz"@de , "Sample network"@en ;
    dcterms:description "Ein Netz zum Ausprobieren."@de , "A network to try things on."@en ;
    kmn:statedRegionalAssociationCount 10 .
<id/region/heide> a kmn:RegionalAssociation ; skos:prefLabel "Regionalverbund Muster"@de .
<id/district/03101> a cv:AdminUnit ; skos:prefLabel "Kreis Muster"@de ;
    kmn:ags "03101" ; kmn:districtType <id/concept/district-type/x> .
<id/source/book> a kmn:SourceRecord ; skos:prefLabel "Ein Buch"@de , "A book"@en .
<id/concept/pillar> a skos:ConceptScheme ; skos:prefLabel "Säulen"@de , "Pillars"@en ;
    skos:hasTopConcept <id/concept/pillar/one> .
<id/concept/pillar/one> a kmn:Pillar ; skos:prefLabel "Erste Säule"@de , "First pillar"@en ;
    skos:inScheme <id/concept/pillar> ; skos:notation 1 .
<id/concept/confidence/seen> a skos:Concept ; skos:prefLabel "belegt"@de , "seen"@en .
"""
ONTOLOGY = """
<def> a owl:Ontology ; dcterms:title "Muster-Ontologie"@de , "Sample ontology"@en ;
    owl:versionIRI <def/1.0.0> .
kmn:inPillar a owl:ObjectProperty ; rdfs:label "in Säule"@de , "in pillar"@en ;
    rdfs:domain [ a owl:Class ; owl:unionOf ( org:Organization kmn:Network ) ] .
kmn:Network a owl:Class ; rdfs:label "Netzwerk"@de , "network"@en .
"""
SHAPES = """
<shapes> a owl:Ontology ; dcterms:title "Prüfregeln"@de , "Shapes"@en .
kms:Network a sh:NodeShape ; sh:name "Netzwerk"@de ; sh:in ( 1 "zwei"@de ) .
"""
_GRAPHS = {
    "network": NETWORK,
    "organisations": ORGANISATIONS,
    "ontology": ONTOLOGY,
    "shapes": SHAPES,
}


def write(folder: Path, *, more: str = "", padding: int = 0) -> Release:
    """Write a release into a folder of releases and make it the current one.

    `more` is Turtle (prefixes known, our base set) for the graph of organisations; `padding` is
    the size of one more dump, `padding.nt`, in bytes.
    """
    texts = _GRAPHS | {"organisations": ORGANISATIONS + more}
    named = [quad for name, text in texts.items() for quad in _quads(text, GRAPH + name)]
    default = [quad.triple for quad in named if quad.graph_name.value != GRAPH + "shapes"]
    building = folder / ".building-test"
    release = release_of(
        building,
        {CONTENT: _lines(named, "nq"), DEFAULT: _lines(default, "nt")},
    )
    _write_dumps(building)
    _write_usage(building)
    lines = (building / DEFAULT).read_text(encoding="utf-8").splitlines()
    counted = catalogue.count(TrustedStore.of_folder(building / STORE), lines)
    (building / STATISTICS).write_text(counted.to_json(), encoding="utf-8")
    _write_examples(building / QUERIES)
    if padding:
        (building / "dump" / "padding.nt").write_bytes(b"#" * (padding - 1) + b"\n")
    write_ledger(building / LEDGER)
    write_search(building)
    counts = {GRAPH + name: len(_quads(text, GRAPH + name)) for name, text in texts.items()}
    manifest = replace(
        release.manifest,
        graphs=counts,
        files=tuple(_described(building, path) for path in sorted((building / "dump").iterdir())),
    )
    (building / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
    building.rename(folder / manifest.id)
    releases.activate(folder, manifest.id)
    return releases.read(folder / manifest.id)


def _write_dumps(folder: Path) -> None:
    (folder / "dump").mkdir()
    for name in DUMPS:
        if name != "nq":
            convert(folder / DEFAULT, folder / "dump" / f"network.{name}", name)


def _write_usage(folder: Path) -> None:
    counting = UsageCounting()
    for quad in ox.parse((folder / CONTENT).read_bytes(), format=ox.RdfFormat.N_QUADS):
        counting.add(quad.graph_name.value, f"{quad.triple} .")
    (folder / USAGE).write_text(counting.to_json(), encoding="utf-8")


def _write_examples(folder: Path) -> None:
    folder.mkdir()
    for name, tags in (("zoo", "network, history"), ("age", "network"), ("odd", "made-up")):
        (folder / f"{name}.rq").write_text(
            f"#+ title: Example {name}\n#+ title@de: Beispiel {name}\n#+ summary: About <{name}>.\n"
            f"#+ summary@de: Über <{name}>.\n#+ params: day (date)\n#+ returns: day\n"
            f"#+ tags: {tags}\nSELECT ?day {{ OPTIONAL {{ VALUES ?day {{ '{name}' }} }} }}\n",
            encoding="utf-8",
        )


def write_ledger(path: Path) -> None:
    """Write a ledger with an id of every state."""
    events = [("org", key, "minted") for key in (ACTIVE, OTHER, RESERVED, WITHDRAWN, ERASED)]
    events += [("org", key, "minted") for key in (MERGED, MERGED_TWICE, INACTIVE)]
    events += [("service", SERVICE, "minted"), ("service", SERVICE, "published")]
    published = (ACTIVE, OTHER, WITHDRAWN, ERASED, MERGED, MERGED_TWICE, INACTIVE)
    events += [("org", key, "published") for key in published]
    rows = [(kind, key, event, "2026-01-01", "", "", "editor") for kind, key, event in events]
    rows += [
        ("org", key, event, "2026-02-03", target, reason, "editor")
        for key, event, target, reason in (
            (INACTIVE, "deactivated", ACTIVE, "merger"),
            (WITHDRAWN, "withdrawn", "", "out-of-scope"),
            (ERASED, "erased", "", ""),
            (MERGED_TWICE, "merged", MERGED, ""),
            (MERGED, "merged", ACTIVE, ""),
        )
    ]
    ledger.append(path, rows)


def _quads(turtle: str, graph: str) -> list[ox.Quad]:
    dataset = ox.Dataset(
        ox.Quad(*quad.triple, ox.NamedNode(graph))
        for quad in ox.parse(_PREFIXES + turtle, format=ox.RdfFormat.TURTLE)
    )
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    relabelled = [_own_labels(quad, graph) for quad in dataset]
    return sorted(relabelled, key=str)


def _own_labels(quad: ox.Quad, graph: str) -> ox.Quad:
    """Keep the blank nodes of two graphs apart."""
    terms = [
        ox.BlankNode(graph.rpartition("/")[2] + term.value)
        if isinstance(term, ox.BlankNode)
        else term
        for term in quad.triple
    ]
    return ox.Quad(*terms, ox.NamedNode(graph))


def _lines(statements: list[ox.Quad] | list[ox.Triple], extension: str) -> bytes:
    written = ox.serialize(statements, format=ox.RdfFormat.from_extension(extension)) or b""
    return b"".join(sorted(set(written.splitlines(keepends=True))))


def _described(folder: Path, path: Path) -> File:
    data = path.read_bytes()
    return File(path.relative_to(folder).as_posix(), len(data), hashlib.sha256(data).hexdigest())
