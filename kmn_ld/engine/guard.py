"""Looks at a query before it is evaluated: SERVICE, LOAD and updates are not offered.

It gives the clear answer with the place. What hides from it by looking like an IRI is found by
`evaluation`, and a worker has no descriptor left for a socket (`confinement`).
"""

import re

from kmn_ld.engine.tokens import after_prefixes, place, tokens
from kmn_ld.errors import QueryRefused

UPDATES = (
    "INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH",
)  # fmt: skip
"""First words of update operations (SPARQL 1.1 Update, 3)."""

_SERVICE = "service"
_BEFORE_A_GRAPH = ("graph", "from", "named", "describe")
_LETTER = re.compile(r"\\u00([46][1-9A-Fa-f]|[57][0-9Aa])|\\U000000([46][1-9A-Fa-f]|[57][0-9Aa])")


def refuse_what_is_not_offered(text: str) -> None:
    """Raise QueryRefused, with its place, for SERVICE and for updates.

    Oxigraph's parser knows no word boundaries: `SERVICEex:a{…}` is a SERVICE clause, and so is
    `1SERVICE<…>{…}`.
    """
    _refuse_updates(text)
    plain = _LETTER.sub(lambda match: chr(int(match[1] or match[2], 16)), text)
    if _SERVICE in plain.lower():
        _refuse_service(plain)


def _refuse_updates(text: str) -> None:
    """Look at the first word after the prologue, its declarations left out."""
    declared = False
    for kind, token, offset in tokens(text, after_prefixes(text)):
        if kind == "word" and token.upper() in ("BASE", "PREFIX", "VERSION"):
            declared = True
        elif declared and kind in ("name", "iri", "string"):
            declared = kind == "name"
        else:
            keyword = next((word for word in UPDATES if token.upper().startswith(word)), None)
            if keyword and kind in ("word", "name"):
                raise _refused("query-update", text, offset, keyword=keyword)
            return


def _refuse_service(text: str) -> None:
    before = ""
    suspect = -1
    for kind, token, offset in tokens(text):
        if suspect >= 0 and token == "{" and text[offset + 1 : offset + 2] != "|":
            raise _refused("query-service", text, suspect)
        suspect = -1
        if kind == "word" and _SERVICE in token.lower():
            raise _refused("query-service", text, offset + token.lower().index(_SERVICE))
        if kind == "name" and before not in _BEFORE_A_GRAPH:
            prefix = token.partition(":")[0].lower()
            suspect = offset + prefix.index(_SERVICE) if _SERVICE in prefix else -1
        before = token.lower() if kind == "word" else ""


def _refused(key: str, text: str, offset: int, **details: str) -> QueryRefused:
    return QueryRefused(key, **place(text, offset), **details)
