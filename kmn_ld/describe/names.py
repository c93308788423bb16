"""Names of things and terms: from the store, else from the message catalogues."""

import unicodedata
from collections.abc import Collection, Mapping, Sequence

from kmn_ld import messages
from kmn_ld.engine.interface import Engine
from kmn_ld.engine.terms import Iri, Literal, Term
from kmn_ld.queries import load_query
from kmn_ld.vocab import PREFIXES

Names = tuple[Literal, ...]

NAMING = ("skos:prefLabel", "rdfs:label", "dcterms:title", "foaf:name", "schema:name", "sh:name")
"""Properties that name things, the best first."""


def labels_of(engine: Engine, iri: str) -> Names:
    """Return the names of an IRI: of the best naming property, in every language."""
    return labels_of_all(engine, (iri,))[iri]


def labels_of_all(engine: Engine, asked: Collection[str]) -> dict[str, Names]:
    """Return IRI → names of each IRI, empty for one without; one query for all."""
    found: dict[str, list[tuple[Term, Term]]] = {iri: [] for iri in asked}
    for row in engine.rows_for_each(load_query("labels"), "thing", map(Iri, sorted(asked))):
        found[row["thing"].value].append((row["property"], row["label"]))
    return {
        iri: pick_names(labels) or _from_catalogues("terms", iri) for iri, labels in found.items()
    }


def incoming_names(iri: str) -> Names:
    """Return what a property is called from the side of its values, empty where nothing is said."""
    return _from_catalogues("incoming", iri)


def best_name(names: Names, language: str) -> Literal | None:
    """Return the name in a language, else one without language, in ours, or any other."""
    for tag in (language, "", *messages.LANGUAGES):
        found = next((name for name in names if name.language.lower() == tag), None)
        if found is not None:
            return found
    return names[0] if names else None


def sort_key(names: Names, language: str) -> str:
    """Return what values are ordered by in a list for people: ä as a (DIN 5007-1)."""
    name = best_name(names, language)
    letters = unicodedata.normalize("NFKD", name.value.casefold()) if name else ""
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def expand(short: str) -> str:
    """Return the IRI of a prefixed name."""
    prefix, _, local = short.partition(":")
    return PREFIXES[prefix] + local


def shorten(iri: str) -> str:
    """Return the prefixed name of a term of a vocabulary, empty where no prefix fits."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and "/" not in iri[len(namespace) :]:
            return f"{prefix}:{iri[len(namespace) :]}"
    return ""


def pick_names(found: Sequence[tuple[Term, Term]]) -> Names:
    """Return the names among (property, value): those of the best naming property."""
    for short in NAMING:
        naming = Iri(expand(short))
        names = tuple(label for by, label in found if by == naming and isinstance(label, Literal))
        if names:
            return names
    return ()


def _from_catalogues(table_name: str, iri: str) -> Names:
    """Return the names that a table of the catalogues gives to a term, one a language."""
    short = shorten(iri) or iri
    tables: list[tuple[str, Mapping[str, str]]] = [
        (language, messages.catalogue(language).get(table_name, {}))
        for language in messages.LANGUAGES
    ]
    return tuple(Literal(table[short], tag) for tag, table in tables if short in table)
