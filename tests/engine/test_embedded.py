from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kmn_ld.config import Settings
from kmn_ld.engine import (
    BlankNode,
    EmbeddedEngine,
    Iri,
    Literal,
    PublicQuery,
    Statement,
    open_engine,
)
from kmn_ld.errors import EngineError, QueryRefused, QuerySyntaxError
from kmn_ld.releases import CONTENT, Release
from kmn_ld.vocab import PREFIXES
from tests.engine.handmade import DATA, EX, SHAPES, release_of

LABELS = f"SELECT ?thing ?label WHERE {{ ?thing <{PREFIXES['skos']}prefLabel> ?label }}"


@pytest.fixture(params=["memory", "disk"])
def either(request: pytest.FixtureRequest, release: Release):
    settings = Settings(memory_triples=500_000 if request.param == "memory" else 0)
    opened = open_engine(settings, release)
    yield opened
    opened.close()


def test_rows_gives_the_solutions_with_plain_terms(either: EmbeddedEngine):
    rows = either.rows(LABELS)
    assert {"thing": Iri(EX + "house"), "label": Literal("Haus der Beratung", "de")} in rows
    assert len(rows) == 4


def test_bindings_enter_a_query_by_substitution(engine: EmbeddedEngine):
    rows = engine.rows(LABELS, {"thing": Iri(EX + "other")})
    assert rows == [{"thing": Iri(EX + "other"), "label": Literal("Anderes Haus", "de")}]


def test_a_literal_of_each_kind_can_be_bound(engine: EmbeddedEngine):
    text = "SELECT ?a ?b ?c (DATATYPE(?b) AS ?d) WHERE {}"
    values = {
        "a": Literal("x", "ar--rtl"),
        "b": Literal("5", datatype=PREFIXES["xsd"] + "integer"),
        "c": Literal("plain"),
    }
    assert engine.rows(text, values) == [values | {"d": Iri(PREFIXES["xsd"] + "integer")}]


def test_an_unbound_variable_is_absent(engine: EmbeddedEngine):
    assert engine.rows("SELECT ?x ?y WHERE { BIND(1 AS ?x) }") == [
        {"x": Literal("1", datatype=PREFIXES["xsd"] + "integer")}
    ]


def test_ask_answers_with_and_without_bindings(engine: EmbeddedEngine):
    assert engine.ask("ASK { ?s ?p ?o }")
    assert not engine.ask("ASK { ?s ?p ?o }", {"s": Iri(EX + "nothing")})


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("SELECT ?x WHERE {", QuerySyntaxError),
        ("SELECT (<urn:f>(1) AS ?x) WHERE {}", QueryRefused),
        ("ASK {}", EngineError),
    ],
)
def test_a_trusted_query_that_cannot_run_is_an_error_of_ours(
    engine: EmbeddedEngine, text: str, error: type[EngineError]
):
    with pytest.raises(error):
        engine.rows(text)


def test_a_select_is_no_ask(engine: EmbeddedEngine):
    with pytest.raises(EngineError, match="query-not-ask"):
        engine.ask(LABELS)


def test_a_binding_that_the_query_does_not_project_is_refused(engine: EmbeddedEngine):
    with pytest.raises(EngineError):
        engine.rows("SELECT ?o WHERE { ?s ?p ?o }", {"s": Iri(EX + "house")})


def test_a_description_holds_the_thing_and_its_linked_parts_once(either: EmbeddedEngine):
    statements = either.statements_about(EX + "house")
    subjects = {statement.subject for statement in statements}
    assert subjects == {Iri(EX + name) for name in ("house", "house#office", "house#address")}
    assert len(statements) == 13
    assert {statement.graph for statement in statements} == {Iri(DATA)}


def test_a_description_follows_lists_to_their_end(either: EmbeddedEngine):
    statements = either.statements_about(EX + "shape")
    firsts = [
        statement.object
        for statement in statements
        if statement.predicate == Iri(PREFIXES["rdf"] + "first")
    ]
    assert set(firsts) == {
        Literal("1", datatype=PREFIXES["xsd"] + "integer"),
        Literal("zwei", "de"),
        Iri(EX + "x"),
    }


def test_blank_nodes_keep_the_labels_of_the_release(either: EmbeddedEngine):
    subjects = {statement.subject for statement in either.graph(SHAPES)}
    assert subjects == {Iri(EX + "shape")} | {BlankNode(f"c14n{number}") for number in range(3)}


@pytest.mark.parametrize("iri", [EX + "nothing", "no iri at all", ""])
def test_nothing_is_said_about_an_unknown_thing(engine: EmbeddedEngine, iri: str):
    assert engine.statements_about(iri) == []
    assert engine.graph(iri) == []


def test_a_graph_is_returned_whole_and_sorted(engine: EmbeddedEngine):
    statements = engine.graph(DATA)
    assert len(statements) == 18
    assert statements[0].subject == Iri(EX + "house#address")


def test_a_dataset_that_repeats_nothing_is_described_from_its_default_graph(tmp_path: Path):
    line = f'<{EX}a> <{EX}p> "x" .\n<{EX}a> <{EX}p> "x" <{EX}g> .\n<{EX}a> <{EX}p> "y" .\n'
    opened = open_engine(Settings(), release_of(tmp_path, {CONTENT: line.encode()}))
    assert opened.statements_about(EX + "a") == [
        Statement(Iri(EX + "a"), Iri(EX + "p"), Literal("x"), Iri(EX + "g")),
        Statement(Iri(EX + "a"), Iri(EX + "p"), Literal("y"), None),
    ]
    opened.close()


def test_a_release_whose_files_are_gone_is_an_error_of_ours(tmp_path: Path):
    broken = release_of(tmp_path, {CONTENT: b""})
    (tmp_path / CONTENT).unlink()
    with pytest.raises(EngineError, match="store-unreadable"):
        open_engine(Settings(), broken)


def test_several_threads_may_ask_at_once(engine: EmbeddedEngine):
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: len(engine.rows(LABELS)), range(200)))
    assert answers == [4] * 200


def test_open_engine_answers_the_public_too(release: Release):
    engine = open_engine(Settings(), release)
    answer = engine.answer(PublicQuery(f"DESCRIBE <{EX}other>", [], ["ttl"]), "192.0.2.1")
    engine.close()
    assert b"Anderes Haus" in answer.body
