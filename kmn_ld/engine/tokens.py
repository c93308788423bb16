"""Cuts SPARQL text into the tokens that matter where one looks at it before the parser does."""

import re
from collections.abc import Iterator

_NAME = r"[A-Za-z0-9_\x80-\U0010ffff]"
"""Anything that is not ASCII counts as part of a name: elsewhere it is a syntax error anyway."""
_LOCAL = rf"""(?:{_NAME}|:|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?\#@%])"""

_EXCERPT = 72
"""Characters of a line, or of a token, that an error shows."""

_TOKEN = re.compile(
    rf"""
      (?P<comment>\#[^\r\n]*+)
    | (?P<iri><(?:[^\x00-\x20<>"{{}}|^`\\]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*+>)
    | (?P<string>"{{3}}(?:[^"\\]|\\.|"(?!""))*+"{{3}}
                |'{{3}}(?:[^'\\]|\\.|'(?!''))*+'{{3}}
                |"(?!"")(?:[^"\\\r\n]|\\.)*+"
                |'(?!'')(?:[^'\\\r\n]|\\.)*+')
    | (?P<unended>["'])
    | (?P<variable>[?$]{_NAME}++)
    | (?P<language>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+)
    | (?P<number>[0-9]++(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)
    | (?P<name>(?:_|[A-Za-z\x80-\U0010ffff](?:{_NAME}|[.-])*+)?:(?:{_LOCAL}(?:{_LOCAL}|[.-])*+)?)
    | (?P<word>[A-Za-z_\x80-\U0010ffff](?:{_NAME}|[.-])*+)
    | (?P<other>\S)
    """,
    re.VERBOSE | re.DOTALL,
)


_PREFIXES = re.compile(
    r"""(?:\s|\#[^\r\n]*+|(?i:PREFIX)\s++[A-Za-z][\w-]*+:\s*+<[^\x00-\x20<>"{}|^`\\]*+>)*+""",
    re.VERBOSE | re.ASCII,
)


def after_prefixes(text: str) -> int:
    """Return the offset behind the PREFIX declarations that a text begins with.

    Only those of the usual form: most queries have several, and nothing in them is looked for.
    """
    match = _PREFIXES.match(text)
    return match.end() if match else 0


def tokens(text: str, start: int = 0) -> Iterator[tuple[str, str, int]]:
    """Yield kind, text and offset of each token but comments, up to a string without end.

    Kinds: `iri`, `string`, `variable`, `language`, `number`, `name` (prefixed names and blank
    nodes), `word`, `other`. A `<` that starts an IRI by its looks alone counts as one.
    """
    for match in _TOKEN.finditer(text, start):
        kind = match.lastgroup or ""
        if kind == "unended":
            return
        if kind != "comment":
            yield kind, match[0], match.start()


def unended(text: str) -> int | None:
    """Return the offset of the quotation mark that opens a string without end, or None."""
    return next((m.start() for m in _TOKEN.finditer(text) if m.lastgroup == "unended"), None)


def position(text: str, offset: int) -> tuple[int, int]:
    """Return line and column of an offset, from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def place(text: str, offset: int, token: str = "") -> dict[str, object]:
    """Return what an error says of a place: line, column, token, and an excerpt with a caret.

    The excerpt is the line, cut to what fits a terminal, with a caret below the place.
    """
    line, column = position(text, offset)
    start = offset - column + 1
    whole = plain(text[start:].partition("\n")[0].rstrip())
    first = max(0, min(column - 1 - _EXCERPT // 2, len(whole) - _EXCERPT))
    part = whole[first : first + _EXCERPT]
    shown = ("…" if first else "") + part + ("…" if first + _EXCERPT < len(whole) else "")
    caret = " " * (column - 1 - first + bool(first)) + "^"
    details: dict[str, object] = {"line": line, "column": column}
    if token:
        details["token"] = plain(token if len(token) <= _EXCERPT else token[:_EXCERPT] + "…")
    return {**details, "excerpt": f"{shown}\n{caret}"}


def plain(text: str) -> str:
    """Return a text with a blank for each character that takes no place or moves the others."""
    return "".join(character if character.isprintable() else " " for character in text)
