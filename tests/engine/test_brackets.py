import pytest

from kmn_ld.engine.brackets import bracket_fault, open_brackets
from kmn_ld.engine.mistakes import find_mistake


@pytest.mark.parametrize(
    ("text", "opened"),
    [
        ("ASK { ?s ?p ( 1 [", [("{", 4), ("(", 12), ("[", 16)]),
        ("ASK { ?s ?p ( 1 ) }", []),
        ("ASK { ?s ?p '(', <urn:(> # {", [("{", 4)]),
    ],
)
def test_brackets_in_strings_iris_and_comments_are_none(text, opened):
    assert open_brackets(text) == opened


@pytest.mark.parametrize(
    ("text", "opened", "place", "missing"),
    [
        ("SELECT ?s WHERE {\n ?s ?p ?o", "{", (1, 17), "}"),
        ("SELECT ?s {\n ?s ?p ?o . { ?a ?b ?c }", "{", (1, 11), "}"),
        ("SELECT ?s {\n { ?a ?b ?c FILTER(?c > 1", "(", (2, 19), ")}}"),
        ("SELECT ?s { ?s ?p", "{", (1, 11), "}"),
    ],
)
def test_an_end_names_the_bracket_that_is_open_and_all_that_is_missing(
    text, opened, place, missing
):
    key, details = bracket_fault(text, find_mistake(text))
    assert (key, details["opened"], details["missing"]) == ("query-bracket-open", opened, missing)
    assert (details["opened_line"], details["opened_column"]) == place


@pytest.mark.parametrize(
    ("text", "opened", "column", "missing"),
    [
        ("SELECT ?s { ?s ?p ?o FILTER(?o > 3 }", "(", 28, ")"),
        ("SELECT (COUNT(?x AS ?n) { ?x ?y ?z }", "(", 14, ")"),
        ("SELECT (COUNT(?x) AS ?n { ?x ?y ?z }", "(", 8, ")"),
        ("SELECT ?x { ?x ?y [ <urn:a> 1 }", "[", 19, "]"),
        ("SELECT ?x { OPTIONAL { ?x ?y ?z ORDER BY ?x", "{", 22, "}}"),
        ("SELECT ?x { ?x ?y ?z LIMIT 5 }", "{", 11, "}"),
    ],
)
def test_a_token_that_would_fit_behind_a_closing_bracket_names_the_open_one(
    text, opened, column, missing
):
    key, details = bracket_fault(text, find_mistake(text))
    assert key == "query-bracket-before"
    told = {"opened": opened, "opened_line": 1, "opened_column": column, "missing": missing}
    assert details == told


@pytest.mark.parametrize("text", ["SELECT * { ?s ?p ?o } }", "ASK { ?s ?p ?o } )"])
def test_a_closing_bracket_too_many_is_called_so(text):
    assert bracket_fault(text, find_mistake(text)) == ("query-bracket-surplus", {})


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?x { ?x ?y ORDER BY ?x }",
        "SELECT ?x { FILTER(?x > ) }",
        "SELECT ?x { VALUES ?x { ?y } }",
        "SELECT { ?x ?y ?z }",
        "SELCT ?x { ?x ?y ?z }",
        "SELECT ?x { ?x ?y 'z }",
    ],
)
def test_brackets_are_not_blamed_for_what_they_do_not_explain(text):
    assert bracket_fault(text, find_mistake(text))[0] == ""
