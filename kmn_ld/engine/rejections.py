"""Turns what Oxigraph raises about a query into our errors (design: engine, section 1)."""

import re

from kmn_ld.engine.grouping import ungrouped_variable
from kmn_ld.engine.mistakes import POSITION, Mistake, find_mistake, offset_of
from kmn_ld.engine.tokens import place, tokens
from kmn_ld.errors import EngineError, QueryRefused, QuerySyntaxError
from kmn_ld.vocab import PREFIXES

_ALTERNATIVE = re.compile(r"""\[[^\[]*?'\]|\[_\]|"(?:[^"\\]|\\.)*"|<unreported>|[^,]+""")
_MOST_ALTERNATIVES = 6
_NOT_PROJECTED = re.compile(r"variable \?(\S+) in its SELECT projection")
_UNGROUPED = "a variable that is unbound"
_BROKEN_IRI = "IRI parsing failed"
_KEYS = {"token": "query-token", "string": "query-string", "end": "query-end"}


def rejection(error: Exception, text: str = "") -> EngineError:
    """Return our error for one that `Store.query` or its results raised about a text.

    `reason` is in English, as Oxigraph has it; line and column count from 1.
    """
    if isinstance(error, SyntaxError):
        return _syntax_error(str(error), text)
    if isinstance(error, RuntimeError):
        if unbound := _NOT_PROJECTED.search(str(error)):
            return QueryRefused("query-binding-unknown", name=unbound[1])
        key = "query-function" if "function" in str(error) else "query-refused"
        return QueryRefused(key, reason=str(error))
    if isinstance(error, OSError):
        return EngineError("query-failed", reason=str(error))
    return QuerySyntaxError("query-syntax", **place(text, 0), reason=str(error))


def _syntax_error(message: str, text: str) -> QuerySyntaxError:
    match = POSITION.match(message)
    if match is None:
        return QuerySyntaxError("query-syntax", **place(text, 0), reason=message)
    reported = min(offset_of(text, int(match[1]), int(match[2])), len(text.rstrip()))
    mistake = find_mistake(text)
    if _BROKEN_IRI in match[3]:
        start = max(text.rfind("<", 0, reported), 0)
        token = text[start:reported]
        return QuerySyntaxError("query-syntax", **place(text, start, token), reason=_BROKEN_IRI)
    if mistake.name and (undeclared := _undeclared_prefix(text, mistake)):
        return undeclared
    if sentences := _sentences(match[3]):
        offset = mistake.offset if mistake.kind == "token" else reported
        return _ungrouped(sentences, text) or QuerySyntaxError(
            "query-syntax", **place(text, offset), reason=sentences
        )
    details = place(text, mistake.offset, mistake.token)
    if reason := _readable(mistake.expected):
        return QuerySyntaxError("query-syntax", **details, reason=reason)
    return QuerySyntaxError(_KEYS[mistake.kind], **details)


def _ungrouped(sentences: str, text: str) -> QuerySyntaxError | None:
    """Return the error for a variable that is not grouped, where the parser complains of one."""
    found = ungrouped_variable(text) if _UNGROUPED in sentences else None
    if found is None:
        return None
    return QuerySyntaxError("query-ungrouped", **place(text, found[1], found[0]))


def _undeclared_prefix(text: str, mistake: Mistake) -> QuerySyntaxError | None:
    """Return the error for a name whose prefix is not declared before it, else None."""
    prefix = mistake.token.partition(":")[0]
    before = ""
    for kind, token, offset in tokens(text):
        if offset >= mistake.offset:
            break
        if kind == "name" and before == "PREFIX" and token == f"{prefix}:":
            return None
        before = token.upper() if kind == "word" else ""
    if prefix == "_" or before == "PREFIX":
        return None
    details = {**place(text, mistake.offset, mistake.token), "prefix": prefix}
    if prefix not in PREFIXES:
        return QuerySyntaxError("query-prefix", **details)
    declaration = f"PREFIX {prefix}: <{PREFIXES[prefix]}>"
    return QuerySyntaxError("query-prefix-known", **details, declaration=declaration)


def _alternatives(expected: str) -> list[str]:
    return [part.strip() for part in _ALTERNATIVE.findall(expected.removeprefix("one of "))]


def _sentences(expected: str) -> str:
    """Return what the parser says in words, empty where it only lists what could stand there."""
    parts = _alternatives(expected)
    return "; ".join(part for part in parts if " " in part and part[0] not in '["')


def _readable(expected: str) -> str:
    """Return the list of what could stand there where it is whole and short, else nothing."""
    parts = _alternatives(expected)
    if not parts or len(parts) > _MOST_ALTERNATIVES or any(part[0] in "[<" for part in parts):
        return ""
    return f"expected {' or '.join(parts)}"
