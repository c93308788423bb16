"""Tries the rules of `queries/derive` on made-up data."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from kmn_ld import queries, sources
from kmn_ld.engine import TrustedStore
from kmn_ld.vocab import GRAPH, PREFIXES

ROOT = Path(__file__).parents[1]
HEAD = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
HEAD += "PREFIX ex: <https://example.org/>\n"


def concluded(rule, *statements):
    """Return what a rule concludes from TriG, as triples."""
    store = ox.Store()
    store.load((HEAD + "\n".join(statements)).encode(), format=ox.RdfFormat.TRIG)
    text = queries.read(ROOT / sources.RULES / f"{rule}.rq").text
    lines = TrustedStore(store).derive([text], GRAPH + sources.DERIVED)
    return triples("\n".join(lines))


def triples(text):
    return set(ox.parse(f"{HEAD}{text}".encode(), format=ox.RdfFormat.TURTLE))


@pytest.mark.parametrize(
    ("said", "link"),
    [
        ('cv:telephone "+49 511 123456"', "vcard:hasTelephone <tel:+49511123456>"),
        ('cv:email "kmn.post@example.org"', "vcard:hasEmail <mailto:kmn.post@example.org>"),
    ],
)
def test_a_contact_is_a_link_too(said, link):
    assert concluded("contact-links", f"ex:contact {said} .") == triples(f"ex:contact {link} .")


@pytest.mark.parametrize("said", ['cv:telephone "0511/123456"', 'cv:email "post at example.org"'])
def test_a_contact_in_another_form_is_no_link(said):
    assert concluded("contact-links", f"ex:contact {said} .") == set()


def test_a_graph_has_the_sources_of_its_records():
    found = concluded(
        "graph-sources",
        "ex:one { ex:a prov:hadPrimarySource ex:page . ex:b prov:hadPrimarySource ex:page }",
        "ex:two { ex:c prov:hadPrimarySource ex:table }",
    )
    assert found == triples(
        "ex:one prov:hadPrimarySource ex:page . ex:two prov:hadPrimarySource ex:table ."
    )


def test_age_is_counted_back_from_the_newest_verification():
    metric = "<https://w3id.org/kmn-ld/id/concept/quality-metric/records-not-verified>"
    days = {"a": "2031-05", "b": "2030-05", "c": "2030-04"}
    records = [
        f'ex:{name} kmn:lastVerified "{day}"^^xsd:gYearMonth ; '
        "kmn:confidence <https://w3id.org/kmn-ld/id/concept/confidence/seen> ."
        for name, day in days.items()
    ]
    found = concluded(
        "quality-of-records", f'{metric} skos:prefLabel "x"@de .', "ex:graph {", *records, "}"
    )
    measurement = "<https://example.org/graph#records-not-verified>"
    assert found == triples(
        f"ex:graph dqv:hasQualityMeasurement {measurement} ."
        f'{measurement} a dqv:QualityMeasurement ; rdfs:label "x"@de ;'
        f"dqv:isMeasurementOf {metric} ; dqv:computedOn ex:graph ; dqv:value 1 ;"
        "schema:maxValue 3 ."
    )
