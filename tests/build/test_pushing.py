"""A release goes into other engines whole, or not at all."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import monotonic
from urllib.parse import parse_qs

import pytest

from kmn_ld import releases
from kmn_ld.build import Silent, pushing
from kmn_ld.build.pushing import push_release
from kmn_ld.config import Settings
from kmn_ld.engine import PublicQuery, open_engine
from kmn_ld.engine.remote_dataset import DEFAULT, MARKER, NOTHING
from kmn_ld.engine.remote_endpoint import Dataset, Endpoint
from kmn_ld.engine.remote_results import read_rows
from kmn_ld.errors import BuildError, ConfigError, EngineError, KmnError
from kmn_ld.queries import load_query
from tests.engine.handmade import DATA, EXTRA, SHAPES, made_by_hand, release_of
from tests.engine.others import ENGINES, running
from tests.engine.scripted import answering, reply

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.fixture(scope="module", params=ENGINES)
def other(request, tmp_path_factory):
    with running(request.param, tmp_path_factory.mktemp(request.param)) as started:
        yield started


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "releases"
    made.mkdir()
    return made


def _current(folder, release):
    release.folder.rename(folder / release.id)
    releases.activate(folder, release.id)
    return releases.current(folder)


def _made(folder, extra=""):
    return _current(folder, made_by_hand(folder / ".building", extra))


def _count(settings, graph) -> int:
    """Return the number of statements that the engine holds in a graph."""
    endpoint, text = Endpoint(settings, 10), load_query("remote/count")
    dataset = Dataset((graph,), (NOTHING,))
    with endpoint.asked(text, "solutions", dataset, monotonic() + 10) as answer:
        return int(read_rows(answer)[0]["count"].value)


class _Seen:
    """Remembers steps and how far each has come."""

    def __init__(self):
        self.steps, self.done = [], []

    def start(self, step, total):
        self.steps.append((step, total))

    def advance(self, done):
        self.done.append(done)

    def finish(self, step, seconds):
        assert seconds >= 0


def test_graphs_arrive_and_progress_is_told(other, folder):
    release = _made(folder, EXTRA)
    settings, seen = other.settings(releases=folder), _Seen()
    assert push_release(settings, seen).id == release.id
    quads = release.manifest.quads
    assert seen.steps == [
        ("push-prepare", None), ("push-load", quads), ("push-verify", None), ("push-switch", None),
    ]  # fmt: skip
    assert seen.done[-1] == quads
    assert _count(settings, DATA) == _count(settings, DEFAULT)
    assert _count(settings, DATA) + _count(settings, DEFAULT) + _count(settings, SHAPES) == quads
    assert _count(settings, f"{pushing.COMING}0") == 0


def test_without_a_graph_store_statements_come_by_update(other, folder):
    release = _current(
        folder,
        release_of(
            folder / ".building",
            {"content.nq": f'<x:ü> <x:p> "a\\n\\"}}" <{DATA}> .\n<x:s> <x:p> <x:o> .\n'.encode()},
        ),
    )
    settings = replace(other.settings(releases=folder), endpoint_graph_store="")
    push_release(settings, Silent())
    opened = open_engine(settings, release)
    try:
        opened.ensure_ready()
        assert [row["o"].value for row in opened.rows("SELECT ?o { GRAPH ?g { ?s ?p ?o } }")] == [
            'a\n"}'
        ]
        assert opened.ask("ASK { <x:s> <x:p> <x:o> }")
    finally:
        opened.close()


def test_graphs_of_the_release_before_go_and_those_of_others_stay(other, folder):
    settings = other.settings(releases=folder)
    endpoint = Endpoint(settings, 10)
    endpoint.put("https://example.org/theirs", b"<x:a> <x:b> 1 .", monotonic() + 10)
    _made(folder)
    push_release(settings, Silent())
    assert _count(settings, SHAPES) > 0
    line = f"<x:s> <x:p> <x:o> <{DATA}> .\n".encode()
    _current(folder, release_of(folder / ".building", {"content.nq": line}))
    push_release(settings, Silent())
    assert (_count(settings, SHAPES), _count(settings, DATA)) == (0, 1)
    assert _count(settings, DEFAULT) == 0
    assert _count(settings, "https://example.org/theirs") == 1


def test_readers_see_one_release_or_the_other_or_are_told_to_come_again(other, folder):
    first = _made(folder)
    settings = other.settings(releases=folder, queries_per_client=4)
    push_release(settings, Silent())
    second = _made(folder, EXTRA)
    readers = [_Reader(open_engine(settings, release)) for release in (first, second)]
    with ThreadPoolExecutor(2) as threads:
        reading = [threads.submit(reader.run) for reader in readers]
        try:
            for release in (second, first, second):
                releases.activate(folder, release.id)
                push_release(settings, Silent())
                assert all(reader.asks_again() for reader in readers)
        finally:
            for reader in readers:
                reader.over.set()
        for future in reading:
            future.result()
    assert [reader.counts for reader in readers] == [{_expected(first)}, {_expected(second)}]
    errors = readers[0].errors | readers[1].errors
    assert errors <= {"remote-other-release", "remote-changing"}


class _Reader:
    """Asks for the number of statements again and again; keeps what it is told."""

    def __init__(self, engine):
        self.counts, self.errors = set(), set()
        self.over = threading.Event()
        self._engine = engine
        self._asked = threading.Semaphore(0)

    def run(self):
        while not self.over.is_set():
            try:
                body = self._engine.answer(PublicQuery(COUNT, ("json",), ()), "192.0.2.1").body
            except EngineError as error:
                self.errors.add(error.key)
            else:
                self.counts.add(int(json.loads(body)["results"]["bindings"][0]["n"]["value"]))
            self._asked.release()
        self._engine.close()

    def asks_again(self):
        """Wait until two more questions have been asked from begin to end."""
        while self._asked.acquire(blocking=False):
            pass
        return all(self._asked.acquire(timeout=20) for _ in range(3))


def _expected(release) -> int:
    return len((release.folder / "default.nt").read_bytes().splitlines())


@pytest.mark.parametrize("failing", ["load", "verify", "switch"])
def test_a_push_that_fails_leaves_the_old_data_answering(other, folder, monkeypatch, failing):
    first = _made(folder)
    settings = other.settings(releases=folder)
    push_release(settings, Silent())
    _made(folder, EXTRA)

    def fail(*_args, **_more):
        raise EngineError("remote-away")

    method = {"load": "put", "verify": "asked", "switch": "update"}[failing]
    monkeypatch.setattr(Endpoint, method, fail)
    with pytest.raises(EngineError):
        push_release(settings, Silent())
    monkeypatch.undo()
    engine = open_engine(settings, first)
    try:
        engine.ensure_ready()
        body = engine.answer(PublicQuery(COUNT, ("csv",), ()), "192.0.2.1").body
    finally:
        engine.close()
    assert body == f"n\r\n{_expected(first)}\r\n".encode()
    push_release(settings, Silent())  # the next one is not in its way
    assert _count(settings, DEFAULT) == _expected(releases.current(folder))


def test_what_was_lost_on_the_way_is_noticed_before_the_switch(other, folder, monkeypatch):
    first = _made(folder)
    settings = other.settings(releases=folder)
    push_release(settings, Silent())
    _made(folder, EXTRA)
    put = Endpoint.put
    lossy = b"\n".join
    monkeypatch.setattr(
        Endpoint, "put",
        lambda self, graph, data, *rest, **more: put(
            self, graph, lossy(data.split(b"\n")[2:]), *rest, **more
        ),
    )  # fmt: skip
    with pytest.raises(BuildError) as caught:
        push_release(settings, Silent())
    assert caught.value.key == "push-count"
    engine = open_engine(settings, first)
    try:
        engine.ensure_ready()
    finally:
        engine.close()


def test_an_engine_that_cuts_results_is_not_switched_to(folder, tmp_path):
    """Virtuoso cuts triples without a word, rows with a header."""
    _made(folder, EXTRA)
    with running("virtuoso", tmp_path / "virtuoso", rows=50) as started:
        settings = started.settings(releases=folder)
        with pytest.raises(BuildError) as caught:
            push_release(settings, Silent())
        assert (caught.value.key, caught.value.details["limit"]) == ("push-rows", "50")
        assert _count(settings, MARKER) == 0


def test_pieces_of_a_graph_share_their_blank_nodes(other, folder, monkeypatch):
    monkeypatch.setattr(pushing, "_PIECE", 2)
    lines = [f"<x:{n}> <x:p> <x:o> <{DATA}> .\n" for n in range(5)]
    lines += [f"<x:{n}> <x:p> _:same <{DATA}> .\n" for n in range(5)]
    content = "".join(sorted(lines)).encode()
    release = _current(folder, release_of(folder / ".building", {"content.nq": content}))
    settings = other.settings(releases=folder)
    push_release(settings, Silent())
    engine = open_engine(settings, release)
    try:
        text = "SELECT DISTINCT ?b { GRAPH ?g { ?s ?p ?b } FILTER(isBlank(?b)) }"
        assert len(engine.rows(text)) == 1
    finally:
        engine.close()


def test_without_an_engine_there_is_nowhere_to_push(folder):
    _made(folder)
    with pytest.raises(ConfigError) as caught:
        push_release(Settings(releases=folder), Silent())
    assert (caught.value.key, caught.value.exit_code) == ("push-endpoint", 2)


def test_without_a_release_or_with_a_damaged_one_nothing_is_sent(folder):
    with answering(reply("")) as server:
        settings = server.settings(releases=folder)
        with pytest.raises(BuildError):
            push_release(settings, Silent())
        release = _made(folder)
        (release.folder / "content.nq").write_text("<x:a> <x:b> <x:c> <x:g> .\n", "utf-8")
        with pytest.raises(BuildError) as caught:
            push_release(settings, Silent())
        assert caught.value.key == "release-damaged"
        assert server.asked == []


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ("<x:a> <x:b> <x:c> _:g .\n", "push-graph-name"),
        ("".join(f"<x:a> <x:b> <x:c> <x:{n}> .\n" for n in range(502)), "push-graphs"),
    ],
)
def test_graphs_that_no_query_could_name_are_refused(folder, content, key):
    _current(folder, release_of(folder / ".building", {"content.nq": content.encode()}))
    with answering(reply("")) as server, pytest.raises(BuildError) as caught:
        push_release(server.settings(releases=folder), Silent())
    assert caught.value.key == key


def test_what_an_engine_says_that_it_holds_is_never_more_than_names_of_graphs(folder):
    """A text among them would stand in the update as it is."""
    hostile = "x:a> ; DROP ALL ; DROP GRAPH <x:b"
    values = [("literal", hostile), ("bnode", "b"), ("uri", "https://example.org/old")]
    rows = [{"part": {"type": kind, "value": value}} for kind, value in values]
    told = {"head": {"vars": ["part"]}, "results": {"bindings": rows}}
    release = _made(folder)
    with answering(reply(json.dumps(told))) as server:
        push = pushing._Push(Endpoint(server.settings(), 5), {}, Silent())
        with pytest.raises(EngineError):  # the answer is no marker
            push.switch(release)
    update = parse_qs(server.asked[1].decode().partition("\r\n\r\n")[2])["update"][0]
    assert [line for line in update.splitlines() if "DROP" in line] == [
        "DROP SILENT GRAPH <https://example.org/old> ;"
    ]


def test_an_engine_that_forbids_to_write_is_told_of_without_the_password(folder):
    _made(folder)
    with (
        answering(reply("", status="401 Who are you")) as server,
        pytest.raises(KmnError) as caught,
    ):
        push_release(server.settings(releases=folder), Silent())
    assert (caught.value.key, caught.value.details) == ("remote-status", {"status": 401})
