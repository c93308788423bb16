"""What becomes of results that no shipped query has: large ones, on disk, of an old release."""

import json

import pytest

from kmn_ld.errors import QueryTimeout
from kmn_ld.web import examples
from kmn_ld.web.library import rows
from tests.web.answering import answer

EMPTY = json.dumps({"head": {"vars": ["day"]}, "results": {"bindings": []}}).encode()


@pytest.fixture
def result(engine, tmp_path):
    """Make the engine answer with a result, in a file where a name is given."""

    def _result(body, format_name="json", name=""):
        engine.next = answer(body, format_name, tmp_path / name if name else None)
        return tmp_path / name

    return _result


def test_a_result_on_disk_is_sent_as_a_file(client, result):
    path = result(b"day\r\n", "csv", "spooled")
    sent = client.get("/queries/age.csv")
    assert sent.headers["X-Sendfile"] == str(path)
    assert (sent.headers["Content-Length"], sent.headers["ETag"][-5:]) == ("5", '-csv"')
    assert "Vary" not in sent.headers
    negotiated = client.get("/queries/age", headers={"Accept": "text/csv"})
    assert negotiated.headers["Vary"] == "Accept, Accept-Language"


def test_a_page_of_a_result_that_is_too_large_says_where_it_is(client, result, monkeypatch):
    monkeypatch.setattr(rows, "MOST_READ", 2)
    path = result(EMPTY, "json", "spooled")
    page = client.get("/queries/age?lang=en", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "too large for this page" in page.text
    assert "/queries/age.csv" in page.text
    assert not path.exists()


def test_without_rows_the_page_says_so(client, result):
    result(EMPTY)
    page = client.get("/queries/age?lang=en&day=2026-01-02", headers={"Accept": "text/html"})
    assert "No row:" in page.text
    assert 'value="2026-01-02"' in page.text


def test_the_query_goes_to_the_engine_with_typed_values_and_the_client(client, engine, result):
    result(EMPTY)
    client.get("/queries/age.json?day=2026-01-02", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    ((query, address),) = engine.asked
    assert (query.solutions, query.graphs, address) == (("json",), (), "192.0.2.7")
    assert query.bindings["day"].datatype.endswith("#date")
    assert "2026-01-02" not in query.text


def test_a_query_over_its_time_is_503_with_when_to_try_again(client, engine):
    engine.next = QueryTimeout("query-timeout", seconds=10)
    failed = client.get("/queries/age.csv")
    assert (failed.status_code, failed.content_type) == (503, "application/problem+json")
    assert "Retry-After" in failed.headers


def test_a_release_that_describes_no_queries_says_so(client):
    failed = client.get("/queries/age.ttl")
    assert failed.status_code == 404
    assert failed.json["type"].endswith(":library-undescribed")


def test_a_query_file_that_this_version_cannot_read_is_left_out(client, release, caplog):
    odd = release.path("queries") / "zzz.rq"
    odd.write_text("SELECT * {}", encoding="utf-8")
    try:
        examples._read.cache_clear()
        listed = client.get("/queries.json").json["queries"]
    finally:
        odd.unlink()
        examples._read.cache_clear()
    assert [one["name"] for one in listed] == ["age", "odd", "zoo"]
    assert "left out" in caplog.text
