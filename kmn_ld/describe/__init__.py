"""Collects what is said about one resource, or in one named graph, ready to be shown.

Descriptions hold every language; who shows them picks with `best_name`. Labels of properties come
from the ontology in the store, those of outside vocabularies from the message catalogues.
"""

from kmn_ld.describe.model import (
    Attribution,
    Description,
    GraphDescription,
    Group,
    Incoming,
    Part,
    Property,
    Value,
)
from kmn_ld.describe.names import Names, best_name, expand, labels_of, shorten, sort_key
from kmn_ld.describe.reading import all_attributions, describe, describe_graph
from kmn_ld.describe.terms import (
    CodeList,
    Module,
    ReusedVocabulary,
    TermDescription,
    Vocabulary,
)
from kmn_ld.describe.vocabulary import read_vocabulary

__all__ = [
    "Attribution",
    "CodeList",
    "Description",
    "GraphDescription",
    "Group",
    "Incoming",
    "Module",
    "Names",
    "Part",
    "Property",
    "ReusedVocabulary",
    "TermDescription",
    "Value",
    "Vocabulary",
    "all_attributions",
    "best_name",
    "describe",
    "describe_graph",
    "expand",
    "labels_of",
    "read_vocabulary",
    "shorten",
    "sort_key",
]
