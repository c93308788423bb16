"""Decides the language of a page: `?lang=`, then Accept-Language, then German."""

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
    """Return the language of ours that an Accept-Language header likes best (RFC 4647, lookup)."""
    best, best_quality = DEFAULT, 0.0
    refused = set()
    for element in split_elements(header):
        tag, quality = element[0].lower().split("-")[0], quality_of(element[1:])
        language = DEFAULT if tag == "*" else tag
        if quality == 0 and tag != "*":
            refused.add(language)
        elif language in messages.LANGUAGES and (quality or 0) > best_quality:
            best, best_quality = language, quality or 0
    if best_quality == 0 and best in refused:
        return next((name for name in messages.LANGUAGES if name not in refused), DEFAULT)
    return best
