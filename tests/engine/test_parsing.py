from pathlib import Path

import pytest

from kmn_ld.engine.parsing import in_graph, label_lists, parse_turtle
from kmn_ld.errors import SourceError, TurtleSyntaxError

PATH = Path("a.ttl")
HEAD = "@prefix e: <https://example.org/> . @prefix x: <http://www.w3.org/2001/XMLSchema#> .\n"


def _parse(text):
    return parse_turtle((HEAD + text).encode(), PATH)


def test_triples_become_lines_without_repetitions():
    parsed = _parse('e:a e:p e:b , e:b , "x"@de .')
    assert parsed.lines == [
        "<https://example.org/a> <https://example.org/p> <https://example.org/b> .",
        '<https://example.org/a> <https://example.org/p> "x"@de .',
    ]


def test_lists_get_the_same_labels_whatever_their_order():
    first = _parse("e:a e:p ( 1 e:b ) ; e:q ( e:c ) .").list_triples
    second = _parse("e:a e:q ( e:c ) ; e:p ( 1 e:b ) .").list_triples
    graph = "https://example.org/g"
    labelled = [sorted(label_lists({graph: triples})[graph]) for triples in (first, second)]
    assert len(labelled[0]) == 8
    assert labelled[0] == labelled[1]
    assert any(line.startswith("_:c14n0") for line in labelled[0])


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("e:a e:p f:b .", 2, 9, "prefix f:"),
        ("<https://example.org/a b> e:p 1 .", 2, 1, "IRI"),
        ('e:a e:p "x', 2, 9, "end of file"),
    ],
)
def test_syntax_errors_carry_their_place_and_reason(text, line, column, words):
    with pytest.raises(TurtleSyntaxError) as caught:
        _parse(text)
    details = caught.value.details
    assert (details["line"], details["column"], words in details["reason"]) == (line, column, True)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("e:a e:p [ e:q 1 ] .", "blank-node"),
        ("e:a e:p [] .", "blank-node"),
        ("_:a e:p 1 .", "blank-node"),
        ("e:a <https://example.org/p/1> 1 .", "predicate-name"),
        ("e:a <https://example.org/p?> 1 .", "predicate-name"),
        ("e:a <http://www.w3.org/1999/02/22-rdf-syntax-ns#li> 1 .", "predicate-name"),
        ("e:a e:p " + "(" * 900 + ")" * 900 + " .", "list-nested"),
        ("e:a e:p " + "( 1 " * 12 + ")" * 12 + " .", "list-nested"),
        ("_:a <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> _:a .", "list-nested"),
        ("_:a <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> _:a .", "list-nested"),
        ("e:a e:p <<( e:a e:p e:b )>> .", "triple-term"),
        ("<< e:a e:p e:b >> e:q 1 .", "triple-term"),
        (f'e:a e:p "{"x" * 1_000_001}" .', "value-too-long"),
        (f'e:a e:p "{"x" * 17_000_000}" .', "value-too-long"),
        ("e:a e:p 01 .", "number-form"),
        ("e:a e:p 1.50 .", "number-form"),
        ('e:a e:p "1"^^x:boolean .', "number-form"),
        ("e:a e:p ( 1.50 ) .", "number-form"),
    ],
)
def test_what_would_not_come_back_as_it_is_is_refused(text, key):
    with pytest.raises(SourceError) as caught:
        _parse(text)
    assert caught.value.key == key


def test_an_error_names_its_statement():
    with pytest.raises(SourceError) as caught:
        _parse("e:a e:p 1.50 .")
    details = {name: caught.value.details[name] for name in ("subject", "predicate", "object")}
    base = "https://example.org/"
    assert details == {"subject": f"{base}a", "predicate": f"{base}p", "object": "1.50"}


def test_the_same_label_in_two_files_is_two_blank_nodes():
    text = "@prefix r: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . "
    first, second = (
        _parse(f"{text} e:a{name} e:p _:l . _:l r:first {name} ; r:rest () .").list_triples
        for name in ("1", "2")
    )
    assert {str(t.subject) for t in first} & {str(t.subject) for t in second} == set()


@pytest.mark.parametrize(
    "value", ["1", "1.5", "true", '"2026-11"^^x:gYearMonth', '"2026-01-01"^^x:date']
)
def test_canonical_values_pass(value):
    assert len(_parse(f"e:a e:p {value} .").lines) == 1


def test_a_line_is_put_into_its_graph():
    assert in_graph("<a:a> <a:b> <a:c> .", "a:g") == "<a:a> <a:b> <a:c> <a:g> ."
