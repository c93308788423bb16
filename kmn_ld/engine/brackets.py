"""Finds the bracket that a query leaves open, and the one that it never opened."""

from kmn_ld.engine.mistakes import Mistake, is_beginning
from kmn_ld.engine.tokens import position, tokens

_PARTNERS = {"{": "}", "(": ")", "[": "]"}
_CLOSING = frozenset(_PARTNERS.values())
_BEHIND = _CLOSING | {"{", "AS", "ORDER", "GROUP", "HAVING", "LIMIT", "OFFSET"}
"""What shows that a bracket before it is still open, where it does not fit."""
_MOST_TRIED = 4
"""Closing brackets that are tried before a token."""


def bracket_fault(text: str, mistake: Mistake) -> tuple[str, dict[str, object]]:
    """Return key and details of the error, where brackets explain a mistake, else an empty key.

    Details: `opened`, the bracket opened last, its `opened_line` and `opened_column`, and
    `missing`, which closes it and all that must be closed with it.
    """
    opened = open_brackets(text[: mistake.offset])
    if not opened:
        return ("query-bracket-surplus" if mistake.token in _CLOSING else ""), {}
    closing = "".join(_PARTNERS[bracket] for bracket, _ in reversed(opened))
    line, column = position(text, opened[-1][1])
    details: dict[str, object] = {
        "opened": opened[-1][0],
        "opened_line": line,
        "opened_column": column,
    }
    if mistake.kind == "end":
        return "query-bracket-open", {**details, "missing": closing}
    missing = _closing_before(text, mistake, closing)
    return ("query-bracket-before" if missing else ""), {**details, "missing": missing}


def open_brackets(text: str) -> list[tuple[str, int]]:
    """Return the brackets that a text leaves open, with offsets, the outermost first."""
    opened: list[tuple[str, int]] = []
    for _, token, offset in tokens(text):
        if token in _PARTNERS:
            opened.append((token, offset))
        elif opened and token == _PARTNERS[opened[-1][0]]:
            opened.pop()
    return opened


def _closing_before(text: str, mistake: Mistake, closing: str) -> str:
    """Return the fewest brackets with which the token fits behind them, empty where none help."""
    if mistake.kind != "token" or mistake.token.upper() not in _BEHIND:
        return ""
    before = text[: mistake.offset]
    tried = (closing[:count] for count in range(1, min(len(closing), _MOST_TRIED) + 1))
    return next((one for one in tried if is_beginning(f"{before}{one} {mistake.token}")), "")
