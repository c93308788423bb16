"""Every cell of the source tables that is loaded now, compared with the built store."""

from collections import defaultdict
from decimal import Decimal

import pytest

from kmn_ld import releases
from kmn_ld.build import Silent, build_release
from kmn_ld.config import Settings
from kmn_ld.engine import Literal, TrustedStore
from kmn_ld.engine.opening import open_store
from kmn_ld.vocab import PREFIXES
from tests.build.conftest import REPOSITORY
from tests.facts import FOLDER, FUNCTION_GROUPS, FUNCTIONS, HOLDING, TABLES, number

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the source tables are not beside us")

NUMERIC = {PREFIXES["xsd"] + name for name in ("integer", "decimal")}
LATER = {"organisations": {"languages", "opening_hours_text"}}
"""Columns that come with the services."""


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("facts")
    build_release(Settings(sources=REPOSITORY, releases=folder), Silent())
    return TrustedStore(open_store(releases.current(folder), 10**9))


def _ask(store, patterns, *names):
    head = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())
    return store.rows(f"{head}SELECT DISTINCT {' '.join(names)} WHERE {{ {patterns} }}")


def _text(term):
    is_number = isinstance(term, Literal) and term.datatype in NUMERIC
    return str(Decimal(term.value).normalize()) if is_number else term.value


def _stored(store, table, column):
    """Return row key → values in the store."""
    found = defaultdict(set)
    for row in _ask(store, f"{table.patterns} {column.patterns}", "?key", "?value"):
        found[row["key"].value].add(_text(row["value"]))
    return dict(found)


def _in_table(table, name, column):
    """Return row key → values in the table, rows without a value left out."""
    cells = {row[table.key]: column.cell(row[name]) for row in table.read()}
    return {key: values for key, values in cells.items() if values}


EMPTY = {"geonames_id"}
"""Columns in which no source has a value."""


@pytest.mark.parametrize(
    ("table", "name"),
    [(t, name) for t in TABLES for name in t.columns],
    ids=lambda v: getattr(v, "name", v),
)
def test_a_column_is_in_the_store_cell_by_cell(store, table, name):
    column = table.columns[name]
    expected = _in_table(table, name, column)
    assert bool(expected) is (name not in EMPTY)
    assert _stored(store, table, column) == expected


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_store_has_the_rows_of_the_table_and_no_others(store, table):
    keys = {row["key"].value for row in _ask(store, table.patterns, "?key")}
    assert keys == {row[table.key] for row in table.read()}


def test_every_column_is_compared_or_comes_later():
    compared = defaultdict(set)
    for table in (*TABLES, *HOLDING):
        compared[table.name] |= {*table.columns, table.key}
    compared["functions"].add("group")
    read = {table.name: set(table.read()[0]) for table in TABLES}
    assert {name: read[name] - compared[name] for name in read} == {
        name: LATER.get(name, set()) for name in read
    }


@pytest.mark.parametrize("scheme", FUNCTION_GROUPS)
def test_functions_are_in_the_list_of_their_group(store, scheme):
    patterns = f"{FUNCTIONS.patterns} ?row skos:inScheme/dcterms:identifier {scheme!r} ."
    keys = {row["key"].value for row in _ask(store, patterns, "?key")}
    rows = [row for row in FUNCTIONS.read() if row["group"] == FUNCTION_GROUPS[scheme]]
    assert keys == {row["id"] for row in rows}


@pytest.mark.parametrize(
    ("table", "name"),
    [(table, name) for table in HOLDING for name in table.columns],
    ids=lambda value: getattr(value, "name", value),
)
def test_a_cell_is_among_the_values_of_its_record(store, table, name):
    stored = _stored(store, table, table.columns[name])
    cells = {row["id"]: row[name] for row in table.read() if row[name]}
    assert len(cells) >= 2
    assert {key: cell for key, cell in cells.items() if cell not in stored.get(key, set())} == {}


SEED = {
    "since 2000": ("<NETWORK> schema:foundingDate ?value", {"2000"}),
    "at least 600": ("<NETWORK> kmn:membershipSize/schema:minValue ?value", {"6E+2"}),
    "more than that": ("<NETWORK> kmn:membershipSize/kmn:bound ?value", {"more-than"}),
    "ten are stated": ("<NETWORK> kmn:statedRegionalAssociationCount ?value", {"1E+1"}),
    "the unit coordinates": (
        "<NETWORK> kmn:coordinatedBy/org:unitOf/skos:notation ?value",
        {"ms-niedersachsen"},
    ),
    "by a membership with that role": (
        "?unit org:hasMembership ?m ; org:identifier ?value . ?m org:organization <NETWORK> ; "
        "org:role/dcterms:identifier 'zentrale-koordinierung'",
        {"301"},
    ),
    "with a named contact": (
        "<NETWORK> kmn:coordinatedBy/org:hasPost/cv:contactPoint/kmn:contactPersonName ?value",
        {"Dorota Szymanska"},
    ),
    "whose name is uncertain": (
        "?c kmn:contactPersonName [] ; "
        "kmn:contactBasis/dcterms:identifier 'named-on-official-page' ; "
        "prov:hadPrimarySource [] ; kmn:lastVerified [] ; kmn:confidence/dcterms:identifier ?value",
        {"uncertain"},
    ),
    "open to these levels": (
        "<NETWORK> kmn:openTo/dcterms:identifier ?value",
        {"kommune", "land", "bund", "eu"},
    ),
    "partners as organisations": (
        "?o skos:notation ?value ; org:hasMembership/org:role/dcterms:identifier 'partner'",
        {"lpr-niedersachsen", "landesstelle-jugendschutz", "lsb-niedersachsen"},
    ),
}


@pytest.mark.parametrize("statement", SEED)
def test_a_statement_of_the_seed_is_in_the_store(store, statement):
    patterns, expected = SEED[statement]
    patterns = patterns.replace("<NETWORK>", "<https://w3id.org/kmn-ld/id/network>")
    assert {_text(row["value"]) for row in _ask(store, patterns, "?value")} == expected


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("kmn:hasPillar", 13),
        ("kmn:contributesThrough", 8),
        ("kmn:pursuesGoal", 2),
        ("kmn:involvesPartnerType", 8),
    ],
)
def test_the_network_has_all_of_each_kind(store, path, count):
    rows = _ask(store, f"<https://w3id.org/kmn-ld/id/network> {path} ?value", "?value")
    assert len(rows) == count


def test_numbers_are_compared_by_value():
    assert number("192.70") == number("192.7")
