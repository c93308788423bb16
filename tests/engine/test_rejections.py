import pyoxigraph as ox
import pytest

from kmn_ld.engine.rejections import rejection
from kmn_ld.errors import EngineError, QueryRefused, QuerySyntaxError


def rejected(text: str) -> EngineError:
    try:
        ox.Store().query(text)
    except (SyntaxError, RuntimeError, ValueError) as error:
        return rejection(error, text)
    raise AssertionError(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("SELECT * { ?s ?p ?o", "unexpected end of the query"),
        ("SELECT * { ?s ?p ?o \n\n", "unexpected end of the query"),
        ("SELECT ?x ?x { }", "Duplicated variable name in SELECT"),
        ("SELECT ?s { } GROUP BY ?p", "The SELECT contains a variable that is unbound"),
        ("ASK { ?s ?p <http://a b> }", "IRI parsing failed"),
        ("SELECT ?x WHER { }", "expected DISTINCT, WHERE"),
        ("SELEC ?x {}", "unexpected text here or just before"),
    ],
)
def test_a_syntax_error_has_a_short_reason(text: str, reason: str):
    assert rejected(text).details["reason"] == reason


def test_a_long_list_of_alternatives_is_cut():
    message = "error at 2:3: expected one of \",\", \"{|\", ['0' ..= '9'], [_], A, B, C, D, E, F"
    details = rejection(SyntaxError(message), "ASK {}\n\n\n# more\nx").details
    assert details == {"line": 2, "column": 3, "reason": 'expected ",", "{|", A, B, C, D, …'}


@pytest.mark.parametrize(
    ("text", "prefix", "place"),
    [
        ("ASK { ?s foaf:name ?o }", "foaf", (1, 10)),
        ("PREFIX ex: <urn:>\nASK { ?s ex:p ?o ;\n  fo:p ?o }", "fo", (3, 3)),
        ("ASK { ?s a :Thing }", "", (1, 12)),
        ("ASK { ?s ?p 'a:b' , ?o, _:b . # c:d\n ?s e:f ?o }", "e", (2, 5)),
    ],
)
def test_an_undeclared_prefix_is_named_with_its_place(text: str, prefix: str, place):
    details = rejected(text).details
    assert details == {"prefix": prefix, "line": place[0], "column": place[1]}


@pytest.mark.parametrize(
    ("error", "kind", "key"),
    [
        (
            RuntimeError("The custom function <urn:f> is not supported"),
            QueryRefused,
            "query-function",
        ),
        (
            RuntimeError("The variable encoding the service name is unbound"),
            QueryRefused,
            "query-refused",
        ),
        (OSError("corruption"), EngineError, "query-failed"),
        (ValueError("no language tag"), QuerySyntaxError, "query-syntax"),
        (SyntaxError("something new"), QuerySyntaxError, "query-syntax"),
    ],
)
def test_each_error_of_the_engine_becomes_one_of_ours(error: Exception, kind, key: str):
    ours = rejection(error)
    assert (type(ours), ours.key) == (kind, key)
