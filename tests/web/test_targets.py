import asyncio

import pytest

from kmn_ld.web.clients import Proxies
from kmn_ld.web.front import Front, Limits
from tests.web.asgi import AsgiClient

HOSTS = ["example.org", "example.org:8000", "[2001:db8::7]:8000", "127.0.0.1", "kmn_ld:1"]
NO_HOSTS = [
    "example.org, example.org",
    "a b",
    "user@example.org",
    "example.org/path",
    '"><script>',
    "example.org:99999",
    "example.org:port",
    "[::1",
    "\xff",
]


def _ask(client, method="GET", path="/health/live", **environ):
    return client.open(path, method=method, environ_overrides=environ)


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_with_or_without_port_is_fine(client, host):
    assert _ask(client, HTTP_HOST=host).status_code == 200


@pytest.mark.parametrize("host", NO_HOSTS)
@pytest.mark.parametrize("path", ["/health/live", "/nowhere"])
def test_an_invalid_host_is_400(client, host, path):
    response = _ask(client, path=path, HTTP_HOST=host)
    assert response.status_code == 400
    assert response.json["type"].endswith(":host-invalid")


def test_a_repeated_host_is_400(app):
    front = Front(app, limits=Limits(), proxies=Proxies(()))
    with asyncio.Runner() as runner:
        sent = AsgiClient(front, runner).get("/health/live", headers={"Host": "example.org"})
    assert sent.status == 400


def test_without_host_http_1_1_is_400_and_1_0_is_fine(client):
    response = _ask(client, HTTP_HOST="", SERVER_PROTOCOL="HTTP/1.1")
    assert response.status_code == 400
    assert response.json["type"].endswith(":host-missing")
    assert _ask(client, HTTP_HOST="", SERVER_PROTOCOL="HTTP/1").status_code == 200


def test_options_for_the_server_as_a_whole_names_the_methods(client):
    response = _ask(client, "OPTIONS", PATH_INFO="*")
    assert response.status_code == 204
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS, POST"


def test_a_star_is_no_target_for_other_methods(client):
    assert _ask(client, "GET", PATH_INFO="*").status_code == 400
