"""Where the site is, and percent signs, once and both ways: from the address asked for to IRIs."""

import re
from typing import Any
from urllib.parse import quote, unquote, unquote_to_bytes

from flask import request, url_for

_BEYOND_ASCII = re.compile("[\x80-\xff]")
"""What a client did not encode; WSGI has a character for each byte."""

_ESCAPES = re.compile("(?:%[0-9A-Fa-f]{2})+")
_KEPT = re.compile(r"[\x00-\x20<>\"{}|\\^`%/?#\[\]\x7f-\x9f]")
"""Characters that mean something else in an IRI, or cannot stand in one, unless encoded."""


def of_site(public_url: str) -> str:
    """Return where the server is reached, with a slash at the end: as set, else as asked."""
    return public_url.rstrip("/") + "/" if public_url else request.host_url


def of_endpoint(public_url: str) -> str:
    """Return where the SPARQL endpoint over the release of this request is reached."""
    return of_site(public_url).rstrip("/") + url_for("sparql.endpoint", lang=None)


def asked_behind(prefix: str) -> str:
    """Return what stands behind a prefix in the path that was asked for, as the client wrote it."""
    path: str = request.environ.get("REQUEST_URI", request.path).partition("?")[0]
    return _BEYOND_ASCII.sub(lambda found: f"%{ord(found[0]):02X}", path.removeprefix(prefix))


def readings(address: str) -> tuple[str, ...]:
    """Return what the end of an IRI may be of which this is the address, the likeliest first.

    An address has only ASCII: other characters were encoded (RFC 3987, 3.1), or the IRI itself has
    percent signs there. What needs no encoding may be encoded all the same (RFC 3986, 2.3).
    """
    beyond_ascii = _ESCAPES.sub(_decoded_beyond_ascii, address)
    all_that_may = _ESCAPES.sub(_decoded, address)
    return tuple(dict.fromkeys((beyond_ascii, address, all_that_may)))


def address_of(endpoint: str, **values: Any) -> str:
    """Return the path for a view; percent signs of the values, parts of IRIs, stay as they are."""
    return url_for(endpoint, **values).replace("%25", "%")


def _decoded_beyond_ascii(match: re.Match[str]) -> str:
    return re.sub(r"(?:%[89A-Fa-f][0-9A-Fa-f])+", _text, match[0])


def _text(match: re.Match[str]) -> str:
    try:
        return unquote_to_bytes(match[0]).decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


def _decoded(match: re.Match[str]) -> str:
    try:
        text = unquote(match[0], errors="strict")
    except UnicodeDecodeError:
        return match[0]
    return _KEPT.sub(lambda found: quote(found[0], safe=""), text)
