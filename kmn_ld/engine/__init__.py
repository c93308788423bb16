"""Answers SPARQL; the only owner of Oxigraph and its term types."""

from kmn_ld.engine.embedded import EmbeddedEngine, open_engine
from kmn_ld.engine.interface import Engine, PublicAnswer, PublicQuery
from kmn_ld.engine.loading import convert, load_store, write_sorted
from kmn_ld.engine.parsing import read_dataset
from kmn_ld.engine.querying import projected_variables, write_result
from kmn_ld.engine.serialising import serialise
from kmn_ld.engine.terms import BlankNode, Iri, Literal, Row, Statement, Term
from kmn_ld.engine.trusted import TrustedStore

__all__ = [
    "BlankNode",
    "EmbeddedEngine",
    "Engine",
    "Iri",
    "Literal",
    "PublicAnswer",
    "PublicQuery",
    "Row",
    "Statement",
    "Term",
    "TrustedStore",
    "convert",
    "load_store",
    "open_engine",
    "projected_variables",
    "read_dataset",
    "serialise",
    "write_result",
    "write_sorted",
]
