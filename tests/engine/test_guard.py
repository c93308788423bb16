from time import process_time

import pytest

from kmn_ld.engine.guard import UPDATES, refuse_what_is_not_offered
from kmn_ld.errors import QueryRefused

OFFERED = [
    "SELECT * { ?service ?p $SERVICE }",
    "PREFIX ex: <urn:> SELECT * { ex:SERVICE ex:a.SERVICE _:service }",
    "PREFIX service: <urn:service#> SELECT * { ?s service:p service:o }",
    "PREFIX service: <urn:> SELECT * { GRAPH service:g { ?s ?p ?o } }",
    "PREFIX s: <urn:> PREFIX my-service: <urn:> SELECT * FROM my-service:g { ?s ?p ?o }",
    "PREFIX service: <urn:> SELECT * FROM NAMED service:g { ?s ?p ?o }",
    "PREFIX service: <urn:> DESCRIBE service:x { ?s ?p ?o }",
    "PREFIX service: <urn:> SELECT * { ?s ?p service:o {| ?q ?r |} }",
    "SELECT * { ?s <http://SERVICE/service#service> 'SERVICE <x> {' }",
    'SELECT * { ?s ?p "SERVICE", "a\\" SERVICE", """a" SERVICE "" SERVICE""" }',
    "SELECT * { ?s ?p 'it\\'s SERVICE', '''a' SERVICE '' ''' , \"\" }",
    "# SERVICE <x> { }\nSELECT * { ?s ?p ?o } # SERVICE <x> {",
    "SELECT * { ?s ?p 'x'@service }",
    "SELECT * { ?s ?p ?o FILTER(?s < ?o && ?o > ?p) } # 'service",
    "PREFIX ex: <urn:> SELECT * { ex:\\-service\\' ?p '\\u0053ERVICE' }",
    "SELECT * { ?dienst\u0301service ?p ?o }",
    "PREFIX insert: <urn:> # INSERT\nBASE <urn:x> SELECT * { ?load ?clear insert:drop }",
    "VERSION '1.2' SELECT * {}",
    "",
    "SELECT * { ?s ?p 'no end",
]
SERVICES = [
    "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
    "SELECT * { sErViCe<http://x/>{ ?s ?p ?o } }",
    "SELECT * {\n  SERVICE\tSILENT\n?x { ?s ?p ?o } }",
    "SELECT * { SERVICESILENT<http://x/>{} }",
    "SELECT * { SERVICE# > ' \"\n<http://x/> {} }",
    "SELECT * { ?s ?p 1SERVICE<http://x/>{} }",
    "SELECT * { ?s ?p 1.5e3SERVICE<http://x/>{} }",
    "SELECT * { ?s ?p true.SERVICE<http://x/>{} }",
    "SELECT * { ?s ?p 'x'@de.SERVICE<http://x/>{} }",
    "SELECT * { ?s ?p '''x'''SERVICE<http://x/>{} }",
    'SELECT * { ?s ?p "\\\\"SERVICE<http://x/>{} }',
    "PREFIX ex: <http://x/> SELECT * { SERVICEex:foo{ ?s ?p ?o } }",
    "PREFIX ex: <http://x/> SELECT * { ?s ?p 1SERVICEex:foo #\n{ ?s ?p ?o } }",
    "PREFIX : <http://x/> SELECT * { SERVICE:foo { ?s ?p ?o } }",
    "PREFIX ex: <http://x/> SELECT * { ?s ?p ex:.SERVICE ex:foo {} }",
    "SELECT * { ?s ?p ?o FILTER(1 < 2 && 3 > 2) SERVICE <http://x/> {} }",
    "SELECT * { \\u0053ERVICE <http://x/> {} }",
    "SELECT * { S\\U00000045RVICE <http://x/> {} }",
    "PREFIX service: <http://x/> SELECT * { GRAPH service:g { SERVICE service:g {} } }",
]


@pytest.mark.parametrize("text", OFFERED)
def test_what_only_looks_like_a_service_or_an_update_passes(text: str):
    assert refuse_what_is_not_offered(text) is None


@pytest.mark.parametrize("text", SERVICES)
def test_a_service_clause_is_refused_however_it_is_written(text: str):
    with pytest.raises(QueryRefused, match="query-service"):
        refuse_what_is_not_offered(text)


@pytest.mark.parametrize("keyword", UPDATES)
@pytest.mark.parametrize(
    "before", ["", "PREFIX ex: <urn:>\n", "# SELECT\nBASE <urn:x> PREFIX : <>"]
)
def test_an_update_is_refused_by_its_first_word(keyword: str, before: str):
    with pytest.raises(QueryRefused, match="query-update") as caught:
        refuse_what_is_not_offered(f"{before}{keyword.lower()} <urn:x>")
    assert caught.value.details["keyword"] == keyword


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("SELECT * { SERVICE <x> {} }", 1, 12),
        ("SELECT *\n{\n  ?s ?p 1SERVICE <x> {} }", 3, 10),
        ("PREFIX ex: <urn:>\n\nSELECT * { ?s ?p 1SERVICEex:a {} }", 3, 19),
        ("# ä\n  DROP ALL", 2, 3),
    ],
)
def test_the_place_is_named_by_line_and_column(text: str, line: int, column: int):
    with pytest.raises(QueryRefused) as caught:
        refuse_what_is_not_offered(text)
    assert (caught.value.details["line"], caught.value.details["column"]) == (line, column)


HOSTILE = ["'\\", "\\'", '"" ', '\\"""', "a''", "<", "<a", "<a#", "a.", "a-.", ":", "a:", "a:%4",
           "a:\\", "#", "#\n", "1.", "1e", "@a-", "?a", "é", " ", "service:a ", "PREFIX ", "_:",
           "\\u0041", "xservice:a ", "{", "'''", '"""', "PREFIX a: <b> "]  # fmt: skip


@pytest.mark.parametrize("start", ["", "'", '"""', "<", "PREFIX ", "a:", "?service"])
@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_text_takes_no_longer_than_another(start: str, piece: str):
    text = start + piece * (64 * 1024 // len(piece)) + " service:"
    started = process_time()
    refuse_what_is_not_offered(text)
    assert process_time() - started < 0.3


def test_the_line_is_shown_with_a_caret():
    with pytest.raises(QueryRefused) as caught:
        refuse_what_is_not_offered("SELECT *\n{ SERVICE <x> {} }")
    assert caught.value.details["excerpt"] == "{ SERVICE <x> {} }\n  ^"
