"""Turns what Oxigraph raises about a query into our errors (design: engine, section 1)."""

import re

from kmn_ld.engine.tokens import position, tokens
from kmn_ld.errors import EngineError, QueryRefused, QuerySyntaxError

_POSITION = re.compile(r"error at (\d+):(\d+): expected (.*)", re.DOTALL)
_ALTERNATIVE = re.compile(r"""\[[^\[]*?'\]|\[_\]|"(?:[^"\\]|\\.)*"|<unreported>|[^,]+""")
_MOST_ALTERNATIVES = 6
_BROKEN_IRI = "IRI parsing failed"


def rejection(error: Exception, text: str = "") -> EngineError:
    """Return our error for one that `Store.query` or its results raised about a text.

    `reason` is in English, as Oxigraph has it; line and column count from 1.
    """
    if isinstance(error, SyntaxError):
        return _syntax_error(str(error), text)
    if isinstance(error, RuntimeError):
        key = "query-function" if "function" in str(error) else "query-refused"
        return QueryRefused(key, reason=str(error))
    if isinstance(error, OSError):
        return EngineError("query-failed", reason=str(error))
    return QuerySyntaxError("query-syntax", line=1, column=1, reason=str(error))


def _syntax_error(message: str, text: str) -> QuerySyntaxError:
    if _BROKEN_IRI not in message and (found := _undeclared_prefix(text)):
        prefix, offset = found
        line, column = position(text, offset)
        return QuerySyntaxError("query-prefix", line=line, column=column, prefix=prefix)
    match = _POSITION.match(message)
    if match is None:
        return QuerySyntaxError("query-syntax", line=1, column=1, reason=message)
    line, column = int(match[1]), int(match[2])
    body = text.rstrip()
    at_end = body != "" and (line, column) >= position(body, len(body))
    return QuerySyntaxError(
        "query-syntax", line=line, column=column, reason=_readable(match[3], at_end)
    )


def _undeclared_prefix(text: str) -> tuple[str, int] | None:
    """Return the first prefix that is used but not declared, without its colon, and its offset."""
    declared = {"_"}
    before = ""
    for kind, token, offset in tokens(text):
        prefix = token.partition(":")[0]
        if kind == "name" and before == "PREFIX":
            declared.add(prefix)
        elif kind == "name" and prefix not in declared:
            return prefix, offset
        before = token.upper() if kind == "word" else ""
    return None


def _readable(expected: str, at_end: bool) -> str:
    """Shorten the parser's list of all that could stand there to what helps a reader.

    A lone keyword is no help: it is only the last alternative that the parser tried.
    """
    alternatives = [part.strip() for part in _ALTERNATIVE.findall(expected.removeprefix("one of "))]
    sentences = [part for part in alternatives if " " in part and part[0] not in '["']
    if sentences:
        return "; ".join(sentences)
    if at_end:
        return "unexpected end of the query"
    words = [part for part in alternatives if part and part[0] not in "[<|"]
    if len(words) <= 1:
        return "unexpected text here or just before"
    more = ", …" if len(words) > _MOST_ALTERNATIVES else ""
    return f"expected {', '.join(words[:_MOST_ALTERNATIVES])}{more}"
