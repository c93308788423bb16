"""What another engine may answer over HTTP, byte by byte."""

import base64
import contextlib
import shutil
import ssl
import subprocess
import time
from urllib.parse import parse_qs

import pytest

from kmn_ld.config import Settings
from kmn_ld.engine.remote_endpoint import Dataset, Endpoint
from kmn_ld.errors import EngineError, QueryRefused, QueryTimeout, ResultTooLarge
from tests.engine.conftest import Catcher
from tests.engine.scripted import JSON, answering, raw, reply, trickle

ROWS = '{"head":{"vars":["a"]},"results":{"bindings":[]}}'
DATASET = Dataset(("https://example.org/d",), ("https://example.org/1", "https://example.org/2"))
HEAD = ("HTTP/1.1 200 OK", f"Content-Type: {JSON}", "Connection: close")


def _ask(settings: Settings, form: str = "solutions", seconds: float = 5) -> bytes:
    endpoint = Endpoint(settings, 7)
    pieces = []
    with endpoint.asked("ASK {}", form, DATASET, time.monotonic() + seconds) as answer:
        while piece := answer.read():
            pieces.append(piece)
    return b"".join(pieces)


def _fails(script, form: str = "solutions", seconds: float = 5) -> EngineError:
    with answering(script) as server, pytest.raises(EngineError) as caught:
        _ask(server.settings(), form, seconds)
    assert "secret" not in str(caught.value)
    return caught.value


def test_a_query_names_its_dataset_and_the_one_format_that_is_read():
    """SPARQL 1.1 Protocol, 2.1.2 (POST of a form) and 2.1.4 (dataset)."""
    with answering(reply(ROWS)) as server:
        assert _ask(server.settings()) == ROWS.encode()
    head, _, body = server.asked[0].decode().partition("\r\n\r\n")
    assert head.startswith("POST / HTTP/1.1")
    assert f"\r\nAccept: {JSON}\r\n" in head
    assert parse_qs(body) == {
        "query": ["ASK {}"],
        "default-graph-uri": list(DATASET.default),
        "named-graph-uri": list(DATASET.named),
    }


def test_user_and_password_travel_in_a_header_and_not_in_the_address():
    """RFC 7617."""
    with answering(reply(ROWS)) as server:
        _ask(server.settings())
    told = base64.b64encode(b"user:secret")
    assert b"Authorization: Basic " + told in server.asked[0]
    assert b"secret" not in server.asked[0]


def test_a_query_of_the_address_stays_in_it():
    with answering(reply(ROWS)) as server:
        _ask(Settings(endpoint=f"http://127.0.0.1:{server.port}/sparql?timeout=1000"))
    assert server.asked[0].startswith(b"POST /sparql?timeout=1000 HTTP/1.1")


def test_an_answer_in_chunks_is_read_to_its_end():
    body = "".join(f"{len(part):x}\r\n{part}\r\n" for part in (ROWS[:9], ROWS[9:])) + "0\r\n\r\n"
    with answering(raw(*HEAD, "Transfer-Encoding: chunked", body=body)) as server:
        assert _ask(server.settings()) == ROWS.encode()


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (("Transfer-Encoding: chunked",), f"{len(ROWS):x}\r\n{ROWS}\r\n"),
        (("Transfer-Encoding: chunked",), f"ff\r\n{ROWS}"),
        (("Content-Length: 500",), ROWS),
        ((), ROWS),
    ],
    ids=["no last chunk", "within a chunk", "shorter than announced", "length not announced"],
)
def test_what_may_be_a_part_is_not_taken_for_the_whole(headers, body):
    assert _fails(raw(*HEAD, *headers, body=body)).key == "remote-cut"


@pytest.mark.parametrize(
    "script",
    [
        trickle("", "X"),
        trickle("HTTP/1.1 200 OK\r\n", "X-Slow: 1\r\n"),
        trickle("\r\n".join([*HEAD, "Content-Length: 100000", "", ""]), " "),
        trickle("\r\n".join([*HEAD, "Transfer-Encoding: chunked", "", ""]), "1\r\n \r\n"),
        trickle("\r\n".join([*HEAD, "Transfer-Encoding: chunked", "", ""]), "0"),
        trickle("\r\n".join([*HEAD[:2], "Transfer-Encoding: chunked", "", ""]), "0"),
        lambda _connection, server: server.over.wait(),
    ],
    ids=["status", "headers", "body", "chunks", "size of a chunk", "kept open", "nothing"],
)
def test_an_answer_ends_at_the_deadline_however_slowly_it_comes(script):
    started = time.monotonic()
    failure = _fails(script, seconds=0.4)
    assert isinstance(failure, QueryTimeout)
    assert failure.details == {"seconds": 7}
    assert 0.3 < time.monotonic() - started < 3


def test_no_redirect_is_followed(catcher: Catcher):
    moved = reply("", f"Location: {catcher.url}", status="302 Found", kind="text/plain")
    assert _fails(moved).details == {"status": 302}
    assert not catcher.was_reached


def test_no_proxy_is_used(catcher: Catcher, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, catcher.url)
    with answering(reply(ROWS)) as server:
        _ask(server.settings())
    assert not catcher.was_reached


@pytest.mark.parametrize(
    ("script", "kind", "key"),
    [
        (reply("Bad\nmore", status="400 Bad", kind="text/plain"), QueryRefused, "query-refused"),
        (
            reply("Virtuoso 22007 Error x", status="500 No", kind="text/plain"),
            QueryRefused,
            "query-refused",
        ),
        (
            reply("Virtuoso 42000 Error S1T00: late", status="500 No", kind="text/plain"),
            QueryTimeout,
            "query-timeout",
        ),
        (reply("", status="504 Late", kind="text/plain"), QueryTimeout, "query-timeout"),
        (reply("", status="500 No", kind="text/plain"), EngineError, "remote-status"),
        (reply("", status="401 Who", kind="text/html"), EngineError, "remote-status"),
        (reply("<p>", kind="text/html"), EngineError, "remote-format"),
        (reply(ROWS, "X-SQL-State: S1TAT"), QueryTimeout, "query-timeout"),
        (reply(ROWS, "X-SPARQL-MaxRows: 100"), ResultTooLarge, "remote-rows"),
        (raw("nonsense"), EngineError, "remote-cut"),
        (raw(), EngineError, "remote-cut"),
    ],
)
def test_each_way_to_fail_is_an_error_of_ours(script, kind, key):
    failure = _fails(script)
    assert (type(failure), failure.key) == (kind, key)


def test_what_the_engine_says_about_a_query_is_told_up_to_the_first_line():
    failure = _fails(reply("No such thing\nSPARQL query: …", status="400 Bad", kind="text/plain"))
    assert failure.details == {"reason": "No such thing"}


@pytest.mark.parametrize(
    "script",
    [
        reply("At 'Lea\x1b[2J\x85\u202e'", status="400 Bad", kind="text/plain"),
        raw("HTTP/1.1 500 Lea\x1b[2J", "Content-Length: 0"),
        raw("Lea\x1b[2J"),
    ],
    ids=["text", "reason of the status", "no status"],
)
def test_what_an_engine_quotes_is_logged_for_debugging_alone_and_without_controls(script, caplog):
    caplog.set_level("DEBUG", "kmn_ld")
    failure = _fails(script)
    told = [record.getMessage() for record in caplog.records if record.levelname == "DEBUG"]
    assert ["Lea" in message for message in told] == [True]
    assert "Lea" not in "".join(r.getMessage() for r in caplog.records if r.levelname != "DEBUG")
    assert all(text.isprintable() for text in (*told, *map(str, failure.details.values())))


def test_the_name_of_a_format_is_told_without_controls(caplog):
    failure = _fails(reply("x", kind="text/\x1b[2Jx"))
    assert failure.details == {"given": "text/ [2jx"}
    assert "\x1b" not in caplog.text


def test_where_nobody_listens_the_engine_is_away():
    with answering(reply(ROWS)) as server:
        settings = server.settings()
    with pytest.raises(EngineError) as caught:
        _ask(settings)
    assert (caught.value.key, caught.value.status) == ("remote-away", 503)


def test_a_graph_is_put_and_added_to_as_turtle():
    """SPARQL 1.1 Graph Store Protocol, 5.3 and 5.5."""
    with answering(reply("", status="201 Created")) as server:
        endpoint = Endpoint(server.settings(), 5)
        endpoint.put("https://example.org/g?a", b"<a:b> <a:b> 1 .", time.monotonic() + 5)
        endpoint.put("https://example.org/g", b"", time.monotonic() + 5, more=True)
    graph = b"graph=https%3A%2F%2Fexample.org%2Fg"
    assert server.asked[0].startswith(b"PUT /store?" + graph + b"%3Fa HTTP/1.1")
    assert b"Content-Type: text/turtle" in server.asked[0]
    assert server.asked[0].endswith(b"\r\n\r\n<a:b> <a:b> 1 .")
    assert server.asked[1].startswith(b"POST /store?" + graph + b" HTTP/1.1")


def test_triples_may_come_as_turtle_too():
    with answering(reply("", kind="text/turtle;charset=UTF-8")) as server:
        assert _ask(server.settings(), "graph") == b""
    assert b"Accept: application/n-triples, text/turtle;q=0.5" in server.asked[0]


@pytest.fixture
def certificate(tmp_path):
    """Return a certificate for this machine, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    made, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    words = [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    files = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(made)]
    subprocess.run(["openssl", *words, *files], check=True, capture_output=True)
    return made, key


def _over_tls(script, certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)

    def answer(connection, server):
        with contextlib.suppress(OSError), context.wrap_socket(connection, server_side=True) as it:
            it.recv(65536)
            it.recv(65536)
            script(it, server)

    return answer


def test_an_engine_over_tls_must_show_a_certificate_that_is_trusted(certificate, monkeypatch):
    with answering(_over_tls(reply(ROWS), certificate), reads=False) as server:
        settings = Settings(endpoint=f"https://127.0.0.1:{server.port}/")
        with pytest.raises(EngineError) as caught:
            _ask(settings)
        assert caught.value.key == "remote-away"
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        assert _ask(settings) == ROWS.encode()


def test_the_deadline_holds_over_tls_too(certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    slow = trickle("\r\n".join([*HEAD, "Content-Length: 100000", "", ""]), " ")
    with answering(_over_tls(slow, certificate), reads=False) as server:
        started = time.monotonic()
        with pytest.raises(QueryTimeout):
            _ask(Settings(endpoint=f"https://127.0.0.1:{server.port}/"), seconds=1)
        assert time.monotonic() - started < 5
