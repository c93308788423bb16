"""Finds the words of the index that a typed word may stand for."""

from collections import Counter
from dataclasses import dataclass

from kmn_ld.search.distance import mistakes
from kmn_ld.search.folding import stem
from kmn_ld.search.index import Index
from kmn_ld.search.transliterating import in_latin
from kmn_ld.search.writing import EDGE

_SHORTEST_START, _SHORTEST_START_OF_NUMBER = 2, 3
_SHORTEST_PART = 4
_SHORTEST_MISTYPED = 5
_TWO_MISTAKES_FROM = 8
_THREE_MISTAKES_FROM = 15
_MOST_PARTS = 300
_MOST_COMPARED = 150
_MOST_LISTED = 4_000
_MOST_CORRECTIONS = 5


@dataclass(frozen=True)
class Meaning:
    """What a typed word is looked for as.

    `word` is folded, `stem` without endings. `is_start` says that words may begin with it; `parts`
    are stems of words that hold it; `corrected` are stems of words that were meant where it was
    mistyped, `written` how these are written. Without any of them nothing is found for it.
    """

    word: str
    stem: str
    is_start: bool = False
    parts: frozenset[str] = frozenset()
    corrected: frozenset[str] = frozenset()
    written: tuple[str, ...] = ()

    @property
    def expression(self) -> str:
        """What FTS5 is asked for: every word is quoted, and holds letters and digits alone."""
        words = [f'"{one}"' for one in sorted({self.stem, *self.parts, *self.corrected})]
        return " OR ".join([*words, f'"{self.word}"*'] if self.is_start else words)


def meaning_of(word: str, index: Index) -> Meaning:
    """Return what a folded word may mean: itself, beginnings, parts of words; else corrections."""
    direct = _as_typed(word, index)
    if direct is not None:
        return direct
    latin = in_latin(word)
    if latin:
        direct = _as_typed(latin, index)
        if direct is not None:
            found = index.words("word = ? OR stem = ? ORDER BY documents DESC", latin, stem(latin))
            written = tuple(entry[1] for entry in found[:1])
            return Meaning(
                word, stem(word), parts=direct.parts, corrected=frozenset((direct.stem,)),
                written=written,
            )  # fmt: skip
    return _corrected(word, latin or word, index)


def _as_typed(word: str, index: Index) -> Meaning | None:
    """Return the meaning of a word that is in the index as it is typed, None where it is not."""
    root = stem(word)
    shortest = _SHORTEST_START_OF_NUMBER if word.isdigit() else _SHORTEST_START
    starts = len(word) >= shortest and _begins_any(word, index)
    parts = _with_part(word, index) if len(word) >= _SHORTEST_PART else frozenset()
    if starts or parts or index.knows(root):
        return Meaning(word, root, starts, parts)
    return None


def _begins_any(word: str, index: Index) -> bool:
    return bool(index.words("stem >= ? AND stem < ? LIMIT 1", word, word + "\U0010ffff"))


def _with_part(word: str, index: Index) -> frozenset[str]:
    """Return the stems of longer words that hold a word: German writes compounds as one."""
    numbers = index.words_with(word, _MOST_PARTS) if not word.isdigit() else []
    return frozenset(entry[2] for entry in _words_at(numbers, index) if entry[0] != word)


def _corrected(word: str, typed: str, index: Index) -> Meaning:
    """Return the meaning of a mistyped word: the words with the fewest mistakes between."""
    found = _nearest(typed, index)
    best = found[0][0] if found else 0
    chosen = [entry for distance, _, entry in found if distance == best][:_MOST_CORRECTIONS]
    meant = chosen[0][0] if chosen else ""
    return Meaning(
        word,
        stem(word),
        parts=_with_part(meant, index) if len(meant) >= _SHORTEST_PART else frozenset(),
        corrected=frozenset(entry[2] for entry in chosen),
        written=tuple(dict.fromkeys(entry[1] for entry in chosen)),
    )


def _nearest(typed: str, index: Index) -> list[tuple[float, int, tuple[str, str, str, int]]]:
    """Return (distance, -documents, word) of words that may have been meant, the best first."""
    most = _allowed(typed)
    if not most:
        return []
    found = []
    for entry in _words_at(_similar(typed, index), index):
        word, documents = entry[0], entry[3]
        distance: float = mistakes(typed, word, most)
        if distance > most and len(word) > len(typed):
            distance = mistakes(typed, word[: len(typed)], most) + 0.5  # the beginning of a word
        if distance <= most and documents:
            found.append((distance, -documents, entry))
    return sorted(found)


def _allowed(word: str) -> int:
    """Return how many mistakes a word of its length may have."""
    if len(word) < _SHORTEST_MISTYPED or word.isdigit():
        return 0
    return 1 + (len(word) >= _TWO_MISTAKES_FROM) + (len(word) >= _THREE_MISTAKES_FROM)


def _similar(typed: str, index: Index) -> list[int]:
    """Return the numbers of words that share the most trigrams with a word."""
    framed = f"{EDGE}{typed}{EDGE}"
    trigrams = dict.fromkeys(framed[start : start + 3] for start in range(len(framed) - 2))
    shared: Counter[int] = Counter()
    for trigram in trigrams:
        shared.update(index.words_with(trigram, _MOST_LISTED))
    ranked = sorted(shared.items(), key=lambda entry: (-entry[1], entry[0]))
    return [number for number, _ in ranked[:_MOST_COMPARED]]


def _words_at(numbers: list[int], index: Index) -> list[tuple[str, str, str, int]]:
    marks = ",".join("?" * len(numbers))
    return index.words(f"number IN ({marks}) ORDER BY number", *numbers)
