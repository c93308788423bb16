"""Compiles SHACL shapes to SPARQL queries over the store, for data too large for pySHACL.

Covers the constraint components that our shapes use; a test demands the same findings as pySHACL
on every case of `tests/shapes`. A component that is not covered is an error, never passed over.
"""

import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain
from typing import Any

from rdflib import OWL, RDF, RDFS, SH, XSD, Graph, Literal, URIRef
from rdflib.collection import Collection as RdfList

from kmn_ld.engine import projected_variables
from kmn_ld.engine.terms import Row
from kmn_ld.errors import EngineError, ValidationFailed
from kmn_ld.queries import fragments, load_query
from kmn_ld.validation import prebinding
from kmn_ld.validation.findings import Finding, type_of
from kmn_ld.validation.shacl import messages_of, severity_of

Node = Any  # rdflib types its nodes without order, n3 and toPython

_CASTABLE = (XSD.integer, XSD.decimal, XSD.double, XSD.float, XSD.boolean, XSD.date, XSD.dateTime)
_CARDINALITY = {SH.minCount: "shacl/min-count", SH.maxCount: "shacl/max-count"}
_TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
_NEVER_COVERED = (
    SH.target, SH.rule, SH.js, SH.expression, SH.entailment, SH.parameter,
)  # fmt: skip
"""What would change which nodes are validated, or how, beyond SHACL Core and SPARQL."""
_IGNORED = {
    SH.path, SH.name, SH.description, SH.message, SH.severity, SH.order, SH.group, SH.flags,
    SH.property, SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf,
    SH.ignoredProperties, SH.deactivated, SH.defaultValue,
}  # fmt: skip


@dataclass(frozen=True)
class CompiledQuery:
    """A query whose rows are results of one shape; `result_path` is an IRI or empty.

    Where `value_is_focus`, a row without a value has the focus node as its value node.
    """

    text: str
    shape: str
    severity: str
    message: dict[str, str] = field(hash=False)
    result_path: str = ""
    value_is_focus: bool = False
    component: str = ""

    @property
    def is_sparql(self) -> bool:
        """Whether it is a SPARQL-based constraint (SHACL section 5), which may span records."""
        return self.component == str(SH.SPARQLConstraintComponent)

    def finding(self, row: Row) -> Finding:
        """Return the validation result of one row."""
        path = row.get("path")
        value = row.get("value") or (row["this"] if self.value_is_focus else None)
        return Finding(
            self.severity,
            self.shape,
            self.message,
            focus=row["this"].value,
            result_path=path.value if path else self.result_path,
            value=value.value if value else "",
            component=self.component,
            value_type=type_of(value),
        )


def validate_store(
    rows: Callable[[str], list[Row]], queries: Iterable[CompiledQuery]
) -> list[Finding]:
    """Return what compiled queries find, by running each with `rows`."""
    return [query.finding(row) for query in queries for row in rows(query.text)]


def compile_shapes(
    shapes: Graph, ontology: Graph, focus: Collection[str] | None = None
) -> Iterator[CompiledQuery]:
    """Yield the queries of all shapes that have a target, those of their property shapes too.

    A shape is what has a target, whatever its type says (SHACL section 2.1). Where IRIs are given
    in `focus`, only results about them are found. Raises ValidationFailed where a shape uses
    something that is not covered.
    """
    only = "" if focus is None else f"VALUES ?this {{ {' '.join(f'<{iri}>' for iri in focus)} }} "
    for predicate in _NEVER_COVERED:
        for shape in shapes.subjects(predicate):
            raise _not_compiled(shape, _name(predicate))
    for shape in _sorted(_targeted(shapes)):
        target = _target(shapes, ontology, shape)
        if target and not shapes.value(shape, SH.deactivated):
            yield from _Compiler(shapes, ontology, only + target).queries(shape)


def _targeted(shapes: Graph) -> set[Node]:
    """Return the nodes that have a target, or may be a class that is its own target."""
    kinds = {*shapes.subjects(RDF.type, SH.NodeShape), *shapes.subjects(RDF.type, SH.PropertyShape)}
    return kinds.union(*(shapes.subjects(predicate) for predicate in _TARGETS))


def _target(shapes: Graph, ontology: Graph, shape: Node) -> str:
    """Return the patterns that bind ?this to the focus nodes (SHACL section 2.1.3)."""
    classes = {*shapes.objects(shape, SH.targetClass)}
    if _is_class(shapes, shape):
        classes.add(shape)
    parts = [f"?this a {name} ." for name in _subclasses(ontology, *classes)]
    parts += [f"VALUES ?this {{ {node.n3()} }}" for node in shapes.objects(shape, SH.targetNode)]
    parts += [f"?this {p.n3()} ?targetValue ." for p in shapes.objects(shape, SH.targetSubjectsOf)]
    parts += [f"?targetNode {p.n3()} ?this ." for p in shapes.objects(shape, SH.targetObjectsOf)]
    return " UNION ".join(f"{{ {part} }}" for part in sorted(parts))


def _is_class(shapes: Graph, shape: Node) -> bool:
    """Return whether a shape is an instance of rdfs:Class (2.1.3.3), as owl:Class makes it too."""
    classes = {OWL.Class, *shapes.transitive_subjects(RDFS.subClassOf, RDFS.Class)}
    return not classes.isdisjoint(shapes.objects(shape, RDF.type))


def _subclasses(ontology: Graph, *classes: Node) -> list[str]:
    """Return classes and their subclasses as terms."""
    found = (ontology.transitive_subjects(RDFS.subClassOf, name) for name in classes)
    return sorted({node.n3() for node in chain(*found) if isinstance(node, URIRef)})


@cache
def _templates() -> dict[str, str | dict[str, str]]:
    return tomllib.loads(fragments("shacl/fails.toml"))


class _Compiler:
    """Compiles one targeted node shape."""

    def __init__(self, shapes: Graph, ontology: Graph, target: str) -> None:
        self.shapes, self.ontology, self.target = shapes, ontology, target

    def queries(self, shape: Node) -> Iterator[CompiledQuery]:
        """Yield the queries of a node shape and its property shapes, or of a property shape."""
        if (shape, SH.path, None) in self.shapes:
            yield from self._property_queries(shape)
            return
        yield from self._constraints(shape, "", "")
        for part in _sorted(self.shapes.objects(shape, SH.property)):
            yield from self._property_queries(part)

    def _property_queries(self, shape: Node) -> Iterator[CompiledQuery]:
        if (shape, SH.property, None) in self.shapes:
            raise _not_compiled(shape, "sh:property")
        if not self.shapes.value(shape, SH.deactivated):
            path = self.shapes.value(shape, SH.path)
            plain = str(path) if isinstance(path, URIRef) else ""
            yield from self._constraints(shape, self._path(path), plain)

    def _constraints(self, shape: Node, path: str, result_path: str) -> Iterator[CompiledQuery]:
        for predicate, value in _sorted(self.shapes.predicate_objects(shape)):
            if predicate in _IGNORED or not str(predicate).startswith(str(SH)):
                continue
            text, owner = self._query(shape, predicate, value, path)
            if text:
                compiled = self._compiled(text, shape, owner, result_path)
                yield replace(compiled, component=_component(predicate))

    def _compiled(self, text: str, shape: Node, owner: Node, result_path: str) -> CompiledQuery:
        message = messages_of(self.shapes.objects(owner, SH.message))
        message = message or messages_of(self.shapes.objects(shape, SH.message))
        severity = severity_of(self.shapes.value(shape, SH.severity))
        value_is_focus = owner != shape and (shape, SH.path, None) not in self.shapes
        return CompiledQuery(text, str(shape), severity, message, result_path, value_is_focus)

    def _query(self, shape: Node, predicate: Node, value: Node, path: str) -> tuple[str, Node]:
        """Return the query of one constraint, and the node that carries its message."""
        fill = {"TARGET": self.target, "PATH": path}
        if predicate in _CARDINALITY:
            return _filled(_CARDINALITY[predicate], **fill, LIMIT=str(value)), shape
        if predicate == SH.uniqueLang:
            return (_filled("shacl/unique-lang", **fill) if value.toPython() else ""), shape
        if predicate == SH.hasValue:
            return _filled("shacl/has-value", **fill, VALUE=value.n3()), shape
        if predicate == SH.closed:
            allowed = ", ".join(sorted(node.n3() for node in self._allowed(shape)))
            text = _filled("shacl/closed", **fill, ALLOWED=allowed)
            return (text if value.toPython() else ""), shape
        if predicate == SH.sparql:
            is_active = not self.shapes.value(value, SH.deactivated)  # section 5.2.1
            return (self._select(shape, value, path) if is_active else ""), value
        fails = self._fails(shape, predicate, value)
        return _filled("shacl/value" if path else "shacl/focus", **fill, FAILS=fails), shape

    def _fails(self, shape: Node, predicate: Node, value: Node) -> str:
        """Return the expression over ?value that is true where the constraint is broken."""
        name = str(predicate).removeprefix(str(SH))
        if predicate == SH["or"]:
            return " && ".join(f"({self._all_fail(member)})" for member in self._list(value))
        if predicate == SH.nodeKind:
            table = _templates()["nodeKind"]
            return table[str(value).removeprefix(str(SH))] if isinstance(table, dict) else ""
        if predicate == SH.datatype and value in _CASTABLE:
            name = "datatype-cast"
        template = _templates().get(name)
        if not isinstance(template, str):
            raise _not_compiled(shape, name)
        return (
            template.replace("%LIST%", self._list_text(predicate, value))
            .replace("%TEXT%", self._text(shape, value))
            .replace("%ARG%", value.n3())
        )

    def _all_fail(self, member: Node) -> str:
        """Return when a value node does not conform to a member of sh:or (section 4.6.3).

        All nodes conform to a shape that is deactivated (section 2.1.6).
        """
        if self.shapes.value(member, SH.deactivated):
            return "false"
        if (member, SH.path, None) in self.shapes or (member, SH.property, None) in self.shapes:
            raise _not_compiled(member, "sh:or")
        parts = [
            self._fails(member, predicate, value)
            for predicate, value in self.shapes.predicate_objects(member)
            if predicate not in _IGNORED and predicate != RDF.type
        ]
        return " || ".join(sorted(parts))

    def _list_text(self, predicate: Node, value: Node) -> str:
        if predicate == SH["class"]:
            template = str(_templates()["instance"])
            names = _subclasses(self.ontology, value)
            return " && ".join(template.replace("%ARG%", name) for name in names)
        if predicate == SH.languageIn:
            template = str(_templates()["language"])
            return " || ".join(template.replace("%TEXT%", tag.n3()) for tag in self._list(value))
        if predicate == SH["in"]:  # a member is the same term, not an equal value (section 4.8.3)
            template = str(_templates()["member"])
            members = (template.replace("%ARG%", node.n3()) for node in self._list(value))
            return " || ".join(members) or "false"
        return ""

    def _text(self, shape: Node, value: Node) -> str:
        flags = self.shapes.value(shape, SH.flags)
        return ", ".join(Literal(str(part)).n3() for part in (value, flags) if part is not None)

    def _list(self, head: Node) -> list[Node]:
        return list(RdfList(self.shapes, head))

    def _allowed(self, shape: Node) -> set[Node]:
        """Return the predicates that a closed shape allows (section 4.8.1)."""
        ignored = self.shapes.value(shape, SH.ignoredProperties)
        allowed = set(self._list(ignored)) if ignored else set()
        for part in self.shapes.objects(shape, SH.property):
            path = self.shapes.value(part, SH.path)
            if isinstance(path, URIRef):
                allowed.add(path)
        return allowed

    def _path(self, path: Node | None) -> str:
        """Return a predicate, inverse or sequence path as SPARQL (section 2.3.1)."""
        if isinstance(path, URIRef):
            return path.n3()
        inverse = self.shapes.value(path, SH.inversePath)
        if inverse is not None:
            return f"^{self._path(inverse)}"
        if path is not None and self.shapes.value(path, RDF.first):
            return "/".join(self._path(step) for step in self._list(path))
        raise _not_compiled(path, "sh:path")

    def _select(self, shape: Node, constraint: Node, path: str) -> str:
        """Return a SPARQL-based constraint with the focus nodes joined in (section 5.3)."""
        prefixes = "".join(
            f"PREFIX {_value(self.shapes, entry, SH.prefix)}: "
            f"<{_value(self.shapes, entry, SH.namespace)}>\n"
            for owner in self.shapes.objects(constraint, SH.prefixes)
            for entry in _sorted(self.shapes.objects(owner, SH.declare))
        )
        select = _value(self.shapes, constraint, SH.select)
        refused = prebinding.refused_words(select)
        if refused:
            raise _not_compiled(shape, f"sh:select ({refused[0].upper()})")
        if path:
            select = select.replace("$PATH", path).replace("?PATH", path)
        focus = str(_templates()["focus-nodes"]).replace("%TARGET%", self.target)
        text = prefixes + _filled("shacl/constraint", SELECT=prebinding.bind(select, focus))
        try:
            projected_variables(text)
        except EngineError as error:
            raise _not_compiled(shape, "sh:select") from error
        return text


def _component(predicate: URIRef) -> str:
    """Return the IRI of the constraint component that a parameter belongs to (section 4)."""
    name = str(predicate).removeprefix(str(SH))
    start = "SPARQL" if name == "sparql" else name[0].upper() + name[1:]
    return f"{SH}{start}ConstraintComponent"


def _name(predicate: URIRef) -> str:
    return f"sh:{str(predicate).removeprefix(str(SH))}"


def _not_compiled(shape: Node, component: str) -> ValidationFailed:
    return ValidationFailed("shape-not-compiled", [], shape=str(shape), component=component)


def _sorted(nodes: Iterable[Node]) -> list[Node]:
    return sorted(nodes)


def _value(graph: Graph, subject: Node, predicate: URIRef) -> str:
    return str(graph.value(subject, predicate))


def _filled(name: str, **values: str) -> str:
    """Fill a template of ours with parts made from shapes of ours."""
    text = load_query(name)
    for key, value in values.items():
        text = text.replace(f"%{key}%", value)
    return text
