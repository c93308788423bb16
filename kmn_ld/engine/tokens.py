"""Cuts SPARQL text into the tokens that matter where one looks at it before the parser does."""

import re
from collections.abc import Iterator

_NAME = r"[A-Za-z0-9_\x80-\U0010ffff]"
"""Anything that is not ASCII counts as part of a name: elsewhere it is a syntax error anyway."""
_LOCAL = rf"""(?:{_NAME}|:|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?\#@%])"""

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


def tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield kind, text and offset of each token but comments, up to a string without end.

    Kinds: `iri`, `string`, `variable`, `language`, `number`, `name` (prefixed names and blank
    nodes), `word`, `other`. A `<` that starts an IRI by its looks alone counts as one.
    """
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if kind == "unended":
            return
        if kind != "comment":
            yield kind, match[0], match.start()


def position(text: str, offset: int) -> tuple[int, int]:
    """Return line and column of an offset, from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
