"""Decides the language of a page: `?lang=`, then Accept-Language, then German."""

from collections.abc import Iterator
from functools import lru_cache

from flask import g, request

from kmn_ld import messages
from kmn_ld.web.negotiation import quality_of, split_elements

DEFAULT = messages.LANGUAGES[0]

NAMES = {"de": "Deutsch", "en": "English"}
"""What each language calls itself."""

_LONGEST_HEADER = 1024


def asked_for() -> str | None:
    """Return the language that the URL names, or None."""
    asked = request.args.get("lang")
    return asked if asked in messages.LANGUAGES else None


def current() -> str:
    """Return the language of the page that this request gets."""
    if "language" not in g:
        header = request.headers.get("Accept-Language", "")
        g.language = asked_for() or preferred(header[:_LONGEST_HEADER])
    language: str = g.language
    return language


def text(key: str, **details: object) -> str:
    """Return a text of the catalogues in the language of this request."""
    return messages.text(key, current(), **details)


@lru_cache(maxsize=512)
def preferred(header: str) -> str:
    """Return the language of ours that an Accept-Language header likes best (RFC 9110, 12.5.4).

    By lookup (RFC 4647, 3.4): range by range, from the best quality on, each shortened until it
    is a language of ours; else the first language that is not refused with `q=0`. Where all are,
    the header does not count.
    """
    found = [(element[0].lower(), quality_of(element[1:])) for element in split_elements(header)]
    refused = {tag for tag, quality in found if quality == 0}
    offered = [name for name in messages.LANGUAGES if name not in refused] or [DEFAULT]
    wanted = [(tag, quality) for tag, quality in found if quality]
    for tag, _ in sorted(wanted, key=lambda entry: entry[1], reverse=True):
        for shortened in _shortened(tag):
            if shortened in offered:
                return shortened
    return offered[0]


def _shortened(tag: str) -> Iterator[str]:
    """Yield a language range, then without its last part, and so on (RFC 4647, 3.4)."""
    parts = tag.split("-")
    while parts:
        yield "-".join(parts)
        parts.pop()
        if parts and len(parts[-1]) == 1:
            parts.pop()
