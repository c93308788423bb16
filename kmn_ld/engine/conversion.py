"""Turns our plain terms into Oxigraph's and back."""

from collections.abc import Mapping

import pyoxigraph as ox

from kmn_ld.engine.terms import BlankNode, Iri, Literal, Statement, Term
from kmn_ld.errors import QueryRefused

Substitutions = dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]
"""Variables and the terms that take their place."""

_SHOWN = 200
_DIRECTION = "--"
"""Joins language and base direction in a literal's `language` (RDF 1.2: `ar--rtl`)."""


def to_oxigraph(term: Term) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """Return Oxigraph's term for one of ours."""
    if isinstance(term, Iri):
        return ox.NamedNode(term.value)
    if isinstance(term, BlankNode):
        return ox.BlankNode(term.value)
    if not term.language:
        return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype))
    language, _, direction = term.language.partition(_DIRECTION)
    if not direction:
        return ox.Literal(term.value, language=language)
    return ox.Literal(
        term.value,
        language=language,
        direction=ox.BaseDirection(direction),
    )


def to_substitutions(bindings: Mapping[str, Term]) -> Substitutions:
    """Return Oxigraph's variables and terms for names and terms of ours."""
    return {ox.Variable(name): to_oxigraph(term) for name, term in bindings.items()}


def to_quad(statement: Statement) -> ox.Quad:
    """Return Oxigraph's quad for a statement."""
    subject: ox.NamedNode | ox.BlankNode = (
        ox.NamedNode(statement.subject.value)
        if isinstance(statement.subject, Iri)
        else ox.BlankNode(statement.subject.value)
    )
    graph = ox.DefaultGraph() if statement.graph is None else ox.NamedNode(statement.graph.value)
    return ox.Quad(
        subject,
        ox.NamedNode(statement.predicate.value),
        to_oxigraph(statement.object),
        graph,
    )


def to_term(term: object) -> Term:
    """Return our term for one of Oxigraph's.

    Raises QueryRefused for a triple term (RDF 1.2), which has no place in our data.
    """
    if isinstance(term, ox.NamedNode):
        return Iri(term.value)
    if isinstance(term, ox.Literal):
        language = term.language
        if language is None:
            return Literal(term.value, datatype=term.datatype.value)
        if term.direction is not None:
            language += _DIRECTION + str(term.direction)
        return Literal(term.value, language=language)
    if isinstance(term, ox.BlankNode):
        return BlankNode(term.value)
    raise QueryRefused("term-not-plain", term=_start_of(term))


def read_term(text: str) -> Term:
    """Return the term that a text in N-Triples is."""
    (quad,) = ox.parse(f"<x:s> <x:p> {text} .", format=ox.RdfFormat.N_TRIPLES)
    return to_term(quad.object)


def to_statement(quad: ox.Quad) -> Statement:
    """Return our statement for Oxigraph's quad; raises QueryRefused as `to_term`."""
    subject = to_term(quad.subject)
    if isinstance(subject, Literal):
        raise QueryRefused("term-not-plain", term=_start_of(quad.subject))
    name = quad.graph_name
    graph = Iri(name.value) if isinstance(name, ox.NamedNode) else None
    return Statement(subject, Iri(quad.predicate.value), to_term(quad.object), graph)


def _start_of(term: object) -> str:
    """Return a term as a reader may know it again, however long it is."""
    text = str(term)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
