"""Builds and asks the index of what can be found (design: engine 6, identifiers 0.7).

Texts are folded the same way in the index and in questions (`folding`); what counts as one
another is data (`thesaurus.toml`); FTS5 finds, an own ranking orders (decision 17).
"""

from kmn_ld.search.asking import Answer, Count, Hit, Question, ask, suggest
from kmn_ld.search.collecting import collect
from kmn_ld.search.documents import FACETS, TYPES, About, Choice, Contents, Document
from kmn_ld.search.folding import words
from kmn_ld.search.index import Found, Index
from kmn_ld.search.snippets import Snippet, marked
from kmn_ld.search.spelling import Meaning
from kmn_ld.search.writing import write_index

__all__ = [
    "FACETS",
    "TYPES",
    "About",
    "Answer",
    "Choice",
    "Contents",
    "Count",
    "Document",
    "Found",
    "Hit",
    "Index",
    "Meaning",
    "Question",
    "Snippet",
    "ask",
    "collect",
    "marked",
    "suggest",
    "words",
    "write_index",
]
