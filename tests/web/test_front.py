import pytest

from kmn_ld.engine.tally import Tally
from tests.web.fronting import KEEPABLE, Wsgi, around


def test_a_file_is_sent_by_the_server(runner, tmp_path):
    path = tmp_path / "dump.ttl"
    path.write_bytes(b"data")
    wsgi = Wsgi([*KEEPABLE, ("X-Sendfile", str(path))], body=b"")
    asgi = around(wsgi, runner)
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
    wsgi = Wsgi([("X-Sendfile", str(path))], body=b"")
    sent = around(wsgi, runner).get("/dump", pathsend=False)
    assert sent.body == b"x" * size
    assert sent.messages[-1]["more_body"] is False


def test_head_of_a_file_sends_no_file(runner, tmp_path):
    path = tmp_path / "dump.ttl"
    path.write_bytes(b"data")
    sent = around(Wsgi([("X-Sendfile", str(path))], body=b""), runner).head("/dump")
    assert sent.path is None


@pytest.mark.parametrize(("method", "status"), [("HEAD", "200 OK"), ("GET", "304 N")])
def test_a_result_of_which_no_byte_is_sent_is_removed_at_once(runner, tmp_path, method, status):
    path = tmp_path / "1"
    path.write_bytes(b"data")
    wsgi = Wsgi([("X-Sendfile", str(path))], body=b"", status=status)
    runner.run(around(wsgi, runner, tally=Tally(tmp_path)).request(method, "/sparql?query=x"))
    assert not path.exists()


def test_at_the_end_spooled_results_go_and_other_files_stay(runner, tmp_path):
    spooled, dump = tmp_path / "spool" / "1", tmp_path / "dump.ttl"
    spooled.parent.mkdir()
    spooled.write_bytes(b"data")
    dump.write_bytes(b"data")
    closed = []
    wsgi = Wsgi([("X-Sendfile", str(spooled))], body=b"")
    asgi = around(wsgi, runner, tally=Tally(spooled.parent))
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


@pytest.mark.parametrize("path", ["/doc/network", "/id/network", "/dump/network.ttl", "/nowhere"])
def test_head_equals_get_through_the_front_layer(asgi, path):
    got, head = asgi.get(path), asgi.head(path)
    assert head.status == got.status
    assert head.headers == got.headers
    assert head.body == b""
    assert head.path is None


def test_an_application_that_breaks_leaves_no_client_without_an_answer(runner, caplog):
    def broken(environ, start_response):
        raise ZeroDivisionError

    sent = around(broken, runner).get("/")
    assert (sent.status, sent.body) == (500, b"")
    assert "GET / could not be answered" in caplog.text
