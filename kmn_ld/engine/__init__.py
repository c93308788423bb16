"""Answers SPARQL; the only owner of Oxigraph and its term types."""

from kmn_ld.engine.datasets import dataset_kind, dataset_lines, graph_of, without_graph
from kmn_ld.engine.embedded import EmbeddedEngine
from kmn_ld.engine.interface import Engine, PublicAnswer, PublicQuery
from kmn_ld.engine.loading import convert, load_store
from kmn_ld.engine.querying import projected_variables, write_result
from kmn_ld.engine.selecting import Opening, open_engine
from kmn_ld.engine.serialising import serialise
from kmn_ld.engine.substituting import in_place_of_examples, with_values
from kmn_ld.engine.terms import BlankNode, Iri, Literal, Row, Statement, Term
from kmn_ld.engine.trusted import TrustedStore

__all__ = [
    "BlankNode",
    "EmbeddedEngine",
    "Engine",
    "Iri",
    "Literal",
    "Opening",
    "PublicAnswer",
    "PublicQuery",
    "Row",
    "Statement",
    "Term",
    "TrustedStore",
    "convert",
    "dataset_kind",
    "dataset_lines",
    "graph_of",
    "in_place_of_examples",
    "load_store",
    "open_engine",
    "projected_variables",
    "serialise",
    "with_values",
    "without_graph",
    "write_result",
]
