"""Holds the counts of the page about data quality against the shipped data."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from kmn_ld import sources
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
