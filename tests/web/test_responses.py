import pytest

from tests.web.made_up import ACTIVE

PAGES = ["/", f"/doc/org/{ACTIVE}.html", "/def.html", "/sparql?format=html"]
DATA = ["/doc/network.ttl", f"/doc/org/{ACTIVE}.jsonld", "/shapes.rdf", "/context.jsonld"]
EVERYTHING = [*PAGES, *DATA, "/id/network", "/nowhere", "/health/live", "/static/style.css"]


@pytest.mark.parametrize("path", [*PAGES, *DATA, "/static/style.css", "/favicon.ico"])
def test_a_known_representation_is_not_sent_again(client, path):
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert first.status_code == 200
    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers.get("Vary") == first.headers.get("Vary")
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"]


@pytest.mark.parametrize("known", ['"other"', '"a", "b"', 'W/"other"'])
def test_an_unknown_tag_gets_the_whole_answer(client, known):
    assert client.get("/doc/network.ttl", headers={"If-None-Match": known}).status_code == 200


def test_tags_are_strong_and_differ_by_format_and_language(client):
    tags = [
        client.get(path).headers["ETag"]
        for path in (
            "/doc/network.ttl",
            "/doc/network.nt",
            "/doc/network.html?lang=de",
            "/doc/network.html?lang=en",
        )
    ]
    assert len(set(tags)) == 4
    assert not any(tag.startswith("W/") for tag in tags)


@pytest.mark.parametrize("path", [*EVERYTHING, "/dump/network.ttl"])
def test_head_equals_get_without_the_body(client, path):
    got = client.get(path)
    head = client.head(path)
    assert head.status_code == got.status_code
    assert head.data == b""
    assert _compared(head) == _compared(got)


def _compared(response):
    return {name: value for name, value in response.headers.items() if name != "Date"}


@pytest.mark.parametrize("path", EVERYTHING)
def test_every_answer_is_open_to_other_sites_and_shut_to_intruders(client, path):
    headers = client.get(path).headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/doc/network", {"GET", "HEAD", "OPTIONS"}),
        ("/id/network", {"GET", "HEAD", "OPTIONS"}),
        ("/dump/network.ttl", {"GET", "HEAD", "OPTIONS"}),
        ("/sparql", {"GET", "HEAD", "POST", "OPTIONS"}),
    ],
)
def test_a_browser_may_ask_before_it_asks(client, path, methods):
    asked = {
        "Origin": "https://example.org",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "content-type",
    }
    response = client.options(path, headers=asked)
    assert response.status_code == 204
    assert set(response.headers["Access-Control-Allow-Methods"].split(", ")) == methods
    assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]
    assert set(response.headers["Allow"].split(", ")) == methods


@pytest.mark.parametrize("path", PAGES)
def test_pages_say_their_language_and_bring_nothing_from_elsewhere(client, path):
    page = client.get(path, headers={"Accept": "text/html"})
    assert page.headers["Content-Language"] == "de"
    assert '<html lang="de"' in page.text
    assert 'src="http' not in page.text
    assert "<style" not in page.text
    assert " style=" not in page.text
    assert "<script" not in page.text.replace("<script defer src=", "")


def test_moving_things_are_not_kept(client):
    assert client.get("/health/ready").headers["Cache-Control"] == "no-store"
    assert client.get("/nowhere").headers["Cache-Control"] == "no-store"


def test_asking_before_asking_finds_no_unknown_path(client):
    assert client.options("/nowhere").status_code == 404
