"""Tells who asks: the peer, or whom trusted proxies name in X-Forwarded-* headers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_HOST = re.compile(
    r"(?:[\w~-]{1,63}(?:\.[\w~-]{1,63})*\.?|\[[0-9a-f:.]+\])(?::([0-9]{0,5}))?",
    re.ASCII | re.IGNORECASE,
)
_HIGHEST_PORT = 65535
_WITH_PORT = re.compile(r"\[([^]]+)\](?::[0-9]+)?|([0-9.]+):[0-9]+")
"""How proxies write an address with a port, and an IPv6 address."""


def is_host(text: str) -> bool:
    """Return whether a text is a host with or without a port (RFC 3986, 3.2.2).

    Its parts are those of a name in the DNS: what is none, Flask cannot make addresses for.
    """
    match = _HOST.fullmatch(text)
    return match is not None and int(match[1] or 0) <= _HIGHEST_PORT


@dataclass(frozen=True)
class Origin:
    """Where a request comes from: client address, and the scheme and host that the client used.

    `host` is empty where the Host header counts.
    """

    address: str
    scheme: str
    host: str = ""


class Proxies:
    """The networks whose forwarding headers count."""

    def __init__(self, networks: Sequence[str]) -> None:
        self._networks = tuple(ip_network(network, strict=False) for network in networks)

    def origin(self, peer: str, scheme: str, headers: Mapping[str, str]) -> Origin:
        """Return the origin of a request; `headers` has lower-case names, repeated ones joined.

        Each proxy adds the address that it saw at the end of X-Forwarded-For: the client is the
        last one that is no proxy of ours. What stands before it, anybody can have written. Scheme
        and host are the last ones too: those that the proxy next to us names.
        """
        if not self._networks or not self._is_trusted(peer):
            return Origin(peer, scheme)
        address = peer
        for claimed in reversed(headers.get("x-forwarded-for", "").split(",")):
            parsed = _parse(claimed)
            if parsed is None:
                break
            address = str(parsed)
            if not self._is_trusted(address):
                break
        forwarded = _last(headers, "x-forwarded-proto").lower()
        host = _last(headers, "x-forwarded-host")
        return Origin(
            address,
            forwarded if forwarded in ("http", "https") else scheme,
            host if is_host(host) else "",
        )

    def _is_trusted(self, address: str) -> bool:
        parsed = _parse(address)
        return parsed is not None and any(parsed in network for network in self._networks)


def _last(headers: Mapping[str, str], name: str) -> str:
    return headers.get(name, "").rpartition(",")[2].strip()


def _parse(text: str) -> IPv4Address | IPv6Address | None:
    """Return an address without its port and zone, an IPv4 address where it is a mapped one."""
    text = text.strip()
    match = _WITH_PORT.fullmatch(text)
    text = (match[1] or match[2]) if match else text
    try:
        parsed = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return mapped or parsed
