import json

import pytest

from kmn_ld.vocab import PREFIXES
from tests.web.answering import answer

EMPTY = json.dumps({"head": {"vars": ["s"]}, "results": {"bindings": []}}).encode()
KMN = PREFIXES["kmn"]


@pytest.fixture
def page_of(client, engine):
    """Return the page of a query with an empty result."""

    def _page_of(query, body=EMPTY):
        engine.next = answer(body, "json", None)
        path = {"query": query, "lang": "en"}
        return client.get("/sparql", query_string=path, headers={"Accept": "text/html"}).text

    return _page_of


@pytest.mark.parametrize(
    ("query", "written", "nearest"),
    [
        (f"PREFIX k: <{KMN}> SELECT ?s {{ ?s a k:Netwrok }}", "k:Netwrok", "kmn:Network"),
        (f"SELECT ?s {{ ?s <{KMN}inpillar> ?p }}", f"&lt;{KMN}inpillar&gt;", "kmn:inPillar"),
    ],
)
def test_a_name_that_the_ontology_lacks_is_told_with_the_nearest(page_of, query, written, nearest):
    page = page_of(query)
    assert f"“{written}” is not in the ontology." in page
    assert f"Did you mean “{nearest}”?" in page


def test_a_name_that_is_like_no_other_is_told_alone(page_of):
    page = page_of(f"PREFIX kmn: <{KMN}> SELECT ?s {{ ?s a kmn:Xyzzyx }}")
    assert "“kmn:Xyzzyx” is not in the ontology." in page
    assert "Did you mean" not in page


@pytest.mark.parametrize(
    "query",
    [
        f"PREFIX kmn: <{KMN}> SELECT ?s {{ ?s a kmn:Network ; kmn:inPillar 'kmn:Netwrok' }}",
        "PREFIX kmn: <https://example.org/> SELECT ?s { ?s a kmn:Netwrok }",
    ],
)
def test_names_that_exist_and_those_of_others_are_not_told(page_of, query):
    assert "not in the ontology" not in page_of(query)


def test_nothing_is_told_where_there_are_rows(page_of):
    row = {"s": {"type": "literal", "value": "x"}}
    body = json.dumps({"head": {"vars": ["s"]}, "results": {"bindings": [row]}}).encode()
    query = f"PREFIX kmn: <{KMN}> SELECT ?s {{ {{ ?s a kmn:Netwrok }} UNION {{ ?s ?p ?o }} }}"
    assert "not in the ontology" not in page_of(query, body)
