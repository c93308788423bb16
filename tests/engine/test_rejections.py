import pyoxigraph as ox
import pytest

from kmn_ld import messages
from kmn_ld.engine.rejections import rejection
from kmn_ld.errors import EngineError, QueryRefused, QuerySyntaxError


def rejected(text: str) -> EngineError:
    try:
        ox.Store().query(text)
    except (SyntaxError, RuntimeError, ValueError) as error:
        return rejection(error, text)
    raise AssertionError(text)


@pytest.mark.parametrize(
    ("text", "key", "line", "column", "token"),
    [
        ("SELCT ?x WHERE { ?x a <http://a> }", "query-token", 1, 1, "SELCT"),
        ("SELECT * WHERE {\n  ?s ?p ?o\n  ?a ?b ?c }", "query-token", 3, 3, "?a"),
        ("SELECT * { ?s ?p 'o ; }", "query-string", 1, 18, "'"),
        ("SELECT * {\n ?s ?p ?o \n\n", "query-end", 2, 10, None),
        ("ASK { ?s ?p <http://a b> }", "query-syntax", 1, 13, "<http://a b>"),
        ("SELECT * { {} UNION ?s }", "query-syntax", 1, 21, "?s"),
        ("SELCT ?x { ?x foaf:name ?y }", "query-token", 1, 1, "SELCT"),
    ],
)
def test_a_mistake_is_named_with_its_place_and_token(text, key, line, column, token):
    ours = rejected(text)
    details = ours.details
    assert (ours.key, details["line"], details["column"]) == (key, line, column)
    assert details.get("token") == token
    assert str(details["excerpt"]).endswith("\n" + " " * (column - 1) + "^")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("SELECT ?x ?x { }", "Duplicated variable name in SELECT"),
        ("SELECT * { } GROUP BY ?p", "SELECT * is not authorized with GROUP BY"),
        ("ASK { ?s ?p <http://a b> }", "IRI parsing failed"),
        ("SELECT (COUNT(?x) AS) { }", 'expected "$" or "?"'),
        ("SELECT * { {} UNION ?s }", 'expected "{"'),
    ],
)
def test_what_the_parser_says_is_kept_where_it_helps(text: str, reason: str):
    assert rejected(text).details["reason"] == reason


@pytest.mark.parametrize(
    ("text", "prefix", "place"),
    [
        ("ASK { ?s fof:name ?o }", "fof", (1, 10)),
        ("PREFIX ex: <urn:>\nASK { ?s ex:p ?o ;\n  fo:p ?o }", "fo", (3, 3)),
        ("ASK { ?s a :Thing }", "", (1, 12)),
        ("ASK { ?s ?p 'a:b' , ?o, _:b . # c:d\n ?s e:f ?o }", "e", (2, 5)),
    ],
)
def test_an_undeclared_prefix_is_named_with_its_place(text: str, prefix: str, place):
    ours = rejected(text)
    details = ours.details
    assert (ours.key, details["prefix"]) == ("query-prefix", prefix)
    assert (details["line"], details["column"]) == place


def test_a_declared_prefix_is_not_blamed_for_another_mistake():
    assert rejected("PREFIX e: <urn:> ASK { ?s ?p ?o e:f }").key == "query-token"


@pytest.mark.parametrize(
    ("name", "iri"),
    [("kmn:inPillar", "https://w3id.org/kmn-ld/def#"), ("foaf:name", "http://xmlns.com/foaf/0.1/")],
)
def test_the_declaration_of_a_prefix_that_we_know_is_told(name: str, iri: str):
    ours = rejected(f"ASK {{ ?s {name} ?o }}")
    declaration = f"PREFIX {name.partition(':')[0]}: <{iri}>"
    assert (ours.key, ours.details["declaration"]) == ("query-prefix-known", declaration)
    assert declaration in messages.explain(ours, "de")[1]


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
