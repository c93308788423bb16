"""Collects the statements of a description: short names in, plain statements out."""

from dataclasses import dataclass, field
from urllib.parse import quote

from kmn_ld import messages
from kmn_ld.catalogue.statistics import Counts
from kmn_ld.engine.terms import Iri, Literal, Statement, Term
from kmn_ld.vocab import BASE, FILE_FORMATS, PREFIXES, SERVICE_DESCRIPTION

VOID = BASE + ".well-known/void"
"""IRI of the VoID description."""
VOID_DATASET = VOID + "#dataset"
"""IRI of the VoID dataset: what a query without GRAPH and FROM sees."""

NAMESPACES = {**PREFIXES, "sd": SERVICE_DESCRIPTION}
"""Prefix → namespace IRI in descriptions."""

FORMAT_IRIS = {
    name: FILE_FORMATS + local
    for name, local in {
        "ttl": "Turtle",
        "trig": "TriG",
        "nt": "N-Triples",
        "nq": "N-Quads",
        "jsonld": "JSON-LD",
        "rdf": "RDF_XML",
        "json": "SPARQL_Results_JSON",
        "xml": "SPARQL_Results_XML",
        "csv": "SPARQL_Results_CSV",
        "tsv": "SPARQL_Results_TSV",
    }.items()
}
"""Format name → its IRI at W3C (Unique URIs for File Formats)."""


@dataclass(frozen=True)
class Site:
    """Where the server is reached, with a slash at the end, and the endpoint over the release."""

    address: str
    endpoint: str


@dataclass
class Description:
    """Statements that are collected; none has a blank node."""

    statements: list[Statement] = field(default_factory=list)

    def add(self, subject: str, name: str, *values: Term | str | int | None) -> None:
        """State values of a property; a text is an IRI or a short name, None is left out."""
        predicate = Iri(expand(name))
        for value in values:
            if value is not None:
                self.statements.append(Statement(Iri(subject), predicate, _term(value)))

    def say(self, subject: str, name: str, key: str, /, **details: object) -> None:
        """State a text of the message catalogues in all languages."""
        texts = messages.in_all_languages(key, **details)
        self.add(subject, name, *(Literal(text, language) for language, text in texts.items()))

    def count(self, subject: str, counts: Counts, graph: str = "") -> None:
        """State the sizes of a graph and its partitions: how many triples, terms and things.

        `graph` is its IRI, empty for the default graph.
        """
        self.add(subject, "void:triples", counts.size.triples)
        self.add(subject, "void:distinctSubjects", counts.size.subjects)
        self.add(subject, "void:distinctObjects", counts.size.objects)
        self.add(subject, "void:classes", counts.classes)
        self.add(subject, "void:properties", counts.properties)
        for iri, instances in (counts.by_class or {}).items():
            part = _part(graph, "class", iri)
            self.add(subject, "void:classPartition", part)
            self.add(part, "void:class", iri)
            self.add(part, "void:entities", instances)
        for iri, size in (counts.by_property or {}).items():
            part = _part(graph, "property", iri)
            self.add(subject, "void:propertyPartition", part)
            self.add(part, "void:property", iri)
            self.add(part, "void:triples", size.triples)
            self.add(part, "void:distinctSubjects", size.subjects)
            self.add(part, "void:distinctObjects", size.objects)


def expand(name: str) -> str:
    """Return the IRI of a short name (`void:triples`), other texts as they are."""
    prefix, _, local = name.partition(":")
    return NAMESPACES[prefix] + local if prefix in NAMESPACES else name


def fragment(iri: str) -> str:
    """Return an IRI as the fragment of another (RFC 3987, 2.2)."""
    return "".join(quote(sign, safe="/:?@!$'()*+,;") if sign.isascii() else sign for sign in iri)


def _part(graph: str, kind: str, iri: str) -> str:
    within = f"graph={fragment(graph)}&" if graph else ""
    return f"{VOID}#{within}{kind}={fragment(iri)}"


def _term(value: Term | str | int) -> Term:
    if isinstance(value, int):
        return Literal(str(value), datatype=PREFIXES["xsd"] + "integer")
    return Iri(expand(value)) if isinstance(value, str) else value
