"""Holds the page about data quality and the measurements in the store against the shipped data."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from kmn_ld import queries, sources
from kmn_ld.build import Silent, build_release
from kmn_ld.config import Settings
from kmn_ld.engine import TrustedStore
from kmn_ld.engine.opening import open_store
from kmn_ld.vocab import PREFIXES

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "data-quality.md").read_text("utf-8")
ROWS = re.findall(r"^\| (.+?) \| (\d+) \| `(.+)` \|$", PAGE, re.MULTILINE)


@pytest.fixture(scope="module")
def store():
    store = ox.Store()
    for file in sources.find(ROOT):
        store.load(file.path.read_bytes(), format=ox.RdfFormat.TURTLE)
    return store


def test_the_page_counts_gaps():
    assert len(ROWS) > 20


@pytest.mark.parametrize(("what", "count", "pattern"), ROWS)
def test_a_count_of_the_page_is_true(store, what, count, pattern):
    head = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    query = f"{head}SELECT (COUNT(DISTINCT ?record) AS ?n) WHERE {{ {pattern} }}"
    assert next(iter(store.query(query)))["n"].value == count, what


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """Return graph, metric, value and total of each measurement of a built release."""
    folder = tmp_path_factory.mktemp("quality")
    release = build_release(Settings(sources=ROOT, releases=folder), Silent()).release
    built = TrustedStore(open_store(release, 10**9))
    query = queries.read(ROOT / "queries" / "examples" / "data-quality.rq")
    return [
        (_last(row["dataset"]), _last(row["metric"]), row["value"].value, _value(row.get("total")))
        for row in built.rows(query.text)
    ]


def _last(iri):
    return iri.value.rsplit("/", 1)[1]


def _value(term):
    return term.value if term else ""


BY_HAND = [
    ("districts", "districts-without-coordination-office", "27", "45"),
    ("network", "regional-associations-unknown", "6", "10"),
    ("organisations", "organisations-without-address", "27", "73"),
    ("organisations", "organisations-without-contact", "64", "73"),
    ("organisations", "organisations-without-homepage", "44", "73"),
    ("organisations", "organisations-without-postal-code", "59", "73"),
    ("organisations", "services-without-language", "21", "22"),
    ("sources", "rival-statements", "15", ""),
]
"""Counted in the source tables. Of 66 rows in organisations.csv, 20 have neither street, postal
code nor town, 52 no postal code, 57 neither phone nor fax nor e-mail, 37 no homepage, and 18 are
coordination offices, each in another district; seven bodies that other columns name have none of
all that. Refugium alone says which languages it speaks; claims.ttl is counted."""


@pytest.mark.parametrize("expected", BY_HAND, ids=lambda row: row[1])
def test_a_measurement_in_the_store_is_what_the_source_tables_say(measured, expected):
    assert [row for row in measured if row[1] == expected[1]] == [expected]


def test_every_metric_is_measured_once_per_graph(store, measured):
    metrics = store.query(f"SELECT ?m {{ ?m a <{PREFIXES['dqv']}Metric> }}")
    assert {_last(row["m"]) for row in metrics} == {row[1] for row in measured}
    assert len({row[:2] for row in measured}) == len(measured)
