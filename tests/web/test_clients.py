import pytest

from kmn_ld.web.clients import Origin, Proxies

INSIDE = ("10.0.0.0/8", "::1")


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("192.0.2.1", "198.51.100.7", "192.0.2.1"),
        ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "198.51.100.7, nonsense", "10.0.0.1"),
        ("10.0.0.1", "nonsense, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("::1", "2001:db8::7", "2001:db8::7"),
        ("::ffff:10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("", "198.51.100.7", ""),
        ("10.0.0.1", "198.51.100.7:50123", "198.51.100.7"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.7:1, 10.0.0.2:2", "198.51.100.7"),
        ("10.0.0.1", "[2001:db8::7]:50123", "2001:db8::7"),
        ("10.0.0.1", "[2001:DB8:0::7]", "2001:db8::7"),
        ("10.0.0.1", "[fe80::7%eth0]:1", "fe80::7"),
        ("10.0.0.1", "::ffff:198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "198.51.100.7,", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.7, unknown, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "198.51.100.7, _hidden", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.7, for=203.0.113.9", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.7:port", "10.0.0.1"),
        ("10.0.0.1", "[198.51.100", "10.0.0.1"),
        ("10.0.0.1", "\xff\x00", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.07", "10.0.0.1"),
    ],
)
def test_the_client_is_the_last_address_that_no_proxy_of_ours_has(peer, forwarded, address):
    headers = {"x-forwarded-for": forwarded}
    assert Proxies(INSIDE).origin(peer, "http", headers).address == address


def test_without_trusted_proxies_forwarding_headers_mean_nothing():
    headers = {"x-forwarded-for": "198.51.100.7", "x-forwarded-proto": "https"}
    assert Proxies(()).origin("10.0.0.1", "http", headers) == Origin("10.0.0.1", "http")


def test_a_trusted_proxy_tells_scheme_and_host():
    headers = {"x-forwarded-proto": "HTTPS", "x-forwarded-host": "kmn.example.org"}
    origin = Proxies(INSIDE).origin("10.0.0.1", "http", headers)
    assert origin == Origin("10.0.0.1", "https", "kmn.example.org")


def test_an_unknown_scheme_is_passed_over():
    headers = {"x-forwarded-proto": "gopher"}
    assert Proxies(INSIDE).origin("10.0.0.1", "http", headers).scheme == "http"


@pytest.mark.parametrize(
    ("forwarded", "scheme"),
    [("http, https", "https"), ("https,http", "http"), ("https,", "http"), ("\xff", "http")],
)
def test_the_proxy_next_to_us_tells_the_scheme(forwarded, scheme):
    headers = {"x-forwarded-proto": forwarded}
    assert Proxies(INSIDE).origin("10.0.0.1", "http", headers).scheme == scheme


@pytest.mark.parametrize(
    ("forwarded", "host"),
    [
        ("kmn.example.org:8443", "kmn.example.org:8443"),
        ("evil.example, kmn.example.org", "kmn.example.org"),
        ("[2001:db8::7]:8443", "[2001:db8::7]:8443"),
        ("kmn_ld", "kmn_ld"),
        ("a/b", ""),
        ("user@kmn.example.org", ""),
        ('"><script>', ""),
        ("kmn.example.org:99999", ""),
        ("kmn..example.org", ""),
        ("k" * 64 + ".example.org", ""),
        ("kmn.example.org,", ""),
        ("[::1", ""),
        ("\xff", ""),
    ],
)
def test_the_proxy_next_to_us_tells_the_host_if_it_is_one(forwarded, host):
    headers = {"x-forwarded-host": forwarded}
    assert Proxies(INSIDE).origin("10.0.0.1", "http", headers).host == host
