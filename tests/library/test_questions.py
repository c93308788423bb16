"""The 25 questions of the domain, answered from the shipped data."""

import re

import pyoxigraph as ox
import pytest

from kmn_ld.engine import Iri, Literal, TrustedStore
from tests import questions
from tests.questions import HOME, REPOSITORY

QUERIES = questions.questions()
XSD = "http://www.w3.org/2001/XMLSchema#"
INTERIOR = "Niedersächsisches Ministerium für Inneres, Sport und Integration"
MONDAY = Iri("https://schema.org/Monday")
DAYS = ("2018-12-31", "2026-11-24", "2027-11-30", "2027-12-01")


def _date(value):
    return Literal(value, datatype=XSD + "date")


def _thing(path):
    return Iri(f"{HOME}id/{path}")


TODAY = {"old-or-uncertain-records": {"day": _date("2026-11-24")}}
"""Query → the day on which its answer was written down; as it stands it asks for today."""


def test_each_of_the_25_questions_has_one_query():
    assert sorted(map(questions.number, QUERIES.values())) == list(range(1, 26))


@pytest.mark.parametrize("name", QUERIES)
def test_a_question_is_answered_as_the_source_tables_say(store, reader, name):
    columns, rows = questions.expected(name)
    assert set(columns) <= set(QUERIES[name].listed("returns"))
    assert reader.rows(store.rows(QUERIES[name].text, TODAY.get(name)), columns) == rows


GIVEN = {
    "coordination before 2008 is unknown": (
        "coordination-on-a-day", {"day": _date("2005-01-01")}, "coordinatorName", []),
    "coordination at the university": (
        "coordination-on-a-day", {"day": _date("2008-12-31")}, "coordinatorName beginning end",
        [["KMN-Koordinationsstelle an der Universität Oldenburg", "2008-09-09", "2008-12-31"]]),
    "coordination on the first day of the interior ministry": (
        "coordination-on-a-day", {"day": _date("2009-01-01")}, "coordinatorName",
        [[INTERIOR]]),
    "coordination since the decree": (
        "coordination-on-a-day", {"day": _date("2012-09-11")}, "coordinator beginning end",
        [["ms-referat-301", "2012-09-11", ""]]),
    "pillars that a municipality funds": (
        "pillars-by-funder-level", {"level": _thing("concept/funder-level/kommune")},
        "position pillar",
        [["2", "koordinierungsstellen"]]),
    "pillars without a named funder": (
        "pillars-by-funder-level", {"level": _thing("concept/funder-level/nicht-angegeben")},
        "position",
        [["5"], ["7"], ["8"], ["9"], ["10"], ["11"], ["12"], ["13"]]),
    "a district seen in another association": (
        "regional-association-of-a-district", {"district": _thing("district/03101")},
        "association confidenceEn asOf", [["rv-braunschweig", "seen", "2021-07"]]),
    "a district of no known association": (
        "regional-association-of-a-district", {"district": _thing("district/03401")},
        "districtName association", [["Stadt Delmenhorst", ""]]),
    "a lead that is inferred": (
        "lead-of-a-regional-association", {"association": _thing("region/oldenburger-land")},
        "lead leadTextEn statusEn since asOf",
        [["", "Regionalkoordination of the Landescaritasverband and of the Diakonie Oldenburger "
          "Land (named as organisers of the 2024 meeting)", "inferred", "", "2024-07-09"]]),
    "a lead that was not seen": (
        "lead-of-a-regional-association", {"association": _thing("region/heide")},
        "lead leadTextDe statusEn", [["", "", "not seen"]]),
    "advice centres by pillar": (
        "advice-centres-in-a-district", {"ags": Literal("03403")}, "position organisation",
        [["1", "ibis-oldenburg"], ["3", "mbe-drk-oldenburg"]]),
    "an advice centre whose service covers a district": (
        "advice-centres-in-a-district", {"ags": Literal("03158")}, "organisation officeHere",
        [["refugium-braunschweig", "false"]]),
    "a language of volunteers": (
        "advice-in-a-language", {"language": Literal("ku")}, "languageEn modeEn organisation",
        [["Kurdish", "volunteers", "refugium-braunschweig"]]),
    "Monday evening": (
        "reachable-at-a-time",
        {"weekday": MONDAY, "time": Literal("18:00:00", datatype=XSD + "time")},
        "organisation channelEn closes", [["jmd-laatzen", "visit in person", "19:00:00"]]),
    "nobody at the minute of closing": (
        "reachable-at-a-time",
        {"weekday": MONDAY, "time": Literal("19:00:00", datatype=XSD + "time")},
        "organisation", []),
    "a former name of the network's predecessors": (
        "what-became-of", {"name": Literal("Jugendgemeinschaftswerke")}, "date eventEn successor",
        [["2004-01-01", "programme replaced", "jmd"]]),
    "the way back of a coordination office": (
        "what-became-of",
        {"name": Literal("Koordinierungsstelle Migration und Teilhabe, Landkreis Wesermarsch")},
        "date eventEn", [["2023-06-01", "carrier change"]]),
    "the source of a part": (
        "sources-of-a-statement", {"thing": _thing("network#membership-size")},
        "thingEn page confidenceEn",
        [["far more than 600 professionals and institutions",
          "http://www.migrationsbeauftragte-niedersachsen.de/?page_id=235", "seen"]]),
    "another office": (
        "contact-of-an-office", {"office": _thing("org/k358k696")},
        "office street number postCode town telephone fax email",
        [["lag-fw-niedersachsen", "Grupenstraße", "4", "30159", "Hannover", "+49 511 852090",
          "+49 511 2834774", "info@lag-fw-nds.de"]]),
    "an independent city": (
        "identifiers-of-a-district", {"district": _thing("district/03403")}, "ags nuts nutsIri",
        [["03403", "DE943", "http://data.europa.eu/nuts/code/DE943"]]),
}  # fmt: skip
"""What is asked → query, values of its parameters, columns, rows out of the source tables."""


@pytest.mark.parametrize("case", GIVEN)
def test_a_question_is_answered_for_other_values(store, reader, case):
    name, values, columns, rows = GIVEN[case]
    assert reader.rows(store.rows(QUERIES[name].text, values), columns.split()) == rows


def test_values_are_given_for_every_query_with_parameters_but_two():
    """Ages and days of stock-taking have tests of their own; a topic has one on made-up data."""
    given = {name for name, *_ in GIVEN.values()}
    with_parameters = {name for name, query in QUERIES.items() if query.listed("params")}
    assert with_parameters - given == {
        "free-advice-on-a-topic",
        "old-or-uncertain-records",
        "services-for-an-age",
    }


@pytest.mark.parametrize(("age", "limits"), [("11", set()), ("12", {"12"}), ("28", {"27"})])
def test_ages_outside_the_limits_of_a_programme_do_not_get_its_services(store, age, limits):
    value = {"age": Literal(age, datatype=XSD + "integer")}
    rows = store.rows(QUERIES["services-for-an-age"].text, value)
    assert {row["minimumAge"].value for row in rows if "minimumAge" in row} == limits


def test_at_27_both_federal_programmes_are_open(store):
    value = {"age": Literal("27", datatype=XSD + "integer")}
    rows = store.rows(QUERIES["services-for-an-age"].text, value)
    assert {row["minimumAge"].value for row in rows if "minimumAge" in row} == {"12", "27"}


def test_what_was_verified_in_a_month_is_old_after_the_same_month_of_the_next_year(store):
    text = QUERIES["old-or-uncertain-records"].text
    rows = [store.rows(text, {"day": _date(day)}) for day in DAYS]
    old = [[row for row in each if row["isOld"].value == "true"] for each in rows]
    assert [len(each) for each in old[:3]] == [1, 45 + 3, 45 + 3]
    assert old[3] == rows[3]
    assert len(old[3]) > 200


def test_the_way_to_the_coordinating_unit_names_no_person(store):
    persons = store.rows(f"SELECT ?name {{ ?contact <{HOME}def#contactPersonName> ?name }}")
    row = store.rows(QUERIES["contact-of-an-office"].text)[0]
    assert len(persons) == 1
    assert persons[0]["name"].value not in " ".join(term.value for term in row.values())


MADE_UP = {
    "free-advice-on-a-topic": """
        s:k7x2qf96 k:fee c:fee\\/free ;
            <http://data.europa.eu/m8g/thematicArea> c:topic\\/asylverfahren ;
            k:providedBy o:kj2qzd96 ; skos:prefLabel "Angebot"@de , "Service"@en .""",
    "accessibility-of-sites": """
        o:k55zg225\\#site k:hasAccessibility s:x .
        s:x k:accessibilityFeature c:accessibility\\/step-free .""",
    "regional-association-of-a-district": """
        <https://w3id.org/kmn-ld/id/region/braunschweig>
            k:coversDistrict <https://w3id.org/kmn-ld/id/district/03355> .""",
}
"""Query → what nobody has stated yet, made up."""
FOUND = {
    "free-advice-on-a-topic": ["asylverfahren", "Service", "asyl-ev-hildesheim"],
    "accessibility-of-sites": ["refugium-braunschweig", "step-free access"],
    "regional-association-of-a-district": ["rv-braunschweig", "covers district"],
}
COLUMNS = {
    "free-advice-on-a-topic": ["topic", "serviceEn", "organisation"],
    "accessibility-of-sites": ["organisation", "featureEn"],
    "regional-association-of-a-district": ["association", "linkEn"],
}


@pytest.mark.parametrize("name", MADE_UP)
def test_what_no_source_states_yet_is_found_as_soon_as_it_is_stated(raw, reader, name):
    enlarged = ox.Store()
    enlarged.bulk_extend(raw)
    prefixes = "".join(
        f"PREFIX {prefix}: <{namespace}>\n"
        for prefix, namespace in {
            "k": HOME + "def#", "c": HOME + "id/concept/", "o": HOME + "id/org/",
            "s": HOME + "id/service/", "skos": "http://www.w3.org/2004/02/skos/core#",
        }.items()
    )  # fmt: skip
    enlarged.load((prefixes + MADE_UP[name]).encode(), format=ox.RdfFormat.TURTLE)
    rows = TrustedStore(enlarged).rows(QUERIES[name].text)
    assert reader.rows(rows, COLUMNS[name])[0] == FOUND[name]


def test_the_table_of_questions_names_each_query_once():
    text = (REPOSITORY / "docs" / "questions.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| .+\(\.\./queries/examples/([a-z-]+)\.rq\) \|$", text, re.M)
    assert rows == sorted(
        ((query.header["question"], name) for name, query in QUERIES.items()),
        key=lambda row: int(row[0]),
    )
