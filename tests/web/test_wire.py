"""What stands on the wire: malformed requests to a real server are 4xx, and leave no traceback."""

import re
import socket

import pytest

from tests.web import made_up
from tests.web.served import PATIENCE, serving

PAGE = b"Accept: text/html\r\n"
CLOSE = b"Host: example.org\r\nConnection: close\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
POST = b"POST /sparql HTTP/1.1\r\n" + CLOSE + FORM

ROWS = [
    (b"GET /health/live HTTP/1.1\r\n" + CLOSE, b"", 200),
    (b"GET /health/live HTTP/1.0\r\n", b"", 200),
    (b"GET http://example.org/health/live HTTP/1.1\r\n" + CLOSE, b"", 200),
    (b"OPTIONS * HTTP/1.1\r\n" + CLOSE, b"", 204),
    (b"GET * HTTP/1.1\r\n" + CLOSE, b"", 400),
    (b"CONNECT example.org:80 HTTP/1.1\r\n" + CLOSE, b"", 404),
    (b"GET / HTTP/1.1\r\nConnection: close\r\n", b"", 400),
    (b"GET / HTTP/1.1\r\nHost: example.org\r\n" + CLOSE, b"", 400),
    (b"GET / HTTP/1.1\r\nConnection: close\r\nHost: a/b\r\n", b"", 400),
    (b"GET / HTTP/1.1\r\nConnection: close\r\nAccept: text/html\r\nHost: a..b\r\n", b"", 400),
    (b"GET / HTTP/1.1\r\nConnection: close\r\nHost: " + b"x" * 64 + b"\r\n" + PAGE, b"", 400),
    (b"GET / HTTP/9.9\r\n" + CLOSE, b"", 400),
    (b"GET\r\n", b"", 400),
    (b"GET / HTTP/1.1\r\nBad Header: x\r\n" + CLOSE, b"", 400),
    (b"GET / HTTP/1.1\r\nX: \0\r\n" + CLOSE, b"", 400),
    (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 3000 + CLOSE, b"", 431),
    (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n" + CLOSE, b"", 414),
    (b"GET /doc/%zz%00%ff HTTP/1.1\r\n" + CLOSE, b"", 404),
    (b"GET /doc/network%2e%2e/%2e%2e/x.ttl HTTP/1.1\r\n" + CLOSE, b"", 404),
    (b"GET /?lang=%ff&format=%00&%=% HTTP/1.1\r\n" + CLOSE, b"", 200),
    (b"GET /sparql?query=%00%ff HTTP/1.1\r\n" + CLOSE, b"", 400),
    (b'GET /doc/network HTTP/1.1\r\nAccept: \xff;;q=,"\r\n' + CLOSE, b"", 200),
    (b"PUT / HTTP/1.1\r\n" + CLOSE, b"", 405),
    (POST + b"Content-Length: 10\r\n", b"query=%ff%", 400),
    (POST + b"Content-Length: -1\r\n", b"", 400),
    (POST + b"Content-Length: 900000\r\n", b"", 413),
    (POST + b"Transfer-Encoding: chunked\r\n", b"ZZ\r\njunk\r\n0\r\n\r\n", 400),
    (POST + b"Transfer-Encoding: chunked\r\n", b"5\r\nquery\r\nFFFFFFFFFFFFFFFFFF\r\n", 400),
    (POST + b"Transfer-Encoding: chunked\r\n", b"b\r\nquery=ASK{}\r\n0\r\n\r\n", 200),
]


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wire")
    (folder / "releases").mkdir()
    made_up.write(folder / "releases")
    with serving(folder / "releases", folder / "tmp") as running:
        yield running
        running.process.terminate()
        assert "Traceback" not in running.process.stderr.read()


def _exchange(served, sent):
    with socket.create_connection(("127.0.0.1", served.port), timeout=PATIENCE) as connection:
        connection.sendall(sent)
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize(("head", "body", "status"), ROWS)
def test_whatever_is_sent_the_status_is_right(served, head, body, status):
    answer = _exchange(served, head + b"\r\n" + body)
    assert answer.startswith(b"HTTP/1.")
    assert int(answer[9:12]) == status


def test_requests_one_behind_the_other_are_answered_in_order(served):
    first = b"GET /health/live HTTP/1.1\r\nHost: example.org\r\n\r\n"
    second = b"GET /nowhere HTTP/1.1\r\nHost: example.org\r\n\r\n"
    last = b"GET /health/live HTTP/1.1\r\n" + CLOSE + b"\r\n"
    answer = _exchange(served, first + second + last)
    statuses = re.findall(rb"HTTP/1\.1 ([0-9]{3}) ", answer)
    assert statuses == [b"200", b"404", b"200"]
