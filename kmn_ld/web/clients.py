"""Tells who asks: the peer, or whom trusted proxies name in X-Forwarded-* headers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network


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
        """Return the origin of a request; `headers` has lower-case names.

        Each proxy adds the address that it saw at the end of X-Forwarded-For: the client is the
        last one that is no proxy of ours. What stands before it, anybody can have written.
        """
        if not self._networks or not self._is_trusted(peer):
            return Origin(peer, scheme)
        address = peer
        for claimed in reversed(headers.get("x-forwarded-for", "").split(",")):
            if _parse(claimed) is None:
                break
            address = claimed.strip()
            if not self._is_trusted(address):
                break
        forwarded = headers.get("x-forwarded-proto", "").strip().lower()
        host = headers.get("x-forwarded-host", "").strip()
        return Origin(address, forwarded if forwarded in ("http", "https") else scheme, host)

    def _is_trusted(self, address: str) -> bool:
        parsed = _parse(address)
        return parsed is not None and any(parsed in network for network in self._networks)


def _parse(text: str) -> IPv4Address | IPv6Address | None:
    try:
        parsed = ip_address(text.strip())
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return mapped or parsed
