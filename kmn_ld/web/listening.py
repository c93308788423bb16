"""Finds the address to listen on: names resolved once, the port tried, the URL to print."""

import errno
import socket
from dataclasses import dataclass
from ipaddress import ip_address

from kmn_ld.errors import ConfigError

_ELSEWHERE = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
"""The machine does not have this address; another one of the same name may be its own."""
_KEYS = {errno.EADDRINUSE: "port-taken", errno.EACCES: "port-forbidden"}


@dataclass(frozen=True)
class Address:
    """An IP address and a port of this machine that nobody listens on yet."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """The URL by which this machine reaches it; for "all addresses" that of the loopback."""
        parsed = ip_address(self.host)
        host = parsed.compressed
        if parsed.is_unspecified:
            host = "127.0.0.1" if parsed.version == 4 else "::1"  # noqa: PLR2004 - IPv4
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


def find(host: str, port: int) -> Address:
    """Return the address that a name or address of this machine means; port 0 means a free one.

    Raises ConfigError where there is no such name, the address is not of this machine, or the port
    is taken or reserved.
    """
    foreign = ""
    for address in _resolve(host):
        try:
            return Address(address, _free_port(address, port))
        except OSError as error:
            if error.errno not in _ELSEWHERE:
                key = _KEYS.get(error.errno or 0, "host-unusable")
                raise ConfigError(key, host=host, port=port, reason=error.strerror) from error
            foreign = error.strerror or ""
    raise ConfigError("host-unusable", host=host, port=port, reason=foreign)


def _resolve(host: str) -> list[str]:
    """Return the addresses of a name, IPv4 first: `localhost` is 127.0.0.1 where it can be."""
    name = host.removeprefix("[").removesuffix("]")
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:  # a name that no name can be is a UnicodeError
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigError("host-unknown", host=host, reason=reason) from error
    return sorted({str(entry[4][0]) for entry in found}, key=lambda address: ":" in address)


def _free_port(address: str, port: int) -> int:
    """Return the port to listen on, for 0 a free one.

    The server processes share the port (SO_REUSEPORT), which would let a second server of the
    same user take it too without a word; so it is tried without sharing first.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        trial.bind((address, port))
        bound: int = trial.getsockname()[1]
    return bound
