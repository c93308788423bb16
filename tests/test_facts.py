"""Every row and cell of the source tables, compared with the built store."""

import csv
from collections import defaultdict
from decimal import Decimal

import pytest

from kmn_ld.engine import Literal, TrustedStore
from kmn_ld.engine.opening import open_store
from kmn_ld.vocab import PREFIXES
from tests.facts import FOLDER, ORGANISATIONS, TABLES, number

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the source tables are not beside us")

NUMERIC = {PREFIXES["xsd"] + name for name in ("integer", "decimal")}
EMPTY = {"geonames_id", "date_latest"}
"""Columns in which no source has a value."""


@pytest.fixture(scope="module")
def store(shipped):
    return TrustedStore(open_store(shipped, 10**9))


def _ask(store, patterns, *names):
    head = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())
    patterns = patterns.replace("<NETWORK>", "<https://w3id.org/kmn-ld/id/network>")
    return store.rows(f"{head}SELECT DISTINCT {' '.join(names)} WHERE {{ {patterns} }}")


def _text(term):
    is_number = isinstance(term, Literal) and term.datatype in NUMERIC
    return str(Decimal(term.value).normalize()) if is_number else term.value


def _values(store, patterns):
    """Return the values of ?value."""
    return {_text(row["value"]) for row in _ask(store, patterns, "?value")}


def _stored(store, table, column):
    """Return row key → values in the store."""
    found = defaultdict(set)
    for row in _ask(store, f"{table.patterns} {column.patterns}", "?key", "?value"):
        found[row["key"].value].add(_text(row["value"]))
    return dict(found)


def _in_table(table, name, column):
    """Return row key → values in the table, rows without a value left out."""
    cells = {table.key(row): column.cell(row[name]) for row in table.read()}
    return {key: values for key, values in cells.items() if values}


def _differing(table, name, stored, expected):
    """Return one line per cell that differs; pytest would cut the two columns short."""
    keys = sorted(key for key in stored | expected if stored.get(key) != expected.get(key))
    return "\n".join(
        f"{table.file}.csv, {key}, {name}: "
        f"table {sorted(expected.get(key, ()))}, store {sorted(stored.get(key, ()))}"
        for key in keys
    )


def _title(value):
    """Return the name of a table or of a column."""
    return getattr(value, "file", value)


@pytest.mark.parametrize(
    ("table", "name"), [(table, name) for table in TABLES for name in table.columns], ids=_title
)
def test_a_column_is_in_the_store_cell_by_cell(store, table, name):
    column = table.columns[name]
    expected, stored = _in_table(table, name, column), _stored(store, table, column)
    assert (len(expected) > 0) is (name not in EMPTY)
    assert stored == expected, _differing(table, name, stored, expected)


@pytest.mark.parametrize("table", TABLES, ids=_title)
def test_the_store_has_one_record_for_each_row_and_no_others(store, table):
    keys = [row["key"].value for row in _ask(store, table.patterns, "?row", "?key")]
    assert sorted(keys) == sorted(table.key(row) for row in table.read())


def _csv_files():
    return sorted(path.stem for path in FOLDER.glob("*.csv"))


@pytest.mark.parametrize("file", _csv_files())
def test_every_row_and_column_is_compared(file):
    tables = [table for table in TABLES if table.file == file]
    with (FOLDER / f"{file}.csv").open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        rows = list(reader)
    compared = {name for table in tables for name in (*table.keys, *table.columns)}
    assert set(reader.fieldnames) == compared
    assert sum(len(table.read()) for table in tables) == len(rows)
    assert len({(id(table), table.key(row)) for table in tables for row in table.read()}) == len(
        rows
    )


SIX_HUNDRED = number("600")
CONTACT = "<NETWORK> kmn:coordinatedBy/org:hasPost/cv:contactPoint"
SEED = {
    "since 2000": ("<NETWORK> schema:foundingDate ?value", {"2000"}),
    "600 is the lower bound": ("<NETWORK> kmn:membershipSize/schema:minValue ?value", SIX_HUNDRED),
    "they are more than 600": ("<NETWORK> kmn:membershipSize/kmn:bound ?value", {"more-than"}),
    "a bare 600 stands nowhere": (
        "?thing ?value ?number . FILTER (isNumeric(?number) && ?number = 600)",
        {PREFIXES["schema"] + "minValue"},
    ),
    "ten regional associations are stated": (
        "<NETWORK> kmn:statedRegionalAssociationCount ?value",
        number("10"),
    ),
    "four of them are known": (
        "?association a kmn:RegionalAssociation ; org:subOrganizationOf <NETWORK> ; "
        "skos:notation ?value",
        {"rv-braunschweig", "rv-heide", "rv-oldenburger-land", "rv-suedniedersachsen"},
    ),
    "each has these tasks": (
        "?task a kmn:Task ; dcterms:identifier ?value . FILTER NOT EXISTS { "
        "?association a kmn:RegionalAssociation . "
        "FILTER NOT EXISTS { ?association kmn:hasTask ?task } }",
        {"erfahrungsaustausch", "fort-und-weiterbildung", "informationsfluss"},
    ),
    "each has a post of this role": (
        "?association a kmn:RegionalAssociation ; org:hasPost/org:role/dcterms:identifier ?value",
        {"leitung"},
    ),
    "a unit coordinates": ("<NETWORK> kmn:coordinatedBy/skos:notation ?value", {"ms-referat-301"}),
    "it has this number": ("<NETWORK> kmn:coordinatedBy/org:identifier ?value", {"301"}),
    "it belongs to the ministry": (
        "<NETWORK> kmn:coordinatedBy/org:unitOf/skos:notation ?value",
        {"ms-niedersachsen"},
    ),
    "it alone is a member with that role": (
        "?unit org:hasMembership ?membership ; skos:notation ?value . ?membership "
        "org:organization <NETWORK> ; org:role/dcterms:identifier 'zentrale-koordinierung'",
        {"ms-referat-301"},
    ),
    "its post is that of the contact": (
        "<NETWORK> kmn:coordinatedBy/org:hasPost/org:role/dcterms:identifier ?value",
        {"ansprechperson"},
    ),
    "the post is reached at this street": (
        f"{CONTACT}/locn:address/locn:thoroughfare ?value",
        {"Hannah-Arendt-Platz"},
    ),
    "the contact is named on an official page": (
        f"{CONTACT}/kmn:contactBasis/dcterms:identifier ?value",
        {"named-on-official-page"},
    ),
    "the contact has this source": (
        f"{CONTACT}/prov:hadPrimarySource/foaf:page ?value",
        {"http://www.migrationsbeauftragte-niedersachsen.de/?page_id=235"},
    ),
    "the contact was seen then": (f"{CONTACT}/kmn:lastVerified ?value", {"2026-11"}),
    "the contact is uncertain": (
        f"{CONTACT}/kmn:confidence/dcterms:identifier ?value",
        {"uncertain"},
    ),
    "open to these levels": (
        "<NETWORK> kmn:openTo/dcterms:identifier ?value",
        {"kommune", "land", "bund", "eu"},
    ),
    "organisations that are partners": (
        "?organisation skos:notation ?value ; org:hasMembership ?membership . ?membership "
        "org:organization <NETWORK> ; org:role/dcterms:identifier 'partner'",
        {"lpr-niedersachsen", "landesstelle-jugendschutz", "lsb-niedersachsen"},
    ),
    "pillars that are a body": (
        "[] kmn:representedBy/skos:notation ?value",
        {"lag-fw-niedersachsen", "lag-jsa-niedersachsen", "lag-soziale-brennpunkte", "amfn"},
    ),
}


@pytest.mark.parametrize("statement", SEED)
def test_a_statement_of_the_seed_is_in_the_store(store, statement):
    patterns, expected = SEED[statement]
    assert _values(store, patterns) == expected


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("hasPillar", 13),
        ("contributesThrough", 8),
        ("pursuesGoal", 2),
        ("involvesPartnerType", 8),
    ],
)
def test_the_network_has_all_of_each_kind(store, path, count):
    assert len(_ask(store, f"<NETWORK> kmn:{path} ?value", "?value")) == count


@pytest.mark.parametrize(
    ("column", "path"),
    [
        ("phone", "cv:telephone"),
        ("fax", "kmn:faxNumber"),
        ("postal_code", "locn:address/locn:postCode"),
        ("town", "locn:address/locn:postName"),
    ],
)
def test_the_post_of_the_coordination_is_reached_as_the_unit(store, column, path):
    unit = next(row for row in ORGANISATIONS.read() if row["id"] == "ms-referat-301")
    assert _values(store, f"{CONTACT}/{path} ?value") == {unit[column]}


def test_one_contact_alone_bears_a_name_and_it_is_a_plain_string(store):
    rows = _ask(store, "?bearer kmn:contactPersonName ?value", "?bearer", "?value")
    contact = _ask(store, f"{CONTACT} ?value", "?value")
    assert [row["bearer"] for row in rows] == [row["value"] for row in contact]
    assert [row["value"].datatype for row in rows] == [PREFIXES["xsd"] + "string"]


def test_numbers_are_compared_by_value():
    assert number("192.70") == number("192.7")


ROLE = "<https://w3id.org/kmn-ld/id/concept/role/zentrale-koordinierung>"
REFUGIUM = "?service kmn:providedBy/skos:notation 'refugium-braunschweig'^^kmn:factsSlug . "
TIME = "(time:inXSDDate|time:inXSDgYearMonth|time:inXSDgYear)"
IN_WORDS = {
    "the languages that staff of Refugium speak": (
        f"{REFUGIUM} ?service kmn:hasLanguageOffer ?offer . ?offer dcterms:language ?language ; "
        "kmn:languageMode/dcterms:identifier 'staff' . "
        "?concept skos:exactMatch ?language ; dcterms:identifier ?value",
        {"en", "fr", "it", "pl", "am", "prs"},
    ),
    "the languages that volunteers of Refugium interpret": (
        f"{REFUGIUM} ?service kmn:hasLanguageOffer ?offer . ?offer dcterms:language ?language ; "
        "kmn:languageMode/dcterms:identifier 'volunteer' . "
        "?concept skos:exactMatch ?language ; dcterms:identifier ?value",
        {"fa", "ar", "ku"},
    ),
    "the districts in which Refugium advises": (
        f"{REFUGIUM} ?service dcterms:spatial/kmn:ags ?value",
        {"03101", "03154", "03158"},
    ),
    "the youth services that state the ages 12 to 27": (
        "?service kmn:minimumAge 12 ; kmn:maximumAge 27 ; kmn:providedBy/skos:notation ?value",
        {"jmd-laatzen", "jmd-cjd-nienburg", "jmd-drk-holzminden"},
    ),
    "the office that says it does no individual counselling": (
        "?service dcterms:type/dcterms:identifier 'coordination-only' ; "
        "kmn:providedBy/skos:notation ?value",
        {"kmt-verden"},
    ),
    "the authority that grants funds to the coordination offices": (
        "?programme dcterms:identifier 'koordinierungsstellen' ; "
        "kmn:grantedBy/skos:notation ?value",
        {"ls-oldenburg-5sl1"},
    ),
    "beginnings of the coordination": (
        f"?membership org:role {ROLE} ; org:memberDuring/time:hasBeginning/{TIME} ?value",
        {"2008-09-09", "2009-01-01", "2012-09-11"},
    ),
    "ends of the coordination": (
        f"?membership org:role {ROLE} ; org:memberDuring/time:hasEnd/{TIME} ?value",
        {"2008-12-31", "2012-09-10"},
    ),
    "who coordinated on 1 March 2010": (
        f"?body skos:prefLabel ?value ; org:hasMembership ?membership . ?membership "
        f"org:role {ROLE} ; org:memberDuring ?interval . "
        "?interval time:hasBeginning/time:inXSDDate ?from ; time:hasEnd/time:inXSDDate ?to . "
        "FILTER (?from <= '2010-03-01'^^xsd:date && ?to >= '2010-03-01'^^xsd:date)",
        {"Niedersächsisches Ministerium für Inneres, Sport und Integration"},
    ),
    "members of the amfn since a known day": (
        "?body skos:notation ?value ; org:hasMembership ?membership . ?membership "
        "org:organization/skos:notation 'amfn'^^kmn:factsSlug ; "
        f"org:memberDuring/time:hasBeginning/{TIME} ?day",
        {
            "haus-der-kulturen-braunschweig",
            "integration-ev-oldenburg",
            "freie-ukraine-braunschweig",
            "interaktion-hannover",
            "deutsch-polnische-gesellschaften",
        },
    ),
    "members that say so of a regional association": (
        "?body skos:notation ?value ; org:hasMembership/org:organization ?association . "
        "?association a kmn:RegionalAssociation",
        {"asyl-ev-hildesheim", "migrationszentrum-goettingen"},
    ),
    "legal bases of the network": (
        "?event prov:used <NETWORK> ; cv:hasFormalFramework/dcterms:identifier ?value",
        {"erlass-kmn-2012", "bekanntmachung-mi-2006"},
    ),
    "years in which amfn was founded": (
        "{ ?body skos:notation 'amfn'^^kmn:factsSlug ; schema:foundingDate ?value } UNION "
        "{ ?claim kmn:claimAbout/skos:notation 'amfn'^^kmn:factsSlug ; "
        "kmn:claimProperty schema:foundingDate ; kmn:claimValue ?value }",
        {"1995-09-16", "1993"},
    ),
    "addresses that others state for IBIS": (
        "?claim kmn:claimAbout/skos:notation 'ibis-oldenburg'^^kmn:factsSlug ; "
        "kmn:claimProperty locn:address ; kmn:claimValue ?value",
        {"Klävemannstraße, Oldenburg (ohne Hausnummer)", "Alexanderstr. 48, 26123 Oldenburg"},
    ),
    "what became of the integration offices": (
        "?old skos:prefLabel 'Leitstellen für Integration'@de ; dcterms:isReplacedBy ?new . "
        "?new skos:notation ?value",
        {"koordinierungsstellen"},
    ),
    "keys of the districts that Göttingen replaced": (
        "?district kmn:ags '03159' ; dcterms:replaces/kmn:ags ?value",
        {"03152", "03156"},
    ),
    "hours of the advice by a lawyer": (
        "?service kmn:providedBy/skos:notation 'asyl-ev-hildesheim'^^kmn:factsSlug ; "
        "cv:hasChannel/schema:openingHoursSpecification ?hours . "
        "?hours schema:dayOfWeek schema:Wednesday ; rdfs:label 'Beratung mit Rechtsanwalt'@de ; "
        "schema:opens|schema:closes ?value",
        {"15:00:00", "17:00:00"},
    ),
}
"""What notes and remarks of the tables say, beyond their own columns."""


@pytest.mark.parametrize("statement", IN_WORDS)
def test_what_the_tables_say_in_words_is_in_the_store(store, statement):
    patterns, expected = IN_WORDS[statement]
    assert _values(store, patterns) == expected


def test_every_place_with_hours_has_them_to_compute_too(store):
    readable = _ask(store, "?channel cv:openingHours ?hours", "?channel")
    computable = _ask(store, "?channel schema:openingHoursSpecification ?hours", "?channel")
    assert len(readable) == 4
    assert {row["channel"] for row in readable} == {row["channel"] for row in computable}
