"""Ranks documents for a question: how well, and where, each word of it was met."""

import math
from collections.abc import Sequence, Set
from dataclasses import dataclass

from kmn_ld.search.index import Ranked
from kmn_ld.search.spelling import Meaning

_EXACT, _CORRECTED, _START, _PART = 1.0, 0.85, 0.75, 0.6
"""How well a word is met: as typed, as corrected, as a beginning, as a part."""
_NAME, _ALSO, _PLACE, _ABOUT = 1.0, 0.85, 0.7, 0.45
"""How much it counts where it was met."""
_COVERED, _WHOLE, _FIRST = 0.2, 0.35, 0.05
"""What is added for the share of a name that was typed, a whole name, a name's first word."""
_WEIGHTS = {"programme": 0.99, "organisation": 0.98, "service": 0.96, "concept": 0.25}
"""Terms of code lists come behind what they are said of; other types count in full."""


@dataclass(frozen=True)
class Wanted:
    """A question as documents are compared with it.

    `weights` are those of the meanings: the rarer a word, the more it tells. `spoken` are the
    stems of the question and those that count as the same.
    """

    meanings: Sequence[Meaning]
    weights: Sequence[float]
    spoken: Set[str]


def weight(found: int, size: int) -> float:
    """Return what a word tells that stands in so many of all documents."""
    return math.log(1.5 + size / (1 + found))


def score(document: Ranked, wanted: Wanted) -> float:
    """Return how well a document answers a question; equal ones keep the order of the index."""
    named = frozenset(stem for name in document.names for stem in name)
    columns = ((named, _NAME), (document.also, _ALSO), (document.places, _PLACE),
               (document.about, _ABOUT))  # fmt: skip
    met = sum(
        worth * max(level(meaning, stems) * factor for stems, factor in columns)
        for meaning, worth in zip(wanted.meanings, wanted.weights, strict=True)
    )
    share = met / sum(wanted.weights) if wanted.weights else 0.0
    name = max((_likeness(one, wanted) for one in document.names), default=0.0)
    is_meant = name >= _WHOLE and len(wanted.meanings) > 1  # nobody types two words by chance
    return (share + name) * (1.0 if is_meant else _WEIGHTS.get(document.type, 1.0))


def level(meaning: Meaning, stems: Set[str]) -> float:
    """Return how well some stems meet a word, 0 where they do not."""
    if meaning.stem in stems:
        return _EXACT
    if not meaning.corrected.isdisjoint(stems):
        return _CORRECTED
    if meaning.is_start and any(stem.startswith(meaning.word) for stem in stems):
        return _START
    return 0.0 if meaning.parts.isdisjoint(stems) else _PART


def _likeness(name: tuple[str, ...], wanted: Wanted) -> float:
    """Return what a name is worth for being what was typed."""
    if not name:
        return 0.0
    hits = [_is_spoken(stem, wanted) for stem in name]
    covered = sum(hits) / len(hits)
    is_whole = covered == 1 and all(level(one, frozenset(name)) for one in wanted.meanings)
    return covered * _COVERED + is_whole * _WHOLE + hits[0] * _FIRST


def _is_spoken(stem: str, wanted: Wanted) -> bool:
    return stem in wanted.spoken or any(stem in one.corrected for one in wanted.meanings)
