"""Finds the text of a result that a question met, and the words in it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kmn_ld.search.folding import stems
from kmn_ld.search.index import Found
from kmn_ld.search.ranking import level
from kmn_ld.search.spelling import Meaning
from kmn_ld.search.thesaurus import also

_WORD = re.compile(r"(\w+)")


@dataclass(frozen=True)
class Snippet:
    """A text of a thing: the field it stands in ("name", "other_name", "place", …), its words."""

    field: str
    text: str
    language: str = ""


def snippet(found: Found, meanings: Sequence[Meaning]) -> Snippet | None:
    """Return the text that meets a question best: a name, or what the names do not say."""
    if not meanings or not (found.names or found.others or found.places or found.about):
        return None
    met = {one: _met(one, meanings) for one in _texts(found)}
    in_names = [words for text, words in met.items() if text.field == "name"]
    missed = frozenset().union(*met.values()).difference(*in_names)
    if in_names and not missed:
        met = {text: words for text, words in met.items() if text.field == "name"}
    best = max(met, key=lambda one: (len(met[one] & missed), len(met[one]), -len(one.text)))
    return best if met[best] else None


def marked(text: str, meanings: Sequence[Meaning]) -> list[tuple[str, bool]]:
    """Return a text in pieces, each with whether it is a word that the question met."""
    return [
        (piece, index % 2 == 1 and _is_met(piece, meanings))
        for index, piece in enumerate(_WORD.split(text))
        if piece
    ]


def _texts(found: Found) -> Iterator[Snippet]:
    for name in found.names:
        yield Snippet("name", name.value, name.language)
    for name in found.others:
        yield Snippet("other_name", name.value, name.language)
    for place in found.places:
        yield Snippet("place", place)
    for field, text, language in found.about:
        yield Snippet(field, text, language)


def _met(text: Snippet, meanings: Sequence[Meaning]) -> frozenset[int]:
    roots = stems(text.text)
    known = frozenset((*roots, *also(roots)))
    return frozenset(number for number, one in enumerate(meanings) if level(one, known))


def _is_met(piece: str, meanings: Sequence[Meaning]) -> bool:
    roots = stems(piece)
    known = frozenset((*roots, *also(roots)))
    return any(level(one, known) for one in meanings)
