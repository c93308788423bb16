"""Knows the terms of the vocabularies that we use, and finds terms that no vocabulary has.

Closed lists: rdflib's namespaces, and `kmn_ld/vocabularies/<prefix>.txt` for what rdflib does not
have. Terms of ours are those that the ontology and the shapes describe.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from rdflib import (
    DCAT,
    DCTERMS,
    FOAF,
    ORG,
    OWL,
    PROV,
    RDF,
    RDFS,
    SDO,
    SH,
    SKOS,
    TIME,
    VANN,
    VOID,
    XSD,
)
from rdflib.namespace import GEO

from kmn_ld import turtle
from kmn_ld.sources import SourceFile
from kmn_ld.validation.findings import Finding, violation
from kmn_ld.validation.places import Places
from kmn_ld.vocab import ONTOLOGY, PREFIXES, SHAPES

OURS = (f"{ONTOLOGY}#", f"{SHAPES}#")
_FOLDER = Path(__file__).parent.parent / "vocabularies"
_NAMESPACES = tuple(PREFIXES.values())
_OF_RDFLIB: tuple[Any, ...] = (
    DCAT, DCTERMS, FOAF, GEO, ORG, OWL, PROV, RDF, RDFS, SDO, SH, SKOS, TIME, VANN, VOID, XSD,
)  # fmt: skip
_CLASS_OF = PREFIXES["rdf"] + "type"
_MEMBER = PREFIXES["rdf"] + "_"


@dataclass
class Suspects:
    """Terms that no list holds, with the files that use them.

    A term of ours may be described in a file that is read later.
    """

    files: dict[str, dict[str, SourceFile]] = field(default_factory=lambda: defaultdict(dict))

    def note(self, subject: str, predicate: str, value: str, file: SourceFile) -> None:
        """Note what is no known term in a statement; `value` is an IRI or a datatype, or empty."""
        known = _outside()
        if predicate not in known:
            self.files[predicate][file.name] = file
        if (
            value
            and value not in known
            and (value.startswith(_NAMESPACES) or predicate == _CLASS_OF)
        ):
            self.files[value][file.name] = file
        if subject.startswith(_NAMESPACES) and subject not in known:
            self.files[subject][file.name] = file


def check_terms(suspects: Suspects, described_in: Mapping[str, SourceFile]) -> Iterator[Finding]:
    """Yield a finding for each file that uses a term which its vocabulary does not have."""
    ours = {iri for iri in described_in if iri.startswith(OURS)}
    for iri, files in suspects.files.items():
        if iri in ours or iri in _NAMESPACES or iri.startswith(_MEMBER):
            continue
        hint = turtle.shorten(nearest(iri, ours))
        for file in files.values():
            place = Places(turtle.read_text(file.path)).of_term(iri)
            yield violation(
                "term-unknown",
                path=file.name,
                line=place.line if place else None,
                column=place.column if place else None,
                value=iri,
                term=turtle.shorten(iri),
                hint=hint,
            )


def nearest(iri: str, ours: Iterable[str]) -> str:
    """Return the term that is spelt most like an IRI, of the same vocabulary where it has one."""
    known = [*_outside(), *ours]
    start = next((name for name in _NAMESPACES if iri.startswith(name)), "")
    same = [term for term in known if term.startswith(start)] or known
    return get_close_matches(iri, sorted(same), n=1, cutoff=0)[0]


@cache
def _outside() -> frozenset[str]:
    """Return the terms of all vocabularies but ours."""
    terms: set[str] = set()
    for vocabulary in _OF_RDFLIB:
        words_of_python = (vocabulary[name] for name in vocabulary._extras)
        terms |= {str(term) for term in (*dir(vocabulary), *words_of_python)}
    for path in sorted(_FOLDER.glob("*.txt")):
        lines = path.read_text(encoding="utf-8").splitlines()
        terms |= {PREFIXES[path.stem] + line for line in lines if not line.startswith("#")}
    return frozenset(terms)
