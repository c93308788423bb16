"""Binds `$this` in the SELECT of a SPARQL-based constraint to all focus nodes at once.

SHACL (section 5.3.1, appendix A) evaluates the query once for each focus node, with `$this` bound
in every part of it. Here the focus nodes are joined into each group that names `$this`, which
comes to the same: what appendix A forbids (MINUS, VALUES, SERVICE) is refused here too.
"""

import re
from collections.abc import Iterator

from kmn_ld.engine.tokens import tokens

_REFUSED = ("minus", "values", "service", "graph", "from")
_THIS = ("$this", "?this")
_UNKNOWN = ("$shapesgraph", "$currentshape")


def refused_words(select: str) -> list[str]:
    """Return the words of a SELECT that cannot be evaluated for all focus nodes at once."""
    lowered = [(kind, text.lower()) for kind, text, _ in tokens(select)]
    words = [text for kind, text in lowered if kind == "word" and text in _REFUSED]
    return words + [text for kind, text in lowered if kind == "variable" and text in _UNKNOWN]


def bind(select: str, focus: str) -> str:
    """Return the SELECT with `focus`, a pattern that binds `?this`, in each group that needs it."""
    starts = set(_groups_to_bind(select))
    pieces, last = [], 0
    for start in sorted(starts):
        pieces += [select[last:start], f" {focus} "]
        last = start
    return re.sub(r"\$this\b", "?this", "".join([*pieces, select[last:]]))


def _groups_to_bind(select: str) -> Iterator[int]:
    """Yield the offset behind the brace of the outermost group and of each that names `$this`.

    Within EXISTS the variable is bound already (SPARQL 1.1, section 18.6, substitute).
    """
    open_groups: list[_Group] = []
    before: list[str] = []
    for kind, text, offset in tokens(select):
        if text == "{" and kind == "other":
            parent = open_groups[-1] if open_groups else None
            is_correlated = before[-1:] == ["exists"] or bool(parent and parent.is_correlated)
            open_groups.append(_Group(offset + 1, is_correlated, is_outermost=parent is None))
        elif text == "}" and kind == "other" and open_groups:
            group = open_groups.pop()
            if group.needs_binding:
                yield group.start
        elif open_groups:
            open_groups[-1].see(kind, text)
        before.append(text.lower())


class _Group:
    """A group graph pattern between braces."""

    def __init__(self, start: int, is_correlated: bool, *, is_outermost: bool) -> None:
        self.start, self.is_correlated = start, is_correlated
        self._names_this, self._is_select, self._is_empty = is_outermost, False, True

    def see(self, kind: str, text: str) -> None:
        """Take notice of a token that stands in this group and in none within."""
        self._is_select |= self._is_empty and kind == "word" and text.lower() == "select"
        self._names_this |= text in _THIS
        self._is_empty = False

    @property
    def needs_binding(self) -> bool:
        """Whether the focus nodes are to be joined in; a sub-SELECT has a group of its own."""
        return self._names_this and not self.is_correlated and not self._is_select
