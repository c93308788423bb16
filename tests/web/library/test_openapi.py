import re

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from kmn_ld.formats import BY_NAME
from kmn_ld.messages import LANGUAGES
from kmn_ld.queries import LONGEST
from kmn_ld.web.library.page import formats_of
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
