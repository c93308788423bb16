"""Lays out the diagram of a module: classes at the left, arrows to what they lead to at the right.

Each class is a box that holds its literals; each link is an arrow of its own to the class of its
values, so lines never cross and the layout follows from the order of the terms alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kmn_ld.describe import Names, Value, best_name, shorten
from kmn_ld.describe.names import NAMING, expand
from kmn_ld.describe.order import IDENTIFIERS, PROVENANCE
from kmn_ld.describe.terms import CLASS, LITERAL, Module, TermDescription
from kmn_ld.engine.terms import Iri
from kmn_ld.vocab import ONTOLOGY
from kmn_ld.web import languages

_LETTER, _CODE = 8.4, 7.0
"""Width of a character of names and of code, in user units, on the wide side."""
_PAD, _GAP, _HEAD, _LINE, _ROW = 12, 14, 44, 20, 52
_BOX = 40
_NARROWEST = 120
_NOT_DRAWN = IDENTIFIERS | PROVENANCE | {expand(short) for short in NAMING}
"""What every record has."""


@dataclass(frozen=True)
class Box:
    """A class: its name, its prefixed name, and its literals with their datatypes.

    `kind` is "own", "reused", or "any" for what may be of every class.
    """

    x: float
    y: float
    width: float
    height: float
    name: str
    code: str
    kind: str
    literals: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True)
class Arrow:
    """A link from `start` to `end` at a height; `is_superclass` has a hollow head."""

    start: float
    end: float
    y: float
    name: str
    code: str
    is_superclass: bool

    @property
    def middle(self) -> float:
        """Where its name is centred."""
        return (self.start + self.end) / 2


@dataclass(frozen=True)
class Diagram:
    """A picture of a module, in user units, and the same in sentences."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class _Class:
    """A class in a diagram, by what stands in its box."""

    name: str
    code: str
    kind: str


@dataclass(frozen=True)
class _Link:
    name: str
    code: str
    target: _Class
    is_superclass: bool = False


@dataclass
class _Group:
    """A class with what leads from it."""

    source: _Class
    links: list[_Link]
    literals: list[str]


def diagram(module: Module) -> Diagram | None:
    """Return the diagram of a module in the reader's language, None where it has no class."""
    groups = _groups(module)
    if not groups:
        return None
    left = max(_width(group.source, group.literals) for group in groups)
    links = [link for group in groups for link in group.links]
    middle = max((_text_width(link.name, link.code) for link in links), default=0) + 4 * _PAD
    right = max((_width(link.target) for link in links), default=0)
    boxes: list[Box] = []
    arrows: list[Arrow] = []
    y = 1.0
    for group in groups:
        height = max(_HEAD + _LINE * len(group.literals) + _PAD / 2, _ROW * len(group.links), _BOX)
        boxes.append(_box(group, y, left, height))
        boxes += _targets(group.links, y, left + middle, right)
        arrows += [
            Arrow(
                left + 1,
                left + middle,
                y + _ROW * (n + 0.5),
                link.name,
                link.code,
                link.is_superclass,
            )
            for n, link in enumerate(group.links)
        ]
        y += height + _GAP
    width = left + middle + right + 2
    return Diagram(width, y - _GAP + 1, tuple(boxes), tuple(arrows), tuple(_sentences(groups)))


def _groups(module: Module) -> list[_Group]:
    groups = {
        term.iri: _class_group(term)
        for term in (*module.terms, *module.reused)
        if term.kind == CLASS
    }
    for term in module.terms:
        if term.kind == CLASS or not (term.domain or term.range):
            continue
        key = " ".join(value.term.value for value in term.domain)
        group = groups.setdefault(key, _Group(_class(term.domain), [], []))
        if term.kind == LITERAL:
            group.literals.append(f"{term.local}: {_codes(term.range)}")
        else:
            name = _named(term.names, term.iri)
            group.links.append(_Link(name, term.local, _class(term.range)))
    for group in groups.values():
        group.links.sort(key=lambda link: (not link.is_superclass, link.target.code, link.code))
    return sorted(groups.values(), key=lambda group: -len(group.links) - len(group.literals))


def _class_group(term: TermDescription) -> _Group:
    """Return a class with its superclasses and with the terms of others that rules name for it.

    The rules are those of its own shape, the first.
    """
    up = languages.text("ontology.subclass_of")
    links = [_Link(up, "", _class((value,)), is_superclass=True) for value in term.broader]
    literals = []
    for field in term.fields:
        iri = field.property.term.value
        is_drawn = field.values and field.shape == term.fields[0].shape
        if iri.startswith(ONTOLOGY) or iri in _NOT_DRAWN or not is_drawn:
            continue
        if field.is_link:
            name = _named(field.property.names, iri)
            links.append(_Link(name, shorten(iri), _class(field.values)))
        else:
            literals.append(f"{shorten(iri)}: {_codes(field.values)}")
    source = _class((Value(Iri(term.iri), term.names),))
    return _Group(source, links, literals)


def _class(values: Sequence[Value]) -> _Class:
    if not values:
        return _Class(languages.text("ontology.anything"), "", "any")
    separator = f" {languages.text('ontology.or')} "
    name = separator.join(_named(value.names, value.term.value) for value in values)
    is_own = all(shorten(value.term.value).startswith("kmn:") for value in values)
    code = _codes(values)
    return _Class(
        code if name == code else name, "" if name == code else code, "own" if is_own else "reused"
    )


def _named(names: Names, iri: str) -> str:
    best = best_name(names, languages.current())
    return best.value if best else shorten(iri) or iri


def _codes(values: Iterable[Value]) -> str:
    return ", ".join(
        shorten(value.term.value) or value.term.value
        for value in values
        if isinstance(value.term, Iri)
    )


def _box(group: _Group, y: float, width: float, height: float) -> Box:
    source = group.source
    literals = tuple((y + _HEAD + _LINE * n + 14, text) for n, text in enumerate(group.literals))
    return Box(1, y, width, height, source.name, source.code, source.kind, literals)


def _targets(links: Sequence[_Link], y: float, x: float, width: float) -> list[Box]:
    """Return the boxes at the right: one for neighbours with the same class."""
    boxes: list[Box] = []
    first = 0
    while first < len(links):
        target = links[first].target
        last = first
        while last + 1 < len(links) and links[last + 1].target == target:
            last += 1
        top = y + _ROW * first + (_ROW - _BOX) / 2
        height = _BOX + _ROW * (last - first)
        boxes.append(Box(x, top, width, height, target.name, target.code, target.kind))
        first = last + 1
    return boxes


def _text_width(name: str, code: str) -> float:
    return max(len(name) * _LETTER, len(code) * _CODE)


def _width(shown: _Class, literals: Iterable[str] = ()) -> float:
    texts = [_text_width(shown.name, shown.code), *(len(text) * _CODE for text in literals)]
    return max(_NARROWEST, *texts) + 2 * _PAD


def _sentences(groups: Iterable[_Group]) -> Iterable[str]:
    for group in groups:
        told = [f"{link.name} → {link.target.name}" for link in group.links]
        yield f"{group.source.name}: {'; '.join([*told, *group.literals])}."
