import pyoxigraph as ox
import pytest

from kmn_ld.engine.terms import BlankNode, Iri, Literal, Statement
from kmn_ld.engine.trusted import TrustedStore
from kmn_ld.errors import EngineError, QueryRefused, QuerySyntaxError

EX = "https://example.org/"
DATA = f"""
@prefix e: <{EX}> .
e:a e:p e:a\\#part , "x"@de , e:b ; e:q ( 1 ) .
<{EX}a#part> e:p <{EX}a#deeper> , <{EX}b#part> .
<{EX}a#deeper> e:p e:a .
<{EX}a#stray> e:p 1 .
<{EX}b#part> e:p 2 .
e:g {{ e:a e:p e:b }}
e:h {{ e:a e:p e:c . e:c e:p e:a }}
"""


@pytest.fixture(scope="module")
def store():
    store = ox.Store()
    store.load(DATA.replace("e:a\\#part", f"<{EX}a#part>").encode(), format=ox.RdfFormat.TRIG)
    return TrustedStore(store)


def said(statements):
    return {(entry.subject, entry.object, entry.graph) for entry in statements}


def test_rows_hold_our_terms_and_leave_unbound_variables_out(store):
    query = f"SELECT ?s ?o ?n WHERE {{ ?s <{EX}p> ?o FILTER(LANG(?o) = 'de') }}"
    assert store.rows(query) == [{"s": Iri(EX + "a"), "o": Literal("x", "de")}]


def test_bindings_enter_by_substitution(store):
    query = f"SELECT ?s ?o WHERE {{ ?s <{EX}p> ?o }}"
    assert store.rows(query, {"s": Iri(f"{EX}a#stray")})[0]["o"].value == "1"
    assert store.rows(query, {"s": Iri('x> ?p ?o } #"')}) == []


def test_ask_answers_yes_and_no(store):
    assert store.ask(f"ASK {{ ?s <{EX}p> 2 }}") is True
    assert store.ask(f"ASK {{ ?s <{EX}p> 3 }}") is False


@pytest.mark.parametrize(("run", "key"), [("rows", "query-not-select"), ("ask", "query-not-ask")])
def test_a_query_of_another_form_is_an_error(store, run, key):
    query = "ASK {}" if run == "rows" else "SELECT * {}"
    with pytest.raises(EngineError) as caught:
        getattr(store, run)(query)
    assert caught.value.key == key


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("SELECT", QuerySyntaxError),
        ("SELECT * { FILTER(<urn:f>(1)) }", QueryRefused),
    ],
)
def test_what_the_engine_raises_is_ours(store, query, error):
    with pytest.raises(error):
        store.rows(query)


def test_a_description_follows_parts_and_lists_but_no_other_things(store):
    subjects = {entry.subject for entry in store.statements_about(EX + "a")}
    named = {subject.value for subject in subjects if isinstance(subject, Iri)}
    assert named == {EX + "a", f"{EX}a#part", f"{EX}a#deeper"}
    assert len([subject for subject in subjects if isinstance(subject, BlankNode)]) == 1


def test_what_a_named_graph_repeats_is_said_once(store):
    graphs = {
        entry.graph
        for entry in store.statements_about(EX + "a")
        if entry.object == Iri(EX + "b") and entry.subject == Iri(EX + "a")
    }
    assert graphs == {Iri(EX + "g")}


def test_the_order_is_the_same_every_time(store):
    first = store.statements_about(EX + "a")
    assert first == store.statements_about(EX + "a")
    assert len(first) > 8


def test_a_graph_is_all_of_it_and_nothing_else(store):
    assert store.graph(EX + "h") == [
        Statement(Iri(EX + "a"), Iri(EX + "p"), Iri(EX + "c"), Iri(EX + "h")),
        Statement(Iri(EX + "c"), Iri(EX + "p"), Iri(EX + "a"), Iri(EX + "h")),
    ]


@pytest.mark.parametrize("iri", ["no iri", "", f"{EX}unknown"])
def test_nothing_is_said_about_what_is_not_there(store, iri):
    assert store.statements_about(iri) == []
    assert store.graph(iri) == []


def test_a_circle_of_parts_and_a_long_chain_end():
    chain = "".join(f"<{EX}a#{n}> <{EX}p> <{EX}a#{n + 1}> .\n" for n in range(3000))
    circle = f"<{EX}a> <{EX}p> <{EX}a#0> .\n<{EX}a#3000> <{EX}p> <{EX}a> .\n"
    store = ox.Store()
    store.load((chain + circle).encode(), format=ox.RdfFormat.N_TRIPLES)
    assert len(TrustedStore(store).statements_about(EX + "a")) == 3002


def test_several_terms_are_asked_for_at_once_and_texts_that_are_no_iri_are_passed_over(store):
    query = f"SELECT ?s ?o WHERE {{ ?s <{EX}p> ?o }} ORDER BY ?o"
    asked = [Iri(f"{EX}b#part"), Iri(f"{EX}a#stray"), Iri('x> } #"')]
    assert [row["o"].value for row in store.rows_for_each(query, "s", asked)] == ["1", "2"]
    assert store.rows_for_each(query, "o", [Literal('"x"', "de"), Literal("x", "de")])[0] == {
        "s": Iri(f"{EX}a"),
        "o": Literal("x", "de"),
    }
    assert store.rows_for_each(query, "s", asked[2:]) == []


def test_a_store_holds_more_for_a_while_and_keeps_what_it_had():
    store = ox.Store()
    store.load(b"<a:s> <a:p> <a:o> .", format=ox.RdfFormat.N_TRIPLES)
    trusted = TrustedStore(store)
    with trusted.holding(["<a:s> <a:p> <a:o> .", "<a:s> <a:p> _:x .", '_:x <a:p> "é" .']):
        assert len(store) == 3
    assert [str(quad.object) for quad in store] == ["<a:o>"]
    with trusted.holding([]):
        assert len(store) == 1


def test_a_store_lets_go_of_what_it_holds_when_a_check_fails():
    store = ox.Store()
    with pytest.raises(EngineError), TrustedStore(store).holding(["<a:s> <a:p> <a:o> ."]):
        raise EngineError("query-not-select")
    assert len(store) == 0


def _deriving(*rules):
    """Return the store that rules have added to, and the lines they concluded."""
    store = ox.Store()
    store.load(f"<{EX}a> <{EX}p0> <{EX}b> .".encode(), format=ox.RdfFormat.TURTLE)
    return store, TrustedStore(store).derive(rules, f"{EX}derived")


def _rule(number):
    return f"CONSTRUCT {{ ?s <{EX}p{number + 1}> ?o }} WHERE {{ ?s <{EX}p{number}> ?o }}"


@pytest.mark.parametrize("order", [1, -1])
def test_rules_draw_on_what_others_conclude_whatever_their_order(order):
    store, lines = _deriving(*[_rule(number) for number in range(4)][::order])
    assert sorted(lines) == [f"<{EX}a> <{EX}p{number}> <{EX}b> ." for number in range(1, 5)]
    graphs = [quad.graph_name for quad in store if quad.predicate.value == f"{EX}p4"]
    assert set(graphs) == {ox.DefaultGraph(), ox.NamedNode(f"{EX}derived")}


def test_what_is_said_already_is_no_conclusion():
    _, lines = _deriving("CONSTRUCT WHERE { ?s ?p ?o }")
    assert lines == []


def test_rules_that_make_up_terms_without_end_are_refused():
    longer = "BIND(IRI(CONCAT(STR(?o), 'x')) AS ?new)"
    grow = f"CONSTRUCT {{ ?o ?p ?new }} WHERE {{ ?s ?p ?o {longer} }}"
    with pytest.raises(EngineError) as caught:
        _deriving(grow)
    assert caught.value.key == "rules-endless"


def test_a_rule_that_constructs_nothing_is_refused():
    with pytest.raises(EngineError) as caught:
        _deriving("SELECT * { ?s ?p ?o }")
    assert caught.value.key == "query-not-construct"
