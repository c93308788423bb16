import re

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from kmn_ld.formats import BY_NAME
from kmn_ld.messages import LANGUAGES
from kmn_ld.queries import LONGEST
from kmn_ld.web.library import openapi
from kmn_ld.web.library.page import formats_of
from kmn_ld.web.library.values import Choice
from tests.web.library.test_views import LIBRARY, PAGE

EXISTING = (
    *("/sparql", "/sparql/terms.json", "/releases/{release}/sparql", "/.well-known/void"),
    *("/id/{path}", "/doc/{path}", "/dump/{file}", "/health/live"),
    *("/queries", "/releases/{release}/queries/{query}"),
)


@pytest.fixture(params=LANGUAGES)
def described(request, reader):
    return reader.get(f"/openapi.json?lang={request.param}").json


def test_the_document_is_valid_openapi_3_1(described):
    assert described["openapi"].startswith("3.1.")
    validate(described, cls=OpenAPIV31SpecValidator)


def test_no_text_of_the_catalogues_is_missing(described):
    texts = [described["info"]["description"], *(tag["description"] for tag in described["tags"])]
    operations = [one for entry in described["paths"].values() for one in entry.values()]
    texts += [one["summary"] for one in operations]
    assert len(texts) > 50
    assert [text for text in texts if not text or text.startswith("@")] == []


@pytest.mark.parametrize("name", LIBRARY)
def test_a_query_is_listed_with_parameters_formats_and_errors(reader, name):
    described = reader.get("/openapi.json?lang=en").json
    query = LIBRARY[name]
    operation = described["paths"][f"/queries/{name}.{{format}}"]["get"]
    chosen, *parameters = operation["parameters"]
    assert chosen["schema"]["enum"] == list(formats_of(query))
    assert [one["name"] for one in parameters] == [one.name for one in query.parameters]
    texts = [one["schema"] for one in parameters if one["schema"]["type"] == "string"]
    assert {one["maxLength"] for one in texts} <= {LONGEST}
    assert operation["summary"] == query.title("en")
    sent = {BY_NAME[one].media_types[0] for one in formats_of(query)}
    assert set(operation["responses"]["200"]["content"]) == sent
    assert {"400", "404", "429", "503"} <= set(operation["responses"])


@pytest.mark.parametrize(
    "name", [name for name, query in LIBRARY.items() if query.parameters], ids=str
)
def test_the_examples_of_the_document_can_be_asked(reader, name):
    operation = reader.get("/openapi.json").json["paths"][f"/queries/{name}.{{format}}"]["get"]
    _, *parameters = operation["parameters"]
    arguments = {one["name"]: one["example"] for one in parameters}
    suffix = formats_of(LIBRARY[name])[0]
    assert reader.get(f"/queries/{name}.{suffix}", query_string=arguments).status_code == 200


CLOSED = [
    (name, one.name) for name, query in LIBRARY.items() for one in query.parameters if one.is_closed
]


def _described_parameter(reader, name, parameter):
    operation = reader.get("/openapi.json").json["paths"][f"/queries/{name}.{{format}}"]["get"]
    return next(one for one in operation["parameters"] if one["name"] == parameter)


@pytest.mark.parametrize(("name", "parameter"), CLOSED)
def test_a_closed_list_is_an_enum_that_holds_its_example(reader, name, parameter):
    described = _described_parameter(reader, name, parameter)
    listed = described["schema"]["enum"]
    assert 0 < len(listed) <= 100
    assert len(set(listed)) == len(listed)
    assert described["example"] in listed


@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        ("districts-of-a-pillar", "pillar"),
        ("advice-in-a-language", "language"),
        ("opening-hours-of-a-day", "weekday"),
    ],
)
def test_what_an_enum_offers_is_accepted_and_what_it_does_not_is_400(reader, name, parameter):
    listed = _described_parameter(reader, name, parameter)["schema"]["enum"]
    path = f"/queries/{name}.csv"
    answered = {one: reader.get(path, query_string={parameter: one}).status_code for one in listed}
    assert set(answered.values()) == {200}
    refused = reader.get(path, query_string={parameter: listed[0] + "x"})
    assert (refused.status_code, refused.json["name"]) == (400, parameter)
    assert refused.json["choices"] == listed


@pytest.mark.parametrize(
    ("name", "parameter"),
    [(name, one.name) for name, query in LIBRARY.items() for one in query.parameters
     if not one.is_closed],
)  # fmt: skip
def test_a_free_value_and_one_of_an_open_list_have_an_example_and_no_enum(reader, name, parameter):
    described = _described_parameter(reader, name, parameter)
    assert "enum" not in described["schema"]
    assert described["example"] != ""


def test_a_list_of_more_than_a_hundred_values_is_no_enum(reader, monkeypatch):
    many = [Choice(f"https://example.org/{n}", {}) for n in range(101)]
    monkeypatch.setattr(openapi, "choices", lambda engine, parameter: many)
    name, parameter = CLOSED[0]
    described = _described_parameter(reader, name, parameter)
    assert "enum" not in described["schema"]
    assert described["example"] == LIBRARY[name].parameters[0].example


def test_the_page_lists_short_enums_and_counts_long_ones(reader):
    page = reader.get("/api?lang=de", headers=PAGE).text
    assert "alle 45 Werte in /openapi.json" in page
    assert "https://schema.org/Sunday" in page


def test_what_the_document_lists_is_answered(described, shelf):
    rules = {re.sub(r"<(?:path:)?\w+>", "*", one.rule) for one in shelf.url_map.iter_rules()}
    paths = [path for path in described["paths"] if not path.startswith("/queries/")]
    assert set(EXISTING) <= set(paths)
    assert [path for path in paths if re.sub(r"{\w+}", "*", path) not in rules] == []


def test_the_page_of_the_interface_shows_every_operation(reader, described):
    for language in LANGUAGES:
        page = reader.get(f"/api?lang={language}", headers=PAGE)
        assert page.status_code == 200
        assert "<script" not in page.text
        assert [path for path in described["paths"] if path not in page.text] == []


def test_the_document_is_data_for_everybody(reader):
    answer = reader.get("/openapi.json")
    assert answer.content_type == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    tag = answer.headers["ETag"]
    assert reader.get("/openapi.json", headers={"If-None-Match": tag}).status_code == 304
