"""What the queries of the library beside the 25 questions answer from the shipped data."""

import re

import pyoxigraph as ox
import pytest
from rdflib import SDO, Graph, URIRef

from kmn_ld.engine import Iri, Literal
from tests import questions
from tests.library.test_every_query import GRAPHS, LIBRARY
from tests.questions import HOME, REPOSITORY

OTHERS = sorted(set(LIBRARY) - set(questions.questions()) - {"data-quality"})
"""The measurements of data quality have tests of their own."""
ROWS = {
    "changes-since": None,
    "classes-in-use": None,
    "co-participation": 154,
    "contact-data-of-organisations": 73,
    "districts-around-a-point": 45,
    "figures-of-districts": 45,
    "identifiers-of-organisations": 73,
    "links-to-other-lists": 45 + 45 + 46,
    "organisations-per-district": 45,
    "properties-of-a-class": None,
    "records-by-source": 100,
    "terms-of-the-ontology": None,
}
"""Query of which only some rows are written down, in their order → how many it has, if that says
anything."""


def _date(value: str) -> Literal:
    return Literal(value, datatype="http://www.w3.org/2001/XMLSchema#date")


def _thing(path: str) -> Iri:
    return Iri(f"{HOME}id/{path}")


@pytest.mark.parametrize("name", sorted(set(OTHERS) - set(ROWS)))
def test_a_query_is_answered_as_the_sources_say(store, reader, name):
    columns, rows = questions.expected(name)
    assert reader.rows(store.rows(LIBRARY[name].text), columns) == rows


@pytest.mark.parametrize("name", ROWS)
def test_a_long_answer_holds_what_the_sources_say_in_order(store, reader, name):
    columns, rows = questions.expected(name)
    found = reader.rows(store.rows(LIBRARY[name].text), columns)
    assert [row for row in found if row in rows] == rows
    assert ROWS[name] in (None, len(found))


AMFN = "Arbeitsgemeinschaft Migrantinnen, Migranten und Flüchtlinge in Niedersachsen – amfn e.V."
GIVEN = {
    "a pillar in its districts": (
        "districts-of-a-pillar", {"pillar": _thing("concept/pillar/mbe")}, "ags organisations",
        [["03241", "5"], ["03403", "1"], ["03404", "1"]]),
    "a pillar that nobody is recorded in": (
        "districts-of-a-pillar", {"pillar": _thing("concept/pillar/integrationsfachdienste")},
        "ags", []),
    "the neighbours of a city in a corner": (
        "neighbours-of-a-district", {"district": _thing("district/03402")}, "neighbourName",
        [["Landkreis Aurich"], ["Landkreis Leer"]]),
    "a city within one district": (
        "neighbours-of-a-district", {"district": _thing("district/03404")}, "neighbourName",
        [["Landkreis Osnabrück"]]),
    "a point that is none": (
        "districts-around-a-point", {"point": Literal("Hannover")}, "ags", []),
    "one organisation": (
        "organisations-in-flat-rows", {"organisation": _thing("org/kbmwc756")},
        "organisation town telephone email parentName",
        [["ms-referat-301", "Hannover", "+49 511 1205953", "",
          "Niedersächsisches Ministerium für Soziales, Gesundheit und Gleichstellung"]]),
    "the offices of another pillar": (
        "contact-sheet-of-a-pillar", {"pillar": _thing("concept/pillar/bamf-regionalkoordination")},
        "ags organisation", [["03101", "bamf-regionalkoordination-braunschweig"]]),
    "hours on a Friday": (
        "opening-hours-of-a-day", {"weekday": Iri("https://schema.org/Friday")},
        "organisation channelEn opens closes",
        [["asyl-ev-hildesheim", "phone", "09:00:00", "13:30:00"]]),
    "no hours on a Sunday": (
        "opening-hours-of-a-day", {"weekday": Iri("https://schema.org/Sunday")}, "opens", []),
    "services of one provider": (
        "services-in-flat-rows", {"provider": _thing("org/kqn9wd46")}, "provider ags telephone",
        [["migrationszentrum-goettingen", "03159", "+49 551 55766"]]),
    "services for professionals": (
        "services-for-a-target-group", {"group": _thing("concept/target-group/professionals")},
        "ags organisation", [["", "ls-oldenburg-5sl1"], ["03361", "kmt-verden"]]),
    "participants on an undated page": (
        "participants-of-a-regional-association",
        {"association": _thing("region/suedniedersachsen")},
        "date participant organisation work",
        [["", "Asyl e. V., Hildesheim", "asyl-ev-hildesheim", "Federführung"],
         ["", "Asyl e. V., Hildesheim", "asyl-ev-hildesheim", "Migrationsberatung"]]),
    "nothing since a day to come": (
        "changes-since", {"day": _date("2026-11-25")}, "thing", []),
    "languages by their tags": (
        "links-to-other-lists", {"list": Literal("BCP47")}, "identifier",
        [["am"], ["ar"], ["de"], ["en"], ["fa"], ["fr"], ["it"], ["ku"], ["pl"], ["prs"]]),
    "a city that is district and seat": (
        "our-iri-for-an-identifier",
        {"list": Literal("Wikidata"), "identifier": Literal("Q2773")}, "thing thingName",
        [["03101", "Stadt Braunschweig"], ["03101#seat", "Braunschweig"]]),
    "a GeoNames id": (
        "our-iri-for-an-identifier",
        {"list": Literal("GeoNames"), "identifier": Literal("2862926")}, "thingName",
        [["Land Niedersachsen"]]),
    "a language of the EU": (
        "our-iri-for-an-identifier",
        {"list": Literal("EU-languages"), "identifier": Literal("PRS")}, "thing", [["prs"]]),
    "an id of the source tables": (
        "our-iri-for-an-identifier",
        {"list": Literal("source-tables"), "identifier": Literal("amfn")}, "thingName",
        [["Arbeitsgemeinschaft Migrantinnen/en und Flüchtlinge in Niedersachsen (amfn e.V.) "
          "als Dachverband"], [AMFN]]),
    "a key of DCAT-AP.de": (
        "our-iri-for-an-identifier",
        {"list": Literal("DCAT-AP.de"), "identifier": Literal("03451")}, "thing", [["03451"]]),
    "an identifier that nothing has": (
        "our-iri-for-an-identifier",
        {"list": Literal("NUTS"), "identifier": Literal("DE929\"> }")}, "thing", []),
    "entries of a code list": (
        "concepts-of-a-list", {"scheme": _thing("concept/fee")}, "key conceptEn",
        [["free", "free of charge"], ["charged", "charged"]]),
}  # fmt: skip
"""What is asked → query, values of its parameters, columns, rows out of the sources."""


@pytest.mark.parametrize("case", GIVEN)
def test_a_query_is_answered_for_other_values(store, reader, case):
    name, values, columns, rows = GIVEN[case]
    assert reader.rows(store.rows(LIBRARY[name].text, values), columns.split()) == rows


def test_other_values_are_given_for_every_query_with_parameters():
    """The graph of organisations has a test of its own."""
    given = {name for name, *_ in GIVEN.values()} | {"properties-of-a-class"}
    assert {name for name in OTHERS if LIBRARY[name].listed("params")} == given


def test_a_class_has_the_properties_of_its_things(store):
    value = {"class": Iri(f"{HOME}def#Network")}
    rows = store.rows(LIBRARY["properties-of-a-class"].text, value)
    found = {row["property"].value: row["things"].value for row in rows}
    assert found[f"{HOME}def#hasPillar"] == "1"
    assert f"{HOME}def#ags" not in found


def test_point_and_district_are_joined_by_the_outline(store):
    rows = store.rows(LIBRARY["districts-around-a-point"].text)
    distances = [int(float(row["kilometres"].value)) for row in rows]
    assert [row["contains"].value for row in rows].count("true") == 1
    assert distances[1:] == sorted(distances[1:])


def test_organisations_come_in_the_words_of_schema_org(raw):
    assert {"organisations-for-search-engines"} == GRAPHS
    text = questions.library()["organisations-for-search-engines"].text
    graph = Graph().parse(data=ox.serialize(raw.query(text), format=ox.RdfFormat.N_TRIPLES))
    organisation = URIRef(f"{HOME}id/org/k358k696")
    address = graph.value(organisation, SDO.address)
    assert str(graph.value(organisation, SDO.email)) == "info@lag-fw-nds.de"
    assert str(graph.value(organisation, SDO.telephone)) == "+49 511 852090"
    assert str(graph.value(address, SDO.streetAddress)) == "Grupenstraße 4"
    assert str(graph.value(address, SDO.postalCode)) == "30159"
    assert set(graph.subjects(predicate=SDO.identifier)) == {organisation}


def test_the_graph_of_organisations_is_the_same_in_another_engine(raw, elsewhere):
    text = questions.library()["organisations-for-search-engines"].text
    here = Graph().parse(data=ox.serialize(raw.query(text), format=ox.RdfFormat.N_TRIPLES))
    assert set(elsewhere.query(text)) == set(here)


def test_no_query_gives_the_name_of_a_contact_person(store):
    persons = store.rows(f"SELECT ?name {{ ?contact <{HOME}def#contactPersonName> ?name }}")
    name = persons[0]["name"].value
    answers = [store.rows(query.text) for query in LIBRARY.values()]
    values = {term.value for rows in answers for row in rows for term in row.values()}
    assert [value for value in values if name in value] == []


def test_the_table_of_further_queries_names_each_once_with_its_titles():
    text = (REPOSITORY / "docs" / "questions.md").read_text(encoding="utf-8")
    cells = r"^\| [^|\d][^|]* \| ([^|]+) \| ([^|]+) \| "
    pattern = cells + r"\[.+\]\(\.\./queries/examples/([a-z-]+)\.rq\) \| [^|]*\|$"
    rows = re.findall(pattern, text, re.MULTILINE)
    further = set(questions.library()) - set(questions.questions())
    headers = [questions.library()[name].header for name in further]
    titles = [(one["title@de"], one["title"]) for one in headers]
    assert sorted(name for _, _, name in rows) == sorted(further)
    assert sorted((german, english) for german, english, _ in rows) == sorted(titles)
