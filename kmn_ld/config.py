"""Holds the frozen `Settings` and reads them from the environment."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kmn_ld.errors import ConfigError

PREFIX = "KMN_LD_"
_MEBIBYTE = 1024 * 1024
_HIGHEST = {"port": 65535, "query_max_bytes": 256 * 1024}


def _setting(default: Any, help_text: str, unit: str = "", *, secret: bool = False) -> Any:
    return field(default=default, metadata={"help": help_text, "unit": unit}, repr=not secret)


@dataclass(frozen=True)
class Settings:
    """Every setting: one field, one type, one default, one line of help.

    The environment names them in capitals behind `KMN_LD_`; `docs/settings.md` lists them.
    """

    sources: Path = _setting(Path(), "folder that holds ontology/, data/, shapes/ and queries/")
    releases: Path = _setting(Path("releases"), "folder of the releases")
    host: str = _setting("127.0.0.1", "address to listen on")
    port: int = _setting(8000, "port to listen on")
    workers: int = _setting(2, "server processes, each with one query worker at rest")
    query_workers: int = _setting(8, "queries of all clients that may run at the same time")
    public_url: str = _setting(
        "", "public address (`https://host`); empty: scheme and host of the request"
    )
    trusted_proxies: str = _setting(
        "", "addresses or networks, comma separated, whose X-Forwarded-* headers count"
    )
    endpoint: str = _setting(
        "",
        "address of another SPARQL engine that answers instead; empty: the one inside",
        secret=True,
    )
    endpoint_update: str = _setting(
        "",
        "where that engine takes SPARQL Update, for `kmn-ld push`; empty: at the same address",
        secret=True,
    )
    endpoint_graph_store: str = _setting(
        "",
        "where it takes whole graphs (Graph Store Protocol); empty: by SPARQL Update",
        secret=True,
    )
    query_seconds: int = _setting(10, "time a query may take", "s")
    query_memory_mb: int = _setting(
        1024, "memory a query may use on top of what an idle worker has mapped", "MiB"
    )
    query_max_bytes: int = _setting(
        64 * 1024, "length of a query text, 262144 at most: a worker's stack grows with it", "bytes"
    )
    result_max_bytes: int = _setting(256 * 1024 * 1024, "size of a result", "bytes")
    queries_per_client: int = _setting(2, "queries of one client at the same time")
    spool_per_client_mb: int = _setting(
        512, "size of all results of one client that have not been sent to their end", "MiB"
    )
    spool_mb: int = _setting(2048, "the same of all clients together: disk in TMPDIR", "MiB")
    memory_triples: int = _setting(
        500_000, "release size up to which server and workers hold it in memory", "triples"
    )
    cache_mb: int = _setting(64, "answers that a server process keeps for repeated GETs", "MiB")
    official: bool = _setting(
        False, "the operator is the publisher; without it every page says that it is a draft"
    )
    log_format: str = _setting("text", "text or json")
    contact_email: str = _setting("", "mailbox that pages name for questions and reports")

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, **overrides: Any) -> "Settings":
        """Read the settings from the environment; `overrides` that are not None win.

        Raises ConfigError for an unknown `KMN_LD_` name or a value that cannot be.
        """
        environ = os.environ if environ is None else environ
        known = {PREFIX + entry.name.upper(): entry for entry in fields(cls)}
        values: dict[str, Any] = {}
        for name, text in environ.items():
            if not name.startswith(PREFIX):
                continue
            if name not in known:
                raise ConfigError("setting-unknown", name=name, known=", ".join(sorted(known)))
            values[known[name].name] = _parse(name, known[name].type, text)
        given = {name: value for name, value in overrides.items() if value is not None}
        settings = cls(**{**values, **given})
        settings._check()
        return settings

    def with_changes(self, **changes: Any) -> "Settings":
        """Return a copy with some fields changed."""
        return replace(self, **changes)

    @property
    def proxies(self) -> tuple[str, ...]:
        """The networks of `trusted_proxies`, one by one."""
        return tuple(part.strip() for part in self.trusted_proxies.split(",") if part.strip())

    def _lowest(self, name: str) -> int:
        if name in ("spool_mb", "spool_per_client_mb"):
            return -(-self.result_max_bytes // _MEBIBYTE)  # or the largest could never be had
        return 0 if name in ("port", "memory_triples", "cache_mb") else 1

    def _check(self) -> None:
        for entry in fields(self):
            value = getattr(self, entry.name)
            lowest = self._lowest(entry.name)
            if type(value) is int and value < lowest:
                raise ConfigError("setting-low", name=PREFIX + entry.name.upper(), lowest=lowest)
            highest = _HIGHEST.get(entry.name)
            if highest is not None and value > highest:
                raise ConfigError("setting-high", name=PREFIX + entry.name.upper(), highest=highest)
        if self.log_format not in ("text", "json"):
            raise ConfigError("setting-value", name=PREFIX + "LOG_FORMAT", value=self.log_format)
        if self.public_url and not _is_address_of_a_site(self.public_url):
            raise ConfigError("setting-value", name=PREFIX + "PUBLIC_URL", value=self.public_url)
        self._check_endpoints()
        for network in self.proxies:
            try:
                ip_network(network, strict=False)
            except ValueError as error:
                raise ConfigError(
                    "setting-value", name=PREFIX + "TRUSTED_PROXIES", value=network
                ) from error

    def _check_endpoints(self) -> None:
        for name in ("endpoint", "endpoint_update", "endpoint_graph_store"):
            if (address := getattr(self, name)) and not _is_endpoint(address):
                # without the value: it may hold a password
                raise ConfigError("setting-endpoint", name=PREFIX + name.upper())


def _is_address_of_a_site(text: str) -> bool:
    """Return whether a text is `https://host`, with or without port and last slash."""
    return re.fullmatch(r"https?://[\w.~-]+(:[0-9]+)?/?|https?://\[[0-9a-f:.]+\](:[0-9]+)?/?",
                        text, re.ASCII | re.IGNORECASE) is not None  # fmt: skip


def _is_endpoint(text: str) -> bool:
    """Return whether a text is an `http` or `https` URL without a fragment."""
    try:
        parts = urlsplit(text)
        return bool(
            parts.scheme in ("http", "https")
            and parts.hostname
            and parts.port != 0
            and not parts.fragment
            and re.fullmatch(r"[\x21-\x7e]+", text)
        )
    except ValueError:
        return False


def _parse(name: str, kind: Any, text: str) -> Any:
    try:
        if kind is bool:
            return {"1": True, "true": True, "0": False, "false": False, "": False}[text.lower()]
        return kind(text)
    except (KeyError, ValueError) as error:
        raise ConfigError("setting-value", name=name, value=text) from error
