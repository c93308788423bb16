"""SPARQL requests through the application to the real workers: what clients see in the end."""

import csv
import json

import pyoxigraph as ox
import pytest

from kmn_ld.vocab import BASE, GRAPH
from tests.web import engines
from tests.web.made_up import ACTIVE

PREF_LABEL = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
NAMES = f"SELECT ?name {{ <{BASE}id/org/{ACTIVE}> {PREF_LABEL} ?name }} ORDER BY ?name"
TYPED = f"SELECT ?d {{ <{BASE}id/org/{ACTIVE}> <{BASE}def#lastVerified> ?d }}"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.fixture(scope="module", params=engines.ALL)
def sparql(request, tmp_path_factory):
    """Return a client of an application with real workers, over each engine."""
    folder = tmp_path_factory.mktemp("protocol")
    with engines.application(request.param, folder, query_max_bytes=2000) as app:
        yield app.test_client()


def _json(sparql, query, **parameters):
    response = sparql.get("/sparql", query_string={"query": query, **parameters})
    assert response.content_type == "application/sparql-results+json"
    return json.loads(response.data)["results"]["bindings"]


@pytest.mark.clause("JSON 3.2.2")
def test_json_keeps_language_and_datatype(sparql):
    assert [row["name"]["xml:lang"] for row in _json(sparql, NAMES)] == ["de", "en"]
    assert _json(sparql, TYPED)[0]["d"]["datatype"].endswith("#gYearMonth")


@pytest.mark.clause("CSV 3.2")
def test_csv_cells_are_the_plain_text_of_a_literal(sparql):
    response = sparql.get("/sparql", query_string={"query": NAMES, "format": "csv"})
    assert list(csv.reader(response.text.splitlines())) == [
        ["name"],
        ["Haus der Beratung"],
        ["House of advice"],
    ]


@pytest.mark.clause("Protocol 2.1.5", "Protocol 2.1.6")
@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "application/sparql-results+json"),
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("application/sparql-results+json", "application/sparql-results+json"),
        ("application/json;charset=utf-8", "application/sparql-results+json"),
        ("text/csv;q=0.2, application/sparql-results+xml;q=0.3", "application/sparql-results+xml"),
        ("text/*", "text/csv"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("application/xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv"),
        ("text/tab-separated-values", "text/tab-separated-values"),
        ("text/turtle, text/csv;q=0.5", "text/csv"),
        ("application/json;q=0, */*;q=0.1", "application/sparql-results+xml"),
    ],
)
@pytest.mark.parametrize("query", [NAMES, "ASK {}"])
def test_accept_decides_about_rows_and_booleans(sparql, query, accept, media_type):
    headers = {} if accept is None else {"Accept": accept}
    response = sparql.get("/sparql", query_string={"query": query}, headers=headers)
    assert (response.status_code, response.mimetype) == (200, media_type)
    assert response.headers["Vary"] == "Accept"


@pytest.mark.clause("Protocol 2.1.5", "Protocol 2.1.6")
@pytest.mark.parametrize("query", [f"DESCRIBE <{BASE}id/network>", "CONSTRUCT WHERE { ?s ?p ?o }"])
@pytest.mark.parametrize(
    ("accept", "media_type", "parsed"),
    [
        (None, "text/turtle", ox.RdfFormat.TURTLE),
        ("application/n-triples", "application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/ld+json", "application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/rdf+xml", "application/rdf+xml", ox.RdfFormat.RDF_XML),
    ],
)
def test_triples_come_in_graph_formats(sparql, query, accept, media_type, parsed):
    headers = {"Accept": accept} if accept else {}
    response = sparql.get("/sparql", query_string={"query": query}, headers=headers)
    assert response.mimetype == media_type
    assert len(list(ox.parse(response.data, format=parsed))) > 2


@pytest.mark.clause("Protocol 2.1.4")
def test_the_dataset_of_the_request_is_obeyed(sparql):
    everything = _json(sparql, COUNT)[0]["n"]["value"]
    one = _json(sparql, COUNT, **{"default-graph-uri": f"{GRAPH}network"})[0]["n"]["value"]
    none = _json(sparql, COUNT, **{"named-graph-uri": f"{GRAPH}network"})[0]["n"]["value"]
    assert int(everything) > int(one) > int(none)
    assert int(none) == 0


@pytest.mark.clause("Protocol 4.1", "Protocol 2.1.7")
@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "LOAD <http://127.0.0.1:9/>",
        "nonsense",
        "",
    ],
)
@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_what_is_not_offered_is_400_for_programs_and_people(sparql, query, accept):
    response = sparql.get("/sparql", query_string={"query": query}, headers={"Accept": accept})
    assert response.status_code == 400


@pytest.mark.clause("Limits: query size")
def test_a_query_that_is_too_long_is_413(sparql):
    response = sparql.post("/sparql", data={"query": "ASK {} #" + "x" * 2000})
    assert response.status_code == 413


@pytest.mark.clause("HEAD")
def test_head_runs_the_query_and_sends_no_body(sparql):
    head = sparql.head("/sparql", query_string={"query": NAMES})
    got = sparql.get("/sparql", query_string={"query": NAMES})
    assert head.status_code == 200
    assert head.headers["Content-Length"] == got.headers["Content-Length"]
    assert head.headers["ETag"] == got.headers["ETag"]
    assert head.data == b""


def test_people_see_rows_links_and_languages(sparql):
    query = f"SELECT ?s ?name {{ ?s {PREF_LABEL} ?name }}"
    page = sparql.get("/sparql", query_string={"query": query}, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert f'href="/doc/org/{ACTIVE}"' in page.text
    assert '<span lang="en" dir="auto">House of advice</span>' in page.text
