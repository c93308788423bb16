"""Keeps whole answers for repeated GETs, in bytes, the least recently used going first."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from sys import getsizeof

Header = tuple[bytes, bytes]
Names = tuple[bytes, ...]
Place = tuple[bytes, bytes, bytes, bytes]
"""Host, forwarded scheme and host, path and query as they were sent: what names an answer."""

LARGEST_SHARE = 16
"""An answer larger than the size of the cache divided by this is not kept."""

_ENTRY = 350
"""Bytes that an answer takes beside its own objects: its share of dictionaries, rounding of the
allocator."""
_PLACE = 700
"""Bytes that a place takes beside its name: its dictionaries."""

MOST_VARIANTS = 64
"""Answers of one place, by Accept and the like; beyond it the place starts anew."""

_ONLY_WITH_BODY = (b"content-type", b"content-length", b"content-language", b"content-encoding")
"""Headers that a 304 goes without."""


def _cost_of(place: Place) -> int:
    return _weight((place, *place)) + _PLACE


def _weight(objects: Iterable[object]) -> int:
    return sum(map(getsizeof, objects))


@dataclass(frozen=True, slots=True)
class Kept:
    """A 200 answer: its headers, its body, its entity tag, the headers of the 304 to it."""

    headers: list[Header]
    body: bytes
    etag: bytes
    headers_unchanged: list[Header]

    @property
    def size(self) -> int:
        """The bytes of memory that the answer takes."""
        lists = (self, self.headers, self.headers_unchanged, *self.headers)
        texts = (self.body, *(text for header in self.headers for text in header))
        return _weight(lists) + _weight(texts) + _ENTRY


def is_known(etag: bytes, if_none_match: bytes) -> bool:
    """Return whether an If-None-Match header names an entity tag (RFC 9110, 13.1.2)."""
    if if_none_match == etag or if_none_match.strip() == b"*":
        return True
    return any(tag.strip().removeprefix(b"W/") == etag for tag in if_none_match.split(b","))


def without_content(headers: Sequence[Header]) -> list[Header]:
    """Return the headers of a 304 to what these belong to (RFC 9110, 15.4.5)."""
    return [entry for entry in headers if entry[0] not in _ONLY_WITH_BODY]


@dataclass(slots=True)
class _Variants:
    """The answers of one place: names in Vary → values of these request headers → answer."""

    by_names: dict[Names, dict[Names, Kept]] = field(default_factory=dict)
    cost: int = 0
    count: int = 0


class AnswerCache:
    """Answers by place, and within a place by the request headers that its Vary names.

    Not for use by several threads at once; the event loop alone touches it.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._used = 0
        self._places: OrderedDict[Place, _Variants] = OrderedDict()

    @property
    def used(self) -> int:
        """The bytes that all entries count for."""
        return self._used

    def find(self, place: Place, headers: Mapping[bytes, bytes]) -> Kept | None:
        """Return the kept answer to a GET of this place with these request headers."""
        variants = self._places.get(place)
        if variants is None:
            return None
        for names, answers in variants.by_names.items():
            found = answers.get(tuple([headers.get(name, b"") for name in names]))
            if found is not None:
                self._places.move_to_end(place)
                return found
        return None

    def keep(
        self, place: Place, headers: Mapping[bytes, bytes], answer: Sequence[Header], body: bytes
    ) -> None:
        """Keep a 200 answer if it says itself that it may be kept, and if it fits."""
        said = dict(answer)
        etag, vary = said.get(b"etag", b""), said.get(b"vary", b"")
        if not etag or b"public" not in said.get(b"cache-control", b"") or b"*" in vary:
            return
        kept = Kept(list(answer), body, etag, without_content(answer))
        names = tuple(name.strip().lower() for name in vary.split(b",") if name.strip())
        values = tuple(headers.get(name, b"") for name in names)
        cost = kept.size + _weight((values, *values))
        if (cost + _cost_of(place)) * LARGEST_SHARE > self._size:
            return
        self._add(place, names, values, (kept, cost))
        while self._used > self._size:
            _, oldest = self._places.popitem(last=False)
            self._used -= oldest.cost

    def clear(self) -> None:
        """Forget everything."""
        self._places.clear()
        self._used = 0

    def _add(self, place: Place, names: Names, values: Names, entry: tuple[Kept, int]) -> None:
        kept, cost = entry
        variants = self._places.get(place)
        if variants is None or variants.count >= MOST_VARIANTS:
            self._forget(place)
            variants = self._places[place] = _Variants(cost=_cost_of(place))
            self._used += variants.cost
        answers = variants.by_names.setdefault(names, {})
        if values in answers:
            return
        answers[values] = kept
        variants.count += 1
        variants.cost += cost
        self._used += cost

    def _forget(self, place: Place) -> None:
        variants = self._places.pop(place, None)
        if variants is not None:
            self._used -= variants.cost
