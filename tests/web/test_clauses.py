"""The SPARQL 1.1 Protocol clause by clause (docs/conformance.md), over each engine."""

import json
from urllib.parse import quote, urlencode

import pytest

from kmn_ld.vocab import BASE, GRAPH
from tests.web import engines
from tests.web.made_up import ACTIVE

PREF_LABEL = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
NAMES = f"SELECT ?name {{ <{BASE}id/org/{ACTIVE}> {PREF_LABEL} ?name }} ORDER BY ?name"
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"


@pytest.fixture(scope="module", params=engines.ALL)
def sparql(request, tmp_path_factory):
    """Return a client of an application with real workers, over each engine."""
    folder = tmp_path_factory.mktemp("clauses")
    with engines.application(request.param, folder, query_max_bytes=2000) as app:
        yield app.test_client()


@pytest.mark.clause("Protocol 2.1.1", "Protocol 2.1.2", "Protocol 2.1.3")
@pytest.mark.parametrize(
    ("method", "target", "sent"),
    [
        ("GET", f"/sparql?query={quote(NAMES)}", {}),
        ("GET", f"/sparql?{urlencode({'query': NAMES})}", {}),
        ("POST", "/sparql", {"data": urlencode({"query": NAMES}), "content_type": FORM}),
        (
            "POST",
            "/sparql",
            {"data": f"query={quote(NAMES)}", "content_type": f"{FORM}; charset=UTF-8"},
        ),
        ("POST", "/sparql", {"data": NAMES, "content_type": QUERY}),
        ("POST", "/sparql", {"data": NAMES, "content_type": f"{QUERY};charset=utf-8"}),
        ("POST", "/sparql", {"data": f"\ufeff{NAMES}", "content_type": QUERY}),
    ],
)
def test_a_query_may_be_sent_in_each_of_the_three_ways(sparql, method, target, sent):
    response = sparql.open(target, method=method, **sent)
    assert response.status_code == 200
    rows = json.loads(response.data)["results"]["bindings"]
    assert [row["name"]["value"] for row in rows] == ["Haus der Beratung", "House of advice"]


@pytest.mark.clause("Protocol 2.1.1", "Protocol 2.1.2", "Encoding")
@pytest.mark.parametrize("sign", ["%20", "+", "%2B", "%2b", "%25", "&", "ü", "%C3%BC", ";", "="])
def test_signs_that_belong_to_an_iri_are_decoded_once(sparql, sign):
    query = f"SELECT (STR(<https://example.org/{sign}>) AS ?iri) {{}}"
    target = f"/sparql?query={quote(query, safe='')}"
    sent = {"data": urlencode({"query": query}), "content_type": FORM}
    responses = [
        sparql.get(target),
        sparql.post("/sparql", **sent),
        sparql.post("/sparql", data=query.encode(), content_type=QUERY),
    ]
    values = {json.loads(r.data)["results"]["bindings"][0]["iri"]["value"] for r in responses}
    assert values == {f"https://example.org/{sign}"}


@pytest.mark.clause("Protocol 2.1.3", "Encoding")
@pytest.mark.parametrize(
    ("target", "sent"),
    [
        ("/sparql?query=ASK%20%7B%20FILTER(%22%FF%22%3D%22%22)%20%7D", None),
        ("/sparql", {"data": b"query=ASK+%7B+FILTER(%22%FC%22='')%7D", "content_type": FORM}),
        ("/sparql", {"data": b"query=ASK+{FILTER('\xfc'='')}", "content_type": FORM}),
        ("/sparql", {"data": "ASK { FILTER('ü'='') }".encode("latin-1"), "content_type": QUERY}),
    ],
)
def test_what_is_no_utf_8_is_refused_not_replaced(sparql, target, sent):
    response = sparql.post(target, **sent) if sent else sparql.get(target)
    assert response.status_code == 400
    assert response.json["type"].endswith(":query-not-utf8")


@pytest.mark.clause("Protocol 2.1", "Protocol 2.1.7")
@pytest.mark.parametrize(
    ("method", "target", "sent", "status"),
    [
        ("GET", "/sparql?query=ASK{}&query=ASK{}", {}, 400),
        ("POST", "/sparql?query=ASK{}", {"data": "query=ASK{}", "content_type": FORM}, 400),
        ("POST", "/sparql", {"data": "", "content_type": FORM}, 400),
        ("POST", "/sparql", {"data": "", "content_type": QUERY}, 400),
        ("POST", "/sparql", {"data": "ASK {}", "content_type": "text/plain"}, 415),
        ("POST", "/sparql", {"data": "ASK {}"}, 415),
        ("POST", "/sparql", {"data": "ASK {}", "content_type": f"{QUERY};charset=utf-16"}, 415),
        ("PUT", "/sparql?query=ASK{}", {}, 405),
        ("DELETE", "/sparql", {}, 405),
        ("PATCH", "/sparql", {"data": "ASK {}", "content_type": QUERY}, 405),
    ],
)
def test_a_request_that_is_none_gets_a_problem_document(sparql, method, target, sent, status):
    response = sparql.open(target, method=method, **sent)
    assert (response.status_code, response.content_type) == (status, "application/problem+json")
    assert response.json["status"] == status


@pytest.mark.clause("Protocol 2.2")
@pytest.mark.parametrize(
    ("target", "sent"),
    [
        ("/sparql", {"data": {"update": "CLEAR ALL"}}),
        ("/sparql", {"data": "CLEAR ALL", "content_type": "application/sparql-update"}),
        ("/sparql", {"data": {"query": "CLEAR ALL"}}),
        ("/sparql?update=CLEAR%20ALL", None),
    ],
)
def test_updates_are_refused_however_they_are_sent(sparql, target, sent):
    response = sparql.post(target, **sent) if sent else sparql.get(target)
    assert response.status_code == 400
    assert response.json["type"].rpartition(":")[2] in ("update-not-offered", "query-update")


@pytest.mark.clause("Protocol 2.3")
@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("SELECT (STR(<id/x>) AS ?i) {}", f"{BASE}id/x"),
        ("BASE <https://example.org/a/> SELECT (STR(<b>) AS ?i) {}", "https://example.org/a/b"),
        ("PREFIX : <def#> SELECT (STR(:a) AS ?i) {}", f"{BASE}def#a"),
    ],
)
def test_relative_iris_count_from_base_and_without_it_from_our_own(sparql, text, iri):
    assert _bindings(sparql, "get", text, [])[0]["i"]["value"] == iri


@pytest.mark.clause("Protocol 2.1.5")
@pytest.mark.parametrize(
    ("query", "accept", "offered"),
    [
        (NAMES, "text/turtle", "application/sparql-results+json"),
        ("ASK {}", "application/ld+json, application/n-triples", "text/csv"),
        (f"DESCRIBE <{BASE}id/network>", "text/csv", "text/turtle"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "application/sparql-results+json", "application/ld+json"),
        (NAMES, "image/png", "application/sparql-results+json"),
    ],
)
def test_a_type_that_the_form_of_a_query_does_not_have_is_406_with_the_list(
    sparql, query, accept, offered
):
    response = sparql.get("/sparql", query_string={"query": query}, headers={"Accept": accept})
    assert (response.status_code, response.content_type) == (406, "application/problem+json")
    assert offered in response.json["offered"]


@pytest.mark.clause("Format parameter")
@pytest.mark.parametrize("accept", ["text/html", "text/turtle;q=0.1", "image/png"])
@pytest.mark.parametrize(
    ("query", "name", "media_type"),
    [
        (query, name, f"application/sparql-results+{name}" if name in ("json", "xml") else kind)
        for query in (NAMES, "ASK {}")
        for name, kind in [
            ("json", ""), ("xml", ""), ("csv", "text/csv"), ("tsv", "text/tab-separated-values")
        ]
    ]
    + [
        (query, name, kind)
        for query in ("CONSTRUCT WHERE { ?s ?p ?o }", f"DESCRIBE <{BASE}id/network>")
        for name, kind in [
            ("ttl", "text/turtle"), ("nt", "application/n-triples"), ("nq", "application/n-quads"),
            ("trig", "application/trig"), ("jsonld", "application/ld+json"),
            ("json", "application/ld+json"), ("rdf", "application/rdf+xml"),
            ("xml", "application/rdf+xml"), ("text/turtle", "text/turtle"),
        ]
    ],
)  # fmt: skip
def test_the_format_parameter_decides_before_the_header_for_every_form(
    sparql, query, name, media_type, accept
):
    response = sparql.get(
        "/sparql", query_string={"query": query, "format": name}, headers={"Accept": accept}
    )
    assert (response.status_code, response.mimetype) == (200, media_type)
    assert "Vary" not in response.headers


@pytest.mark.clause("Format parameter")
@pytest.mark.parametrize(
    ("query", "name"), [(NAMES, "ttl"), ("ASK {}", "nt"), (f"DESCRIBE <{BASE}id/network>", "csv")]
)
def test_a_format_that_the_form_does_not_have_is_406(sparql, query, name):
    response = sparql.get("/sparql", query_string={"query": query, "format": name})
    assert response.status_code == 406


G1, G2, G3 = f"{GRAPH}network", f"{GRAPH}organisations", f"{GRAPH}none"
GRAPHS_OF = "SELECT DISTINCT ?g %s { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"


@pytest.mark.clause("Protocol 2.1.4")
@pytest.mark.parametrize("way", ["get", "form", "direct"])
@pytest.mark.parametrize(
    "case",
    [
        ("", [], [], True, None),
        ("", [G1], [], True, []),
        ("", [], [G2], False, [G2]),
        ("", [G1], [G2], True, [G2]),
        ("", [G1, G2], [G1, G2], True, [G1, G2]),
        ("", [G3], [G3], False, []),
        (f"FROM <{G1}>", [], [], True, []),
        (f"FROM NAMED <{G1}>", [], [], False, [G1]),
        (f"FROM <{G3}> FROM NAMED <{G1}>", [G1], [G2], True, [G2]),
        (f"FROM <{G1}>", [], [G2], False, [G2]),
        (f"FROM NAMED <{G1}>", [G2], [], True, []),
    ],
)
def test_the_dataset_of_the_request_wins_over_the_one_of_the_query(sparql, way, case):
    clauses, default, named, sees_default, graphs = case
    dataset = [("default-graph-uri", g) for g in default]
    dataset += [("named-graph-uri", g) for g in named]
    found = _bindings(sparql, way, GRAPHS_OF % clauses, dataset)
    seen = _bindings(sparql, way, f"SELECT ?s {clauses} {{ ?s ?p ?o }} LIMIT 1", dataset)
    names = [row["g"]["value"] for row in found]
    assert names == graphs or (graphs is None and {G1, G2} <= set(names))
    assert bool(seen) == sees_default


def _bindings(sparql, way, query, dataset):
    """Send a query with a dataset in one of the three ways; return the rows."""
    if way == "get":
        response = sparql.get(f"/sparql?{urlencode([('query', query), *dataset])}")
    elif way == "form":
        body = urlencode([("query", query), *dataset])
        response = sparql.post("/sparql", data=body, content_type=FORM)
    else:
        target = f"/sparql?{urlencode(dataset)}"
        response = sparql.post(target, data=query, content_type=QUERY)
    return json.loads(response.data)["results"]["bindings"]


@pytest.mark.clause("Protocol 2.1.4")
@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
@pytest.mark.parametrize("iri", ["", "graph/network", "not an iri", "https://example.org/<>"])
def test_a_graph_that_is_no_whole_iri_is_refused(sparql, name, iri):
    response = sparql.get("/sparql", query_string={"query": "ASK {}", name: iri})
    assert response.status_code == 400
    assert response.json["type"].endswith(":query-graph-iri")


@pytest.mark.clause("Protocol 2.1.7")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT *\nWHERE { ?s ?p }", [2, 15, "}", "WHERE { ?s ?p }\n              ^"]),
        ("SELEKT * { ?s ?p ?o }", [1, 1, "SELEKT", "SELEKT * { ?s ?p ?o }\n^"]),
        ("ASK { ?s a no:thing }", [1, 12, "no:thing", "ASK { ?s a no:thing }\n           ^"]),
        ("ASK { ?s ?p 'x }", [1, 13, "'", "ASK { ?s ?p 'x }\n            ^"]),
    ],
)
def test_a_syntax_error_is_400_with_line_column_token_and_excerpt(sparql, text, expected):
    response = sparql.get("/sparql", query_string={"query": text})
    assert (response.status_code, response.content_type) == (400, "application/problem+json")
    members = ("line", "column", "token", "excerpt")
    assert [response.json[name] for name in members] == expected


@pytest.mark.clause("Protocol 2.1.7")
def test_people_see_the_line_of_a_syntax_error_in_the_page(sparql):
    page = sparql.get(
        "/sparql", query_string={"query": "SELEKT *"}, headers={"Accept": "text/html"}
    )
    assert (page.status_code, page.mimetype) == (400, "text/html")
    assert "SELEKT *\n^" in page.text


@pytest.mark.clause("OPTIONS and CORS")
def test_a_page_of_another_site_may_ask_before_it_sends_a_query(sparql):
    asked = {
        "Origin": "https://example.org",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    response = sparql.options("/sparql", headers=asked)
    assert (response.status_code, response.data) == (204, b"")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response.headers
    methods = response.headers["Access-Control-Allow-Methods"].split(", ")
    assert sorted(methods) == ["GET", "HEAD", "OPTIONS", "POST"]
    assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]


@pytest.mark.clause("OPTIONS and CORS")
@pytest.mark.parametrize("query", [NAMES, "SELEKT"])
def test_answers_and_errors_are_readable_from_other_sites(sparql, query):
    response = sparql.get(
        "/sparql", query_string={"query": query}, headers={"Origin": "https://example.org"}
    )
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in response.headers["Access-Control-Expose-Headers"]


@pytest.mark.clause("Cache: random")
@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("SELECT (RAND() AS ?x) {}", "no-store"),
        ("SELECT (STRUUID() AS ?x) {}", "no-store"),
        ("ASK { FILTER(NOW() > 1) }", "no-store"),
        ("ASK { ?rand <https://example.org/uuid> 'now' } # bnode()", "public, max-age=300"),
    ],
)
def test_a_random_result_is_not_kept_and_a_word_alone_does_not_make_one(sparql, query, kept):
    response = sparql.get("/sparql", query_string={"query": query})
    assert (response.status_code, response.headers["Cache-Control"]) == (200, kept)
    assert ("ETag" in response.headers) == (kept != "no-store")
