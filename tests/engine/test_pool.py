import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from time import monotonic

import pyoxigraph as ox
import pytest

from kmn_ld.config import Settings
from kmn_ld.engine import PublicQuery
from kmn_ld.engine.conversion import to_oxigraph
from kmn_ld.engine.terms import Iri, Literal
from kmn_ld.errors import (
    EngineError,
    KmnError,
    NotAcceptable,
    QueryOutOfMemory,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    QueryTooLong,
    ResultTooLarge,
)
from kmn_ld.messages import LANGUAGES, explain
from kmn_ld.releases import CONTENT, MANIFEST, STORE
from kmn_ld.vocab import PREFIXES
from tests.engine.asking import ask
from tests.engine.conftest import Catcher
from tests.engine.handmade import ENDLESS, EX, release_of
from tests.engine.waiting import eventually, is_ready, is_refused, is_running

XSD = PREFIXES["xsd"]
MANY = f"SELECT * {{ ?a <{EX}p> ?b . ?c <{EX}p> ?d }}"


def test_a_small_answer_comes_whole(make):
    answer = ask(make(), f"SELECT ?o {{ <{EX}n7> ?p ?o }}")
    assert json.loads(answer.body)["results"]["bindings"][0]["o"]["value"] == f"{7:0100}"
    assert (answer.format, answer.form, answer.path) == ("json", "solutions", None)
    assert answer.length == len(answer.body)
    assert answer.digest == sha256(answer.body).hexdigest()
    assert 0 < answer.seconds < 10


def test_a_large_answer_is_a_file_in_the_folder(make, tmp_path: Path):
    answer = ask(make(), MANY)
    assert answer.body is None
    assert answer.path.parent == tmp_path
    assert len(json.loads(answer.path.read_bytes())["results"]["bindings"]) == 150 * 150
    assert answer.length == answer.path.stat().st_size > 2**20
    assert answer.digest == sha256(answer.path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("ASK {}", "boolean"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "graph"),
        ("SELECT * {}", "solutions"),
    ],
)
def test_the_form_of_the_query_decides_the_kind_of_format(make, text: str, form: str):
    pool = make()
    query = PublicQuery(text, ["csv"], ["nt"])
    answer = pool.answer(query, "192.0.2.1")
    assert answer.form == form
    assert answer.format == ("nt" if form == "graph" else "csv")


def test_dataset_parameters_reach_the_worker(make):
    query = PublicQuery("ASK { ?s ?p ?o }", ["csv"], [], [f"{EX}none"], None)
    assert make().answer(query, "192.0.2.1").body == b"false"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("SELECT", QuerySyntaxError),
        ("ASK { ?s foaf:name '\ud800' }", QuerySyntaxError),
        ("SELECT (<urn:f>(1) AS ?x) {}", QueryRefused),
        ("SELECT * { SERVICE <urn:x> {} }", QueryRefused),
        ("DROP ALL", QueryRefused),
        ("ASK {} #" + "x" * 65536, QueryTooLong),
        ("ASK {} #" + "ä" * 32768, QueryTooLong),
    ],
)
def test_a_query_that_cannot_be_answered_is_a_named_error(make, text: str, error: type[KmnError]):
    pool = make()
    with pytest.raises(error) as caught:
        ask(pool, text)
    assert type(caught.value) is error
    assert all(
        "{" not in word for language in LANGUAGES for word in explain(caught.value, language)
    )
    assert ask(pool, "ASK {}").form == "boolean"
    assert len(pool.process_ids()) == 1


def test_a_query_as_long_as_allowed_is_answered(make):
    assert ask(make(), "ASK {} #".ljust(65536, "x")).body


def test_the_offered_formats_are_named_where_none_is_acceptable(make):
    with pytest.raises(NotAcceptable) as caught:
        make().answer(PublicQuery("ASK {}", [], ["ttl"]), "192.0.2.1")
    assert "application/sparql-results+json" in caught.value.details["offered"]


def test_a_result_beyond_the_limit_is_refused_and_nothing_stays(make, tmp_path: Path):
    pool = make(result_max_bytes=3 * 2**20)
    with pytest.raises(ResultTooLarge) as caught:
        ask(pool, MANY)
    assert caught.value.details == {"limit": 3 * 2**20, "mebibytes": "3"}
    assert list(tmp_path.glob("result-*")) == []
    assert ask(pool, "ASK {}").body


def test_an_endless_query_ends_at_its_deadline_and_so_does_its_worker(make):
    pool = make(query_seconds=1)
    assert eventually(lambda: is_ready(pool))
    before = pool.process_ids()
    started = monotonic()
    with pytest.raises(QueryTimeout) as caught:
        ask(pool, ENDLESS)
    assert 1 <= monotonic() - started < 2
    assert caught.value.details == {"seconds": 1}
    assert eventually(lambda: not is_running(before[0]))
    assert eventually(lambda: is_ready(pool))
    assert ask(pool, "ASK {}").body


def test_a_worker_that_dies_is_replaced(make):
    pool = make(query_memory_mb=64)
    text = "SELECT ?x5 { BIND('0123456789abcdef' AS ?x0) " + "".join(
        f"BIND(CONCAT({', '.join([f'?x{number}'] * 64)}) AS ?x{number + 1})" for number in range(5)
    )
    with pytest.raises(QueryOutOfMemory) as caught:
        ask(pool, text + "}")
    assert caught.value.details == {"limit": 64}
    assert ask(pool, "ASK {}").body


def test_an_idle_worker_that_was_killed_is_not_noticed_by_a_client(make):
    pool = make()
    ask(pool, "ASK {}")
    [worker] = pool.process_ids()
    subprocess.run(["kill", "-KILL", str(worker)], check=True)
    assert eventually(lambda: not is_running(worker))
    assert ask(pool, "ASK {}").body


def test_a_worker_that_has_grown_is_replaced(make):
    pool = make()
    ask(pool, "ASK {}")
    before = pool.process_ids()
    assert ask(pool, "ASK " + "{" * 30_000 + "}" * 30_000).body
    assert ask(pool, "ASK {}").body
    assert before != pool.process_ids()
    assert eventually(lambda: not is_running(before[0]))


def test_workers_start_on_demand_and_end_when_they_are_idle(make):
    pool = make(queries_per_client=4, query_seconds=3)
    with ThreadPoolExecutor(3) as threads:
        running = [threads.submit(ask, pool, ENDLESS) for _ in range(3)]
        assert eventually(lambda: len(pool.process_ids()) == 3)
        assert all(isinstance(query.exception(), QueryTimeout) for query in running)
    assert eventually(lambda: len(pool.process_ids()) == 1)


def test_workers_beyond_the_one_at_rest_end_when_they_are_idle(make):
    pool = make()
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda number: ask(pool, MANY, f"192.0.2.{number}"), range(8)))
    assert eventually(lambda: len(pool.process_ids()) == 1)


HIDDEN = [
    "SELECT * { SERVICE SILENT <%s> { ?s ?p ?o } }",
    "ASK { FILTER(1<'a>')SERVICE SILENT<%s>{ ?s ?p '} #'} }",
    "ASK { FILTER(1<2)SERVICE SILENT#>\n<%s>{ ?s ?p ?o } }",
    "ASK { FILTER(1<2#> '''\n)SERVICE SILENT <%s> { ?s ?p ?o } #'''\n}",
    "PREFIX service: <%s> ASK { ?s ?p ?o service:x ?p ?o . SERVICE SILENT service:a { ?s ?p ?o } }",
]


@pytest.mark.parametrize("text", HIDDEN)
def test_a_service_that_the_guard_does_not_see_is_refused_by_the_worker(
    make, monkeypatch: pytest.MonkeyPatch, catcher: Catcher, text: str
):
    monkeypatch.setattr("kmn_ld.engine.pool.refuse_what_is_not_offered", lambda text: None)
    with pytest.raises((QueryRefused, QuerySyntaxError)):
        ask(make(), text % catcher.url)
    assert not catcher.was_reached


def test_a_release_on_disk_is_answered_from_there(make, tmp_path_factory):
    lines = "".join(f'<{EX}s{number}> <{EX}p> "{number}" .\n' for number in range(3000))
    release = release_of(tmp_path_factory.mktemp("disk"), {CONTENT: lines.encode()})
    pool = make(release, memory_triples=0)
    (release.path(CONTENT)).unlink()
    assert ask(pool, 'SELECT ?s { ?s ?p "2999" }').length > 100


def test_a_store_of_more_files_than_rocksdb_opens_at_once_is_read_whole(make, tmp_path_factory):
    release = release_of(tmp_path_factory.mktemp("files"), {CONTENT: b""})
    store = ox.Store(str(release.path(STORE)))
    for piece in range(3):  # from four on RocksDB merges them, at a moment of its own choosing
        store.bulk_load(
            "".join(f"<{EX}s{piece}-{n}> <{EX}p> <{EX}o{n}> <{EX}g> .\n" for n in range(500)),
            format=ox.RdfFormat.N_QUADS,
        )
    store.flush()
    del store
    assert len(list(release.path(STORE).glob("*.sst"))) > 16
    manifest = replace(release.manifest, quads=1_500)
    release.path(MANIFEST).write_text(manifest.to_json())
    pool = make(replace(release, manifest=manifest), memory_triples=0)
    parts = ["?s ?p ?o", f"?s <{EX}p> ?o", f"?s ?p <{EX}o7>", f"<{EX}s2-7> ?p ?o"]
    texts = [
        f"SELECT (COUNT(*) AS ?n) {{ GRAPH {g} {{ {part} }} }}"
        for part in parts
        for g in ("?g", f"<{EX}g>")
    ]
    answers = [pool.answer(PublicQuery(text, ["csv"], []), "192.0.2.1").body for text in texts]
    assert answers == [b"n\r\n%d\r\n" % count for count in (1_500, 1_500, 3, 1) for _ in "ab"]


def test_a_query_nested_as_deeply_as_the_longest_allows_is_answered(make):
    highest = Settings.from_env({"KMN_LD_QUERY_MAX_BYTES": "262144"}).query_max_bytes
    nested = "ASK " + "{" * (highest // 2 - 2) + "}" * (highest // 2 - 2)
    assert ask(make(query_max_bytes=highest), nested).body


def test_a_worker_that_cannot_start_is_told_at_once_and_logged_with_its_reason(
    make, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    broken = release_of(tmp_path / "broken", {CONTENT: b""})
    broken.path(CONTENT).unlink()
    pool = make(broken)
    started = monotonic()
    with pytest.raises(EngineError, match="worker-start") as caught:
        ask(pool, "ASK {}")
    assert monotonic() - started < 5
    assert caught.value.details == {"reason": "store-unreadable"}
    assert str(broken.path(CONTENT)) in caplog.text
    with pytest.raises(EngineError, match="worker-start"):
        pool.ensure_ready()


def test_a_stack_that_the_system_does_not_grant_is_an_error_of_ours(
    make, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr("kmn_ld.engine.pool._STACK_PER_BYTE", 2**30)
    with pytest.raises(EngineError, match="worker-start") as caught:
        ask(make(), "ASK {}")
    assert "thread" in str(caught.value.details["reason"])
    assert "could not start" in caplog.text


def test_a_pool_is_ready_while_its_workers_are_busy(make):
    pool = make(query_seconds=2)
    pool.ensure_ready()
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(ask, pool, ENDLESS)
        assert eventually(lambda: not pool._stock._idle)
        pool.ensure_ready()
        assert len(pool.process_ids()) == 1
        assert isinstance(running.exception(), QueryTimeout)


def test_closing_lets_a_running_query_come_to_its_end(make):
    pool = make(query_seconds=2)
    ask(pool, "ASK {}")
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(ask, pool, ENDLESS)
        assert eventually(lambda: is_refused(pool, "192.0.2.1") or not running.running())
        pool.close()
        assert isinstance(running.exception(), QueryTimeout)
    assert eventually(lambda: pool.process_ids() == [])
    with pytest.raises(EngineError, match="engine-closed"):
        ask(pool, "ASK {}")


@pytest.mark.parametrize(
    "term",
    [
        Iri(f"{EX}n7"),
        Literal('"} DROP ALL #\n'),
        Literal("Grüße", language="de"),
        Literal("2010-03-01", datatype=f"{XSD}date"),
    ],
)
def test_a_binding_reaches_the_worker_as_the_term_that_it_is(make, term):
    text = f'SELECT ?x {{ OPTIONAL {{ VALUES ?x {{ "shown" }} }} ?s <{EX}p> ?o }} LIMIT 1'
    shown = json.loads(ask(make(), text).body)["results"]["bindings"][0]["x"]
    assert shown == {"type": "literal", "value": "shown"}
    answer = make().answer(PublicQuery(text, ["tsv"], [], bindings={"x": term}), "192.0.2.1")
    assert answer.body.decode() == f"?x\n{to_oxigraph(term)}\n"


@pytest.mark.parametrize(
    ("bindings", "key"),
    [
        ({"z": Literal("1")}, "query-binding-unknown"),
        ({"x y": Literal("1")}, "query-binding"),
        ({"o": Iri("no iri> } DROP ALL")}, "query-binding"),
        ({"o": Literal("1", datatype="integer")}, "query-binding"),
    ],
)
def test_a_binding_that_cannot_be_is_refused_by_its_name(make, bindings, key):
    query = PublicQuery("SELECT ?o { ?s ?p ?o }", ["json"], [], bindings=bindings)
    with pytest.raises(QueryRefused) as caught:
        make().answer(query, "192.0.2.1")
    assert (caught.value.key, caught.value.details["name"]) == (key, *bindings)
    assert all(explain(caught.value, language)[1] for language in LANGUAGES)


def test_queries_with_other_bindings_are_other_queries():
    one, two, again = (
        PublicQuery("SELECT ?x {}", ("json",), (), bindings={"x": Literal(value)})
        for value in "aba"
    )
    assert len({one, two, again}) == 2
