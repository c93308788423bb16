"""Writes triples as RDF/XML, and knows which predicates and nodes that format can name.

Why no library does: decision record 8.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

import pyoxigraph as ox

from kmn_ld.vocab import PREFIXES

_RDF = PREFIXES["rdf"]
_XSD_STRING = PREFIXES["xsd"] + "string"
_ITS = "http://www.w3.org/2005/11/its"
_TYPE = _RDF + "type"
_START = (
    r"A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D"
    r"\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_REST = _START + r"0-9.\u00B7\u0300-\u036F\u203F\u2040-"
_NAME_START = re.compile(f"[{_START}]")
_NAME_BACKWARDS = re.compile(f"[{_REST}]*")
_NAME = re.compile(f"[{_START}][{_REST}]*")
_RESERVED = {
    _RDF + name
    for name in (
        *("RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype", "Description"),
        *("li", "aboutEach", "aboutEachPrefix", "bagID"),
    )
}
"""What may not be an element of a property, or would be read as another one (RDF/XML, 5.1)."""
_NOT_TO_BE_BOUND = ("http://www.w3.org/XML/1998/namespace", "http://www.w3.org/2000/xmlns/")
"""Namespaces that no prefix of ours may stand for (Namespaces in XML, section 3)."""
_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"}
)  # a raw CR would be read as a line feed (XML 1.0, 2.11)
_TO_ESCAPE = re.compile('[&<>"\r]')
_ESCAPED_ID = "x-"
_PIECE = 500
"""Statements that are written at once."""
_END = "</rdf:RDF>\n"


@lru_cache(maxsize=10_000)
def element_name(iri: str) -> tuple[str, str] | None:
    """Return the namespace and the XML name that an IRI is made up of.

    None where it does not end in an XML name, or means something else as an element: then it can
    be no predicate in RDF/XML (section 5.1, 6.1.2), and no node can have its type as its name.
    """
    length = _NAME_BACKWARDS.match(iri[::-1])
    start = _NAME_START.search(iri, len(iri) - (length.end() if length else 0))
    if start is None or iri in _RESERVED:
        return None
    end = start.start()
    if iri[:end] in _NOT_TO_BE_BOUND:
        return None
    return iri[:end], iri[end:]


def to_rdfxml(triples: Iterable[ox.Triple], prefixes: Mapping[str, str]) -> bytes:
    """Return a document that declares the prefixes in use; triples of one subject in a row.

    Every predicate must have an `element_name`.
    """
    writer = _Writer(prefixes)
    body = "".join(writer.nodes(triples))
    return (writer.head(writer.used) + body + _END).encode()


def stream_rdfxml(
    triples: Iterable[ox.Triple], write: Callable[[bytes], int], prefixes: Mapping[str, str]
) -> None:
    """Write a document that declares all prefixes, piece by piece (else as `to_rdfxml`)."""
    writer = _Writer(prefixes)
    pieces = [writer.head(set(prefixes))]
    for piece in writer.nodes(triples):
        pieces.append(piece)
        if len(pieces) >= _PIECE:
            write("".join(pieces).encode())
            pieces.clear()
    write(("".join(pieces) + _END).encode())


class _Writer:
    """Writes node elements one after the other, and notes which prefixes that took."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = {**prefixes, "rdf": _RDF}
        self._names = {namespace: name for name, namespace in self._prefixes.items()}
        self._other = "ns"
        while self._other in self._prefixes:
            self._other += "_"
        self._elements: dict[str, tuple[str, str]] = {}
        self.used: set[str] = set()

    def head(self, prefixes: set[str]) -> str:
        """Return the beginning of the document."""
        declared = "".join(
            f' xmlns:{name}="{_escaped(self._prefixes[name])}"'
            for name in ("rdf", *sorted(prefixes - {"rdf"}))
        )
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{declared}>\n'

    def nodes(self, triples: Iterable[ox.Triple]) -> Iterator[str]:
        """Yield the elements; a subject that comes again later has one more."""
        subject: object = None
        end = ""
        for triple in triples:
            if triple.subject != subject:
                yield end
                subject = triple.subject
                begin, end, is_told = self._node(triple, 1)
                yield begin
                if is_told:
                    continue
            yield self._property(triple, 2)
        yield end

    def _node(self, triple: ox.Triple, level: int) -> tuple[str, str, bool]:
        """Return begin and end of a node's element, and whether its name tells the triple."""
        name, declared, is_told = "rdf:Description", "", False
        if triple.predicate.value == _TYPE and isinstance(triple.object, ox.NamedNode):
            is_told = element_name(triple.object.value) is not None
            if is_told:
                name, declared = self._element(triple.object.value)
        about = _reference("about", triple.subject)
        tabs = "\t" * level
        return f"{tabs}<{name}{declared}{about}>\n", f"{tabs}</{name}>\n", is_told

    def _property(self, triple: ox.Triple, level: int) -> str:
        name, declared = self._element(triple.predicate.value)
        value, tabs = triple.object, "\t" * level
        if isinstance(value, ox.Literal):
            text = _escaped(value.value)
            return f"{tabs}<{name}{declared}{_attributes(value)}>{text}</{name}>\n"
        if isinstance(value, ox.Triple):
            begin, end, is_told = self._node(value, level + 1)
            inner = "" if is_told else self._property(value, level + 2)
            about = ' rdf:version="1.2" rdf:parseType="Triple"'
            return f"{tabs}<{name}{declared}{about}>\n{begin}{inner}{end}{tabs}</{name}>\n"
        return f"{tabs}<{name}{declared}{_reference('resource', value)}/>\n"

    def _element(self, iri: str) -> tuple[str, str]:
        """Return the qualified name of an element and what declares its prefix."""
        known = self._elements.get(iri)
        if known is None:
            namespace, local = element_name(iri) or ("", iri)
            prefix = self._names.get(namespace)
            if prefix is None:
                declared = f' xmlns:{self._other}="{_escaped(namespace)}"'
                known = f"{self._other}:{local}", declared
            else:
                self.used.add(prefix)
                known = f"{prefix}:{local}", ""
            self._elements[iri] = known
        return known


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES) if _TO_ESCAPE.search(text) else text  # looking is fast


def _reference(attribute: str, node: ox.NamedNode | ox.BlankNode | ox.Triple) -> str:
    if isinstance(node, ox.BlankNode):
        return f' rdf:nodeID="{_node_id(node.value)}"'
    iri = node.value if isinstance(node, ox.NamedNode) else ""  # triples are objects alone
    return f' rdf:{attribute}="{_escaped(iri)}"'


def _node_id(label: str) -> str:
    """Return the label of a blank node as an XML name; two labels never become one."""
    if _NAME.fullmatch(label) and not label.startswith(_ESCAPED_ID):
        return label
    return _ESCAPED_ID + label.encode().hex()


def _attributes(literal: ox.Literal) -> str:
    if literal.language is None:
        datatype = literal.datatype.value
        return "" if datatype == _XSD_STRING else f' rdf:datatype="{_escaped(datatype)}"'
    written = f' xml:lang="{literal.language}"'
    if literal.direction is not None:
        written += f' rdf:version="1.2-basic" xmlns:its="{_ITS}" its:version="2.0"'
        written += f' its:dir="{literal.direction}"'
    return written
