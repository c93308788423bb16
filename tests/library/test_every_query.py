"""What holds for every query of the library that returns rows."""

import re

import pytest
from SPARQLWrapper import JSON, SPARQLWrapper

from kmn_ld.engine import projected_variables
from tests import questions

GRAPHS = {"organisations-for-search-engines"}
"""Queries that return a graph."""
LIBRARY = {name: query for name, query in questions.library().items() if name not in GRAPHS}
OF_NAMED_GRAPHS = {"datasets", "records-by-confidence"}
"""Queries about named graphs, which are not loaded into the other engine."""
GEOSPARQL = {"districts-around-a-point", "neighbours-of-a-district"}
"""Queries with functions that the other engine does not have."""
COLLECTED = {
    "services-in-flat-rows": {"ags", "languages"},
    "identifiers-of-organisations": {"counterparts"},
    "funding-programmes": {"levelsDe", "levelsEn"},
}
"""Query → columns with several values in a cell, whose order is the engine's."""


def _told(row, columns):
    """Return a row as texts, the values of a collecting cell in one order."""
    return [
        " | ".join(sorted(text.split(" | "))) if name in columns else text
        for name, text in row.items()
    ]


@pytest.mark.parametrize("name", LIBRARY)
def test_a_query_says_what_it_returns_in_order_and_bounded(name):
    query = LIBRARY[name]
    assert list(query.listed("returns")) == projected_variables(query.text)
    assert re.search(r"\nORDER BY .+\nLIMIT \d+\n$", query.text)


def test_the_library_is_large_enough_for_researchers_portals_and_linking_systems():
    assert len(LIBRARY) + len(GRAPHS) >= 44


@pytest.mark.parametrize("name", LIBRARY)
def test_no_row_comes_twice(store, name):
    rows = store.rows(LIBRARY[name].text)
    assert [row for place, row in enumerate(rows) if row in rows[:place]] == []


@pytest.mark.parametrize("name", LIBRARY)
def test_a_query_is_answered_over_http_with_the_same_rows(store, server, name):
    client = SPARQLWrapper(f"http://127.0.0.1:{server.port}/sparql", returnFormat=JSON)
    client.setQuery(LIBRARY[name].text)
    answer = client.queryAndConvert()
    here = [
        {key: (term.value, getattr(term, "language", "")) for key, term in row.items()}
        for row in store.rows(LIBRARY[name].text)
    ]
    assert answer["head"]["vars"] == list(LIBRARY[name].listed("returns"))
    assert [
        {key: (cell["value"], cell.get("xml:lang", "")) for key, cell in row.items()}
        for row in answer["results"]["bindings"]
    ] == here


@pytest.mark.parametrize("name", sorted(set(LIBRARY) - OF_NAMED_GRAPHS - GEOSPARQL))
def test_another_engine_gives_the_same_rows(store, elsewhere, name):
    columns = LIBRARY[name].listed("returns")
    collected = COLLECTED.get(name, set())
    there = [
        dict(zip(columns, ("" if value is None else str(value) for value in row), strict=True))
        for row in elsewhere.query(LIBRARY[name].text)
    ]
    here = [
        {key: row[key].value if key in row else "" for key in columns}
        for row in store.rows(LIBRARY[name].text)
    ]
    assert [_told(row, collected) for row in there] == [_told(row, collected) for row in here]


@pytest.mark.parametrize("name", sorted(GEOSPARQL))
def test_a_query_that_another_engine_may_not_answer_says_so(name):
    query = LIBRARY[name]
    assert "GeoSPARQL" in query.header["summary"]
    assert "GeoSPARQL" in query.header["summary@de"]
    assert "geosparql" in query.listed("tags")
