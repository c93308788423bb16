import pyoxigraph as ox
import pytest

from kmn_ld.engine.grouping import ungrouped_variable
from kmn_ld.engine.rejections import rejection
from kmn_ld.messages import LANGUAGES, explain


@pytest.mark.parametrize(
    ("text", "name", "column"),
    [
        ("SELECT ?x WHERE { ?s ?p ?x } GROUP BY ?s", "?x", 8),
        ("SELECT ?s (COUNT(?o) AS ?n) $o { ?s ?p ?o } GROUP BY ?s LIMIT 3", "$o", 29),
        ("SELECT (COUNT(*) AS ?n) ?p { ?s ?p ?o }", "?p", 25),
        ("SELECT (STR(?o) AS ?y) { ?s ?p ?o } GROUP BY ?s HAVING(COUNT(?o) > 1)", "?o", 13),
        ("SELECT ?s (?n + ?o AS ?y) (COUNT(?o) AS ?n) { ?s ?p ?o } GROUP BY ?s", "?n", 12),
    ],
)
def test_a_variable_that_is_neither_grouped_nor_aggregated_is_named_with_its_place(
    text, name, column
):
    with pytest.raises(SyntaxError) as raised:
        ox.Store().query(text)
    error = rejection(raised.value, text)
    assert (error.key, error.details["token"]) == ("query-ungrouped", name)
    assert (error.details["line"], error.details["column"]) == (1, column)
    for language in LANGUAGES:
        assert name in explain(error, language)[1]
        assert "unbound" not in explain(error, language)[1]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?s (SUM(?o + ?q) AS ?n) { ?s ?p ?o ; ?p ?q } GROUP BY ?s",
        "SELECT ?t { { SELECT ?x { ?s ?p ?x } } } GROUP BY (STR(?s) AS ?t)",
    ],
)
def test_what_is_grouped_aggregated_or_new_is_not_named(text):
    ox.Store().query(text)
    assert ungrouped_variable(text) is None
