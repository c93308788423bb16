"""Finds short names for JSON-LD: from the ontology, and from the terms that the data use."""

import re

from kmn_ld.describe.names import shorten
from kmn_ld.describe.terms import ANNOTATION, CLASS, TermDescription, Vocabulary
from kmn_ld.describe.terms import LINK as OBJECT_PROPERTY
from kmn_ld.describe.usage import Usage
from kmn_ld.engine.jsonld import LINK, TEXT, ShortName, coercion_of
from kmn_ld.vocab import ONTOLOGY, PREFIXES

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_LANG_STRING = PREFIXES["rdf"] + "langString"
_LITERAL = PREFIXES["rdfs"] + "Literal"
_OURS = ONTOLOGY + "#"


def short_names(vocabulary: Vocabulary, usage: Usage) -> dict[str, ShortName]:
    """Return IRI → short name of our terms and of those that the data use: what stands behind `#`.

    A name means one thing: where vocabularies share it, ours has it, or nobody. Values are coerced
    as the ontology says of our terms, else as all values of the data are.
    """
    coercions = {iri: "" for iri, used in usage.classes.items() if used.in_data}
    coercions |= {
        iri: coercion_of(used.values) for iri, used in usage.properties.items() if used.in_data
    }
    terms = [term for module in vocabulary.modules for term in module.terms]
    coercions |= {
        term.iri: _declared(term)
        for term in terms
        if term.kind != ANNOTATION or term.iri not in coercions
    }
    named: dict[str, list[str]] = {}
    for iri in sorted(coercions):
        named.setdefault(shorten(iri).partition(":")[2], []).append(iri)
    return {
        iri: ShortName(local, coercions[iri])
        for local, iris in sorted(named.items())
        if _PLAIN.fullmatch(local) and (iri := _owner(iris))
    }


def _owner(iris: list[str]) -> str:
    """Return the IRI that has a name, empty where none of several is ours."""
    ours = [iri for iri in iris if iri.startswith(_OURS)]
    candidates = ours or iris
    return candidates[0] if len(candidates) == 1 else ""


def _declared(term: TermDescription) -> str:
    if term.kind == CLASS:
        return ""
    if term.kind == OBJECT_PROPERTY:
        return LINK
    ranges = {value.term.value for value in term.range} - {_LITERAL}
    return coercion_of(TEXT if iri == _LANG_STRING else iri for iri in ranges)
