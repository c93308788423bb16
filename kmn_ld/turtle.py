"""Reads Turtle and writes it in the one house layout (style guide S13).

Layout: `PREFIX` lines of the prefixes in use, subjects sorted by IRI, `a` first, four spaces, one
value per line, the final dot on a line of its own, UTF-8, LF. Leading comment lines (a licence)
stay; any other comment is refused, because it would be lost.
"""

import codecs
import re
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from rdflib import RDF, BNode, Graph, Literal, URIRef
from rdflib.exceptions import ParserError
from rdflib.plugins.parsers.notation3 import BadSyntax
from rdflib.plugins.serializers.longturtle import LongTurtleSerializer

from kmn_ld.errors import SourceError, TurtleSyntaxError
from kmn_ld.vocab import PREFIXES

_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'(?:[^'\\\n]|\\.)*'"
    r'|<[^<>"{}|^`\\\x00-\x20]*>'
    r"|(?P<comment>#[^\r\n]*)",
    re.DOTALL,
)
_HEAD = re.compile(r"(?:#[^\r\n]*(?:\r\n|\r|\n|\Z))*")
_LINE_END = re.compile(r"\r\n?|\n")  # not str.splitlines: it also parts at U+0085 and U+2028


def read_text(path: Path) -> str:
    """Return the text of a file of the sources.

    Raises SourceError where the file is missing or unreadable, and what `decode` raises.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceError("file-unreadable", path=path, reason=error.strerror or "") from error
    return decode(data, path)


def decode(data: bytes, path: Path) -> str:
    """Return the text in the bytes of a file.

    Raises SourceError for what is no UTF-8, with line and column, or begins with a byte order mark.
    """
    if data.startswith(codecs.BOM_UTF8):
        raise SourceError("file-bom", path=path, line=1, column=1)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = position(data[: error.start].decode("utf-8", "replace"))
        raise SourceError("file-not-utf8", path=path, line=line, column=column) from error


def position(before: str) -> tuple[int, int]:
    """Return line and column (from 1) of what follows a text."""
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def parse(text: str, path: Path) -> Graph:
    """Return the graph of a Turtle text; `path` names it in errors.

    Raises TurtleSyntaxError with line and column (from 1).
    """
    graph = Graph(bind_namespaces="none")
    try:
        graph.parse(data=text, format="turtle")
    except BadSyntax as error:
        line, column = position(error._str[: error._i].decode("utf-8", "replace"))
        reason = str(error._why).strip()
        raise TurtleSyntaxError(
            "turtle-syntax", path=path, line=line, column=column, reason=reason
        ) from error
    except (ParserError, ValueError, AssertionError) as error:
        raise TurtleSyntaxError(
            "turtle-syntax", path=path, line=1, column=1, reason=str(error)
        ) from error
    return graph


def format_text(text: str, path: Path) -> str:
    """Return the same graph in the house layout.

    Raises TurtleSyntaxError, and SourceError for a comment that is not at the head of the file.
    """
    head, body = _split_head(text)
    _refuse_comments(body, head, path)
    return head + write(parse(text, path))


def write(graph: Graph) -> str:
    """Return a graph in the house layout."""
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace, override=True, replace=True)
    out = BytesIO()
    HouseSerializer(graph).serialize(out)
    return out.getvalue().decode("utf-8")


def values(text: str, path: Path, subject: str, predicates: Iterable[str]) -> list[str]:
    """Return the values of some predicates of a subject in a Turtle text: IRIs, lexical forms."""
    graph, about = parse(text, path), URIRef(subject)
    return [str(value) for name in predicates for value in graph.objects(about, URIRef(name))]


def with_values(
    text: str, path: Path, subject: str, wanted: Mapping[str, Iterable[tuple[str, str]]]
) -> str:
    """Return a text, in the house layout, in which a subject has just these values.

    `wanted` is predicate → (IRI or lexical form, datatype IRI; empty for an IRI); what it does not
    name stays as it is.
    """
    head, body = _split_head(text)
    _refuse_comments(body, head, path)
    graph, about = parse(text, path), URIRef(subject)
    for predicate, terms in wanted.items():
        graph.remove((about, URIRef(predicate), None))
        for value, datatype in terms:
            term = Literal(value, datatype=datatype, normalize=False) if datatype else URIRef(value)
            graph.add((about, URIRef(predicate), term))
    return head + write(graph)


def shorten(iri: str) -> str:
    """Return an IRI as the house layout writes it."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return f"<{iri}>"


def _split_head(text: str) -> tuple[str, str]:
    """Cut the leading comment lines off; they end with line feeds then."""
    match = _HEAD.match(text)
    head = match[0] if match else ""
    neat = _LINE_END.sub("\n", head)
    return (neat if not neat or neat.endswith("\n") else neat + "\n"), text[len(head) :]


def _refuse_comments(body: str, head: str, path: Path) -> None:
    for match in _TOKEN.finditer(body):
        if match["comment"] is None:
            continue
        line, column = position(head + body[: match.start()])
        raise SourceError("turtle-comment", path=path, line=line, column=column)


class HouseSerializer(LongTurtleSerializer):
    """Long Turtle with subjects sorted by IRI, so that one changed fact is one changed line."""

    def orderSubjects(self) -> list[Any]:  # noqa: N802 - rdflib's name
        """Return the subjects by IRI; blank nodes are written where they are referred to."""
        return sorted(self._subjects, key=lambda subject: (isinstance(subject, BNode), subject))

    def get_pname(self, uri: Any, gen_prefix: bool = True) -> str | None:
        """Return a prefixed name for IRIs of the prefix table alone."""
        if not isinstance(uri, URIRef):
            return None
        for prefix, namespace in PREFIXES.items():
            local = uri[len(namespace) :]
            if uri.startswith(namespace) and _LOCAL_NAME.fullmatch(local):
                self.addNamespace(prefix, namespace)
                return f"{prefix}:{local}"
        return None

    def preprocessTriple(self, triple: Any) -> None:  # noqa: N802 - rdflib's name
        """Note which prefixes the triple needs; `a` and lists need none."""
        self._references[triple[2]] += 1
        self._subjects[triple[0]] = True
        for node, unnamed in zip(triple, _WRITTEN_WITHOUT_NAME, strict=True):
            if node not in unnamed:
                self.get_pname(node)
            if isinstance(node, Literal) and node.datatype and not _is_plain(node):
                self.get_pname(node.datatype)

    def predicateList(self, subject: Any, newline: bool = False) -> None:  # noqa: N802
        """Write `a` first, then the predicates by IRI, each value on a line of its own."""
        properties = self.buildPredicateHash(subject)
        for number, predicate in enumerate(self.sortProperties(properties)):
            self.write((" ;\n" if number else "") + self.indent(1))
            self.verb(predicate, newline=True)
            self.objectList(properties[predicate])
        self.write(" ;")

    def sortProperties(self, properties: Any) -> list[Any]:  # noqa: N802
        """Return the predicates in house order and sort the values of each."""
        for values in properties.values():
            values.sort(key=lambda value: (isinstance(value, BNode), _sort_key(value)))
        return sorted(properties, key=lambda predicate: (predicate not in self.keywords, predicate))

    def serialize(self, stream: IO[bytes], **options: Any) -> None:  # type: ignore[override] # fewer options
        """Write the document to a binary stream; the text ends with one line feed."""
        super().serialize(stream)


_WRITTEN_WITHOUT_NAME = ({RDF.nil}, {RDF.type, RDF.first, RDF.rest}, {RDF.nil})
_LOCAL_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:[.-][A-Za-z0-9_]+)*")
_SHORTHAND = {PREFIXES["xsd"] + name for name in ("integer", "decimal", "boolean", "double")}


def _is_plain(literal: Literal) -> bool:
    """Return whether Turtle writes the literal without naming its datatype."""
    return str(literal.datatype) in _SHORTHAND and literal.value is not None


def _sort_key(value: Any) -> tuple[str, str, str]:
    """Order values by text, so that the order never depends on how a datatype compares."""
    if isinstance(value, Literal):
        return (str(value), value.language or "", str(value.datatype or ""))
    return (str(value), "", "")
