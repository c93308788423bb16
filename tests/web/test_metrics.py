"""What operators read at /metrics; queries are counted by real workers."""

import os
import re
import signal
from pathlib import Path

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse

from kmn_ld import releases
from kmn_ld.config import Settings
from kmn_ld.engine import open_engine
from kmn_ld.engine.tally import _MOST, BOUNDS, Tally
from kmn_ld.web import create_app
from kmn_ld.web.clients import Proxies
from kmn_ld.web.counting import KINDS, LIMITS, count_request
from kmn_ld.web.front import Front, Limits
from kmn_ld.web.live import Current, Live
from kmn_ld.web.metrics import METRICS, PREFIX
from tests.engine.waiting import eventually
from tests.web import made_up
from tests.web.asgi import AsgiClient
from tests.web.fronting import KEEPABLE, Wsgi, around, held
from tests.web.served import answers, serving, until

DOCS = Path(__file__).parents[2] / "docs" / "metrics.md"
OPENMETRICS = "application/openmetrics-text"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
_DOUBLED = " ".join(
    f"BIND(CONCAT({', '.join([f'?v{step}'] * 16)}) AS ?v{step + 1})" for step in range(6)
)
GREEDY = f'SELECT (STRLEN(?v6) AS ?n) {{ BIND("{"x" * 100}" AS ?v0) {_DOUBLED} }}'


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("metrics")
    (folder / "releases").mkdir()
    made_up.write(folder / "releases")
    return folder


@pytest.fixture
def real(folder, tmp_path):
    """A client of an application with real workers that may take a second and 64 MiB."""
    settings = Settings(releases=folder / "releases", query_seconds=1, query_memory_mb=64)
    engine = open_engine(settings, releases.current(settings.releases), tmp_path)
    assert eventually(lambda: _is_ready(engine))
    current = Current.of(engine, releases.current(settings.releases))
    yield create_app(settings, engine=Live(current, tally=Tally(tmp_path))).test_client()
    engine.close()


def _is_ready(engine):
    try:
        engine.ensure_ready()
    except Exception:
        return False
    return True


def samples(client):
    """Return name without our prefix, labels in the order of their names → value."""
    response = client.get("/metrics")
    assert response.status_code == 200
    return read(response.text)


def read(text):
    found = [sample for family in parse(text) for sample in family.samples]
    return {(one.name.removeprefix(PREFIX), *_sorted(one.labels)): one.value for one in found}


def _sorted(labels):
    return [labels[name] for name in sorted(labels)]


def ask(client, query):
    return client.get("/sparql", query_string={"query": query})


def test_a_query_is_counted_by_form_and_status_and_by_its_duration(real):
    assert ask(real, "ASK {}").status_code == 200
    found = samples(real)
    assert found["queries_total", "boolean", "200"] == 1
    assert found["query_seconds_count", "boolean"] == 1
    assert 0 < found["query_seconds_sum", "boolean"] < 1
    assert found["query_seconds_bucket", "boolean", "1.0"] == 1


def test_a_syntax_error_is_a_query_of_no_known_form(real):
    assert ask(real, "SELECT").status_code == 400
    assert samples(real)["queries_total", "unknown", "400"] == 1


def test_a_kill_at_the_deadline_is_counted(real):
    assert ask(real, ENDLESS).status_code == 503
    assert eventually(lambda: ("worker_kills_total", "deadline") in samples(real))
    found = samples(real)
    assert found["worker_kills_total", "deadline"] == 1
    assert found["queries_total", "unknown", "503"] == 1
    assert found["refusals_total", "query_seconds"] == 1


def test_a_kill_for_memory_is_counted(real):
    assert ask(real, GREEDY).status_code == 503
    assert eventually(lambda: ("worker_kills_total", "memory") in samples(real))
    assert samples(real)["refusals_total", "query_memory_mb"] == 1


def test_workers_that_run_and_that_were_started_are_counted(real):
    ask(real, ENDLESS)
    assert eventually(lambda: samples(real)["workers_started_total",] >= 2)
    assert eventually(lambda: samples(real)["workers",] == 1)


def test_refusal_by_the_length_of_a_query_is_counted(real):
    assert ask(real, "#" * 70_000).status_code == 413
    assert samples(real)["refusals_total", "query_max_bytes"] == 1


def test_results_on_disk_are_counted_until_they_are_sent(real, tmp_path):
    (tmp_path / "result-0000000000-1-x").write_bytes(b"x" * 1234)
    assert samples(real)["spool_bytes",] == 1234


def test_release_and_its_age_are_told(client, release):
    found = samples(client)
    assert found["release_info", release.id] == 1
    assert found["release_age_seconds",] > 0


def test_hits_and_misses_of_the_cache_are_counted(runner):
    tally = Tally()
    asgi = around(Wsgi(KEEPABLE), runner, tally=tally)
    for _ in range(3):
        runner.run(asgi.request("GET", "/doc/x"))
    totals = tally.totals()
    assert (totals["cache_lookups", "miss"], totals["cache_lookups", "hit"]) == (1, 2)
    assert totals["cache_bytes",] > 0
    assert totals["requests", "thing", "2xx"] == 3


def test_a_304_is_counted_as_one_whether_it_was_kept_or_not(runner):
    tally = Tally()
    asgi = around(Wsgi(KEEPABLE), runner, tally=tally)
    for _ in range(2):
        runner.run(asgi.request("GET", "/doc/x", headers={"If-None-Match": '"t"'}))
    assert tally.totals()["requests", "thing", "3xx"] == 2


def test_requests_that_wait_for_a_thread_are_told(runner):
    tally, wsgi = Tally(), Wsgi()
    asgi = around(wsgi, runner, tally=tally)

    async def look():
        return tally.totals()

    found = runner.run(held(asgi, wsgi, ["/doc/a", "/doc/b"], look))
    assert (found["requests_in_hand", "documents"], found["threads", "documents"]) == (2, 2)
    assert tally.totals()["requests_in_hand", "documents"] == 0


def test_metrics_answer_while_pages_and_queries_are_held(runner):
    wsgi = Wsgi()
    asgi = around(wsgi, runner)

    async def look():
        wsgi.held.set()
        return await asgi.request("GET", "/metrics")

    assert runner.run(held(asgi, wsgi, ["/doc/a", "/doc/b", "/sparql"], look)).status == 200


def test_the_real_application_counts_behind_its_front(app, runner):
    tally = Tally()
    live = app.extensions["kmn_ld"]
    live.tally = tally
    front = Front(app, limits=Limits(), proxies=Proxies(()), tally=tally)
    asgi = AsgiClient(front, runner)
    runner.run(asgi.request("GET", "/nowhere"))
    text = runner.run(asgi.request("GET", "/metrics")).body.decode()
    assert read(text)["requests_total", "other", "4xx"] == 1


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "page"),
        ("/doc/org/k7x2qf96.ttl", "thing"),
        ("/def.ttl", "vocabulary"),
        ("/.well-known/void", "description"),
        ("/queries/a.csv", "library"),
        ("/releases/2026-01-01-abc/sparql", "query"),
        ("/releases/2026-01-01-abc/queries.json", "library"),
        ("/releases/2026-01-01-abc/queries/a.csv", "library"),
        ("/releases/2026-01-01-abc", "other"),
        ("/releases", "other"),
        ("/some/thing", "other"),
        ("*", "other"),
    ],
)
def test_the_kind_of_a_request_is_one_of_few(path, kind):
    tally = Tally()
    count_request(tally, path, 200)
    assert tally.totals() == {("requests", kind, "2xx"): 1}


def test_both_text_formats_are_written_as_accept_says(client):
    plain = client.get("/metrics")
    assert plain.content_type == "text/plain; version=0.0.4; charset=utf-8"
    header = {"Accept": "application/openmetrics-text;version=1.0.0"}
    response = client.get("/metrics", headers=header)
    assert response.content_type.startswith("application/openmetrics-text; version=1.0.0")
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Vary"] == "Accept"
    assert len(list(openmetrics(response.text))) == len(METRICS)


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/openmetrics-text;version=abc", OPENMETRICS),
        ("Application/OpenMetrics-Text; version=99.0;q=0.5", OPENMETRICS),
        ("application/openmetrics-text;q=0.5,text/plain;version=1.0.0;q=0.4", OPENMETRICS),
        ("text/plain;version=x", "text/plain"),
        ("text/plain;version=1.0.0;escaping=nothing", "text/plain"),
        ("text/plain,application/openmetrics-text;q=0.9", "text/plain"),
        ("application/openmetrics-text;q=0", "text/plain"),
        ("application/openmetrics-text;q=often", "text/plain"),
        ("text/html,*/*;q=0.1", "text/plain"),
        (';;,",', "text/plain"),
    ],
)
def test_media_types_and_their_qualities_alone_decide_about_the_format(client, accept, kind):
    response = client.get("/metrics", headers={"Accept": accept})
    assert response.status_code == 200
    assert response.mimetype == kind


def test_every_metric_has_type_and_help(client):
    families = {family.name: family for family in parse(client.get("/metrics").text)}
    assert len(families) == len(METRICS)
    assert all(family.documentation and family.type != "unknown" for family in families.values())


def test_the_table_of_the_docs_is_that_of_the_code():
    rows = re.findall(r"^\| `(kmn_ld_\w+)` \| (\w+) \| (.*?) \| (.*) \|$", DOCS.read_text(), re.M)
    endings = {"counter": "_total", "info": "_info"}
    assert [row[:3] for row in rows] == [
        (
            f"{PREFIX}{metric.name}{endings.get(metric.kind, '')}",
            metric.kind,
            ", ".join(f"`{label}`" for label in metric.labels),
        )
        for metric in METRICS
    ]


@pytest.mark.parametrize("value", [*KINDS, *LIMITS.values()])
def test_the_docs_name_every_kind_and_limit(value):
    assert f"`{value}`" in DOCS.read_text()


def test_there_is_room_for_all_that_may_be_counted():
    forms, statuses, classes, lanes, fixed = 4, 12, 5, 4, 20
    counted = forms * (statuses + len(BOUNDS) + 1) + (len(KINDS) * classes) + len(LIMITS)
    assert counted + 2 * lanes + fixed < _MOST


@pytest.fixture(scope="module")
def served(folder, tmp_path_factory):
    """A service of two server processes."""
    with serving(folder / "releases", tmp_path_factory.mktemp("t"), workers=2) as running:
        yield running


def _served(running):
    status, body = running.get("/metrics")
    assert status == 200
    return read(body.decode())


def test_whichever_process_answers_tells_the_sums_of_both(served):
    assert until(lambda: _served(served)["workers",] == 2)
    before = _served(served).get(("requests_total", "other", "4xx"), 0)
    for _ in range(10):
        assert served.get("/nowhere")[0] == 404
    looks = [_served(served) for _ in range(10)]
    assert {look["requests_total", "other", "4xx"] for look in looks} == {before + 10}
    assert {look["threads", "documents"] for look in looks} == {2 * Limits().threads}


def test_counts_stay_when_a_server_process_is_killed(served):
    for _ in range(10):
        assert served.get("/nowhere")[0] == 404
    before = _served(served)
    pid = served.process.pid
    process = int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])
    os.kill(process, signal.SIGKILL)
    assert until(lambda: not Path(f"/proc/{process}").exists())
    assert until(lambda: answers(served) and _served(served)["threads", "documents"] == 8)
    after = _served(served)
    counters = [key for key in before if key[0].endswith(("_total", "_count", "_sum"))]
    assert ("requests_total", "other", "4xx") in counters
    assert all(after[key] >= before[key] for key in counters)
