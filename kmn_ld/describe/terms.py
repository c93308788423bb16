"""What the documentation of the ontology holds, ready to be shown; every text in every language."""

from dataclasses import dataclass

from kmn_ld.describe.model import Part, Property, Value
from kmn_ld.describe.names import Names, shorten
from kmn_ld.describe.rules import Rule
from kmn_ld.vocab import ONTOLOGY

CLASS, LINK, LITERAL, DATATYPE = "class", "object-property", "datatype-property", "datatype"
ANNOTATION = "annotation-property"


@dataclass(frozen=True)
class Example:
    """A statement of the data: a thing and, for a property, its value.

    `turtle` are the same statements as they are written in Turtle; of a class, those of the thing.
    """

    subject: Value
    value: Value | None
    turtle: str


@dataclass(frozen=True)
class Field:
    """A property that things of a class have, as rules say.

    `values` are the classes or datatypes of its values, `choices` the values themselves or the code
    list that they come from, both empty where no rule tells. `least` and `most` say how often it
    stands; `most` is empty without a bound. `shape` is the shape of `rule`; where that does not
    hold for all things of the class, `only` are the classes or properties that it holds for.
    """

    property: Value
    values: tuple[Value, ...]
    is_link: bool
    least: str
    most: str
    rule: Rule
    choices: tuple[Value, ...] = ()
    shape: Rule | None = None
    only: tuple[Value, ...] = ()


@dataclass(frozen=True)
class TermDescription:
    """A class, property or datatype of ours, or a class of others that our data rest on.

    `kind` is one of `CLASS`, `LINK`, `LITERAL`, `ANNOTATION`, `DATATYPE`. `comments` are what
    the definition does not say, of a class of others what we use it for; `reasons` tell why no
    existing term fits. `domain` and `range` are classes, several where any of them will do; `facts`
    hold them too, with inverses; `asides` all else. `count` is how often the data use the term,
    `derived` how many of that follow from other statements. `samples` are written by hand,
    `example` comes from the data, and `is_withheld` says that there is none on purpose: it would
    name a person. `things` are all things of a small class; `fields` what rules say of a class.
    """

    iri: str
    kind: str
    names: Names
    definitions: Names = ()
    comments: Names = ()
    reasons: Names = ()
    domain: tuple[Value, ...] = ()
    range: tuple[Value, ...] = ()
    broader: tuple[Value, ...] = ()
    facts: tuple[Property, ...] = ()
    asides: tuple[Property, ...] = ()
    status: str = ""
    is_deprecated: bool = False
    count: int = 0
    derived: int = 0
    samples: tuple[str, ...] = ()
    example: Example | None = None
    is_withheld: bool = False
    things: tuple[Value, ...] = ()
    fields: tuple[Field, ...] = ()
    rules: tuple[Rule, ...] = ()

    @property
    def local(self) -> str:
        """The anchor: the name behind the `#`, of a term of others with its prefix."""
        return anchor_of(self.iri)


@dataclass(frozen=True)
class Module:
    """Terms that belong together; `iri` is empty for those that no module names.

    `reused` are the classes of others that they rest on.
    """

    iri: str
    names: Names
    introductions: Names
    terms: tuple[TermDescription, ...]
    reused: tuple[TermDescription, ...] = ()

    @property
    def local(self) -> str:
        """The anchor of the module."""
        return self.iri.rpartition("#")[2] or "terms"


@dataclass(frozen=True)
class Reused:
    """A term of another vocabulary: its name, whether it is a class, how often the data use it."""

    term: Value
    is_class: bool
    count: int


@dataclass(frozen=True)
class ReusedVocabulary:
    """Another vocabulary, by its prefix, and the terms of it that the data use."""

    prefix: str
    namespace: str
    terms: tuple[Reused, ...]

    @property
    def count(self) -> int:
        """How often the data use its terms."""
        return sum(term.count for term in self.terms)


@dataclass(frozen=True)
class CodeList:
    """A concept scheme and the number of its concepts; of a short list, the concepts themselves."""

    scheme: Value
    count: int
    concepts: tuple[Value, ...] = ()


@dataclass(frozen=True)
class Vocabulary:
    """The ontology; `is_counted` says that uses are known."""

    about: Part
    modules: tuple[Module, ...]
    reused: tuple[ReusedVocabulary, ...]
    lists: tuple[CodeList, ...]
    is_counted: bool


def anchor_of(iri: str) -> str:
    """Return the anchor of a term on the page of the ontology."""
    if iri.startswith(ONTOLOGY + "#"):
        return iri.rpartition("#")[2]
    return shorten(iri).replace(":", "-")
