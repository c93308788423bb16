"""Clients as they are, from outside, over HTTP: each runs every query of the library; all agree."""

import csv
import io
import shutil
import subprocess
from functools import cache

import pandas as pd
import pytest
from rdflib import Graph
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper

from tests import questions
from tests.clients import comunica, terms

pytestmark = pytest.mark.xdist_group("clients")

QUERIES = questions.library()
GRAPHS = {"organisations-for-search-engines"}
"""Queries that return a graph."""
ROWS = sorted(set(QUERIES) - GRAPHS)
WITHOUT_ANSWER = {"free-advice-on-a-topic"}
"""Queries that the sources leave unanswered (docs/questions.md)."""


@pytest.fixture(scope="module")
def wrapper(server):
    """Ask with SPARQLWrapper, each query once: what the others are compared with."""

    @cache
    def ask(name):
        client = SPARQLWrapper(f"{server}/sparql", returnFormat=TURTLE if name in GRAPHS else JSON)
        client.setMethod(POST)
        client.setQuery(QUERIES[name].text)
        answer = client.queryAndConvert()
        return answer if name in GRAPHS else answer["results"]["bindings"]

    return ask


@pytest.fixture(scope="module")
def by_comunica(server):
    """What Comunica answers, by query; it is told the address and no more."""
    wishes = [{"name": name, "query": query.text, "sources": [f"{server}/sparql"]}
              for name, query in QUERIES.items()]  # fmt: skip
    return comunica.ask(wishes)


def _columns(name):
    return QUERIES[name].listed("returns")


def _curl(address, query, media_type):
    words = ["-sS", "--fail", "-H", f"Accept: {media_type}", "--data-urlencode", "query@-"]
    done = subprocess.run(
        ["curl", *words, address], input=query.encode(), capture_output=True, check=True
    )
    return done.stdout.decode()


@pytest.mark.parametrize("name", ROWS)
def test_sparqlwrapper_has_rows(wrapper, name):
    assert bool(wrapper(name)) is (name not in WITHOUT_ANSWER)


@pytest.mark.parametrize("name", ROWS)
def test_comunica_agrees(wrapper, by_comunica, name):
    assert "error" not in by_comunica[name]
    found = terms.of_json(by_comunica[name]["text"], _columns(name))
    assert found == terms.of_bindings(wrapper(name), _columns(name))


@pytest.mark.parametrize("name", ROWS)
def test_rdflib_agrees(server, wrapper, name):
    store = SPARQLStore(f"{server}/sparql", method="POST")
    rows = [row.asdict() for row in Graph(store).query(QUERIES[name].text)]
    found = terms.of_rdflib(rows, _columns(name))
    assert found == terms.of_bindings(wrapper(name), _columns(name))


@pytest.mark.parametrize("name", ROWS)
def test_pandas_agrees(server, wrapper, name):
    table = pd.read_csv(f"{server}/queries/{name}.csv", dtype=str, keep_default_na=False)
    assert list(table.columns) == list(_columns(name))
    found = terms.of_texts(table.itertuples(index=False, name=None))
    assert found == terms.as_texts(wrapper(name), _columns(name))


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize("name", ROWS)
def test_curl_agrees(server, wrapper, name):
    text = _curl(f"{server}/sparql", QUERIES[name].text, "text/csv")
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    assert header == list(_columns(name))
    assert terms.of_texts(rows) == terms.as_texts(wrapper(name), _columns(name))


@pytest.mark.parametrize("name", sorted(GRAPHS))
def test_all_that_read_graphs_agree(server, wrapper, by_comunica, name):
    text = QUERIES[name].text
    expected = terms.of_graph(wrapper(name), "turtle")
    by_rdflib = Graph(SPARQLStore(f"{server}/sparql", method="POST")).query(text)
    assert len(expected) > 5
    assert terms.of_graph(by_comunica[name]["text"], "nt") == expected
    assert terms.of_graph(by_rdflib.serialize(format="nt"), "nt") == expected
    assert terms.of_graph(_curl(f"{server}/sparql", text, "text/turtle"), "turtle") == expected
