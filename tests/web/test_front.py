import asyncio
import threading

import pytest

from kmn_ld.web import front as front_module
from kmn_ld.web.clients import Proxies
from kmn_ld.web.front import Front, Limits
from tests.web.answering import answer
from tests.web.asgi import AsgiClient
from tests.web.made_up import ACTIVE

LIMITS = Limits(threads=2, query_threads=1, waiting=1, waiting_queries=0, body_bytes=1000)
KEEPABLE = [("ETag", '"t"'), ("Cache-Control", "public"), ("Vary", "Accept")]


class _Wsgi:
    """A WSGI application that counts its calls, remembers the environment and may be held."""

    def __init__(self, headers=(), body=b"body", status="200 OK"):
        self.headers = list(headers)
        self.body = body
        self.status = status
        self.environs = []
        self.held = threading.Event()
        self.held.set()
        self.entered = threading.Semaphore(0)

    def __call__(self, environ, start_response):
        self.environs.append(environ)
        self.entered.release()
        if "kmn_ld.error" not in environ:
            assert self.held.wait(10)
        start_response(self.status, [*self.headers, ("Content-Length", str(len(self.body)))])
        return [self.body]


@pytest.fixture
def runner():
    with asyncio.Runner() as opened:
        yield opened


def _around(application, runner, limits=LIMITS, **options):
    options.setdefault("proxies", Proxies(()))
    return AsgiClient(Front(application, limits=limits, **options), runner)


@pytest.fixture
def asgi(app, runner):
    """The real application behind the front layer."""
    return _around(app, runner)


def test_a_repeated_get_does_not_reach_flask(runner):
    wsgi = _Wsgi(KEEPABLE)
    asgi = _around(wsgi, runner)
    first = asgi.get("/a?b=c", headers={"Accept": "text/turtle"})
    second = asgi.get("/a?b=c", headers={"Accept": "text/turtle"})
    assert len(wsgi.environs) == 1
    assert second.messages == first.messages
    assert second.body == b"body"


@pytest.mark.parametrize(
    ("target", "headers"),
    [
        ("/a?b=d", {"Accept": "text/turtle"}),
        ("/x?b=c", {"Accept": "text/turtle"}),
        ("/a?b=c", {"Accept": "text/html"}),
        ("/a?b=c", [("Accept", "text/turtle"), ("Accept", "text/html")]),
        ("/a?b=c", {"Accept": "text/turtle", "X-Forwarded-Host": "evil.example"}),
    ],
)
def test_another_request_reaches_flask(runner, target, headers):
    wsgi = _Wsgi(KEEPABLE)
    asgi = _around(wsgi, runner)
    asgi.get("/a?b=c", headers={"Accept": "text/turtle"})
    asgi.get(target, headers=headers)
    assert len(wsgi.environs) == 2


@pytest.mark.parametrize("status", ["404 Not Found", "303 See Other", "203 Other"])
def test_only_200_is_kept(runner, status):
    wsgi = _Wsgi(KEEPABLE, status=status)
    asgi = _around(wsgi, runner)
    asgi.get("/a")
    asgi.get("/a")
    assert len(wsgi.environs) == 2


def test_a_known_tag_gets_304_without_flask(runner):
    wsgi = _Wsgi([*KEEPABLE, ("Content-Type", "text/turtle")])
    asgi = _around(wsgi, runner)
    asgi.get("/a")
    known = asgi.get("/a", headers={"If-None-Match": '"t"'})
    assert known.status == 304
    assert known.body == b""
    assert known.headers == {"etag": '"t"', "cache-control": "public", "vary": "Accept"}
    assert len(wsgi.environs) == 1


def test_head_from_the_cache_has_the_length_and_no_body(runner):
    wsgi = _Wsgi(KEEPABLE)
    asgi = _around(wsgi, runner)
    asgi.get("/a")
    head = asgi.head("/a")
    assert head.headers["content-length"] == "4"
    assert head.body == b""
    assert len(wsgi.environs) == 1


def test_the_answer_to_head_is_not_kept_for_get(runner):
    wsgi = _Wsgi(KEEPABLE)
    asgi = _around(wsgi, runner)
    assert asgi.head("/a").body == b""
    assert asgi.get("/a").body == b"body"


def test_post_is_never_answered_from_the_cache(runner):
    wsgi = _Wsgi(KEEPABLE)
    asgi = _around(wsgi, runner)
    asgi.post("/a", b"x")
    asgi.post("/a", b"x")
    asgi.get("/a")
    assert len(wsgi.environs) == 3


def test_a_new_release_empties_the_cache(runner):
    generation = [0]
    wsgi = _Wsgi(KEEPABLE)
    asgi = _around(wsgi, runner, generation=lambda: generation[0])
    asgi.get("/a")
    generation[0] = 1
    asgi.get("/a")
    assert len(wsgi.environs) == 2


def test_an_answer_that_was_begun_before_a_new_release_is_not_kept(runner):
    generation = [0]

    def wsgi(environ, start_response):
        generation[0] += 1
        start_response("200 OK", KEEPABLE)
        return [b"%d" % generation[0]]

    asgi = _around(wsgi, runner, generation=lambda: generation[0])
    assert asgi.get("/a").body == b"1"
    assert asgi.get("/a").body == b"2"


def test_flask_gets_path_query_headers_and_body_decoded_once(runner):
    wsgi = _Wsgi()
    pieces = (b"query=", b"a%2Bb")
    _around(wsgi, runner).post(
        "/a%2520b/%C3%BC?x=%2B", *pieces, headers={"Content-Type": "text/x", "X-Y": "z", "a_b": "c"}
    )
    environ = wsgi.environs[0]
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/a%20b/ü"
    assert environ["QUERY_STRING"] == "x=%2B"
    assert environ["CONTENT_TYPE"] == "text/x"
    assert environ["CONTENT_LENGTH"] == "11"
    assert environ["wsgi.input"].read() == b"query=a%2Bb"
    assert environ["HTTP_X_Y"] == "z"
    assert "HTTP_A_B" not in environ
    assert environ["REMOTE_ADDR"] == "192.0.2.1"


def test_a_trusted_proxy_tells_flask_address_scheme_and_host(runner):
    wsgi = _Wsgi()
    headers = {
        "X-Forwarded-For": "198.51.100.7",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "kmn.example.org",
    }
    _around(wsgi, runner, proxies=Proxies(("192.0.2.0/24",))).get("/a", headers=headers)
    environ = wsgi.environs[0]
    assert environ["REMOTE_ADDR"] == "198.51.100.7"
    assert environ["wsgi.url_scheme"] == "https"
    assert environ["HTTP_HOST"] == "kmn.example.org"


@pytest.mark.parametrize(
    ("pieces", "headers"),
    [((b"x" * 1001,), {}), ((b"x" * 600, b"x" * 600), {}), ((), {"Content-Length": "1001"})],
)
def test_a_body_over_the_limit_is_413_in_the_shape_of_every_error(asgi, pieces, headers):
    sent = asgi.post("/sparql", *pieces, headers=headers)
    assert sent.status == 413
    assert sent.headers["content-type"] == "application/problem+json"
    assert b"1000" in sent.body


def test_people_get_a_page_from_the_front_layer_too(asgi):
    sent = asgi.post("/sparql", b"x" * 1001, headers={"Accept": "text/html"})
    assert sent.status == 413
    assert sent.headers["content-type"].startswith("text/html")


def test_a_body_of_just_the_limit_is_taken(runner):
    wsgi = _Wsgi()
    assert _around(wsgi, runner).post("/a", b"x" * 1000).status == 200


def test_a_client_that_leaves_before_its_request_is_complete_gets_nothing(runner):
    wsgi = _Wsgi()
    assert _around(wsgi, runner).post("/a", b"x", cut=True).messages == []
    assert wsgi.environs == []


def test_a_body_that_does_not_arrive_in_time_is_an_error(asgi, runner, monkeypatch):
    monkeypatch.setattr(front_module, "BODY_SECONDS", 0.01)

    async def stalled():
        sent = []

        async def receive():
            await asyncio.Event().wait()

        async def send(message):
            sent.append(message)

        scope = {"path": "/sparql", "raw_path": b"/sparql", "query_string": b"", "method": "POST"}
        rest = {"type": "http", "headers": [], "scheme": "http", "http_version": "1.1"}
        await asgi.application({**scope, **rest}, receive, send)
        return sent

    assert runner.run(stalled())[0]["status"] == 408


async def _held(asgi, wsgi, targets, then):
    """Hold the application, send requests until it is in all of them, and then do something."""
    wsgi.held.clear()
    requests = [asyncio.ensure_future(asgi.request("GET", target)) for target in targets]
    for _ in requests:
        await asyncio.to_thread(wsgi.entered.acquire, timeout=10)
    try:
        return await then()
    finally:
        wsgi.held.set()
        await asyncio.gather(*requests)


def test_beyond_threads_and_queue_the_answer_is_503_at_once(runner):
    wsgi = _Wsgi(status="503 Service Unavailable")
    limits = Limits(threads=2, query_threads=1, waiting=0)
    asgi = _around(wsgi, runner, limits)

    async def one_more():
        return await asgi.request("GET", "/c")

    runner.run(_held(asgi, wsgi, ["/a", "/b"], one_more))
    assert [error.key for error in _errors(wsgi)] == ["server-busy"]


def _errors(wsgi):
    return [entry["kmn_ld.error"] for entry in wsgi.environs if "kmn_ld.error" in entry]


@pytest.mark.parametrize("spelling", ["/sparql?query=x", "/%73parql?query=y", "/sparql/x"])
def test_queries_hold_only_their_own_threads(runner, spelling):
    wsgi = _Wsgi()
    asgi = _around(wsgi, runner)

    async def hold():
        wsgi.held.clear()
        first = asyncio.ensure_future(asgi.request("GET", spelling))
        await asyncio.to_thread(wsgi.entered.acquire, timeout=10)
        await asgi.request("GET", "/sparql?query=z")
        refused = len(_errors(wsgi))
        document = asyncio.ensure_future(asgi.request("GET", "/doc/network"))
        await asyncio.to_thread(wsgi.entered.acquire, timeout=10)
        await asyncio.to_thread(wsgi.entered.acquire, timeout=10)
        wsgi.held.set()
        await asyncio.gather(first, document)
        return refused

    assert runner.run(hold()) == 1
    assert [entry["PATH_INFO"] for entry in wsgi.environs][-1] == "/doc/network"


def test_a_file_is_sent_by_the_server(runner, tmp_path):
    path = tmp_path / "dump.ttl"
    path.write_bytes(b"data")
    wsgi = _Wsgi([*KEEPABLE, ("X-Sendfile", str(path))], body=b"")
    asgi = _around(wsgi, runner)
    sent = asgi.get("/dump")
    assert sent.path == str(path)
    assert sent.body == b""
    assert "x-sendfile" not in sent.headers
    asgi.get("/dump")
    assert len(wsgi.environs) == 2


@pytest.mark.parametrize("size", [0, 5, 64 * 1024, 150_000])
def test_where_the_server_cannot_the_file_is_sent_piece_by_piece(runner, tmp_path, size):
    path = tmp_path / "dump.ttl"
    path.write_bytes(b"x" * size)
    wsgi = _Wsgi([("X-Sendfile", str(path))], body=b"")
    sent = _around(wsgi, runner).get("/dump", pathsend=False)
    assert sent.body == b"x" * size
    assert sent.messages[-1]["more_body"] is False


def test_head_of_a_file_sends_no_file(runner, tmp_path):
    path = tmp_path / "dump.ttl"
    path.write_bytes(b"data")
    sent = _around(_Wsgi([("X-Sendfile", str(path))], body=b""), runner).head("/dump")
    assert sent.path is None


@pytest.mark.parametrize(("method", "status"), [("HEAD", "200 OK"), ("GET", "304 N")])
def test_a_result_of_which_no_byte_is_sent_is_removed_at_once(runner, tmp_path, method, status):
    path = tmp_path / "1"
    path.write_bytes(b"data")
    wsgi = _Wsgi([("X-Sendfile", str(path))], body=b"", status=status)
    runner.run(_around(wsgi, runner, spool=tmp_path).request(method, "/sparql?query=x"))
    assert not path.exists()


def test_at_the_end_spooled_results_go_and_other_files_stay(runner, tmp_path):
    spooled, dump = tmp_path / "spool" / "1", tmp_path / "dump.ttl"
    spooled.parent.mkdir()
    spooled.write_bytes(b"data")
    dump.write_bytes(b"data")
    closed = []
    wsgi = _Wsgi([("X-Sendfile", str(spooled))], body=b"")
    asgi = _around(wsgi, runner, spool=spooled.parent)
    asgi.application.on_close = lambda: closed.append(True)
    asgi.get("/a")
    wsgi.headers = [("X-Sendfile", str(dump))]
    asgi.get("/b")
    assert spooled.exists()
    assert runner.run(_lifespan(asgi.application)) == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    ]
    assert closed == [True]
    assert not spooled.exists()
    assert dump.exists()


async def _lifespan(application):
    events = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    sent = []

    async def receive():
        return events.pop(0)

    async def send(message):
        sent.append(message["type"])

    await application({"type": "lifespan"}, receive, send)
    return sent


def test_the_server_dates_answers_itself(asgi):
    assert "date" not in asgi.get("/doc/network.ttl").headers


def test_real_documents_come_from_the_cache_the_second_time(asgi, engine):
    first = asgi.get(f"/doc/org/{ACTIVE}.ttl")
    engine.statements_about = None
    second = asgi.get(f"/doc/org/{ACTIVE}.ttl")
    assert second.messages == first.messages


def test_real_results_come_from_the_cache_the_second_time(asgi, engine):
    engine.next = answer(b'{"a":1}', "json")
    asgi.get("/sparql?query=x")
    asgi.get("/sparql?query=x")
    assert len(engine.asked) == 1
    asgi.get("/sparql?query=x", headers={"Accept": "text/csv"})
    assert len(engine.asked) == 2


def test_a_result_that_changes_is_asked_for_each_time(asgi, engine):
    asgi.get("/sparql?query=SELECT(RAND()%20AS%20?x){}")
    asgi.get("/sparql?query=SELECT(RAND()%20AS%20?x){}")
    assert len(engine.asked) == 2


@pytest.mark.parametrize("path", ["/doc/network", "/id/network", "/dump/network.ttl", "/nowhere"])
def test_head_equals_get_through_the_front_layer(asgi, path):
    got, head = asgi.get(path), asgi.head(path)
    assert head.status == got.status
    assert head.headers == got.headers
    assert head.body == b""
    assert head.path is None
