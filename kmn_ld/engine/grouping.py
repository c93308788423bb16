"""Finds the variable that a SELECT gives out although it is neither grouped nor aggregated.

Oxigraph says that there is one (SPARQL 1.1 Query, 19.8, note 12), at the end of the text and
without its name.
"""

from collections.abc import Iterable, Iterator

from kmn_ld.engine.tokens import tokens

_AGGREGATES = frozenset(("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"))
_BEHIND_GROUP = frozenset(("HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"))
_BEHIND_PROJECTION = frozenset(("WHERE", "FROM"))
_Token = tuple[str, str, int]


def ungrouped_variable(text: str) -> tuple[str, int] | None:
    """Return the first such variable of the outermost SELECT (`?x`) and its offset, else None."""
    outermost = list(_outermost(text))
    grouped = {token[1:] for kind, token, _ in _grouping(outermost) if kind == "variable"}
    given_out = _given_out(_projection(outermost))
    return next((found for found in given_out if found[0][1:] not in grouped), None)


def _outermost(text: str) -> Iterator[_Token]:
    """Yield the tokens that stand in no braces, of which the opening ones are kept."""
    depth = 0
    for kind, token, offset in tokens(text):
        depth -= token == "}"
        if not depth and token != "}":
            yield kind, token, offset
        depth += token == "{"


def _projection(found: Iterable[_Token]) -> Iterator[_Token]:
    is_behind_select = False
    for kind, token, offset in found:
        word = token.upper() if kind == "word" else ""
        if is_behind_select and (token == "{" or word in _BEHIND_PROJECTION):
            return
        if is_behind_select:
            yield kind, token, offset
        is_behind_select = is_behind_select or word == "SELECT"


def _grouping(found: Iterable[_Token]) -> Iterator[_Token]:
    is_behind_group = False
    for kind, token, offset in found:
        word = token.upper() if kind == "word" else ""
        if is_behind_group and word in _BEHIND_GROUP:
            return
        is_behind_group = is_behind_group or word == "GROUP"
        if is_behind_group:
            yield kind, token, offset


def _given_out(projection: Iterable[_Token]) -> Iterator[tuple[str, int]]:
    """Yield the variables, with offsets, that are neither aggregated nor new (`AS ?x`)."""
    brackets: list[bool] = []  # whether what stands in them is aggregated
    before = ""
    for kind, token, offset in projection:
        if token == "(":
            brackets.append(before in _AGGREGATES)
        elif token == ")" and brackets:
            brackets.pop()
        elif kind == "variable" and before != "AS" and not any(brackets):
            yield token, offset
        before = token.upper() if kind == "word" else ""
