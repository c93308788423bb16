import json
import logging
import tomllib
from pathlib import Path

import pytest
from flask import request

from kmn_ld import messages
from kmn_ld.errors import (
    EngineError,
    KmnError,
    QueryOutOfMemory,
    QuerySyntaxError,
    QueryTimeout,
    ResultTooLarge,
    ServerBusy,
    TooManyQueries,
)
from kmn_ld.web.failures import ERROR_KEY
from tests.web.made_up import ACTIVE, NEVER_MINTED, WITHDRAWN, WRONG_DIGITS

PEOPLE = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
FORM = "application/x-www-form-urlencoded"

WALK = [
    ("GET", "/nowhere", {}, 404),
    ("GET", "/doc/region/nowhere", {}, 404),
    ("GET", f"/doc/org/{WRONG_DIGITS}", {}, 404),
    ("GET", f"/id/org/{NEVER_MINTED}", {}, 404),
    ("GET", f"/doc/org/{WITHDRAWN}", {}, 410),
    ("GET", "/graph/nothing", {}, 404),
    ("GET", "/dump/nothing.zip", {}, 404),
    ("GET", "/dump/../store", {}, 404),
    ("GET", "/static/nothing.css", {}, 404),
    ("GET", "/static/../pages.py", {}, 404),
    ("POST", "/doc/network", {}, 405),
    ("DELETE", f"/id/org/{ACTIVE}", {}, 405),
    ("PUT", "/sparql", {}, 405),
    ("POST", "/sparql", {"data": b"x", "content_type": "text/csv"}, 415),
    ("POST", "/sparql", {"data": b"", "content_type": FORM}, 400),
    ("POST", "/sparql", {"data": b"query=a&query=b", "content_type": FORM}, 400),
    ("POST", "/sparql", {"data": b"update=x", "content_type": FORM}, 400),
    ("POST", "/sparql", {"data": b"\xff", "content_type": "application/sparql-query"}, 400),
    ("POST", "/sparql", {"data": b"x", "content_type": "application/sparql-update"}, 400),
]


@pytest.mark.parametrize(("method", "path", "sent", "status"), WALK)
def test_data_clients_get_a_problem_document(client, method, path, sent, status):
    response = client.open(path, method=method, **sent)
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    problem = json.loads(response.data)
    assert problem["status"] == status
    assert problem["type"].startswith("tag:w3id.org,2026:kmn-ld:error:")
    assert problem["title"]
    assert problem["detail"]
    assert problem["instance"] == response.request.path
    assert response.headers["Content-Language"] == "de"
    assert "Traceback" not in response.text


@pytest.mark.parametrize("step", WALK)
@pytest.mark.parametrize(("language", "word"), [("de", "Startseite"), ("en", "home page")])
def test_people_get_a_page_in_their_language(client, step, language, word):
    method, path, sent, status = step
    headers = {**PEOPLE, "Accept-Language": language}
    response = client.open(path, method=method, headers=headers, **sent)
    assert response.status_code == status
    assert response.mimetype == "text/html"
    assert response.headers["Content-Language"] == language
    assert f'<html lang="{language}"' in response.text
    assert word in response.text
    assert "Traceback" not in response.text


ENGINE_ERRORS = [
    (QueryTimeout("query-timeout", seconds=10), 503),
    (EngineError("internal-error"), 503),
    (QueryOutOfMemory("internal-error"), 503),
    (TooManyQueries("internal-error"), 429),
    (ResultTooLarge("internal-error"), 400),
    (QuerySyntaxError("internal-error", line=1, column=2), 400),
    (KmnError("no-such-key"), 500),
]


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_text_of_the_service_says_what_to_do(language):
    path = Path(messages.__file__).parent / "catalogues" / language / "web.toml"
    entries = tomllib.loads(path.read_text("utf-8"))["errors"]
    word = {"de": "bitte", "en": "please"}[language]
    assert len(entries) > 20
    assert [key for key, entry in entries.items() if word not in entry["text"].lower()] == []


def test_the_title_of_a_kind_of_problem_never_changes():
    titles = [
        entry["title"]
        for language in messages.LANGUAGES
        for entry in messages.catalogue(language)["errors"].values()
    ]
    assert [title for title in titles if "{" in title] == []


def test_instance_is_the_path_as_it_stands_in_an_address_without_the_query(client):
    problem = client.get("/doc/%C3%A4%20b%FF?query=secret").json
    assert problem["instance"] == "/doc/%C3%A4%20b%EF%BF%BD"


@pytest.mark.parametrize(("error", "status"), ENGINE_ERRORS)
def test_failures_of_the_engine_keep_their_status_and_details(client, engine, error, status):
    engine.next = error
    response = client.get("/sparql?query=x")
    assert response.status_code == status
    assert response.json["status"] == status
    assert response.headers.get("Retry-After") == ("5" if status in (429, 503) else None)


def test_a_syntax_error_tells_line_and_column(client, engine):
    engine.next = QuerySyntaxError("internal-error", line=3, column=14)
    problem = client.get("/sparql?query=x").json
    assert (problem["line"], problem["column"]) == (3, 14)


def test_the_page_of_a_failed_query_shows_the_query_again(client, engine):
    engine.next = QuerySyntaxError("internal-error", line=1, column=1)
    page = client.get("/sparql?query=SELEKT+%3Cx%3E", headers=PEOPLE)
    assert page.status_code == 400
    assert "SELEKT &lt;x&gt;</textarea>" in page.text


def test_page_and_problem_of_a_syntax_error_show_its_line_with_a_caret(client, engine):
    excerpt = "ASK { <b> }\n      ^"
    engine.next = QuerySyntaxError("internal-error", line=1, column=7, excerpt=excerpt)
    assert client.get("/sparql?query=x").json["excerpt"] == excerpt
    page = client.get("/sparql?query=x", headers=PEOPLE).text
    assert "ASK { &lt;b&gt; }\n      ^</pre>" in page


def test_an_unforeseen_exception_is_a_plain_500_and_recorded(app, client, engine, caplog):
    def broken(*_):
        raise RuntimeError("secret-detail")

    engine.rows = broken
    with caplog.at_level(logging.ERROR, "kmn_ld"):
        response = client.get("/doc/network")
    assert response.status_code == 500
    assert "secret-detail" not in response.text
    assert "GET /doc/network failed" in caplog.text


def test_logs_hold_no_query_and_no_address(client, engine, caplog):
    engine.next = KmnError("internal-error")
    with caplog.at_level(logging.INFO):
        client.get("/sparql?query=my-query-text", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert "failed" in caplog.text
    assert "my-query-text" not in caplog.text
    assert "192.0.2.7" not in caplog.text


def test_not_allowed_methods_name_the_allowed_ones(client):
    response = client.delete("/doc/network")
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_an_error_found_by_the_front_layer_has_the_same_shape(client):
    error = ServerBusy("server-busy")
    response = client.get("/doc/network", environ_overrides={ERROR_KEY: error})
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert response.json["type"].endswith(":server-busy")


@pytest.mark.parametrize(
    ("path", "accept", "media_type"),
    [
        ("/doc/region/no.ttl", "text/html", "application/problem+json"),
        ("/doc/region/no.html", "*/*", "text/html"),
        ("/sparql?format=json", "text/html", "application/problem+json"),
        ("/doc/region/no", "text/turtle", "application/problem+json"),
        ("/doc/region/no", "text/html", "text/html"),
    ],
)
def test_suffix_and_format_parameter_decide_the_shape_before_the_header(
    client, path, accept, media_type
):
    response = client.get(path, headers={"Accept": accept})
    assert response.mimetype == media_type
    assert ("Accept," in response.headers["Vary"]) == (path == "/doc/region/no")


def test_a_page_that_is_gone_may_be_kept_for_a_day(client):
    assert client.get(f"/doc/org/{WITHDRAWN}").headers["Cache-Control"] == "public, max-age=86400"


def test_a_redirect_of_flasks_own_stays_on_the_server_that_was_asked(app):
    app.add_url_rule("/folder/", "folder", lambda: "")
    response = app.test_client().get("/folder?a=b%20c", headers={"Host": "evil.example"})
    assert response.status_code == 308
    assert response.headers["Location"] == "/folder/?a=b%20c"


def test_what_flask_calls_a_bad_request_has_the_shape_of_every_error(app):
    app.add_url_rule("/strict", "strict", lambda: request.args["missing"])
    response = app.test_client().get("/strict")
    assert response.status_code == 400
    assert response.json["type"].endswith(":request-malformed")
