import json
from dataclasses import replace

import pytest

from kmn_ld.formats import GRAPHS, SOLUTIONS
from kmn_ld.web import create_app
from tests.web.answering import answer

PEOPLE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
JSON = b'{"head":{"vars":["a","b"]},"results":{"bindings":[{"a":{"type":"uri","value":"https://example.org/x"}},{"b":{"type":"literal","value":"<b>","xml:lang":"de"}}]}}'


def _asked(engine):
    assert len(engine.asked) == 1
    return engine.asked[0][0]


@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [
        ("GET", "/sparql?query=ASK%20%7B%3Chttps%3A%2F%2Fexample.org%2Fa%2Bb%3E%7D", {}),
        ("GET", "/sparql?query=ASK+{<https://example.org/a%2Bb>}", {}),
        (
            "POST",
            "/sparql",
            {
                "data": b"query=ASK+%7B%3Chttps%3A%2F%2Fexample.org%2Fa%2Bb%3E%7D",
                "content_type": FORM,
            },
        ),
        ("POST", "/sparql", {"data": b"ASK {<https://example.org/a+b>}", "content_type": QUERY}),
        (
            "POST",
            "/sparql",
            {
                "data": b"ASK {<https://example.org/a+b>}",
                "content_type": f"{QUERY}; charset=UTF-8",
            },
        ),
    ],
)
def test_the_query_arrives_in_each_way_and_is_decoded_once(client, engine, method, path, sent):
    assert client.open(path, method=method, **sent).status_code == 200
    assert _asked(engine).text == "ASK {<https://example.org/a+b>}"


def test_percent_signs_that_belong_to_an_iri_stay(client, engine):
    client.post("/sparql", data={"query": "ASK {<https://example.org/%20%2B>}"})
    assert _asked(engine).text == "ASK {<https://example.org/%20%2B>}"


def test_without_dataset_parameters_both_lists_are_none(client, engine):
    client.get("/sparql?query=x")
    assert (_asked(engine).default_graphs, _asked(engine).named_graphs) == (None, None)


@pytest.mark.parametrize(
    ("parameters", "both"),
    [
        ("default-graph-uri=https://example.org/a", (("https://example.org/a",), ())),
        ("named-graph-uri=https://example.org/a", ((), ("https://example.org/a",))),
        ("default-graph-uri=a&default-graph-uri=b&named-graph-uri=c", (("a", "b"), ("c",))),
        ("default-graph-uri=", (("",), ())),
    ],
)
@pytest.mark.parametrize(
    "ask",
    [
        lambda client, dataset: client.get(f"/sparql?query=x&{dataset}"),
        lambda client, dataset: client.post(
            "/sparql", data=f"query=x&{dataset}", content_type=FORM
        ),
        lambda client, dataset: client.post(f"/sparql?{dataset}", data=b"x", content_type=QUERY),
    ],
)
def test_dataset_parameters_reach_the_engine(client, engine, ask, parameters, both):
    ask(client, parameters)
    assert (_asked(engine).default_graphs, _asked(engine).named_graphs) == both


@pytest.mark.parametrize(
    ("path", "accept", "both"),
    [
        ("/sparql?query=x", None, (SOLUTIONS, GRAPHS)),
        ("/sparql?query=x", "*/*", (SOLUTIONS, GRAPHS)),
        ("/sparql?query=x", "text/csv", (("csv",), ())),
        ("/sparql?query=x", "text/turtle;q=0.5, application/ld+json", ((), ("jsonld", "ttl"))),
        ("/sparql?query=x", "application/xml", (("xml",), ("rdf",))),
        ("/sparql?query=x&format=tsv", "text/csv", (("tsv",), ())),
        ("/sparql?query=x&format=ttl", None, ((), ("ttl",))),
        ("/sparql?query=x&format=json", None, (("json",), ("jsonld",))),
        ("/sparql?query=x&format=xml", PEOPLE["Accept"], (("xml",), ("rdf",))),
        ("/sparql?query=x", PEOPLE["Accept"], (("json",), ("ttl",))),
    ],
)
def test_wanted_formats_reach_the_engine_in_order(client, engine, path, accept, both):
    engine.next = answer(b'{"boolean":true}', "json")
    client.get(path, headers={} if accept is None else {"Accept": accept})
    assert (tuple(_asked(engine).solutions), tuple(_asked(engine).graphs)) == both


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/sparql?query=x&format=pdf", {}, 406),
        ("/sparql?query=x", {"Accept": "image/png"}, 406),
        ("/sparql?default-graph-uri=urn:g", {}, 400),
        ("/sparql", {"Accept": "application/json"}, 400),
        ("/sparql?format=json", PEOPLE, 400),
        ("/sparql?query=a&query=b", {}, 400),
        ("/sparql?update=x", {}, 400),
    ],
)
def test_requests_that_are_none_do_not_reach_the_engine(client, engine, path, headers, status):
    assert client.get(path, headers=headers).status_code == status
    assert engine.asked == []


def test_a_query_in_url_and_body_are_two(client, engine):
    response = client.post("/sparql?query=a", data=b"b", content_type=QUERY)
    assert response.status_code == 400
    assert response.json["type"].endswith(":query-twice")


@pytest.mark.parametrize(
    "content_type",
    ["multipart/form-data; boundary=x", "text/plain", "", f"{QUERY}; charset=latin-1"],
)
def test_other_bodies_are_415_and_name_what_is_taken(client, engine, content_type):
    response = client.post("/sparql", data=b"x", content_type=content_type)
    assert response.status_code == 415
    assert QUERY in response.json["taken"]


def test_the_result_is_sent_as_it_is_with_type_tag_and_vary(client, engine):
    engine.next = answer(b"a,b\r\n", "csv")
    response = client.get("/sparql?query=x", headers={"Accept": "text/csv"})
    assert response.data == b"a,b\r\n"
    assert response.content_type == "text/csv; charset=utf-8"
    assert response.headers["Vary"] == "Accept"
    assert response.headers["ETag"] == f'"{engine.next.digest[:32]}-csv"'
    assert response.headers["Cache-Control"] == "public, max-age=300"


def test_a_format_in_the_url_leaves_nothing_to_vary(client, engine):
    assert "Vary" not in client.get("/sparql?query=x&format=json").headers


def test_a_result_that_changes_at_every_call_is_not_kept(client, engine):
    engine.next = replace(answer(b"{}", "json"), is_repeatable=False)
    response = client.get("/sparql?query=x")
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers


def test_the_result_of_a_post_is_not_kept(client, engine):
    assert client.post("/sparql", data={"query": "x"}).headers["Cache-Control"] == "no-store"


def test_a_large_result_is_handed_over_as_a_file(client, engine, tmp_path):
    engine.next = answer(b"x" * 100, "json", tmp_path / "spooled")
    response = client.get("/sparql?query=x")
    assert response.headers["X-Sendfile"] == str(tmp_path / "spooled")
    assert response.headers["Content-Length"] == "100"
    assert response.data == b""


def test_the_engine_learns_who_asks(client, engine):
    client.get("/sparql?query=x", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert engine.asked[0][1] == "192.0.2.7"


def test_a_browser_gets_a_form_that_needs_no_script(client, engine):
    page = client.get("/sparql", headers=PEOPLE)
    assert page.status_code == 200
    assert '<form method="post" action="/sparql"' in page.text
    assert '<textarea id="query" name="query"' in page.text
    assert '<label for="query">' in page.text
    assert engine.asked == []


def test_a_browser_gets_rows_as_a_table(client, engine):
    engine.next = answer(JSON, "json")
    page = client.get("/sparql?query=x", headers=PEOPLE).text
    assert '<th scope="col">a</th>' in page
    assert 'href="https://example.org/x"' in page
    assert '<span lang="de" dir="auto">&lt;b&gt;</span>' in page
    assert "<caption" in page


@pytest.mark.parametrize(
    ("body", "format_name", "shown"),
    [
        (b'{"head":{},"boolean":true}', "json", "Ja (true)"),
        (b'{"head":{},"boolean":false}', "json", "Nein (false)"),
        (b"<a> <b> <c> .", "ttl", "&lt;a&gt; &lt;b&gt; &lt;c&gt; ."),
    ],
)
def test_a_browser_gets_booleans_and_triples_too(client, engine, body, format_name, shown):
    engine.next = answer(body, format_name)
    assert shown in client.get("/sparql?query=x", headers=PEOPLE).text


def test_of_a_large_result_the_page_shows_the_first_rows_and_offers_all(client, engine, tmp_path):
    rows = [{"a": {"type": "literal", "value": "x" * 100}}] * 20_000
    body = json.dumps({"head": {"vars": ["a"]}, "results": {"bindings": rows}}).encode()
    engine.next = answer(body, "json", tmp_path / "spooled")
    page = client.get("/sparql?query=x%22y", headers=PEOPLE).text
    assert page.count("<tr><td>") == 500
    assert "die ersten 500 Zeilen eines Ergebnisses von 2,7\u00a0MiB" in page
    assert '<input type="hidden" name="query" value="x&#34;y">' in page
    assert '<button type="submit" name="format" value="csv">' in page


def test_a_result_too_large_for_a_page_is_said_to_be(client, engine, tmp_path):
    engine.next = answer(b"x" * 3072, "json", tmp_path / "spooled")
    assert "3\u00a0KiB" in client.get("/sparql?query=x", headers=PEOPLE).text


def test_a_page_shows_the_first_rows_and_says_how_many_there_are(client, engine):
    rows = [{"a": {"type": "literal", "value": str(number)}} for number in range(1200)]
    body = {"head": {"vars": ["a"]}, "results": {"bindings": rows}}
    engine.next = answer(json.dumps(body).encode(), "json")
    page = client.get("/sparql?query=x", headers=PEOPLE).text
    assert page.count("<tr><td>") == 500
    assert "Zeilen: 1.200. Gezeigt werden die ersten 500; als Daten kommen alle." in page


@pytest.mark.parametrize(
    ("name", "graphs"),
    [("turtle", ("ttl",)), ("N3", ("ttl",)), ("rdf+xml", ("rdf",)), ("rdf xml", ("rdf",)),
     ("json-ld", ("jsonld",)), ("text/turtle", ("ttl",)), ("application/rdf+xml", ("rdf",))],
)  # fmt: skip
def test_names_that_clients_give_formats_are_understood(client, engine, name, graphs):
    client.get("/sparql", query_string={"query": "DESCRIBE <a:b>", "format": name})
    assert tuple(engine.asked[-1][0].graphs) == graphs


@pytest.mark.parametrize("name", ["", " ", "%20"])
def test_an_empty_format_leaves_the_choice_and_vary_to_accept(client, name):
    url = f"/sparql?query=ASK%7B%7D&format={name}"
    answer = client.get(url, headers={"Accept": "application/sparql-results+json"})
    assert answer.status_code == 200
    assert "Accept" in answer.headers["Vary"]


@pytest.mark.parametrize("name", ["html", "HTML", "text/html"])
def test_a_page_is_named_in_several_ways(client, engine, name):
    client.get("/sparql", query_string={"query": "ASK {}", "format": name})
    assert (engine.asked[-1][0].solutions, engine.asked[-1][0].graphs) == (("json",), ("ttl",))


def test_the_query_page_offers_examples_by_title_as_addresses(client):
    page = client.get("/sparql?lang=en", headers=PEOPLE).text
    assert '<a href="/sparql?example=zoo&amp;lang=en">Example zoo</a>' in page
    assert "<details open>" in page


def test_the_address_of_an_example_fills_the_form_and_tells_what_it_is(client, engine):
    page = client.get("/sparql?example=age&lang=de", headers=PEOPLE).text
    assert "VALUES ?day { &#39;age&#39; } } }\n</textarea>" in page
    assert "<strong>Beispiel age</strong>" in page
    assert "Über &lt;age&gt;." in page
    assert "<code>?day</code>" in page
    assert engine.asked == []


def test_an_example_that_is_not_there_is_404(client):
    assert client.get("/sparql?example=no", headers=PEOPLE).status_code == 404


def test_the_query_page_shows_our_prefixes_and_the_query_for_other_tools(client, engine):
    engine.next = answer(JSON, "json")
    page = client.get("/sparql?query=SELECT+*+%7B%3Cb%3E%7D", headers=PEOPLE).text
    assert "PREFIX kmn: &lt;https://w3id.org/kmn-ld/def#&gt;" in page
    assert "--data-urlencode &#39;query=SELECT * {&lt;b&gt;}&#39;" in page


def test_the_query_page_states_every_limit(client, settings):
    page = client.get("/sparql?lang=de", headers=PEOPLE).text
    assert settings.query_max_bytes == 65_536
    assert "10 Sekunden dauern, 1.024 MiB Speicher brauchen und 64\u00a0KiB lang" in page
    assert "Ein Ergebnis darf 256\u00a0MiB groß sein" in page
    assert "bis zu 500 Zeilen" in page
    assert "bis zu 2 Abfragen zugleich, von allen zusammen bis zu 8" in page


def test_the_query_page_states_no_limit_of_memory_where_another_engine_answers(engine, settings):
    """The setting is that of our own workers, which then only parse."""
    behind = replace(settings, endpoint="https://example.org/sparql")
    page = create_app(behind, engine=engine).test_client().get("/sparql?lang=de", headers=PEOPLE)
    assert "10 Sekunden dauern und 64\u00a0KiB lang" in page.text
    assert "1.024 MiB" not in page.text


def _sent(client, text):
    return client.post("/sparql?lang=en", data={"query": text, "format": "html"}, headers=PEOPLE)


def test_a_query_that_was_sent_has_an_address_in_both_languages(client, engine):
    engine.next = answer(JSON, "json")
    page = _sent(client, "SELECT * {?a ?b ?c}").text
    assert 'href="/sparql?query=SELECT+*+%7B?a+?b+?c%7D&amp;format=html&amp;lang=en"' in page
    assert 'href="/sparql?lang=de&amp;query=SELECT' in page
    assert 'action="/sparql?lang=en"' in page


def test_a_long_query_is_answered_by_post_and_said_to_have_no_address(client, engine):
    engine.next = answer(JSON, "json")
    text = "SELECT * {?a ?b ?c} #" + "x" * 60_000
    page = _sent(client, text)
    assert (page.status_code, engine.asked[-1][0].text) == (200, text)
    assert "too long for an address" in page.text
    assert 'href="/sparql?lang=de"' in page.text


def test_lines_at_the_start_of_a_query_stay_when_the_form_is_sent_again(client, engine):
    engine.next = answer(JSON, "json")
    assert "required>\n\nASK {}</textarea>" in _sent(client, "\nASK {}").text


@pytest.mark.parametrize(
    "iri", ["urn:example:a", "javascript:alert(1)", "data:text/html,x", "JaVaScRiPt:alert(1)"]
)
def test_a_result_that_is_no_address_of_the_web_is_text(client, engine, iri):
    rows = {
        "head": {"vars": ["a"]},
        "results": {"bindings": [{"a": {"type": "uri", "value": iri}}]},
    }
    engine.next = answer(json.dumps(rows).encode(), "json")
    page = client.get("/sparql?query=x", headers=PEOPLE).text
    assert f"<td><code>{iri}</code></td>" in page
    assert 'href=""' not in page
