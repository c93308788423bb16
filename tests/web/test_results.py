import json

from kmn_ld.engine.terms import BlankNode, Iri, Literal
from kmn_ld.web.results import ROWS_SHOWN, result_page
from tests.web.answering import answer

XSD_INTEGER = "http://www.w3.org/2001/XMLSchema#integer"


def _rows(*bindings, names=("a",)):
    content = {"head": {"vars": list(names)}, "results": {"bindings": list(bindings)}}
    return answer(json.dumps(content).encode(), "json")


def test_every_kind_of_term_is_read():
    page = result_page(
        "q",
        _rows(
            {"a": {"type": "uri", "value": "https://example.org/x"}},
            {"a": {"type": "bnode", "value": "b0"}},
            {"a": {"type": "literal", "value": "x", "xml:lang": "de"}},
            {"a": {"type": "literal", "value": "1", "datatype": XSD_INTEGER}},
            {"a": {"type": "literal", "value": "plain"}},
            {},
        ),
    )
    assert [row[0] for row in page.rows] == [
        Iri("https://example.org/x"),
        BlankNode("b0"),
        Literal("x", "de"),
        Literal("1", "", XSD_INTEGER),
        Literal("plain"),
        None,
    ]
    assert (page.form, page.total, page.columns, page.query) == ("table", 6, ("a",), "q")


def test_a_triple_as_a_term_is_shown_as_it_stands():
    part = {"type": "uri", "value": "https://example.org/x"}
    triple = {"type": "triple", "value": {"subject": part, "predicate": part, "object": part}}
    shown = result_page("q", _rows({"a": triple})).rows[0][0]
    assert "https://example.org/x" in shown.value


def test_long_results_are_cut_and_counted():
    rows = [{"a": {"type": "literal", "value": "x"}}] * (ROWS_SHOWN + 1)
    page = result_page("q", _rows(*rows))
    assert (len(page.rows), page.total) == (ROWS_SHOWN, ROWS_SHOWN + 1)


def test_booleans_and_turtle_are_told_as_such():
    assert result_page("q", answer(b'{"boolean":true}', "json")).truth is True
    assert result_page("q", answer(b"<a> <b> <c> .", "ttl")).text == "<a> <b> <c> ."


def test_the_file_of_a_result_that_is_not_shown_is_removed(tmp_path):
    page = result_page("q", answer(b"x" * 10, "json", tmp_path / "1"))
    assert (page.form, page.bytes) == ("large", 10)
    assert not (tmp_path / "1").exists()
