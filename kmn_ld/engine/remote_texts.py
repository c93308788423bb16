"""Makes a query text ready for a remote engine: its base, and what could harm it."""

from kmn_ld.engine.tokens import place, tokens
from kmn_ld.errors import QueryRefused
from kmn_ld.vocab import BASE

_MOST_NESTED = 200
_MOST_OPERATORS = 500
"""An engine that descends into a query dies from about 600 levels or 1,400 operators (Oxigraph's
own server; design: engine, section 1). Lists of VALUES and IN have none of both."""
_OPERATORS = frozenset("+-*/!|&^=")
_JOINING = frozenset(("UNION", "OPTIONAL", "MINUS", "FILTER", "BIND"))


def with_base(text: str) -> str:
    """Return a query whose relative IRIs count from our base, as those of the engine inside do."""
    has_one = any(kind == "word" and token.upper() == "BASE" for kind, token, _ in tokens(text))
    return text if has_one else f"BASE <{BASE}> {text}"


def refuse_harmful(text: str) -> None:
    """Raise QueryRefused, with its place, for a query that an engine could crash on."""
    depth = operators = 0
    for kind, token, offset in tokens(text):
        if token in ("{", "(", "["):
            depth += 1
        elif token in ("}", ")", "]"):
            depth -= 1
        elif (kind == "other" and token in _OPERATORS) or token.upper() in _JOINING:
            operators += 1
        if depth > _MOST_NESTED or operators > _MOST_OPERATORS:
            limits = {"limit": _MOST_NESTED, "operators": _MOST_OPERATORS}
            raise QueryRefused("query-nested", **limits, **place(text, offset))
