import pyoxigraph as ox
import pytest

from kmn_ld.describe import (
    best_name,
    describe,
    describe_graph,
    expand,
    labels_of,
    shorten,
    sort_key,
)
from kmn_ld.engine.opening import open_store
from kmn_ld.engine.terms import Iri, Literal
from kmn_ld.engine.trusted import TrustedStore
from kmn_ld.vocab import BASE, GRAPH, PREFIXES
from tests.web import made_up
from tests.web.made_up import ACTIVE, OTHER

HOUSE = f"{BASE}id/org/{ACTIVE}"


@pytest.fixture
def house(engine):
    return describe(engine, HOUSE)


def _property(part, short):
    return next(entry for entry in part.properties if entry.iri == expand(short))


def _paths(part):
    """Return (IRI, property, IRI of the nested part) of every part that is told, deep down."""
    return [
        found
        for entry in part.properties
        for value in entry.values
        if value.part is not None
        for found in [(part.iri, entry.iri, value.part.iri), *_paths(value.part)]
    ]


def test_a_thing_has_its_names_in_every_language_and_its_type(house):
    names = house.thing.names
    assert set(names) == {Literal("Haus der Beratung", "de"), Literal("House of advice", "en")}
    assert [kind.term for kind in house.thing.types] == [Iri(PREFIXES["org"] + "Organization")]


def test_its_own_names_are_not_repeated_among_the_properties(house):
    assert expand("skos:prefLabel") not in {entry.iri for entry in house.thing.properties}
    assert expand("skos:altLabel") in {entry.iri for entry in house.thing.properties}


def test_each_part_is_told_once_where_it_is_nearest(house):
    assert _paths(house.thing) == [
        (HOUSE, expand("cv:contactPoint"), f"{HOUSE}#contact"),
        (HOUSE, expand("locn:address"), f"{HOUSE}#address"),
    ]
    contact = _property(house.thing, "cv:contactPoint").values[0].part
    again = _property(contact, "locn:address").values[0]
    assert again.part is None
    assert again.names
    assert again.within == ()


def test_values_carry_the_names_of_what_they_link_to(house):
    pillar = _property(house.thing, "kmn:inPillar").values[0]
    assert set(pillar.names) == {Literal("Erste Säule", "de"), Literal("First pillar", "en")}


def test_labels_of_properties_come_from_the_ontology_and_of_outside_ones_from_us(house):
    assert Literal("in Säule", "de") in _property(house.thing, "kmn:inPillar").names
    assert Literal("Anschrift", "de") in _property(house.thing, "locn:address").names
    assert Literal("address", "en") in _property(house.thing, "locn:address").names


def test_source_date_and_confidence_stand_apart(house):
    assert {entry.iri for entry in house.thing.provenance} == {
        expand("prov:hadPrimarySource"),
        expand("kmn:lastVerified"),
        expand("kmn:confidence"),
    }


def test_what_points_at_a_thing_is_listed_by_property_and_counted(house):
    assert [(entry.property.iri, entry.count) for entry in house.incoming] == [
        (expand("org:linkedTo"), 1)
    ]
    assert house.incoming[0].property.values[0].term == Iri(f"{BASE}id/org/{OTHER}")


def test_a_part_that_points_at_a_thing_is_named_with_its_owner(engine, tmp_path):
    incoming = describe(engine, f"{BASE}id/concept/confidence/seen").incoming
    assert [entry.count for entry in incoming] == [1]
    assert labels_of(engine, f"{HOUSE}#contact")[0].value in ("Kontakt", "Contact")


def test_the_graphs_that_speak_of_a_thing_are_named(house):
    assert [graph.term for graph in house.graphs] == [Iri(f"{GRAPH}organisations")]


def test_a_thing_without_statements_is_empty(engine):
    nothing = describe(engine, f"{BASE}id/region/nowhere")
    assert nothing.thing.properties == ()
    assert nothing.incoming == ()


def test_parts_that_point_at_each_other_end(settings, tmp_path):
    circle = """
    <id/region/kreis> a kmn:RegionalAssociation ; org:hasPost <id/region/kreis#a> .
    <id/region/kreis#a> org:linkedTo <id/region/kreis#b> , <id/region/kreis#a> .
    <id/region/kreis#b> org:linkedTo <id/region/kreis#a> , <id/region/kreis> .
    """
    engine = _over(settings, made_up.write(tmp_path, more=circle))
    told = describe(engine, f"{BASE}id/region/kreis").thing
    assert [path[2].rpartition("#")[2] for path in _paths(told)] == ["a", "b"]


def test_lists_are_told_in_their_order(settings, tmp_path):
    listed = '<id/region/liste> a kmn:RegionalAssociation ; kmn:asOf ( "c" "a" "b" ) .'
    engine = _over(settings, made_up.write(tmp_path, more=listed))
    told = describe(engine, f"{BASE}id/region/liste").thing
    items = _property(told, "kmn:asOf").values[0].items
    assert [item.term.value for item in items] == ["c", "a", "b"]


def test_ten_thousand_links_are_counted_and_some_are_shown(settings, tmp_path):
    many = " ".join(f"<id/event/e{number}> org:linkedTo <id/network> ." for number in range(10_000))
    engine = _over(settings, made_up.write(tmp_path, more=many))
    incoming = describe(engine, f"{BASE}id/network").incoming
    assert [entry.count for entry in incoming] == [10_000]
    assert len(incoming[0].property.values) == 25


def _over(settings, release):
    return TrustedStore(open_store(release, settings.memory_triples))


def test_a_graph_of_data_lists_things_and_leaves_parts_out(engine):
    told = describe_graph(engine, f"{GRAPH}organisations")
    members = {member.term.value for group in told.groups for member in group.members}
    assert HOUSE in members
    assert f"{HOUSE}#address" not in members


def test_there_is_no_description_of_an_unknown_graph(engine):
    assert describe_graph(engine, f"{GRAPH}nothing") is None


@pytest.mark.parametrize(
    ("language", "chosen"), [("en", "b"), ("de", "a"), ("fr", "c"), ("ar", "c")]
)
def test_the_best_name_is_in_the_language_else_in_none_else_german(language, chosen):
    names = (Literal("a", "de"), Literal("b", "en"), Literal("c"))
    assert best_name(names, language).value == chosen


def test_without_a_fitting_name_any_is_better_than_none():
    assert best_name((Literal("x", "tr"),), "de").value == "x"
    assert best_name((), "de") is None
    assert sort_key((), "de") == ""


def test_umlauts_are_sorted_as_their_letters():
    names = ["Zeven", "Österhaus", "Ottersberg", "Ölper"]
    ordered = sorted(names, key=lambda name: sort_key((Literal(name, "de"),), "de"))
    assert ordered == ["Ölper", "Österhaus", "Ottersberg", "Zeven"]


SOURCES = """
<id/district/03102> a cv:AdminUnit ; skos:prefLabel "Kreis"@de ;
    prov:hadPrimarySource <id/source/a> , <id/source/silent> ;
    geo:hasGeometry <id/district/03102#g> .
<id/district/03102#g> a geo:Geometry ; prov:hadPrimarySource <id/source/b> , <id/source/c> .
<id/source/a> a kmn:SourceRecord ; skos:prefLabel "Amt"@de ;
    dcatde:licenseAttributionByText "© Amt 2019"@de , "© Office 2019"@en ;
    dcterms:license <https://creativecommons.org/licenses/by/4.0/> .
<id/source/b> a kmn:SourceRecord ; dcatde:licenseAttributionByText "© Karten"@de .
<id/source/c> a kmn:SourceRecord ; dcatde:licenseAttributionByText "© Karten"@de .
"""


def test_sources_of_a_thing_and_its_parts_are_named_as_they_want_each_text_once(settings, tmp_path):
    engine = _over(settings, made_up.write(tmp_path, more=SOURCES))
    told = describe(engine, f"{BASE}id/district/03102").attributions
    assert [entry.texts for entry in told] == [
        (Literal("© Amt 2019", "de"), Literal("© Office 2019", "en")),
        (Literal("© Karten", "de"),),
    ]
    assert told[0].source.names == (Literal("Amt", "de"),)
    assert Literal("Creative Commons Namensnennung 4.0 (CC BY 4.0)", "de") in told[0].licence.names
    assert told[1].licence is None


def test_what_it_is_contact_and_place_come_first_and_keys_and_sources_stand_apart(house):
    told = [shorten(entry.iri) for entry in house.thing.properties]
    assert told == [
        "skos:altLabel",
        "org:classification",
        "kmn:inPillar",
        "foaf:homepage",
        "cv:contactPoint",
        "locn:address",
        "dcterms:spatial",
    ]
    assert [shorten(entry.iri) for entry in house.thing.identifiers] == ["dcterms:identifier"]


def test_what_points_at_a_thing_is_named_as_it_reads_from_there(engine):
    incoming = describe(engine, f"{BASE}id/concept/pillar/one").incoming
    names = {shorten(entry.property.iri): entry.property.names for entry in incoming}
    assert Literal("Organisationen dieser Säule", "de") in names["kmn:inPillar"]


def test_what_a_thing_says_itself_is_not_told_again_from_the_other_side(engine):
    scheme = describe(engine, f"{BASE}id/concept/pillar")
    assert expand("skos:hasTopConcept") in {entry.iri for entry in scheme.thing.properties}
    assert scheme.incoming == ()


DERIVING = f"""
<{GRAPH}things> {{
  <id/org/a> a org:FormalOrganization ; skos:prefLabel "A"@de ; kmn:coversDistrict <id/district/x> .
  <id/org/b> org:unitOf <id/org/a> . <id/org/a#site> org:siteOf <id/org/a> ; skos:prefLabel "S"@de .
}}
<{GRAPH}derived> {{
  <id/org/a> a org:Organization ; dcterms:title "A"@de ; org:hasUnit <id/org/b> ;
    org:hasSite <id/org/a#site> ; dcterms:spatial <id/district/x> .
  <id/district/x> org:linkedTo <id/org/a> .
}}
"""


@pytest.fixture
def deriving():
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    store = ox.Store()
    quads = list(ox.parse(f"BASE <{BASE}>\n{prefixes}{DERIVING}", format=ox.RdfFormat.TRIG))
    store.extend(quads)
    store.extend(ox.Quad(*quad.triple) for quad in quads)
    return Counted(store)


class Counted(TrustedStore):
    """Counts the queries that it answers."""

    asked = 0

    def _run(self, query, bindings):
        self.asked += 1
        return super()._run(query, bindings)


def test_what_follows_stands_apart_and_repeats_neither_names_nor_what_points_here(deriving):
    told = describe(deriving, f"{BASE}id/org/a")
    assert [kind.term.value for kind in told.thing.types] == [expand("org:FormalOrganization")]
    derived = {shorten(entry.iri): [value.term for value in entry.values] for entry in told.derived}
    assert derived == {
        "rdf:type": [Iri(expand("org:Organization"))],
        "dcterms:spatial": [Iri(f"{BASE}id/district/x")],
    }
    assert {shorten(entry.property.iri) for entry in told.incoming} == {"org:unitOf", "org:siteOf"}


def test_a_part_that_only_a_conclusion_leads_to_is_told(deriving):
    told = describe(deriving, f"{BASE}id/org/a").thing
    assert _property(told, "org:hasSite").values[0].part.names == (Literal("S", "de"),)


def test_a_description_takes_the_same_few_queries_however_much_it_names(
    deriving, settings, release
):
    describe(deriving, f"{BASE}id/org/a")
    assert deriving.asked == 3  # nothing has a source here, so nobody asks for attributions
    counted = Counted(open_store(release, settings.memory_triples))
    describe(counted, HOUSE)
    assert counted.asked == 4
