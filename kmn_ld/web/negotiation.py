"""Decides the representation: from the suffix, the `format=` parameter or the Accept header.

The `formats` table alone says what there is (RFC 9110, section 12). Rules: the highest quality
wins, then the more specific range, then the client's order, then ours. Data comes first in ours,
so that who does not ask for HTML gets data.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from kmn_ld.errors import NotAcceptable
from kmn_ld.formats import BY_NAME, FORMATS

_RANGE = re.compile(r"(\*/\*|[\w!#$&^.+-]+/(?:\*|[\w!#$&^.+-]+))", re.ASCII)
_PARTS = re.compile(r'[^,;"]*(?:"(?:[^"\\]|\\.)*"[^,;"]*)*[,;]?')
_QUALITY = re.compile(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")
_LONGEST_ACCEPT = 2048
"""Characters of an Accept header that are read; what was read is remembered, so it is bounded."""


@dataclass(frozen=True)
class _Preference:
    """A media range of an Accept header: the wider it is, the lower its specificity (0-2)."""

    media_range: str
    quality: float
    position: int

    @property
    def specificity(self) -> int:
        return 0 if self.media_range == "*/*" else 1 if self.media_range.endswith("/*") else 2


def choose(accept: str | None, offered: Sequence[str]) -> str:
    """Return the format, by its name, that a client likes best among those offered.

    Raises NotAcceptable, which lists the offered formats.
    """
    wanted = preferences(accept, offered)
    if not wanted:
        raise NotAcceptable("not-acceptable", offered=media_types(offered))
    return wanted[0]


def preferences(accept: str | None, offered: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the acceptable formats, the client's favourite first."""
    return _preferences((accept or "")[:_LONGEST_ACCEPT], tuple(offered))


@lru_cache(maxsize=1024)
def _preferences(accept: str, offered: tuple[str, ...]) -> tuple[str, ...]:
    ranges = _parse(accept)
    if not ranges:
        return offered
    ranked = []
    for rank, name in enumerate(offered):
        best = _match(BY_NAME[name].media_types, ranges)
        if best is not None and best.quality > 0:
            ranked.append((-best.quality, -best.specificity, best.position, rank, name))
    return tuple(entry[-1] for entry in sorted(ranked))


def prefers_page(accept: str | None) -> bool:
    """Return whether a client asks for HTML, and for no data with more emphasis."""
    ranges = _parse((accept or "")[:_LONGEST_ACCEPT])
    page = _match(BY_NAME["html"].media_types, ranges)
    if page is None or page.quality == 0 or page.specificity < 2:  # noqa: PLR2004 - exactly named
        return False
    return not any(
        other.quality > page.quality
        for other in ranges
        if other.media_range not in BY_NAME["html"].media_types
    )


def by_suffix(suffix: str, offered: Sequence[str]) -> str | None:
    """Return the name of the offered format with this file ending, or None."""
    return next((name for name in offered if BY_NAME[name].suffix == suffix), None)


def media_types(offered: Sequence[str]) -> str:
    """Return the media types of formats as one text, for people and for error answers."""
    return ", ".join(BY_NAME[name].media_types[0] for name in offered)


def known_suffixes() -> frozenset[str]:
    """Return every file ending of the table."""
    return frozenset(entry.suffix for entry in FORMATS)


def _match(types: Sequence[str], ranges: Sequence[_Preference]) -> _Preference | None:
    """Return the range that decides about a format with these media types.

    The first type is the one that is sent: wildcards count for it alone. The others are names by
    which clients ask for the same thing, so they count where they stand in full.
    """
    named = [entry for entry in ranges if entry.media_range in types]
    if named:
        return max(named, key=lambda entry: (entry.quality, -entry.position))
    for wildcard in (f"{types[0].partition('/')[0]}/*", "*/*"):
        matching = [entry for entry in ranges if entry.media_range == wildcard]
        if matching:
            return max(matching, key=lambda entry: entry.quality)
    return None


@lru_cache(maxsize=1024)
def _parse(accept: str) -> tuple[_Preference, ...]:
    """Read an Accept header; elements that are none are passed over."""
    found = []
    for position, element in enumerate(split_elements(accept)):
        media_range, quality = element[0].lower(), quality_of(element[1:])
        if media_range == "*":  # sent by old Java clients for "anything"
            media_range = "*/*"
        if quality is not None and _RANGE.fullmatch(media_range):
            found.append(_Preference(media_range, quality, position))
    return tuple(found)


def split_elements(header: str) -> list[list[str]]:
    """Split a list header into its elements, each into value and parameters, quotes respected."""
    elements: list[list[str]] = [[]]
    for match in _PARTS.finditer(header):
        part = match[0]
        elements[-1].append(part.rstrip(",;").strip() if part[-1:] in ",;" else part.strip())
        if part.endswith(","):
            elements.append([])
    return [element for element in elements if element and element[0]]


def quality_of(parameters: Sequence[str]) -> float | None:
    """Return the `q` among parameters, 1 where there is none, None where it is no quality."""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            return float(value) if _QUALITY.fullmatch(value.strip()) else None
    return 1.0
