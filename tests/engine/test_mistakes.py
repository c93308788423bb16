from pathlib import Path

import pytest

from kmn_ld.engine.mistakes import _units, find_mistake, is_beginning, offset_of

QUERIES = [
    path.read_text(encoding="utf-8")
    for folder in ("examples", "checks", "derive")
    for path in sorted((Path(__file__).parents[2] / "queries" / folder).glob("*.rq"))
]
DENSE = [
    "SELECT * { ?s ?p 'a'^^<urn:x>, 'x'@de, -5, +.5e3 FILTER(?s<?p&&?p>-1||!?x&&?y!=3&&?s<=?p) }",
    "PREFIX e: <urn:e> SELECT (COUNT(DISTINCT*) AS ?c) { ?s ^e:a/e:b*|!(e:c|^e:d)+ [ e:p () ] ."
    " << ?a e:b ?c >> e:q ?z {| e:r 1 |} BIND(<<( ?a e:b ?c )>> AS ?t) } GROUP BY ?s LIMIT 5",
    "ASK FROM <urn:a> { GRAPH ?g { ?s ?p '''y''' } VALUES (?a ?b) { (1 UNDEF) (-2 true) }"
    " FILTER NOT EXISTS { ?s ?p ?o } FILTER(?s-1>2) FILTER(?s -1 > 2) }",
    "BASE <urn:x> CONSTRUCT { ?s <#p> [] } { SELECT ?s (GROUP_CONCAT(?o; SEPARATOR=', ') AS ?x) {"
    " ?s <#p> ?o FILTER(REGEX(COALESCE(?o, CONCAT('a', 'b')), '\\\\d', 'i')) } GROUP BY ?s }",
]


def _wrong_beginnings(text):
    ends = [offset + len(token) for _, token, offset in _units(text)]
    return [text[:end] for end in ends if not is_beginning(text[:end])]


def test_every_beginning_of_a_query_is_known_as_one():
    assert len(QUERIES) > 20
    assert [wrong for text in QUERIES + DENSE for wrong in _wrong_beginnings(text)] == []


@pytest.mark.parametrize(
    ("text", "kind", "token", "offset"),
    [
        ("SELCT ?x WHERE { ?x a <http://a> }", "token", "SELCT", 0),
        ("SELECT * {\n ?s ?p ?o\n ?a ?b ?c }", "token", "?a", 22),
        ("SELECT ?x, ?y { ?x ?y ?z }", "token", ",", 9),
        ("SELECT * { ?s ?p }", "token", "}", 17),
        ("SELECT * { ?s ?p ?o } }", "token", "}", 22),
        ("SELECT * { VALUES ?x { 1 -2 ?y } }", "token", "?y", 28),
        ("SELECT * { ?s ?p 'abc ; ?o }", "string", "'", 17),
        ("SELECT * { ?s ?p ?o  \n", "end", "", 19),
        ("", "end", "", 0),
    ],
)
def test_the_first_token_that_does_not_fit_is_found(text, kind, token, offset):
    mistake = find_mistake(text)
    assert (mistake.kind, mistake.token, mistake.offset) == (kind, token, offset)


def test_a_mistake_at_the_end_of_a_long_query_is_found():
    text = "SELECT * { " + " ".join(f"?s <urn:p> {n} ." for n in range(3000)) + " } }"
    assert find_mistake(text).offset == len(text) - 1


@pytest.mark.parametrize(("line", "column", "offset"), [(1, 1, 0), (2, 1, 3), (3, 2, 7)])
def test_a_place_becomes_an_offset(line, column, offset):
    assert offset_of("ab\ncd\nef", line, column) == offset
