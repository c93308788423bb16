"""Writes the values of variables into the text of a query: as VALUES, where its WHERE begins."""

import re
from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from kmn_ld.engine.conversion import to_oxigraph
from kmn_ld.engine.terms import BlankNode, Term
from kmn_ld.engine.tokens import tokens

_EXAMPLE = re.compile(r"OPTIONAL\s*\{\s*VALUES\s+\?(\w+)\s*\{[^{}]*\}\s*\}")
"""How a query of ours gives a variable example values (`queries/README.md`)."""
_BEHIND_WHERE = frozenset(("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"))


def written_term(term: Term) -> str:
    """Return a term as SPARQL has it; Oxigraph escapes whatever could end a literal.

    Raises ValueError for a blank node, and for what is no IRI, as all that could end one.
    """
    if isinstance(term, BlankNode):
        raise ValueError(term.value)
    return str(to_oxigraph(term))


def with_values(text: str, bindings: Mapping[str, Term]) -> str:
    """Return a query in which variables have these values, as VALUES at the start of its WHERE.

    Raises ValueError for what is no name of a variable or no term that VALUES takes.
    """
    if not bindings:
        return text
    row = " ".join(written_term(term) for term in bindings.values())
    names = " ".join(str(ox.Variable(name)) for name in bindings)
    return _with_block(text, f"VALUES ({names}) {{ ({row}) }}")


def in_place_of_examples(text: str, bindings: Mapping[str, Term]) -> str:
    """Return a query of ours for people, with these values where its example values stand.

    Those of variables without example values are written as `with_values` does; raises as that.
    """
    left = dict(bindings)

    def written(example: re.Match[str]) -> str:
        term = left.pop(example[1], None)
        return f"VALUES ?{example[1]} {{ {written_term(term)} }}" if term else example[0]

    changed = _EXAMPLE.sub(written, text)  # once: a value may look like an example
    return with_values(changed, left)


def with_each(text: str, name: str, terms: Iterable[Term]) -> str | None:
    """Return a query in which a variable has one of these terms, None where none is one."""
    written = []
    for term in terms:
        try:
            written.append(written_term(term))
        except ValueError:  # a text that is no IRI: nothing is said about it
            continue
    block = f"VALUES {ox.Variable(name)} {{ {' '.join(written)} }}"
    return _with_block(text, block) if written else None


def _with_block(text: str, block: str) -> str:
    """Return a query with a block at the start of its outermost WHERE.

    DESCRIBE alone may have none (SPARQL 1.1 Query, 16.4): then it is one of its own.
    """
    depth = 0
    starts = []
    form = ""
    end = len(text)
    for kind, token, offset in tokens(text):
        word = token.upper() if kind == "word" and not depth else ""
        if not form and word in ("SELECT", "ASK", "CONSTRUCT"):
            form = word
        if word in _BEHIND_WHERE:
            end = min(end, offset)
        if token == "{" and not depth:
            starts.append(offset + 1)
        depth += (token in ("{", "(")) - (token in ("}", ")"))
    if not starts or starts[0] > end:
        return f"{text[:end]}\n{{ {block} }} {text[end:]}"
    start = starts[1 if form == "CONSTRUCT" and len(starts) > 1 else 0]
    return f"{text[:start]} {block} {text[start:]}"
