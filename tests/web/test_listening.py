import errno
import socket

import pytest

from kmn_ld import messages
from kmn_ld.errors import ConfigError
from kmn_ld.web import listening
from kmn_ld.web.listening import Address, find

FOREIGN = "203.0.113.7"


def _answers(*addresses):
    def answer(_host, _port, **_):
        return [(socket.AF_INET, 1, 6, "", (address, 0)) for address in addresses]

    return answer


@pytest.fixture
def has_ipv6():
    with socket.socket(socket.AF_INET6) as trial:
        try:
            trial.bind(("::1", 0))
        except OSError:
            pytest.skip(reason="this machine has no IPv6")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1"])
def test_names_and_addresses_become_addresses(host):
    assert find(host, 0).host == "127.0.0.1"


@pytest.mark.parametrize("host", ["::1", "[::1]"])
def test_ipv6_comes_with_or_without_brackets(host, has_ipv6):
    found = find(host, 0)
    assert found.host == "::1"
    assert found.url == f"http://[::1]:{found.port}"


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8200"),
        ("2001:DB8:0::7", "http://[2001:db8::7]:8200"),
        ("0.0.0.0", "http://127.0.0.1:8200"),
        ("::", "http://[::1]:8200"),
    ],
)
def test_the_url_is_one_that_works(host, url):
    assert Address(host, 8200).url == url


def test_port_0_is_a_free_port():
    assert find("127.0.0.1", 0).port > 0


@pytest.mark.parametrize("host", ["no-such-host.invalid", "", "a" * 70, "127.0.0.1:80", "\0"])
def test_what_is_no_name_of_a_host_is_a_clear_error(host):
    with pytest.raises(ConfigError) as caught:
        find(host, 8200)
    assert caught.value.key == "host-unknown"
    assert "--host" in messages.explain(caught.value, "en")[1]


def test_an_address_of_another_machine_is_a_clear_error():
    with pytest.raises(ConfigError) as caught:
        find(FOREIGN, 0)
    assert caught.value.key == "host-unusable"
    assert FOREIGN in messages.explain(caught.value, "de")[1]


def test_of_a_name_with_several_addresses_the_one_of_this_machine_counts(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", _answers(FOREIGN, "127.0.0.1"))
    assert find("name.example", 0).host == "127.0.0.1"


def test_of_a_name_ipv4_counts_first(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", _answers("::1", "127.0.0.1"))
    assert find("localhost", 0).host == "127.0.0.1"


def test_a_port_that_another_server_has_is_a_clear_error():
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(ConfigError) as caught:
        find("localhost", taken.getsockname()[1])
    assert caught.value.key == "port-taken"


def test_a_port_that_is_reserved_is_a_clear_error(monkeypatch):
    def refuse(*_):
        raise OSError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(listening, "_free_port", refuse)
    with pytest.raises(ConfigError) as caught:
        find("127.0.0.1", 80)
    assert caught.value.key == "port-forbidden"
