"""One table: format name, media types, file ending, query-string name, kind of content."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Format:
    """A representation that we serve.

    `name` is the value of `format=` and the key everywhere in code; `media_types` lists what a
    client may ask for, the one that is sent first; `suffix` is the file ending without its dot;
    `kind` is "solutions" (rows and booleans), "graph" (triples),
    "features" (rows with geometries), or "page".
    """

    name: str
    media_types: tuple[str, ...]
    suffix: str
    kind: str

    @property
    def content_type(self) -> str:
        """The value of the Content-Type header."""
        media_type = self.media_types[0]
        return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


FORMATS: tuple[Format, ...] = (
    Format("html", ("text/html", "application/xhtml+xml"), "html", "page"),
    Format("ttl", ("text/turtle", "application/x-turtle"), "ttl", "graph"),
    Format("trig", ("application/trig",), "trig", "graph"),
    Format("nt", ("application/n-triples", "text/plain"), "nt", "graph"),
    Format("nq", ("application/n-quads",), "nq", "graph"),
    Format("jsonld", ("application/ld+json",), "jsonld", "graph"),
    Format("rdf", ("application/rdf+xml", "application/xml", "text/xml"), "rdf", "graph"),
    Format("json", ("application/sparql-results+json", "application/json"), "json", "solutions"),
    Format(
        "xml", ("application/sparql-results+xml", "application/xml", "text/xml"), "xml", "solutions"
    ),
    Format("csv", ("text/csv",), "csv", "solutions"),
    Format("tsv", ("text/tab-separated-values",), "tsv", "solutions"),
    Format("geojson", ("application/geo+json",), "geojson", "features"),
)

BY_NAME: dict[str, Format] = {entry.name: entry for entry in FORMATS}

DOCUMENT = ("ttl", "trig", "nt", "jsonld", "rdf")
"""RDF formats of a description, Turtle as the default first."""

SOLUTIONS = ("json", "xml", "csv", "tsv")
"""Formats of SELECT and ASK results, JSON as the default first."""

GRAPHS = ("ttl", "nt", "nq", "trig", "jsonld", "rdf")
"""Formats of CONSTRUCT and DESCRIBE results, Turtle as the default first."""

DUMPS = ("ttl", "nt", "nq", "jsonld", "rdf")
"""Formats of the dumps."""
