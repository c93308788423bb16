"""Answers SPARQL; the only owner of Oxigraph and its term types."""
