import pytest

from kmn_ld.web.bridge import known_query
from kmn_ld.web.clients import Proxies
from tests.web.fronting import Wsgi, around


def test_flask_gets_path_query_headers_and_body_decoded_once(runner):
    wsgi = Wsgi()
    pieces = (b"query=", b"a%2Bb")
    around(wsgi, runner).post(
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
    wsgi = Wsgi()
    headers = {
        "X-Forwarded-For": "198.51.100.7",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "kmn.example.org",
    }
    around(wsgi, runner, proxies=Proxies(("192.0.2.0/24",))).get("/a", headers=headers)
    environ = wsgi.environs[0]
    assert environ["REMOTE_ADDR"] == "198.51.100.7"
    assert environ["wsgi.url_scheme"] == "https"
    assert environ["HTTP_HOST"] == "kmn.example.org"


@pytest.mark.parametrize(
    ("path", "query", "known"),
    [
        ("/doc/network", b"x=1", b""),
        ("/doc/network", b"x=1&lang=en&x=2", b"lang=en"),
        ("/doc/network", b"lang=zz&lang=en", b""),
        ("/doc/network.ttl", b"format=html&lang=de&v", b"lang=de&format=html"),
        ("/def.ttl", b"x", b""),
        ("/static/style.css", b"v=1", b""),
        ("/.well-known/void", b"x=1&format=nt", b"format=nt"),
        ("/doc/network", b"", b""),
        ("/sparql", b"query=x&x=1", b"query=x"),
        ("/sparql", b"x=1", b""),
        ("/sparql", b"x=1&format=ttl&format=2&lang=zz&example=age", b"format=ttl&example=age"),
        ("/sparql", b"lang=zz&lang=en", b""),
        ("/sparql", b"qu%65ry=a+b&query=%FF&x=%FF", b"qu%65ry=a+b&query=%FF"),
        (
            "/sparql",
            b"named-graph-uri=b&default-graph-uri=c&x&named-graph-uri=a&update=u",
            b"named-graph-uri=b&default-graph-uri=c&named-graph-uri=a&update=u",
        ),
        ("/sparql", b"", b""),
        ("/releases/1/sparql", b"x=1&format=ttl", b"format=ttl"),
        ("/sparql/terms.json", b"x=1&lang=en", b"lang=en"),
        ("/releases/1/sparql/terms.json", b"x=1", b""),
        ("/releases/1/queries", b"x=1&lang=en", b"lang=en"),
        ("/releases/1/queries.json", b"x=1", b""),
        ("/releases/1/queries/pillars.csv", b"day=2010-03-01", b"day=2010-03-01"),
        ("/", b"x=1&lang=en", b"lang=en"),
        ("/search", b"q=x", b"q=x"),
        ("/queries", b"x=1&lang=en", b"lang=en"),
        ("/queries.json", b"x=1", b""),
        ("/queries/pillars.csv", b"day=2010-03-01&lang=en", b"day=2010-03-01&lang=en"),
        ("/openapi.json", b"x=1&lang=en", b"lang=en"),
    ],
)
def test_of_a_document_only_parameters_that_it_looks_at_are_left(path, query, known):
    assert known_query(path, query) == known
