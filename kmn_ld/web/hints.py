"""Finds names in a query that our ontology does not have: why a result may be empty."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from kmn_ld.engine.tokens import tokens
from kmn_ld.vocab import PREFIXES
from kmn_ld.web.live import Current

_TERMS = PREFIXES["kmn"]
_ALIKE = 0.6
"""How alike two names must be (0-1) for one to be meant by the other."""
_MOST = 5
"""Names that are told."""


@dataclass(frozen=True)
class UnknownName:
    """A name that a query writes, and the nearest one that there is, empty where none is alike."""

    written: str
    nearest: str


def unknown_names(query: str, current: Current) -> tuple[UnknownName, ...]:
    """Return the names in a query that stand for terms of our ontology which it does not have."""
    known = _known(current)
    if not known:
        return ()
    asked = {iri: written for iri, written in _names(query) if iri.startswith(_TERMS)}
    missing = [iri for iri in asked if iri not in known][:_MOST]
    return tuple(
        UnknownName(asked[iri], _nearest(iri, known))
        for iri in missing
        if not current.engine.statements_about(iri)
    )


def _known(current: Current) -> dict[str, str]:
    """Return the local names of our terms, by IRI: those defined, and those in use."""
    defined = (term.iri for module in current.vocabulary.modules for term in module.terms)
    used = (*current.usage.classes, *current.usage.properties)
    ours = (iri for iri in (*defined, *used) if iri.startswith(_TERMS))
    return {iri: iri.removeprefix(_TERMS) for iri in ours}


def _nearest(iri: str, known: dict[str, str]) -> str:
    by_key = {name.casefold(): name for name in known.values()}
    found = get_close_matches(iri.removeprefix(_TERMS).casefold(), by_key, n=1, cutoff=_ALIKE)
    return f"kmn:{by_key[found[0]]}" if found else ""


def _names(query: str) -> Iterator[tuple[str, str]]:
    """Yield IRI and text of each name in a query, by the prefixes that it declares itself."""
    spaces: dict[str, str] = {}
    declared = ""
    before = ""
    for kind, token, _ in tokens(query):
        if kind == "iri" and declared:
            spaces[declared] = token[1:-1]
        elif kind == "iri":
            yield token[1:-1], token
        elif kind == "name" and before != "PREFIX":
            prefix, _mark, local = token.partition(":")
            yield spaces.get(f"{prefix}:", "") + local, token
        declared = token if kind == "name" and before == "PREFIX" else ""
        before = token.upper() if kind == "word" else ""
