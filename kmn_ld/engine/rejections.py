"""Turns what Oxigraph raises about a query into our errors (design: engine, section 1)."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from kmn_ld.engine.brackets import bracket_fault, open_brackets
from kmn_ld.engine.grouping import ungrouped_variable
from kmn_ld.engine.mistakes import (
    POSITION,
    Mistake,
    expected_in_parts,
    find_mistake,
    is_beginning,
    offset_of,
)
from kmn_ld.engine.remarks import meaning, readable, sentences, signs
from kmn_ld.engine.tokens import place, tokens
from kmn_ld.errors import EngineError, QueryRefused, QuerySyntaxError
from kmn_ld.vocab import PREFIXES

_NOT_PROJECTED = re.compile(r"variable \?(\S+) in its SELECT projection")
_NO_FUNCTION = re.compile(r"The custom function (<\S+>) is not supported")
_UNGROUPED = "query-select-ungrouped"
_KEYS = {"token": "query-token", "string": "query-string", "end": "query-end"}
_GOOD_ESCAPE = r"""\\(?:[tbnrf"'\\]|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})"""
_BAD_ESCAPE = re.compile(rf"""["'](?:[^\\]|{_GOOD_ESCAPE})*+\\""", re.DOTALL)
"""A string up to a backslash that begins none of the escape sequences (SPARQL 1.1 Query, 19.7)."""
_FRESH = "_:fresh0"
_BARE_IRI = re.compile(r"""https?://[^\s<>"{}|\\^`]*[^\s<>"{}|\\^`.,;)\]]""")
"""An IRI as it stands in running text, without the sign behind it."""


class _Name(NamedTuple):
    """A prefixed name: its prefix, whether it is being declared, and where it stands."""

    prefix: str
    is_declared: bool
    offset: int


def rejection(error: Exception, text: str = "") -> EngineError:
    """Return our error for one that `Store.query` or its results raised about a text.

    `reason` is in English, as Oxigraph has it; line and column count from 1.
    """
    if isinstance(error, SyntaxError):
        return _syntax_error(str(error), text)
    if isinstance(error, RuntimeError):
        return _refusal(str(error))
    if isinstance(error, OSError):
        return EngineError("query-failed", reason=str(error))
    return QuerySyntaxError("query-syntax", **place(text, 0), reason=str(error))


def _refusal(message: str) -> QueryRefused:
    if unbound := _NOT_PROJECTED.search(message):
        return QueryRefused("query-binding-unknown", name=unbound[1])
    if unknown := _NO_FUNCTION.search(message):
        return QueryRefused("query-function", function=unknown[1], reason=message)
    return QueryRefused("query-refused", reason=message)


def _syntax_error(message: str, text: str) -> QuerySyntaxError:
    match = POSITION.match(message)
    if match is None:
        return QuerySyntaxError("query-syntax", **place(text, 0), reason=message)
    reported = min(offset_of(text, int(match[1]), int(match[2])), len(text.rstrip()))
    mistake = find_mistake(text)
    if mistake.name and (misnamed := _misnamed(text, mistake)):
        return misnamed
    remark = sentences(match[3])
    if not remark and mistake.kind == "token":
        remark = next(filter(None, map(sentences, expected_in_parts(text, mistake))), "")
    return _remarked(remark, text, mistake, reported) if remark else _misplaced(text, mistake)


def _remarked(remark: str, text: str, mistake: Mistake, reported: int) -> QuerySyntaxError:
    """Return the error for what the parser says in words."""
    key = meaning(remark)
    if key == _UNGROUPED and (found := _ungrouped(text, mistake)):
        return found
    is_token = mistake.kind == "token"
    offset, token = (mistake.offset, mistake.token) if is_token else (reported, "")
    if key == "query-iri":
        behind = offset + len(token)
        offset = max(text.rfind("<", 0, behind), 0)
        token = text[offset:behind]
    return QuerySyntaxError(key or "query-syntax", **place(text, offset, token), reason=remark)


def _ungrouped(text: str, mistake: Mistake) -> QuerySyntaxError | None:
    """Return the error for a variable that is not grouped, in the SELECT that ends at a mistake."""
    opened = open_brackets(text[: mistake.offset])
    start = opened[-1][1] + 1 if opened else 0
    found = ungrouped_variable(text[start : mistake.offset])
    if found is None:
        return None
    return QuerySyntaxError("query-ungrouped", **place(text, start + found[1], found[0]))


def _misplaced(text: str, mistake: Mistake) -> QuerySyntaxError:
    """Return the error for a token that does not fit, or an end that comes too early."""
    details = place(text, mistake.offset, mistake.token)
    if key := _reason_of_its_own(text, mistake):
        return QuerySyntaxError(key, **details)
    key, found = bracket_fault(text, mistake)
    if key:
        return QuerySyntaxError(key, **details, **found)
    if expected := signs(mistake.expected):
        told = " ".join(filter(None, map(readable, expected)))
        reason = f"expected {' or '.join(expected)}"
        return QuerySyntaxError("query-expected", **details, expected=told, reason=reason)
    return QuerySyntaxError(_KEYS[mistake.kind], **details)


def _reason_of_its_own(text: str, mistake: Mistake) -> str:
    """Return the key of the message for a token that shows itself why it does not fit."""
    if mistake.kind != "token":
        return ""
    before = text[: mistake.offset]
    if _BAD_ESCAPE.match(mistake.token):
        return "query-escape"
    if mistake.token.startswith("_:") and is_beginning(before + _FRESH):
        return "query-blank-node"
    words = before.split()
    return "query-number" if words and words[-1].upper() in ("LIMIT", "OFFSET") else ""


def _misnamed(text: str, mistake: Mistake) -> QuerySyntaxError | None:
    """Return the error for an IRI without its brackets, and for a name without its prefix."""
    if bare := _BARE_IRI.match(text, mistake.offset):
        return QuerySyntaxError("query-iri-bare", **place(text, mistake.offset, bare[0]))
    names = list(_names(text))
    mistaken = next(name for name in names if name.offset == mistake.offset)
    declared = {name.prefix for name in names if name.is_declared}
    before = {name.prefix for name in names if name.is_declared and name.offset < mistake.offset}
    prefix = mistaken.prefix
    if prefix == "_" or prefix in before or mistaken.is_declared:
        return None
    details = {**place(text, mistake.offset, mistake.token), "prefix": prefix}
    if prefix not in PREFIXES:
        return QuerySyntaxError("query-prefix", **details)
    used = dict.fromkeys((prefix, *(name.prefix for name in names)))
    missing = [one for one in used if one in PREFIXES and (one == prefix or one not in declared)]
    declaration = " ".join(f"PREFIX {one}: <{PREFIXES[one]}>" for one in missing)
    return QuerySyntaxError("query-prefix-known", **details, declaration=declaration)


def _names(text: str) -> Iterator[_Name]:
    before = ""
    for kind, token, offset in tokens(text):
        if kind == "name":
            yield _Name(token.partition(":")[0], before == "PREFIX", offset)
        before = token.upper() if kind == "word" else ""
