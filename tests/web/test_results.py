import json

import pytest

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


def _spooled(folder, result, format_name="json"):
    body = result if isinstance(result, bytes) else json.dumps(result, ensure_ascii=False).encode()
    return answer(body, format_name, folder / "1")


def _numbered(count, width=1):
    rows = [
        {"a": {"type": "literal", "value": f"{number}ü".ljust(width)}, "b": {"type": "bnode",
         "value": "}]"}}
        for number in range(count)
    ]  # fmt: skip
    return {"head": {"vars": ["a", "b"]}, "results": {"bindings": rows}}


def test_of_a_file_the_first_rows_are_shown_and_it_is_removed(tmp_path):
    result = _spooled(tmp_path, _numbered(20_000))
    page = result_page("q", result)
    assert (page.form, page.is_part, page.columns) == ("table", True, ("a", "b"))
    assert [row[0].value for row in page.rows] == [f"{number}ü" for number in range(ROWS_SHOWN)]
    assert page.bytes == result.length
    assert not (tmp_path / "1").exists()


@pytest.mark.parametrize(("width", "rows"), [(3_000, ROWS_SHOWN), (400_000, 10)])
def test_of_wide_rows_so_many_are_shown_as_a_page_can_take(tmp_path, width, rows):
    page = result_page("q", _spooled(tmp_path, _numbered(ROWS_SHOWN + 1, width)))
    assert rows <= len(page.rows) <= rows * 2


def test_a_file_with_few_rows_is_shown_whole(tmp_path):
    assert len(result_page("q", _spooled(tmp_path, _numbered(3))).rows) == 3


def test_of_a_file_no_more_is_read_than_is_shown(tmp_path):
    result = json.dumps(_numbered(20_000)).encode()[: 1024 * 1024] + b"\xff" * 10
    assert len(result_page("q", _spooled(tmp_path, result)).rows) == ROWS_SHOWN


@pytest.mark.parametrize(
    ("result", "format_name"),
    [(b"x" * 10, "json"), (_numbered(1, 9_000_000), "json"), (b"x" * 10, "ttl")],
)
def test_a_file_of_which_nothing_fits_the_page_is_told_by_its_size(tmp_path, result, format_name):
    answered = _spooled(tmp_path, result, format_name)
    page = result_page("q", answered)
    assert (page.form, page.bytes) == ("large", answered.length)
    assert not (tmp_path / "1").exists()


@pytest.mark.parametrize(("lines", "shown"), [(10_000, ROWS_SHOWN), (ROWS_SHOWN, ROWS_SHOWN)])
def test_of_triples_the_first_lines_are_shown(tmp_path, lines, shown):
    text = "<a> <b> <ü> .\n" * lines
    in_file = result_page("q", _spooled(tmp_path, text.encode(), "ttl"))
    assert in_file == result_page("q", answer(text.encode(), "ttl"))
    assert (in_file.form, in_file.is_part) == ("text", lines > shown)
    assert in_file.text == "\n".join(["<a> <b> <ü> ."] * shown)


def test_triples_whose_lines_are_wide_are_said_to_be_cut(tmp_path):
    text = f"<a> <b> '{'x' * 100_000}' .\n" * 20
    page = result_page("q", _spooled(tmp_path, text.encode(), "ttl"))
    assert (page.is_part, page.text.count("\n")) == (True, 1)
