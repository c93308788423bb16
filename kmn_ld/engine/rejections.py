"""Turns what Oxigraph raises about a query into our errors (design: engine, section 1)."""

import re

from kmn_ld.errors import EngineError, QueryRefused, QuerySyntaxError

_POSITION = re.compile(r"error at (\d+):(\d+): expected (.*)", re.DOTALL)
_ALTERNATIVE = re.compile(r"""\['[^\]]*'\]|\[_\]|"(?:[^"\\]|\\.)*"|<unreported>|[^,]+""")
_MOST_ALTERNATIVES = 6


def rejection(error: Exception) -> EngineError:
    """Return our error for one that `Store.query` or its results raised.

    `reason` is in English, as Oxigraph has it; line and column count from 1.
    """
    if isinstance(error, SyntaxError):
        return _syntax_error(str(error))
    if isinstance(error, RuntimeError):
        return QueryRefused("query-function", reason=str(error))
    if isinstance(error, OSError):
        return QueryRefused("query-service", line=1, column=1)
    return QuerySyntaxError("query-syntax", line=1, column=1, reason=str(error))


def _syntax_error(message: str) -> QuerySyntaxError:
    match = _POSITION.match(message)
    if match is None:
        return QuerySyntaxError("query-syntax", line=1, column=1, reason=message)
    line, column, expected = match.groups()
    return QuerySyntaxError(
        "query-syntax", line=int(line), column=int(column), reason=_readable(expected)
    )


def _readable(expected: str) -> str:
    """Shorten the parser's list of all that could stand there to what helps a reader."""
    alternatives = [part.strip() for part in _ALTERNATIVE.findall(expected.removeprefix("one of "))]
    sentences = [part for part in alternatives if " " in part and not part.startswith(("[", '"'))]
    if sentences:
        return "; ".join(sentences)
    words = [part for part in alternatives if part and part[0] not in "[<"]
    if not words:
        return "unexpected text"
    more = ", …" if len(words) > _MOST_ALTERNATIVES else ""
    return f"expected {', '.join(words[:_MOST_ALTERNATIVES])}{more}"
