"""Queries that need no Flask: the answers are those of Flask, header by header."""

import asyncio
import hashlib
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from kmn_ld.engine.tally import Tally
from kmn_ld.vocab import BASE
from kmn_ld.web.direct import Direct
from kmn_ld.web.live import EXTENSION
from tests.engine.waiting import eventually
from tests.web import engines
from tests.web.fronting import LIMITS, Wsgi, around, held
from tests.web.made_up import ACTIVE

ABOUT = f"<{BASE}id/org/{ACTIVE}>"
SELECT = f"SELECT ?p ?o {{ {ABOUT} ?p ?o }} ORDER BY ?p ?o"
CONSTRUCT = f"CONSTRUCT WHERE {{ {ABOUT} ?p ?o }}"
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
FORM = "application/x-www-form-urlencoded"
GRAPH = f"{BASE}graph/ontology"
TARGETS = [
    {"query": SELECT},
    {"query": "ASK {}"},
    {"query": CONSTRUCT},
    {"query": f"DESCRIBE {ABOUT}"},
    {"query": SELECT, "format": "csv"},
    {"query": CONSTRUCT, "format": "application/ld+json"},
    {"query": SELECT, "default-graph-uri": GRAPH},
    {"query": SELECT, "named-graph-uri": GRAPH, "format": "xml"},
    {"query": LARGE},
    {"query": "SELECT"},
    {"query": ""},
    {"query": SELECT, "format": "docx"},
    {"query": SELECT, "format": "ttl"},
    {"query": "ASK { SERVICE <https://example.org/sparql> {} }"},
    {"query": "ASK {}", "update": "CLEAR ALL"},
    {"query": "ASK {}", "default-graph-uri": "no iri"},
    {"query": SELECT, "format": "html"},
    {"update": "CLEAR ALL"},
    {"format": "json"},
    {"format": "ttl"},
    {"example": "no-such-example"},
    {},
]
ACCEPT = [None, "text/csv", "text/turtle, application/sparql-results+xml;q=0.5", "text/html", "x/y"]


@pytest.fixture(scope="module")
def answering(tmp_path_factory):
    """Return an application over an engine with real workers."""
    with engines.application("embedded", tmp_path_factory.mktemp("direct")) as app:
        live = app.extensions[EXTENSION]
        assert eventually(lambda: _is_ready(live))
        yield app


def _is_ready(live) -> bool:
    live.current.engine.ensure_ready()
    return True


@pytest.fixture
def both(answering, runner):
    """Return a client that Flask answers, and one that is answered directly."""
    plain, quick = around(answering, runner), around(answering, runner)
    quick.application.direct = Direct(answering.extensions[EXTENSION], 2)
    yield plain, quick
    quick.application.direct.close()


def _seen(sent):
    """Return what a client sees: status, headers, and the body or the digest of the file."""
    body = sent.body
    if sent.path:
        body = hashlib.sha256(Path(sent.path).read_bytes()).digest()
    return sent.status, sent.headers, body


@pytest.mark.parametrize("accept", ACCEPT)
@pytest.mark.parametrize("target", TARGETS, ids=urlencode)
def test_get_has_the_same_answer_on_both_ways(both, target, accept):
    headers = {} if accept is None else {"accept": accept}
    address = f"/sparql?{urlencode(target)}"
    one, other = (_seen(way.get(address, headers=headers, pathsend=True)) for way in both)
    assert one == other


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (FORM, urlencode({"query": SELECT})),
        (f"{FORM}; charset=UTF-8", urlencode({"query": CONSTRUCT, "format": "nt"})),
        (f"{FORM}; charset=latin-1", urlencode({"query": SELECT})),
        ("application/sparql-query", SELECT),
        ("application/sparql-query", "SELECT"),
        ("application/sparql-update", "CLEAR ALL"),
        ("text/plain", SELECT),
        ("", SELECT),
    ],
)
def test_post_has_the_same_answer_on_both_ways(both, content_type, body):
    headers = {"content-type": content_type, "content-length": str(len(body))}
    one, other = (_seen(way.post("/sparql", body.encode(), headers=headers)) for way in both)
    assert one == other


def test_a_result_that_changes_is_kept_on_neither_way(both):
    address = f"/sparql?query={quote('SELECT (RAND() AS ?r) {}')}&format=csv"
    for way in both:
        headers = way.get(address).headers
        assert (headers["cache-control"], "etag" in headers) == ("no-store", False)


def test_what_the_client_has_is_304_on_both_ways(both):
    address = f"/sparql?query={quote(SELECT)}"
    for way in both:
        tag = way.get(address).headers["etag"]
        answer = way.get(address + "%20", headers={"if-none-match": tag})
        assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", tag)


def test_a_plain_query_comes_past_flask_and_everything_else_through_it(answering, runner):
    passed = []

    def counting(environ, start_response):
        passed.append(environ["REQUEST_URI"])
        return answering(environ, start_response)

    asgi = around(counting, runner)
    asgi.application.direct = Direct(answering.extensions[EXTENSION], 2)
    assert asgi.get(f"/sparql?query={quote(SELECT)}&format=tsv").status == 200
    assert passed == []
    for address in (
        "/sparql?query=SELECT&format=json",
        f"/sparql?query={quote(SELECT)}&format=html",
        f"/sparql?query={quote(SELECT)}&format=json&x={'y' * 17_000}&default-graph-uri={'z' * 9000}"
        f"&default-graph-uri={'z' * 9000}",
        "/sparql?format=ttl",
        f"/doc/org/{ACTIVE}.ttl",
    ):
        before = len(passed)
        asgi.get(address)
        assert len(passed) == before + 1, address
    asgi.application.direct.close()


def test_plain_queries_are_answered_while_all_threads_are_busy(answering, runner):
    wsgi = Wsgi()
    asgi = around(wsgi, runner, limits=LIMITS)
    asgi.application.direct = Direct(answering.extensions[EXTENSION], 1)
    pages = [f"/sparql?query=ASK%7B%7D%23{n}&format=html" for n in range(2)]

    async def beside():
        return await asgi.request("GET", "/sparql?query=ASK%7B%7D&format=json")

    answer = runner.run(held(asgi, wsgi, pages[: LIMITS.query_threads], beside))
    assert (answer.status, b'"boolean":true' in answer.body) == (200, True)
    asgi.application.direct.close()


def test_the_release_stays_open_until_the_answer_is_there(answering, runner, tmp_path):
    live = answering.extensions[EXTENSION]
    asgi = around(answering, runner, tally=Tally(tmp_path))
    asgi.application.direct = Direct(live, 1)
    asked = asgi.request("GET", f"/sparql?query={quote(LARGE)}&format=json")

    async def looked_at():
        task = asyncio.ensure_future(asked)
        await asyncio.sleep(0)
        used = not live._held.is_free
        await task
        return used, live._held.is_free

    assert runner.run(looked_at()) == (True, True)
    asgi.application.direct.close()
