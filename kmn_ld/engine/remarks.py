"""Tells which of our messages says what a remark of Oxigraph's parser says, which is English."""

import re

_MEANINGS = {
    "Duplicated variable name in SELECT": "query-select-twice",
    "overrides an existing variable using": "query-select-overrides",
    "SELECT * is not authorized": "query-select-star",
    "variable that is unbound": "query-select-ungrouped",
    "BIND is overriding": "query-bind",
    "VALUES clause rows": "query-values-count",
    "Repeated variables": "query-values-twice",
    "Unexpected aggregate": "query-aggregate",
    "IRI parsing failed": "query-iri",
    "IRIs are ": "query-iri",
    "language tag parsing failed": "query-language-tag",
    "should be a non negative integer": "query-number",
    "escape sequence should": "query-escape",
    "not allowed to end with a": "query-escape",
    "character that can be escaped": "query-escape",
}
"""Part of a remark → key of the message."""
_ALTERNATIVE = re.compile(r"""\[[^\[]*?'\]|\[_\]|"(?:[^"\\]|\\.)*"|<unreported>|[^,]+""")
_MOST_ALTERNATIVES = 6
_READ_AS = {"$": "", "?": "?x", "<": "<…>", '"': '"…"', "'": "", '"""': "", "'''": ""}
"""What could stand somewhere → how people read it, empty where another one says it."""


def meaning(remark: str) -> str:
    """Return the key of the message that says what a remark says, empty where none does."""
    return next((key for part, key in _MEANINGS.items() if part in remark), "")


def sentences(expected: str) -> str:
    """Return what the parser says in words, empty where it only lists what could stand there."""
    parts = _alternatives(expected)
    return "; ".join(part for part in parts if " " in part and part[0] not in '["')


def signs(expected: str) -> list[str]:
    """Return the signs that could stand there, as Oxigraph writes them, where it lists few and all.

    A word in its list only says how long the keywords are that it has looked for.
    """
    parts = _alternatives(expected)
    if len(parts) > _MOST_ALTERNATIVES or any(part[0] in "[<" for part in parts):
        return []
    return [part for part in parts if part[0] == '"']


def readable(sign: str) -> str:
    """Return a sign as people write it, empty where another one of its list says the same."""
    plain = re.sub(r"\\(.)", r"\1", sign[1:-1])
    return _READ_AS.get(plain, plain)


def _alternatives(expected: str) -> list[str]:
    return [part.strip() for part in _ALTERNATIVE.findall(expected.removeprefix("one of "))]
