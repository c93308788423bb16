"""What clients cannot do, pinned: the table in docs/researchers.md says the same."""

import re
from urllib.error import HTTPError

import pandas as pd
import pytest
from rdflib import XSD, Graph, Literal
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from tests import questions
from tests.clients import comunica

pytestmark = pytest.mark.xdist_group("clients")

QUERIES = questions.library()
GEOSPARQL = {"districts-around-a-point", "neighbours-of-a-district"}
EXCEPTIONS = {
    "pandas": {"organisations-for-search-engines"},
    'Comunica with several sources, or with `type: "sparql"`': GEOSPARQL,
    "rdflib with `initBindings`": set(),  # every query with parameters
}
"""Client → the queries that it does not run so."""


def test_the_page_names_each_exception():
    page = (questions.REPOSITORY / "docs" / "researchers.md").read_text(encoding="utf-8")
    _, _, section = page.partition("### What clients cannot do")
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| [^|]+ \|$", section, re.MULTILINE)[1:]
    told = {client: set(re.findall(r"`([a-z-]+)`", queries)) for client, queries in rows}
    assert told == EXCEPTIONS


def test_pandas_gets_no_table_of_a_graph(server):
    (name,) = EXCEPTIONS["pandas"]
    with pytest.raises(HTTPError, match="404") as error:
        pd.read_csv(f"{server}/queries/{name}.csv")
    error.value.close()


def test_comunica_without_the_description_runs_all_but_the_functions_that_it_lacks(server):
    sources = [{"type": "sparql", "value": f"{server}/sparql"}]
    wishes = [
        {"name": name, "query": query.text, "sources": sources} for name, query in QUERIES.items()
    ]
    refused = {
        name: told["error"] for name, told in comunica.ask(wishes).items() if "error" in told
    }
    assert set(refused) == GEOSPARQL
    assert all("geosparql" in error for error in refused.values())


@pytest.mark.parametrize("name", sorted(GEOSPARQL))
def test_comunica_lacks_these_functions_with_several_sources_too(server, name):
    sources = [f"{server}/sparql", f"{server}/doc/region/heide.ttl"]
    told = comunica.ask([{"name": name, "query": QUERIES[name].text, "sources": sources}])
    assert "geosparql" in told[name].get("error", "")


def test_values_that_rdflib_adds_match_nothing_beside_the_example_values(server):
    graph = Graph(SPARQLStore(f"{server}/sparql", method="POST"))
    day = {"day": Literal("2012-01-01", datatype=XSD.date)}
    text = QUERIES["coordination-on-a-day"].text
    assert len(graph.query(text)) == 1
    assert len(graph.query(text, initBindings=day)) == 0
