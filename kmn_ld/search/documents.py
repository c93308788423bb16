"""What the index holds about one thing that can be found."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kmn_ld.engine.terms import Literal

TYPES = (
    "network",
    "region",
    "pillar",
    "programme",
    "district",
    "organisation",
    "service",
    "concept",
)
"""What a thing is; of equally good results the first type comes first."""

FACETS = ("type", "kind", "pillar", "region", "district", "language")
"""By what results can be narrowed, in the order of the page."""


@dataclass(frozen=True)
class About:
    """What else is said about a thing: `field` is a name in the catalogues, `text` for people."""

    field: str
    text: str
    language: str = ""


@dataclass(frozen=True)
class Choice:
    """A value of a facet: what stands in the address, and the IRI and names of what it is."""

    value: str
    iri: str = ""
    names: tuple[Literal, ...] = ()


@dataclass(frozen=True)
class Document:
    """A thing that can be found.

    `names` are what it is called, `others` its alternative and former names, `places` towns with
    postal codes and districts, `codes` ids and keys in other lists. `facets` is facet → values.
    """

    iri: str
    type: str
    names: tuple[Literal, ...]
    others: tuple[Literal, ...] = ()
    places: tuple[str, ...] = ()
    about: tuple[About, ...] = ()
    codes: tuple[str, ...] = ()
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    is_active: bool = True


@dataclass(frozen=True)
class Contents:
    """Everything that goes into an index.

    `choices` is facet → its values; `moved` is merged id → IRI of what stands for it now.
    """

    documents: tuple[Document, ...]
    choices: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    moved: Mapping[str, str] = field(default_factory=dict)
