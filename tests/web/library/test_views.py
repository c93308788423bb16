"""Every query of the library as a page and as an API, over the shipped sources."""

import csv
import html
import io
import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pyoxigraph as ox
import pytest
from rdflib import Graph

from kmn_ld import queries
from kmn_ld.messages import LANGUAGES, catalogue
from kmn_ld.web.library import rows
from kmn_ld.web.library.page import formats_of
from kmn_ld.web.library.views import offered
from tests.build.conftest import REPOSITORY

FILES = sorted((REPOSITORY / "queries" / "examples").glob("*.rq"))
LIBRARY = {path.stem: queries.read_library(path) for path in FILES}
PAGE = {"Accept": "text/html"}


def _parsed(name, data):
    """Return how many rows, features or triples a result has."""
    if name in ("csv", "tsv"):
        text = data.decode()
        return (
            len(list(csv.reader(io.StringIO(text, newline="")))) - 1
            if name == "csv"
            else (text.count("\n") - 1)
        )
    if name == "json":
        return len(json.loads(data)["results"]["bindings"])
    if name == "xml":
        return len(ET.fromstring(data)[1])
    if name == "geojson":
        features = json.loads(data)["features"]
        assert {feature["geometry"]["type"] for feature in features} <= {"Polygon", "MultiPolygon"}
        return len(features)
    return len(Graph().parse(data=data, format={"jsonld": "json-ld", "rdf": "xml"}.get(name, name)))


class _Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def having(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def test_there_are_at_least_forty_queries():
    assert len(LIBRARY) >= 40


@pytest.mark.parametrize("name", LIBRARY)
def test_a_query_has_a_page_in_both_languages_with_its_result(reader, name):
    query = LIBRARY[name]
    for language in LANGUAGES:
        answer = reader.get(f"/queries/{name}?lang={language}", headers=PAGE)
        assert answer.status_code == 200
        page = _Page(answer.text)
        assert page.having("html") == [{"lang": language, "dir": "ltr"}]
        assert query.title(language).split("“")[0].split("„")[0].split('"')[0] in answer.text
        total = _parsed(*_first(reader, query))
        drawn = any(one.get("role") == "img" for one in page.having("svg"))
        assert drawn is (query.view.kind != "table" and bool(total))
        assert bool(page.having("table")) is (bool(total) and not query.is_graph)
        fields = [one["name"] for one in (*page.having("select"), *page.having("input"))]
        assert set(fields) - {"lang"} == {one.name for one in query.parameters}
        assert page.having("script") == []


def _first(reader, query):
    name = formats_of(query)[0]
    return name, reader.get(f"/queries/{query.name}.{name}").data


@pytest.mark.parametrize("name", LIBRARY)
def test_every_format_of_a_query_has_the_same_rows(reader, name):
    query = LIBRARY[name]
    answers = {
        format_name: reader.get(f"/queries/{name}.{format_name}")
        for format_name in formats_of(query)
    }
    assert len(answers) > 3
    assert {answer.status_code for answer in answers.values()} == {200}
    if name != "organisations-for-search-engines":  # blank nodes count the same, labels do not
        assert len({_parsed(kind, answer.data) for kind, answer in answers.items()}) == 1
    assert all(answer.headers["Access-Control-Allow-Origin"] == "*" for answer in answers.values())
    assert all("Accept" not in answer.headers.get("Vary", "") for answer in answers.values())


WITH_CHOICES = [
    (query, parameter)
    for query in LIBRARY.values()
    for parameter in query.parameters
    if parameter.choices
]


@pytest.mark.parametrize(
    ("query", "parameter"), WITH_CHOICES, ids=lambda one: getattr(one, "name", "")
)
def test_the_choices_of_a_parameter_come_from_the_data_and_hold_the_shown_value(
    reader, query, parameter
):
    page = _Page(reader.get(f"/queries/{query.name}", headers=PAGE).text)
    offered_values = {one["value"] for one in page.having("option")}
    assert len(offered_values) > 1
    assert set(parameter.shown) <= offered_values


@pytest.mark.parametrize(
    ("path", "column", "value"),
    [
        ("neighbours-of-a-district.csv?district=district/03351", "district", "03351"),
        ("neighbours-of-a-district.csv?district=&format=csv", "district", "03241"),
        ("coordination-on-a-day.csv?day=2008-12-31", "day", "2008-12-31"),
        ("services-for-an-age.csv?age=20", "age", "20"),
        ("reachable-at-a-time.csv?weekday=schema:Monday&time=18:00", "time", "18:00:00"),
        ("what-became-of.csv?name=LAG+JAW", "name", "LAG JAW"),
    ],
)
def test_a_parameter_of_each_type_reaches_the_query(reader, path, column, value):
    found = list(csv.DictReader(io.StringIO(reader.get(f"/queries/{path}").text)))
    assert found
    assert all(row[column].endswith(value) for row in found)


def test_a_value_that_is_no_choice_of_an_open_list_stands_in_the_form_all_the_same(reader):
    path = "/queries/properties-of-a-class?class=https://example.org/none"
    page = _Page(reader.get(path, headers=PAGE).text)
    (chosen,) = [one for one in page.having("option") if "selected" in one]
    assert chosen["value"] == "https://example.org/none"


def test_a_result_too_large_for_geojson_names_the_limit(reader, monkeypatch):
    monkeypatch.setattr(rows, "MOST_READ", 2)
    answer = reader.get("/queries/organisations-per-district.geojson")
    assert (answer.status_code, answer.json["limit"]) == (400, 2)


def test_a_value_that_was_given_stands_in_the_form_and_in_every_link(reader):
    page = reader.get("/queries/coordination-on-a-day?day=2008-12-31", headers=PAGE).text
    assert 'type="date" value="2008-12-31"' in page
    assert page.count("?day=2008-12-31") >= len(formats_of(LIBRARY["coordination-on-a-day"]))


@pytest.mark.parametrize(
    ("path", "status", "key", "details"),
    [
        ("pillars.csv?x=1", 400, "library-unknown", {"name": "x", "known": "–"}),
        (
            "services-for-an-age.csv?age=old",
            400,
            "library-value",
            {"name": "age", "parameter_type": "natural", "example": "19", "choices": []},
        ),
        ("services-for-an-age.csv?age=1&age=2", 400, "library-twice", {"name": "age"}),
        ("reachable-at-a-time.csv?time=25:00", 400, "library-value", {"name": "time"}),
        ("pillar.csv", 404, "example-unknown", {"name": "pillar"}),
        ("pillars.geojson", 404, "library-suffix", {"suffix": "geojson"}),
        ("pillars.pdf", 404, "library-suffix", {"name": "pillars", "suffix": "pdf"}),
        ("zzz.csv", 404, "example-unlike", {"name": "zzz"}),
    ],
)
def test_what_cannot_be_asked_is_told_with_what_can(reader, path, status, key, details):
    answer = reader.get(f"/queries/{path}")
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert answer.json["type"].endswith(f":{key}")
    assert details.items() <= answer.json.items()
    assert reader.get(f"/queries/{path}", headers=PAGE).status_code == status


def test_a_bad_value_is_told_with_the_choices(reader):
    answer = reader.get("/queries/neighbours-of-a-district.json?district=Celle")
    assert "https://w3id.org/kmn-ld/id/district/03351" in answer.json["choices"]


def test_an_unknown_name_is_told_with_the_nearest(reader):
    assert "pillars" in reader.get("/queries/pilars.csv").json["nearest"].split(", ")


def test_the_text_and_its_link_to_the_query_page_hold_the_value_that_was_given(reader):
    page = reader.get("/queries/what-became-of?name=LAG+%22JAW%22", headers=PAGE).text
    text = html.unescape(page.partition('aria-label="SPARQL">')[2].partition("</pre>")[0])
    assert 'VALUES ?name { "LAG \\"JAW\\"" }' in text
    assert text.count("VALUES ?name") == 1
    first, second = (
        reader.get(path, query_string=arguments).json["results"]
        for path, arguments in (
            ("/sparql", {"query": text, "format": "json"}),
            ("/queries/what-became-of.json", {"name": 'LAG "JAW"'}),
        )
    )
    assert first == second
    plain = reader.get("/queries/what-became-of", headers=PAGE).text
    assert "/sparql?example=what-became-of" in plain


HOSTILE = (
    "https://example.org/> } DROP ALL #",
    '" } INSERT DATA { <a:b> <a:b> "x" } #',
    "'; SERVICE <http://127.0.0.1/> {}",
    "\\u003e } #",
    "%3E%20%7D",
    "\x00",
    "?x } UNION { ?s ?p ?o",
    "{{ 7 * 7 }}<script>alert(1)</script>",
)


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize(
    ("name", "parameter", "is_free"),
    [
        ("neighbours-of-a-district", "district", False),
        ("what-became-of", "name", True),
        ("coordination-on-a-day", "day", False),
        ("services-for-an-age", "age", False),
        ("reachable-at-a-time", "time", False),
    ],
)
def test_a_hostile_value_is_a_typed_term_or_refused(reader, value, name, parameter, is_free):
    answer = reader.get(f"/queries/{name}.json", query_string={parameter: value})
    if is_free and value.strip():
        assert answer.status_code == 200
        assert answer.json["results"]["bindings"] == []
    else:
        assert answer.status_code == 400
        assert answer.json["name"] == parameter
    page = reader.get(f"/queries/{name}", query_string={parameter: value}, headers=PAGE)
    assert page.status_code in (200, 400)
    assert "<script>" not in page.text


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/html", "text/html; charset=utf-8"),
        ("*/*", "text/html; charset=utf-8"),
        ("application/json", "application/sparql-results+json"),
        ("application/sparql-results+json", "application/sparql-results+json"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("application/geo+json", "application/geo+json"),
        ("text/csv;q=0.5, application/geo+json", "application/geo+json"),
    ],
)
def test_the_accept_header_decides_without_a_suffix(reader, accept, media_type):
    answer = reader.get("/queries/organisations-per-district", headers={"Accept": accept})
    assert (answer.status_code, answer.content_type) == (200, media_type)
    assert "Accept" in answer.headers["Vary"]


def test_a_format_may_be_named_in_the_query_string(reader):
    answer = reader.get("/queries/pillars?format=tsv", headers=PAGE)
    assert answer.content_type == "text/tab-separated-values; charset=utf-8"
    assert "Vary" not in answer.headers
    assert reader.get("/queries/pillars?format=png").status_code == 406


def test_an_iri_that_only_looks_like_one_is_refused(reader):
    answer = reader.get("/queries/neighbours-of-a-district.csv?district=http://[bad")
    assert (answer.status_code, answer.json["name"]) == (400, "district")


def test_what_nobody_can_send_is_406_with_what_there_is(reader):
    answer = reader.get("/queries/pillars", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "text/csv" in answer.json["offered"]
    assert "/queries/pillars.csv" in answer.headers["Link"]


def test_what_is_offered_instead_keeps_the_values(reader):
    path = "/queries/what-became-of?name=LAG+JAW"
    answer = reader.get(path, headers={"Accept": "image/png"})
    assert "</queries/what-became-of.csv?name=LAG+JAW>" in answer.headers["Link"]
    answer = reader.get("/queries/what-became-of?name=" + "x" * 2000 + "&format=png")
    assert "</queries/what-became-of.csv>" in answer.headers["Link"]


@pytest.mark.parametrize("suffix", [".csv", ".geojson", ""])
def test_a_result_has_a_strong_tag_and_answers_304_and_head(reader, suffix):
    path = f"/queries/organisations-per-district{suffix}"
    first = reader.get(path)
    tag = first.headers["ETag"]
    assert not tag.startswith("W/")
    assert reader.get(path, headers={"If-None-Match": tag}).status_code == 304
    head = reader.head(path)
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", tag)
    assert set(reader.options(path).headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_a_result_names_its_other_formats_with_the_same_values(reader):
    links = reader.get("/queries/services-for-an-age.csv?age=40").headers["Link"]
    assert '</queries/services-for-an-age.json?age=40>; rel="alternate"' in links
    assert '</queries/services-for-an-age.html?age=40>; rel="alternate"' in links
    assert '</queries/services-for-an-age.ttl>; rel="describedby"; type="text/turtle"' in links


def test_another_value_has_another_tag(reader):
    paths = [f"/queries/services-for-an-age.json?age={age}" for age in (19, 40)]
    assert len({reader.get(path).headers["ETag"] for path in paths}) == 2


def test_a_result_that_asks_for_now_is_not_kept(reader):
    answer = reader.get("/queries/old-or-uncertain-records.csv")
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_list_has_every_query_as_page_and_as_data(reader):
    listed = reader.get("/queries.json").json["queries"]
    assert [one["name"] for one in listed] == list(LIBRARY)
    assert set(listed[0]) >= {"iri", "title", "summary", "tags", "parameters", "results", "page"}
    for language in LANGUAGES:
        page = reader.get(f"/queries?lang={language}", headers=PAGE).text
        assert [name for name in LIBRARY if f"/queries/{name}?lang=" not in page] == []
    answer = reader.get("/queries", headers={"Accept": "application/json"})
    assert answer.content_type == "application/json"
    assert reader.get("/queries.csv").status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_parameter_and_every_first_subject_has_its_words(language):
    names = {one.name for query in LIBRARY.values() for one in query.parameters}
    assert len(names) > 10
    assert names - set(catalogue(language)["library_parameters"]) == set()
    subjects = {query.tags[0] for query in LIBRARY.values()}
    assert subjects - set(catalogue(language)["example_tags"]) == set()


def test_a_column_in_two_languages_stands_once_in_that_of_the_page(reader):
    pages = {
        language: reader.get(f"/queries/pillars?lang={language}", headers=PAGE).text
        for language in LANGUAGES
    }
    assert {language: _headings(page)[1] for language, page in pages.items()} == {
        "de": "Säule",
        "en": "Pillar",
    }
    assert "Youth" not in _body(pages["de"])
    assert "Youth" in _body(pages["en"])


def _headings(page):
    return re.findall(r'<th scope="col">(.*?)</th>', page)


def _body(page):
    return page.partition("<tbody>")[2].partition("</tbody>")[0]


def test_a_thing_stands_in_one_column_as_its_name_which_leads_to_it(reader):
    page = reader.get("/queries/contact-sheet-of-a-pillar?lang=en", headers=PAGE).text
    headings = _headings(page)
    assert headings[:4] == ["Pillar", "Official key", "District", "Organisation"]
    first = re.findall(r"<td>(.*?)</td>", _body(page), re.S)[: len(headings)]
    assert re.fullmatch(
        r'<a href="/doc/concept/pillar/[^"]+">\s*<span [^>]+>\w.*</a>', first[0], re.S
    )
    assert re.fullmatch(r'<a href="/doc/org/[^"]+">\s*<span [^>]+>\w.*</a>', first[3], re.S)


@pytest.mark.parametrize("name", ["organisations-by-pillar", "organisations-by-kind"])
def test_bars_are_named_in_words_not_by_iris(reader, name):
    page = reader.get(f"/queries/{name}", headers=PAGE).text
    picture = page.partition('<svg role="img"')[2].partition("</svg>")[0]
    assert picture.count("<rect") > 5
    assert "https://" not in picture


def test_a_key_that_is_no_iri_stands_behind_the_name(reader):
    page = reader.get("/queries/advice-in-a-language?language=prs", headers=PAGE).text
    assert re.search(r"<td>\s*<span [^>]+>Dari</span>\s*\(<code>prs</code>\)", page)


def test_results_as_data_keep_the_names_of_the_variables(reader):
    path = "/queries/organisations-by-pillar.csv"
    first = reader.get(path).text.splitlines()[0]
    assert first == "position,pillar,pillarDe,pillarEn,organisations"


@pytest.mark.parametrize("name", ["pillars", "organisations-per-district"])
@pytest.mark.parametrize("suffix", ["ttl", "nt", "jsonld", "rdf", "trig"])
def test_the_iri_of_a_query_leads_to_its_description(reader, name, suffix):
    answer = reader.get(f"/queries/{name}.{suffix}")
    kind = ox.RdfFormat.from_extension({"jsonld": "jsonld"}.get(suffix, suffix))
    quads = list(ox.parse(answer.data, format=kind))
    subject = ox.NamedNode(LIBRARY[name].iri)
    executable = ox.NamedNode("http://www.w3.org/ns/shacl#SPARQLSelectExecutable")
    assert executable in [quad.object for quad in quads if quad.subject == subject]


def test_the_formats_of_a_graph_are_those_of_its_result(reader):
    """Its IRI leads to the graph that it constructs; the description stands in `graph/queries`."""
    query = LIBRARY["organisations-for-search-engines"]
    assert offered(query) == ("html", "ttl", "nt", "jsonld", "rdf")
    answer = reader.get(f"/queries/{query.name}", headers={"Accept": "application/ld+json"})
    assert b"schema.org" in answer.data
