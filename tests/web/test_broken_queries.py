"""What a reader gets who sends a broken query, from the real engine behind the application."""

import re

import pytest

from tests.web.engines import application

BROKEN = [
    "",
    "SELCT ?x { ?x ?y ?z }",
    "SELECT ?x WHERE { ?x ?y ?z",
    "SELECT ?x { ?x ?y ?z } }",
    "SELECT ?x { ?x ?y ?z FILTER(?z > 1 }",
    "SELECT ?x { ?x ?y ?z FILTER ?z > 1 }",
    "SELECT ?x { ?x ?y ?z FILTER(?z == 1) }",
    "SELECT ?x { ?x ?y ?z FILTER(?z and 1) }",
    "SELECT ?x { ?x ?y }",
    "SELECT ?x ?x { ?x ?y ?z }",
    "SELECT * { ?x ?y ?z } GROUP BY ?x",
    "SELECT ?x (COUNT(?y) AS ?n) { ?x ?y ?z }",
    "SELECT (?z AS ?x) { ?x ?y ?z }",
    "SELECT (COUNT(?x) AS) { ?x ?y ?z }",
    "SELECT COUNT(?x) { ?x ?y ?z }",
    "SELECT { ?x ?y ?z }",
    "SELECT ?x { ?x ?y ?z } ORDER BY",
    "SELECT ?x { ?x ?y ?z } LIMIT -1",
    "SELECT ?x { ?x ?y ?z } LIMIT 99999999999999999999",
    "SELECT ?x { {} UNION ?x }",
    "SELECT ?x { ?x ?y ?z BIND(1 AS ?x) }",
    "SELECT ?x { VALUES (?x ?y) { (1) } }",
    "ASK { ?x ?y ?z FILTER(COUNT(?z) > 1) }",
    "ASK { ?x ?y <http://a b> }",
    "ASK { ?x ?y 'a'@abcdefghij }",
    "ASK { ?x ?y 'a\\d' }",
    "ASK { ?x ?y 'a }",
    "ASK { _:a ?y ?z . { _:a ?b ?c } }",
    "CONSTRUCT WHERE { ?x ?y ?z FILTER(?z) }",
    "PREFIX e: http://e/ ASK { ?x e:a ?z }",
    "ASK { ?x foaf:name ?z }",
    "ASK { ?x nobody:name ?z }",
    "SELECT ?x { ?x ?y ?z FILTER(<urn:f>(?x)) }",
    "ASK { ?x ?y 'a'@de--foo }",
    "ASK { SERVICE <urn:a> { ?x ?y ?z } }",
    "INSERT DATA { <urn:a> <urn:b> 1 }",
]
ENGLISH = re.compile(r"\b(the|is|are|not|expected|one of|failed|should|with|already|parsing)\b")
SAID_BY_THE_ENGINE = re.compile(r"Meldung der Engine \(englisch\): „.*“")


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    with application("embedded", tmp_path_factory.mktemp("broken")) as app:
        yield app.test_client()


@pytest.mark.parametrize("query", BROKEN)
def test_a_german_reader_gets_no_english_but_what_is_called_so(asked, query):
    german = {"Accept-Language": "de"}
    answer = asked.get("/sparql", query_string={"query": query, "format": "json"}, headers=german)
    told = answer.json
    assert answer.status_code == 400
    assert ENGLISH.findall(SAID_BY_THE_ENGINE.sub("", told["detail"])) == []


@pytest.mark.parametrize("language", ["de", "en"])
def test_an_open_bracket_is_named_with_its_place_to_programs_and_people(asked, language):
    arguments = {"query": "SELECT ?x {\n  ?x ?y ?z", "lang": language}
    told = asked.get("/sparql", query_string={**arguments, "format": "json"}).json
    assert told["type"].endswith(":query-bracket-open")
    place = {name: told[name] for name in ("opened", "opened_line", "opened_column", "missing")}
    assert place == {"opened": "{", "opened_line": 1, "opened_column": 11, "missing": "}"}
    assert (told["line"], told["column"]) == (2, 11)
    words = {"de": "in Zeile 1, Spalte 11 ist noch offen", "en": "at line 1, column 11 is still"}
    page = asked.get("/sparql", query_string={**arguments, "format": "html"})
    assert words[language] in told["detail"]
    assert words[language] in page.text
