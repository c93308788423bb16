import pyoxigraph as ox
import pytest

from kmn_ld import messages
from kmn_ld.engine.rejections import rejection
from kmn_ld.errors import EngineError, QueryRefused, QuerySyntaxError
from kmn_ld.vocab import PREFIXES


def rejected(text: str) -> EngineError:
    try:
        list(ox.Store().query(text))
    except (SyntaxError, RuntimeError, ValueError) as error:
        return rejection(error, text)
    raise AssertionError(text)


REMARKED = [
    ("SELECT ?x ?x { }", "query-select-twice", "Duplicated variable name in SELECT"),
    ("ASK { { SELECT ?x ?x { } } }", "query-select-twice", "Duplicated variable"),
    ("SELECT * { } GROUP BY ?p", "query-select-star", "SELECT * is not authorized"),
    ("SELECT (?o AS ?s) { ?s ?p ?o }", "query-select-overrides", "The SELECT overrides"),
    ("SELECT ?x { ?x ?y ?z BIND(2 AS ?x) }", "query-bind", "BIND is overriding"),
    ("SELECT ?x { { BIND(1 AS ?x) BIND(2 AS ?x) } }", "query-bind", "BIND is overriding"),
    ("ASK { VALUES (?x ?y) { (1) } }", "query-values-count", "The VALUES clause rows"),
    ("ASK { VALUES (?x ?x) { (1 2) } }", "query-values-twice", "Repeated variables"),
    ("ASK { ?s ?p ?o FILTER(COUNT(?o) > 1) }", "query-aggregate", "Unexpected aggregate"),
    ("ASK { ?s ?p <http://a b> }", "query-iri", "IRI parsing failed"),
    ("ASK { ?s ?p 'a'^^<a b> }", "query-iri", "IRI parsing failed"),
    ("ASK { ?s ?p <http://a\\b> }", "query-iri", "IRIs are only allowed"),
    ("ASK { ?s ?p 'a'@abcdefghij }", "query-language-tag", "language tag parsing failed"),
    ("ASK { ?s ?p '\\ud800' }", "query-escape", "escape sequence should be followed"),
    ("SELECT * { } LIMIT 99999999999999999999", "query-number", "non negative integer"),
]
EXPECTING = [
    ("SELECT (COUNT(?x) AS) { }", ")", "?x", 'expected "$" or "?"'),
    ("SELECT * { {} UNION ?s }", "?s", "{", 'expected "{"'),
    ("SELECT * { VALUES (?x ?y) { 1 2 } }", "1", "( }", 'expected "(" or "}"'),
    ("BASE e ASK { }", "e", "<…>", 'expected "<"'),
]
UNSAID = [
    ("ASK { ?s ?p 'a\\d' }", "query-escape", "'a\\d'"),
    ("ASK { _:a ?p ?o . { _:a ?q ?r } }", "query-blank-node", "_:a"),
    ("SELECT * { } LIMIT ten", "query-number", "ten"),
    ("SELECT * { } OFFSET -1", "query-number", "-1"),
    ("ASK { _:a ?p ?o _:a }", "query-token", "_:a"),
    ("ASK { FILTER(coalesce) }", "query-token", ")"),
    ("ASK { ?s ?p ?o FILTER(?o > 3 }", "query-bracket-before", "}"),
    ("ASK { ?s ?p ?o } }", "query-bracket-surplus", "}"),
    ("ASK { ?s ?p ?o ", "query-bracket-open", None),
    ("SELECT * { } ORDER BY", "query-end", None),
]
UNKNOWN = [
    "ASK { ?s ?p 'a'@de--foo }",
    "ASK { ?s <urn:a>/<urn:b> ?o ~ <urn:x> }",
    "SELECT ?s { ?s ?p ?o LATERAL { SELECT (1 AS ?s) { } } }",
]


@pytest.mark.parametrize(
    ("text", "key", "line", "column", "token"),
    [
        ("SELCT ?x WHERE { ?x a <http://a> }", "query-token", 1, 1, "SELCT"),
        ("SELECT * WHERE {\n  ?s ?p ?o\n  ?a ?b ?c }", "query-token", 3, 3, "?a"),
        ("SELECT * { ?s ?p 'o ; }", "query-string", 1, 18, "'"),
        ("SELECT * {\n ?s ?p ?o \n\n", "query-bracket-open", 2, 10, None),
        ("ASK { ?s ?p <http://a b> }", "query-iri", 1, 13, "<http://a b>"),
        ("SELECT * { {} UNION ?s }", "query-expected", 1, 21, "?s"),
        ("SELCT ?x { ?x foaf:name ?y }", "query-token", 1, 1, "SELCT"),
    ],
)
def test_a_mistake_is_named_with_its_place_and_token(text, key, line, column, token):
    ours = rejected(text)
    details = ours.details
    assert (ours.key, details["line"], details["column"]) == (key, line, column)
    assert details.get("token") == token
    assert str(details["excerpt"]).endswith("\n" + " " * (column - 1) + "^")


@pytest.mark.parametrize(("text", "key", "reason"), REMARKED)
def test_what_the_parser_says_has_a_message_of_ours(text: str, key: str, reason: str):
    ours = rejected(text)
    assert ours.key == key
    assert reason in str(ours.details["reason"])


@pytest.mark.parametrize(("text", "token", "expected", "reason"), EXPECTING)
def test_what_the_parser_expects_is_told_where_it_is_short(text, token, expected, reason):
    ours = rejected(text)
    assert ours.key == "query-expected"
    told = {name: ours.details[name] for name in ("token", "expected", "reason")}
    assert told == {"token": token, "expected": expected, "reason": reason}


@pytest.mark.parametrize(("text", "key", "token"), UNSAID)
def test_what_the_parser_does_not_say_is_told_all_the_same(text, key, token):
    ours = rejected(text)
    assert (ours.key, ours.details.get("token")) == (key, token)


@pytest.mark.parametrize("text", [row[0] for rows in (REMARKED, EXPECTING, UNSAID) for row in rows])
def test_no_german_text_has_an_english_remark_in_it(text):
    ours = rejected(text)
    title, told = messages.explain(ours, "de")
    assert "Meldung der Engine" not in told
    assert str(ours.details.get("reason", "–")) not in title + told
    assert messages.explain(ours, "en")[1] != told


@pytest.mark.parametrize("text", UNKNOWN)
def test_a_remark_that_we_do_not_know_is_called_the_engines_own_and_english(text):
    ours = rejected(text)
    assert ours.key == "query-syntax"
    said = f"Meldung der Engine (englisch): „{ours.details['reason']}“."
    assert messages.explain(ours, "de")[1].endswith(said)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("SELECT ?s (COUNT(?p) AS ?n) { ?s ?p ?o }", (1, 8)),
        ("SELECT ?x { ?x ?a ?b .\n { SELECT ?s (COUNT(?p) AS ?n) { ?s ?p ?o } } }", (2, 11)),
    ],
)
def test_a_variable_without_a_group_is_found_in_the_select_that_has_it(text, place):
    ours = rejected(text)
    assert (ours.key, ours.details["token"]) == ("query-ungrouped", "?s")
    assert (ours.details["line"], ours.details["column"]) == place


def test_a_function_that_is_not_there_is_named():
    ours = rejected("SELECT (<urn:f>(1) AS ?x) { }")
    assert (ours.key, ours.details["function"]) == ("query-function", "<urn:f>")
    assert "<urn:f>" in messages.explain(ours, "de")[1]


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


def test_all_prefixes_that_we_know_are_told_at_once_and_none_that_is_declared():
    text = "PREFIX owl: <urn:x> ASK { ?s skos:a ?b ; ex:c owl:d ; kmn:e _:f ; skos:g ?h }"
    ours = rejected(text)
    assert (ours.key, ours.details["prefix"]) == ("query-prefix-known", "skos")
    told = [f"PREFIX {name}: <{PREFIXES[name]}>" for name in ("skos", "kmn")]
    assert ours.details["declaration"] == " ".join(told)


def test_a_prefix_that_is_declared_behind_its_use_is_undeclared_there():
    ours = rejected("ASK { ?s skos:a ?b } PREFIX skos: <urn:x>")
    assert (ours.key, ours.details["prefix"]) == ("query-prefix-known", "skos")


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("PREFIX e: http://example.org/ ASK { }", "http://example.org/"),
        ("ASK { ?s https://example.org/p#q ?o }", "https://example.org/p#q"),
        ("ASK { ?s ?p http://example.org/o. }", "http://example.org/o"),
        ("ASK { ?s ?p ?o FILTER(?o = http://example.org/o) }", "http://example.org/o"),
    ],
)
def test_an_iri_without_its_brackets_is_not_taken_for_a_name(text, token):
    ours = rejected(text)
    assert (ours.key, ours.details["token"]) == ("query-iri-bare", token)
    assert f"<{token}>" in messages.explain(ours, "de")[1]
