"""Real engines of others behind ours: trusted queries, queries from outside, and their ends."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from kmn_ld.build import Silent
from kmn_ld.build.pushing import push_release
from kmn_ld.config import Settings
from kmn_ld.engine import Iri, Literal, PublicQuery, open_engine
from kmn_ld.engine.conversion import to_quad
from kmn_ld.engine.remote import RemoteEngine
from kmn_ld.errors import (
    EngineError,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    QueryTooLong,
    ResultTooLarge,
    TooManyQueries,
)
from kmn_ld.releases import activate, current
from tests.engine.handmade import DATA, ENDLESS, EXTRA, SHAPES, made_by_hand
from tests.engine.others import ENGINES, Other, running
from tests.engine.scripted import JSON, answering, holding, raw, reply, trickle

EX = "https://example.org/"
HOUSE = EX + "house"
LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
NAMES = f"SELECT ?thing ?name {{ ?thing <{LABEL}> ?name }} ORDER BY ?thing STR(?name)"
JSON_ONLY = ("json",)
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f FILTER(isLiteral(?c) && isLiteral(?f)) } LIMIT 5000"
"""More than 2 MB of rows."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder of releases with one made by hand."""
    made = tmp_path_factory.mktemp("releases")
    release = made_by_hand(made / ".building", EXTRA)
    release.folder.rename(made / release.id)
    activate(made, release.id)
    return made


@pytest.fixture(scope="module")
def release(folder):
    return current(folder)


@pytest.fixture(scope="module")
def inside(release):
    opened = open_engine(Settings(), release)
    yield opened
    opened.close()


@pytest.fixture(scope="module", params=ENGINES)
def other(request, folder, tmp_path_factory):
    """An engine that was given the release."""
    with running(request.param, tmp_path_factory.mktemp(request.param)) as started:
        push_release(started.settings(releases=folder), Silent())
        yield started


@pytest.fixture(scope="module")
def engine(other, release):
    opened = open_engine(other.settings(), release)
    assert isinstance(opened, RemoteEngine)
    yield opened
    opened.close()


@pytest.fixture
def opened(other, release):
    """Return a function that opens an engine with settings of the test's."""
    made = []

    def open_with(**settings: object):
        made.append(open_engine(other.settings(**settings), release))
        return made[-1]

    yield open_with
    for engine in made:
        engine.close()


def _rows(engine, text: str, **more: object) -> list[object]:
    answer = engine.answer(PublicQuery(text, JSON_ONLY, ("nt",), **more), "192.0.2.1")
    body = answer.body if answer.path is None else answer.path.read_bytes()
    return json.loads(body)["results"]["bindings"]


def test_rows_of_our_own_queries_are_those_of_the_engine_inside(engine, inside):
    assert engine.rows(NAMES) == inside.rows(NAMES)
    assert len(engine.rows(NAMES)) == 4


@pytest.mark.parametrize("thing", [HOUSE, EX + "other", EX + "nothing", "no iri", "x:> } #"])
def test_bindings_narrow_a_query_down(engine, inside, thing):
    bindings = {"thing": Iri(thing)}
    assert engine.rows(NAMES, bindings) == inside.rows(NAMES, bindings)
    asked = f"ASK {{ ?thing <{LABEL}> ?name }}"
    assert engine.ask(asked, bindings) is bool(engine.rows(NAMES, bindings))


@pytest.mark.parametrize("name", ["House of advice", '" } #', "\\", "\\u0022 } #", "a\nb", "'''"])
def test_a_text_stays_a_text(engine, inside, name):
    bindings = {"name": Literal(name, language="en")}
    assert engine.rows(NAMES, bindings) == inside.rows(NAMES, bindings)


def test_rows_for_each_of_several_terms_come_in_the_order_of_the_query(engine, inside):
    terms = [Iri(EX + "other"), Iri(HOUSE), Iri("no iri")]
    assert engine.rows_for_each(NAMES, "thing", terms) == inside.rows_for_each(
        NAMES, "thing", terms
    )
    assert engine.rows_for_each(NAMES, "thing", []) == []


def _canonical(statements) -> list[str]:
    dataset = ox.Dataset(to_quad(entry) for entry in statements)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, dataset))


@pytest.mark.parametrize("thing", [HOUSE, EX + "other", EX + "shape", EX + "nothing", "no iri"])
def test_statements_about_a_thing_are_those_of_the_engine_inside(engine, inside, thing):
    assert _canonical(engine.statements_about(thing)) == _canonical(inside.statements_about(thing))


@pytest.mark.parametrize("graph", [DATA, SHAPES, EX + "nothing", "no iri"])
def test_a_graph_is_the_one_of_the_engine_inside(engine, inside, graph):
    assert _canonical(engine.graph(graph)) == _canonical(inside.graph(graph))


def test_health_and_start_see_what_the_engine_holds(engine, other, release, caplog):
    engine.ensure_ready()
    strange = replace(release.manifest, id="20260102T030405Z-000000000000")
    opened = open_engine(other.settings(), replace(release, manifest=strange))
    try:
        with pytest.raises(EngineError) as caught:
            opened.ensure_ready()
        assert caught.value.details["found"] == release.id
        with pytest.raises(EngineError):
            _rows(opened, "SELECT * {}")
    finally:
        opened.close()
    assert "cannot answer yet" in caplog.text


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g",
        f"SELECT (COUNT(*) AS ?n) FROM <{SHAPES}> {{ ?s ?p ?o }}",
        f"SELECT (COUNT(*) AS ?n) FROM <{SHAPES}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        f"SELECT (COUNT(*) AS ?n) FROM NAMED <{DATA}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        f"SELECT (COUNT(*) AS ?n) FROM NAMED <{DATA}> {{ ?s ?p ?o }}",
    ],
)
def test_datasets_mean_what_they_mean_inside(engine, inside, query):
    assert _rows(engine, query) == _rows(inside, query)


@pytest.mark.parametrize("default", [(), (DATA,), (SHAPES,)])
@pytest.mark.parametrize("named", [(), (DATA,), (DATA, SHAPES)])
@pytest.mark.parametrize("text", ["?s ?p ?o", "GRAPH ?g { ?s ?p ?o }"])
def test_graphs_of_the_request_mean_what_they_mean_inside(engine, inside, default, named, text):
    """SPARQL 1.1 Protocol, 2.1.4."""
    query = f"SELECT (COUNT(*) AS ?n) {{ {text} }}"
    graphs = {"default_graphs": default, "named_graphs": named}
    assert _rows(engine, query, **graphs) == _rows(inside, query, **graphs)


def test_values_of_a_query_from_outside_narrow_it_down(engine, inside):
    values = {"thing": Iri(HOUSE), "name": Literal("бюро", language="uk")}
    assert _rows(engine, NAMES, bindings=values) == _rows(inside, NAMES, bindings=values)
    with pytest.raises(QueryRefused):
        _rows(engine, NAMES, bindings={"absent": Iri(HOUSE)})


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("SELECT * {", QuerySyntaxError),
        ("INSERT DATA { <x:a> <x:b> 1 }", QueryRefused),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", QueryRefused),
        ("SELECT * " + "{" * 2000 + "}" * 2000, QueryRefused),
        ("SELECT (<http://example.org/f>(1) AS ?x) {}", QueryRefused),
        ("ASK {} #" + "x" * 70_000, QueryTooLong),
    ],
    ids=["syntax", "update", "service", "nested", "function", "long"],
)
def test_what_is_refused_inside_never_reaches_another_engine(release, text, kind):
    with answering(reply("{}")) as server:
        opened = open_engine(server.settings(), release)
        before = len(server.asked)
        try:
            with pytest.raises(kind):
                _rows(opened, text)
        finally:
            opened.close()
        assert len(server.asked) == before


def test_the_marker_is_in_no_answer(engine):
    text = "SELECT DISTINCT ?g { { GRAPH ?g { ?s ?p ?o } } UNION { ?g ?p ?o } }"
    assert "/engine/" not in json.dumps(_rows(engine, text))


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * " + "{" * 199 + "}" * 199,
        "SELECT * { ?s ?p ?o " + "OPTIONAL { ?s ?p ?o " * 198 + "}" * 199,
        "SELECT (" + "(" * 198 + "1" + ")" * 198 + " AS ?x) {}",
        "SELECT (" + "STR(" * 198 + "1" + ")" * 198 + " AS ?x) {}",
        "SELECT (1" + " + 1" * 490 + " AS ?x) {}",
        "SELECT (" + "!" * 490 + "true AS ?x) {}",
        "SELECT (1" + " || 1" * 240 + " AS ?x) {}",
        "SELECT * { {}" + " UNION {}" * 490 + "}",
        "SELECT * { " + "FILTER(1) " * 490 + "}",
        "SELECT * { ?s ?p ?o FILTER(?o IN (1" + ",1" * 9000 + ")) }",
    ],
    ids=[
        "groups",
        "OPTIONAL",
        "brackets",
        "functions",
        "sums",
        "not",
        "or",
        "UNION",
        "FILTER",
        "IN",
    ],
)
def test_an_engine_survives_what_is_let_through(engine, other, text):
    """Oxigraph's own server dies from twice to three times as much."""
    try:
        _rows(engine, text)
    except QueryRefused as refusal:
        assert "Virtuoso" in str(refusal.details["reason"])
    engine.ensure_ready()
    assert other.process.poll() is None


def test_a_large_result_waits_in_a_file_and_is_whole(engine):
    answer = engine.answer(PublicQuery(LARGE, JSON_ONLY, ()), "192.0.2.1")
    assert answer.path is not None
    body = answer.path.read_bytes()
    answer.path.unlink()
    assert len(body) == answer.length > 2_000_000
    assert len(json.loads(body)["results"]["bindings"]) == 5000


def test_a_result_beyond_the_limit_is_refused(opened):
    with pytest.raises(ResultTooLarge) as caught:
        _rows(opened(result_max_bytes=1_500_000), LARGE)
    assert caught.value.key == "result-too-large"


def test_a_query_without_end_is_stopped_at_the_deadline(opened):
    with pytest.raises(QueryTimeout):
        _rows(opened(query_seconds=1), ENDLESS)


def test_a_client_has_so_many_queries_at_once(opened, other):
    engine = opened(query_seconds=4, queries_per_client=1)
    before = _connections(other)
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(_rows, engine, ENDLESS)
        _wait_for_more(other, before)
        with pytest.raises(TooManyQueries):
            _rows(engine, "SELECT * {}")
        with pytest.raises(QueryTimeout):
            running.result()


@pytest.mark.parametrize("name", ENGINES)
def test_an_engine_that_is_killed_in_mid_answer_gives_an_error_and_no_part(
    name, folder, release, tmp_path
):
    with running(name, tmp_path / name) as started:
        push_release(started.settings(releases=folder), Silent())
        engine = open_engine(started.settings(), release, tmp_path)
        try:
            before = _connections(started)
            with ThreadPoolExecutor(1) as threads:
                asked = threads.submit(_rows, engine, ENDLESS)
                _wait_for_more(started, before)
                started.kill()
                with pytest.raises(EngineError) as caught:
                    asked.result()
            assert caught.value.key in ("remote-cut", "remote-away")
            with pytest.raises(EngineError) as caught:
                engine.ensure_ready()
            assert caught.value.key == "remote-away"
            assert list(tmp_path.glob("result-*")) == []
        finally:
            engine.close()


def _connections(other: Other) -> int:
    """Return how many connections to an engine are open, at its end (proc_net_tcp: state 01)."""
    lines = (line.split() for line in Path("/proc/net/tcp").read_text("ascii").splitlines())
    own = f":{other.port:04X}"
    return sum(fields[1].endswith(own) and fields[3] == "01" for fields in lines)


def _wait_for_more(other: Other, before: int) -> None:
    """Wait until another connection to the engine is open than there were before."""
    pause = threading.Event()
    while _connections(other) <= before:
        pause.wait(0.01)


NT = "HTTP/1.1 200 OK\r\nContent-Type: application/n-triples\r\n"


@pytest.mark.parametrize(
    ("script", "form"),
    [
        (raw(NT + "Transfer-Encoding: chunked", body="12\r\n<x:a> <x:b> 1 .\r\n\r\n"), "CONSTRUCT"),
        (raw(NT + "Content-Length: 99", body="<x:a> <x:b> 1 .\n"), "CONSTRUCT"),
        (reply('{"head":{"vars":["a"]},"results":{"bindings":['), "SELECT"),
    ],
)
def test_a_part_is_never_spooled_as_a_whole(release, tmp_path, script, form):
    text = "CONSTRUCT WHERE { ?s ?p ?o }" if form == "CONSTRUCT" else "SELECT * { ?s ?p ?o }"
    with answering(holding(release.id, script)) as server:
        engine = open_engine(server.settings(), release, tmp_path)
        try:
            with pytest.raises(EngineError) as caught:
                engine.answer(PublicQuery(text, JSON_ONLY, ("nt",)), "192.0.2.1")
        finally:
            engine.close()
    assert (caught.value.key, caught.value.status) == ("remote-cut", 503)
    assert list(tmp_path.glob("result-*")) == []


def test_a_trickle_holds_no_slot_beyond_the_deadline(release, tmp_path):
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nContent-Length: 99999\r\n\r\n"
    with answering(holding(release.id, trickle(head, " "))) as server:
        settings = server.settings(query_seconds=1, queries_per_client=1)
        engine = open_engine(settings, release, tmp_path)
        try:
            for _ in range(2):
                with pytest.raises(QueryTimeout):
                    _rows(engine, "SELECT * { ?s ?p ?o }")
        finally:
            engine.close()


def test_a_release_that_changes_in_mid_query_gives_no_mixture(other, opened, folder):
    """What was pushed anew in between is noticed by the name of the push."""
    engine = opened()
    engine.ensure_ready()
    push_release(other.settings(releases=folder), Silent())
    with pytest.raises(EngineError) as caught:
        _rows(engine, NAMES)
    assert (caught.value.key, caught.value.status) == ("remote-changing", 503)
    assert len(_rows(engine, NAMES)) == 4
