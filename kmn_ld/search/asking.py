"""Answers a question with the index: what is found, in which order, and how it can be narrowed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from kmn_ld.iris import canonical_id, is_well_formed
from kmn_ld.search import bits
from kmn_ld.search.documents import FACETS, Choice
from kmn_ld.search.folding import STOP_WORDS, spelled, stems, words
from kmn_ld.search.index import NAMED, Found, Index
from kmn_ld.search.ranking import Wanted, score, weight
from kmn_ld.search.snippets import Snippet, snippet
from kmn_ld.search.spelling import Meaning, meaning_of
from kmn_ld.search.thesaurus import also

MOST_WORDS = 12
"""Words of a question that count."""
_CANDIDATES = 250
"""Results that are ranked one by one; those behind them stay in the order of the index."""
_CANDIDATES_OF_SUGGESTIONS = 80


@dataclass(frozen=True)
class Question:
    """What is asked for.

    `narrowed` is facet → value; `with_ended` takes in what is no longer active; `page` counts
    from 1, `limit` is the number of results of a page.
    """

    text: str = ""
    narrowed: Mapping[str, str] = field(default_factory=dict)
    with_ended: bool = False
    page: int = 1
    limit: int = 20


@dataclass(frozen=True)
class Hit:
    """A result, and what of it the question met."""

    found: Found
    snippet: Snippet | None


@dataclass(frozen=True)
class Count:
    """A value of a facet and how many results have it, within what the other facets leave."""

    choice: Choice
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Answer:
    """What was found.

    `hits` are those of the page, `total` is the number of all. `corrected` is typed word → what
    was looked for instead; `ignored` are words that nothing is found for; `is_partial` says that
    no result has all the others. `meanings` are what the words were looked for as.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    facets: Mapping[str, tuple[Count, ...]] = field(default_factory=dict)
    corrected: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    is_partial: bool = False
    meanings: tuple[Meaning, ...] = ()


def ask(index: Index, question: Question) -> Answer:
    """Answer a question; without any words everything is a result."""
    asked = _read(question.text, index)
    allowed = index.everything if question.with_ended else index.active
    if words(question.text):
        found, most = bits.having_most(one & allowed for one in asked.sets)
        found |= bits.of_numbers(asked.direct, index.size)  # ids count whatever the status
    else:
        found, most = allowed, 0
    results = _narrowed(found, question.narrowed, index)
    first = (question.page - 1) * question.limit
    order = islice(_ordered(results, asked, index), first, first + question.limit)
    return Answer(
        hits=_hits(list(order), asked, index),
        total=results.bit_count(),
        facets={name: _counts(name, found, question.narrowed, index) for name in FACETS},
        corrected=asked.corrected,
        ignored=() if asked.direct else asked.ignored,
        is_partial=not asked.direct and most < len(asked.sets),
        meanings=asked.meanings,
    )


def suggest(index: Index, text: str, count: int) -> list[Found]:
    """Return the things that a text that is being typed may be about, the likeliest first."""
    asked = _read(text, index, with_sets=False)
    if not asked.meanings:
        return index.documents(asked.direct[:count])
    expression = " AND ".join(f"({one.expression})" for one in asked.meanings)
    numbers = index.first(expression, _CANDIDATES_OF_SUGGESTIONS, NAMED)
    if len(numbers) < count:
        more = index.first(expression, _CANDIDATES_OF_SUGGESTIONS)
        numbers = list(dict.fromkeys((*numbers, *more)))
    active = index.active
    ranked = _ranked([one for one in numbers if active >> one & 1], asked, index)
    return index.documents(list(dict.fromkeys((*asked.direct, *ranked)))[:count])


@dataclass(frozen=True)
class _Asked:
    """A text as it is looked for: the things it names by id or key, its words, where they stand."""

    meanings: tuple[Meaning, ...] = ()
    sets: tuple[int, ...] = ()
    ignored: tuple[str, ...] = ()
    corrected: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    direct: tuple[int, ...] = ()
    wanted: Wanted = field(default_factory=lambda: Wanted((), (), frozenset()))


def _read(text: str, index: Index, *, with_sets: bool = True) -> _Asked:
    named = _named_by_id(text, index)
    if named is not None:
        return _Asked(direct=tuple(named))
    direct = tuple(index.with_code(text)) if any(one.isdigit() for one in text) else ()
    typed = dict(reversed(spelled(text)))
    folded = list(dict.fromkeys(words(text)))
    telling = ([word for word in folded if word not in STOP_WORDS] or folded)[:MOST_WORDS]
    meanings = [meaning_of(word, index) for word in telling]
    known = tuple(one for one in meanings if _is_known(one, index))
    ignored = tuple(typed.get(one.word, one.word) for one in meanings if one not in known)
    corrected = {typed.get(one.word, one.word): one.written for one in known if one.written}
    sets = tuple(index.matching(one.expression) for one in known) if with_sets else ()
    weights = [weight(one.bit_count(), index.size) for one in sets] or [1.0] * len(known)
    roots = stems(text)
    spoken = frozenset((*roots, *also(roots), *(one.stem for one in known)))
    return _Asked(known, sets, ignored, corrected, direct, Wanted(known, weights, spoken))


def _is_known(meaning: Meaning, index: Index) -> bool:
    return bool(meaning.is_start or meaning.parts or meaning.corrected or index.knows(meaning.stem))


def _named_by_id(text: str, index: Index) -> list[int] | None:
    """Return what an id, an IRI or the address of a document names, None for other texts."""
    for mark in ("/id/", "/doc/"):
        _, found, path = text.strip().partition(mark)
        if found:
            bare = path.partition("#")[0].partition("?")[0].rstrip("/")
            return index.with_code(bare) or index.with_code(bare.rpartition(".")[0])
    key = canonical_id(text)
    return index.with_code(key) if is_well_formed(key) else None


def _narrowed(found: int, narrowed: Mapping[str, str], index: Index, without: str = "") -> int:
    for facet, value in narrowed.items():
        if facet != without:
            found &= index.having(facet, value)
    return found


def _counts(facet: str, found: int, narrowed: Mapping[str, str], index: Index) -> tuple[Count, ...]:
    """Return the values of a facet that results have, the most frequent first."""
    within = _narrowed(found, narrowed, index, without=facet)
    chosen = narrowed.get(facet)
    counts = [
        Count(choice, (within & index.having(facet, value)).bit_count(), value == chosen)
        for value, choice in index.choices.get(facet, {}).items()
    ]
    told = [one for one in counts if one.count or one.is_chosen]
    return tuple(sorted(told, key=lambda one: (-one.count, one.choice.value)))


def _ordered(results: int, asked: _Asked, index: Index) -> Iterator[int]:
    """Yield the results in their order: candidates by rank, then the others as they are."""
    direct = [number for number in asked.direct if results >> number & 1]
    yield from direct
    results &= ~bits.of_numbers(direct, index.size)
    if not asked.meanings:
        yield from bits.members(results)
        return
    likely = results
    if results.bit_count() > _CANDIDATES:
        for meaning in asked.meanings:
            likely &= index.matching(meaning.expression, NAMED)
    chosen = list(islice(bits.members(likely), _CANDIDATES))
    if len(chosen) < _CANDIDATES:
        chosen += islice(bits.members(results & ~likely), _CANDIDATES - len(chosen))
    yield from _ranked(chosen, asked, index)
    yield from bits.members(results & ~bits.of_numbers(chosen, index.size))


def _ranked(numbers: Sequence[int], asked: _Asked, index: Index) -> list[int]:
    scores = {one.number: score(one, asked.wanted) for one in index.ranked(numbers)}
    return sorted(numbers, key=lambda number: (-scores[number], number))


def _hits(numbers: Sequence[int], asked: _Asked, index: Index) -> tuple[Hit, ...]:
    found = index.documents(numbers)
    return tuple(Hit(one, snippet(one, asked.meanings)) for one in found)
