"""Finds the first token that no query can have at its place.

Oxigraph's parser names the farthest place that it has looked at, which lies up to a keyword's
length behind the mistake. Whether a text is the beginning of a query shows when something that
stands in no query follows it after a gap: the parser then complains of that and of nothing before.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from kmn_ld.engine.tokens import tokens, unended
from kmn_ld.vocab import BASE

POSITION = re.compile(r"error at (\d+):(\d+): expected (.*)", re.DOTALL)
"""What Oxigraph says: line and column from 1, and what could stand there."""

_GAP = " " * 32
"""Longer than any keyword of SPARQL."""
_NEVER = "\0"
"""Stands in no query, so that no beginning is ever evaluated."""
_PAIRS = frozenset(("^^", "&&", "||", "!=", "<=", ">=", "<<", ">>", "{|", "|}"))
_SIGNS = frozenset("+-.")
"""What begins a number."""
_Token = tuple[str, str, int]


@dataclass(frozen=True)
class Mistake:
    """Where a text stops being SPARQL.

    `kind` is "token" (`token` does not fit), "string" (`token` opens a string without end) or "end"
    (more had to follow); `offset` counts characters. `expected` is what could stand there instead,
    as Oxigraph writes it, empty where it does not say.
    """

    kind: str
    offset: int
    token: str = ""
    name: bool = False
    expected: str = ""


def find_mistake(text: str) -> Mistake:
    """Return the first mistake of a text that Oxigraph does not parse."""
    found = _units(text)
    index = bisect_left(found, True, key=lambda unit: not is_beginning(text[: _end(unit)]))
    before = _end(found[index - 1]) if index else 0
    if index < len(found):
        kind, token, offset = found[index]
        expected = _complaint(text[:before] + _GAP + _NEVER)[1]
        return Mistake("token", offset, token, kind == "name", expected)
    opened = unended(text)
    if opened is not None:
        return Mistake("string", opened, text[opened])
    return Mistake("end", before)


def _units(text: str) -> list[_Token]:
    """Return the tokens, those joined after which no gap may come."""
    found: list[_Token] = []
    for kind, token, offset in tokens(text):
        last = found[-1] if found else ("", "", -1)
        is_signed = kind == "number" and last[1] in _SIGNS
        if _end(last) == offset and (is_signed or last[1] + token in _PAIRS):
            found[-1] = (kind, last[1] + token, last[2])
        else:
            found.append((kind, token, offset))
    return found


def _end(token: _Token) -> int:
    return token[2] + len(token[1])


def expected_in_parts(text: str, mistake: Mistake) -> Iterator[str]:
    """Yield what Oxigraph expects with the text cut before a token that does not fit, then behind.

    What its parser says of a whole part (a group, a SELECT) is lost as soon as it looks farther.
    """
    before = text[: mistake.offset].rstrip()
    # With all braces closed it could be a whole query, and would be evaluated.
    if sum({"{": 1, "}": -1}.get(token, 0) for _, token, _ in tokens(before)) > 0:
        yield _complaint(before)[1]
    yield _complaint(text[: mistake.offset + len(mistake.token)])[1]


def is_beginning(text: str) -> bool:
    """Whether a query may begin so; some names of functions must stand right before the `(`."""
    return any(
        _complaint(beginning + _GAP + _NEVER)[0] >= len(beginning + _GAP)
        for beginning in (text, text + "(")
    )


def _complaint(text: str) -> tuple[int, str]:
    """Return the offset that Oxigraph names, and what it expects there."""
    try:
        ox.Store().query(text, base_iri=BASE)
    except SyntaxError as error:
        match = POSITION.match(str(error))
        return (offset_of(text, int(match[1]), int(match[2])), match[3]) if match else (-1, "")
    except (RuntimeError, ValueError, OSError):  # it has come through the parser
        return len(text), ""
    return len(text), ""


def offset_of(text: str, line: int, column: int) -> int:
    """Return the offset of a place whose line and column count from 1."""
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    return start + column - 1
