import pytest

from kmn_ld.engine.remote_texts import refuse_harmful
from kmn_ld.errors import QueryRefused


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * " + "{" * 210 + "}" * 210,
        "SELECT * { " + "OPTIONAL { " * 300 + "}" * 301,
        "SELECT (" + "(" * 300 + "1" + ")" * 300 + " AS ?x) {}",
        "SELECT (1" + " + 1" * 600 + " AS ?x) {}",
        "SELECT (" + "!" * 600 + "true AS ?x) {}",
        "SELECT * { {}" + " UNION {}" * 600 + "}",
    ],
    ids=["groups", "OPTIONAL", "brackets", "sums", "not", "UNION"],
)
def test_what_could_crash_an_engine_is_refused_with_its_place(text):
    with pytest.raises(QueryRefused) as caught:
        refuse_harmful(text)
    assert caught.value.key == "query-nested"
    assert caught.value.details["column"] > 1


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { VALUES ?x { " + "<x:y> " * 9000 + "} }",
        "SELECT * { ?x ?y ?z FILTER(?x IN (" + "'{', " * 9000 + "1)) }",
        "SELECT * { " + "?x ?y ?z . " * 5000 + "}",
    ],
    ids=["VALUES", "IN", "patterns"],
)
def test_long_lists_are_no_harm(text):
    refuse_harmful(text)
