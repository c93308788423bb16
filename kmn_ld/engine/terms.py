"""RDF terms as plain values, so that no other module needs Oxigraph's."""

from dataclasses import dataclass

from kmn_ld.vocab import PREFIXES

_XSD_STRING = PREFIXES["xsd"] + "string"
_LANG_STRING = PREFIXES["rdf"] + "langString"


@dataclass(frozen=True, order=True)
class Iri:
    """An IRI."""

    value: str


@dataclass(frozen=True, order=True)
class BlankNode:
    """A blank node; the label is good within one answer only."""

    value: str


@dataclass(frozen=True, order=True)
class Literal:
    """A literal: its lexical form, and its language tag or its datatype IRI.

    With a language the datatype is `rdf:langString`, whatever was given.
    """

    value: str
    language: str = ""
    datatype: str = _XSD_STRING

    def __post_init__(self) -> None:
        if self.language:
            object.__setattr__(self, "datatype", _LANG_STRING)


Term = Iri | BlankNode | Literal
Row = dict[str, Term]
"""Variable name → value; unbound variables are absent."""


def typed(value: str, datatype: str) -> Iri | Literal:
    """Return the literal of a lexical form and a datatype IRI; an IRI where that is empty."""
    return Literal(value, datatype=datatype) if datatype else Iri(value)


@dataclass(frozen=True)
class Statement:
    """One quad; `graph` is None in the default graph."""

    subject: Iri | BlankNode
    predicate: Iri
    object: Term
    graph: Iri | None = None
