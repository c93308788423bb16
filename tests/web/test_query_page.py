import json
import re

import pytest

from kmn_ld.describe import Attribution, Value
from kmn_ld.engine.terms import Iri, Literal
from kmn_ld.messages import LANGUAGES, catalogue
from kmn_ld.vocab import PREFIXES
from kmn_ld.web import assets
from tests.web.answering import answer

PEOPLE = {"Accept": "text/html"}
SCRIPTS = ("common", "table", "map", "chart", "editor", "page")


@pytest.fixture
def fetched(monkeypatch):
    """YASGUI's files are there."""
    monkeypatch.setattr(assets, "find", lambda _, name: f"assets/yasgui-0/{name}")


@pytest.fixture
def missing(monkeypatch):
    """No file of others was fetched."""
    monkeypatch.setattr(assets, "find", lambda *_: "")


def test_the_page_loads_yasgui_first_and_then_what_puts_it_there(client, fetched):
    page = client.get("/sparql", headers=PEOPLE).text
    loaded = re.findall(r'<script defer src="([^"?]+)', page)
    wanted = [f"/static/query/{name}.js" for name in SCRIPTS]
    assert loaded == ["/static/assets/yasgui-0/yasgui.min.js", *wanted]
    assert 'href="/static/assets/yasgui-0/yasgui.min.css"' in page
    assert 'href="/static/assets/NOTICES.txt"' in page


def test_without_files_of_others_the_plain_page_remains(client, missing):
    page = client.get("/sparql", headers=PEOPLE).text
    assert "<script" not in page
    assert "data-texts" not in page
    assert 'id="live"' not in page
    assert '<textarea id="query" name="query"' in page


def test_no_script_stands_within_the_page(client, fetched):
    page = client.get("/sparql", headers=PEOPLE)
    assert re.findall(r"<script(?![^>]* src=)", page.text) == []
    assert re.findall(r"\son\w+=|\sstyle=", page.text) == []


def test_the_policy_of_the_page_is_that_of_all_pages(client, fetched):
    policies = {
        client.get(path, headers=PEOPLE).headers["Content-Security-Policy"]
        for path in ("/sparql", "/def")
    }
    assert len(policies) == 1
    assert "unsafe" not in policies.pop()


def test_scripts_are_given_texts_prefixes_and_addresses(client, fetched):
    page = client.get("/sparql?lang=en", headers=PEOPLE).text
    given = dict(re.findall(r"data-(\w+)='([^']*)'", page))
    assert json.loads(given["texts"]) == catalogue("en")["query_page"]
    assert json.loads(given["prefixes"]) == PREFIXES
    assert 'data-terms="/sparql/terms.json?lang=en"' in page
    assert 'data-snippets="/sparql/snippets?lang=en"' in page


def test_every_text_that_scripts_ask_for_is_in_the_catalogues():
    folder = assets.FOLDER.parent / "query"
    asked = {
        key
        for path in folder.glob("*.js")
        for key in re.findall(r'\btext\("(\w+)"', path.read_text("utf-8"))
    }
    assert len(asked) > 20
    assert [asked - catalogue(language)["query_page"].keys() for language in LANGUAGES] == [
        set(),
        set(),
    ]


def test_scripts_name_no_other_host():
    folder = assets.FOLDER.parent / "query"
    files = [*folder.glob("*.js"), *folder.glob("*.css")]
    assert len(files) == len(SCRIPTS) + 1
    named = {
        address
        for path in files
        for address in re.findall(r"https?://[^\"]+", path.read_text("utf-8"))
    }
    assert named == {"http://www.w3.org/2000/svg"}  # a namespace


@pytest.mark.parametrize(("language", "label"), [("de", "Netzwerk"), ("en", "network")])
def test_the_editor_is_told_classes_and_properties_with_labels_and_counts(client, language, label):
    response = client.get(f"/sparql/terms.json?lang={language}")
    told = response.get_json()
    assert response.content_type == "application/json"
    assert response.headers["Content-Language"] == language
    (found,) = (entry for entry in told["classes"] if entry["iri"] == PREFIXES["kmn"] + "Network")
    assert found["label"] == label
    assert set(told["properties"][0]) == {"iri", "label", "count"}


def test_what_the_editor_is_told_has_an_etag_and_depends_on_the_language(client):
    first = client.get("/sparql/terms.json")
    again = client.get("/sparql/terms.json", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert first.headers["Vary"] == "Accept-Language"


def test_the_calls_from_other_tools_are_written_for_any_query(client):
    response = client.post("/sparql/snippets", data={"query": "ASK { ?a ?b '<x>' }"})
    assert response.headers["Cache-Control"] == "no-store"
    assert response.text.count("<details>") == 4
    assert "ASK { ?a ?b &#39;&lt;x&gt;&#39; }" in response.text
    assert "<html" not in response.text


def test_the_page_names_how_sources_want_to_be_named(client, monkeypatch):
    named = (
        Attribution(
            (Literal("© Amt für Karten", "de"),), Value(Iri("https://example.org/x")), None
        ),
    )
    monkeypatch.setattr("kmn_ld.web.query_page.all_attributions", lambda _: named)
    assert "© Amt für Karten" in client.get("/sparql", headers=PEOPLE).text


def test_a_result_of_the_form_can_be_told_from_one_that_scripts_asked_for(client, engine, fetched):
    engine.next = answer(b'{"head":{},"boolean":true}', "json")
    page = client.get("/sparql?query=ASK+{}", headers=PEOPLE).text
    assert '<section id="result-of-form"' in page
    assert re.search(r'<section id="live"[^>]* hidden>', page)


def test_the_form_of_a_failed_query_stays_plain(client, fetched):
    page = client.get("/sparql?query=x&query=y", headers=PEOPLE)
    assert page.status_code == 400
    assert "<script" not in page.text


def test_an_example_says_which_picture_it_wants_and_where_the_library_has_it(client, fetched):
    page = client.get("/sparql?example=age", headers=PEOPLE).text
    assert 'data-view="table"' in page
    assert 'href="/queries/age"' in page
    assert 'data-view=""' in client.get("/sparql", headers=PEOPLE).text


def test_the_limits_of_the_views_are_stated_as_the_scripts_have_them(client, fetched):
    folder = assets.FOLDER.parent / "query"
    scripts = "".join((folder / f"{name}.js").read_text("utf-8") for name in SCRIPTS)
    assert "LARGEST = 20 * 1024 * 1024;" in scripts
    assert re.findall(r"static MOST = (\d+);", scripts) == ["2000", "200"]
    told = "bis 20\u00a0MiB ganz, auf einer Karte bis zu 2.000 Geometrien"
    assert told in client.get("/sparql", headers=PEOPLE).text
