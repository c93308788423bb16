import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kmn_ld.engine.conversion import to_term
from kmn_ld.engine.substituting import in_place_of_examples, with_each, with_values
from kmn_ld.engine.terms import BlankNode, Iri, Literal

EX = "https://example.org/"
NASTY = ['"', "\\", "\\u0022", "'''", "\n}\n", '" } ; DROP ALL #', "> } #", "{", "\r", "\x00", "𝄞"]
TEXTS = st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_categories=["Cs"])))


def _value(text: str) -> object:
    (row,) = ox.Store().query(text)
    return to_term(row["x"])


def test_values_stand_where_the_examples_stood():
    text = 'SELECT * { OPTIONAL { VALUES ?a { "x"\n"y" } } OPTIONAL { VALUES ?b { 1 } } ?c ?d ?a }'
    values = {"a": Literal("OPTIONAL { VALUES ?b { 1 } }"), "c": Iri(EX)}
    assert in_place_of_examples(text, values) == (
        f"SELECT * {{ VALUES (?c) {{ (<{EX}>) }}  "
        'VALUES ?a { "OPTIONAL { VALUES ?b { 1 } }" } OPTIONAL { VALUES ?b { 1 } } ?c ?d ?a }'
    )
    assert in_place_of_examples(text, {}) == text


@given(TEXTS)
def test_any_text_comes_back_as_the_value_that_it_is(text):
    literal = Literal(text)
    assert _value(with_values("SELECT ?x { }", {"x": literal})) == literal
    assert _value(with_each("SELECT ?x { }", "x", [literal])) == literal


@given(TEXTS)
def test_an_iri_or_a_language_that_could_end_a_term_is_none(text):
    for term in (Iri(EX + text), Literal("x", language=text), Literal("x", datatype=text)):
        try:
            made = with_values("SELECT ?x { }", {"x": term})
        except ValueError:
            continue
        assert _value(made).value == term.value


@pytest.mark.parametrize("name", ["", "x y", "x } #", "x-y"])
def test_a_name_that_is_no_variable_is_refused(name):
    with pytest.raises(ValueError, match="name"):
        with_values("ASK {}", {name: Iri(EX)})


def test_a_blank_node_is_no_value():
    with pytest.raises(ValueError, match="b"):
        with_values("ASK {}", {"x": BlankNode("b")})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT ?x { ?x ?y 1 }", "SELECT ?x {% ?x ?y 1 }"),
        (
            "#{\nPREFIX a: <x:a> SELECT (STR('{') AS ?b) (EXISTS { ?x a:b 1 } AS ?c) WHERE {}",
            "#{\nPREFIX a: <x:a> SELECT (STR('{') AS ?b) (EXISTS { ?x a:b 1 } AS ?c) WHERE {%}",
        ),
        ("ASK WHERE{{}UNION{}}", "ASK WHERE{%{}UNION{}}"),
        ("CONSTRUCT { ?x ?y 1 } WHERE { ?x ?y 1 }", "CONSTRUCT { ?x ?y 1 } WHERE {% ?x ?y 1 }"),
        ("DESCRIBE ?x { ?x ?y 1 }", "DESCRIBE ?x {% ?x ?y 1 }"),
    ],
)
def test_values_stand_at_the_start_of_the_outermost_where(text, expected):
    block = f" VALUES (?x) {{ (<{EX}>) }} "
    assert with_values(text, {"x": Iri(EX)}) == expected.replace("%", block)
    assert with_values(text, {}) == text


@pytest.mark.parametrize(
    "text",
    [
        "DESCRIBE ?x",
        "DESCRIBE ?x # all",
        "DESCRIBE ?x LIMIT 2",
        "DESCRIBE ?x VALUES ?x { UNDEF }",
        "DESCRIBE ?x {}",
    ],
)
def test_a_description_without_where_has_the_values_all_the_same(text):
    """SPARQL 1.1 Query, 16.4: WHERE is optional in DESCRIBE alone."""
    thing = ox.Quad(ox.NamedNode(EX), ox.NamedNode(EX), ox.Literal("x"))
    store = ox.Store()
    store.add(thing)
    assert list(store.query(with_values(text, {"x": Iri(EX)}))) == [thing.triple]


def test_several_terms_are_one_list_without_those_that_are_none():
    text = with_each("SELECT ?x {}", "x", [Iri(EX), Iri("no iri"), Literal("a", language="de")])
    assert text == f'SELECT ?x {{ VALUES ?x {{ <{EX}> "a"@de }} }}'
    assert with_each("SELECT ?x {}", "x", [Iri("no iri")]) is None


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { VALUES ?x { " + "<x:y> " * 9000 + "} }",
        "SELECT * { " + "?x ?y ?z . " * 5000 + "}",
    ],
    ids=["VALUES", "patterns"],
)
def test_a_long_text_takes_values_too(text):
    assert with_values(text, {"x": Iri(EX)}) != text
