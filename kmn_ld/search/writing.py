"""Writes the index: one SQLite file, the same bytes for the same contents.

texts      FTS5 over stems: `names`, what they count as (`also`), `places`, `about`; its rowid is
           the number of the document. Documents are numbered so that the likeliest come first:
           by type, then by the length of their names. A query that ranks nothing is ranked so.
documents  as JSON what is shown, and what results are ranked by: type, and stems of each name
           and of the other columns (`ranked`)
words      each folded word: as it is written, its stem, and in how many documents it stands
letters    FTS5 over the trigrams of `words`, for typing mistakes and parts of compounds
codes      ids and keys, folded and without blanks → number, or the IRI that an id has moved to
facets     facet and value → the documents that have it, one bit each, the lowest the number 0
"""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kmn_ld.engine.terms import Literal
from kmn_ld.search.documents import TYPES, Choice, Contents, Document
from kmn_ld.search.folding import joined, spelled, stem, stems, words
from kmn_ld.search.thesaurus import also

VERSION = 1
"""Of the tables; kept as `user_version`."""

EDGE = "^"
"""Marks both ends of a word among the trigrams; no word has it."""

_TABLES = f"""
PRAGMA page_size = 4096;
PRAGMA user_version = {VERSION};
CREATE VIRTUAL TABLE texts USING fts5(
    names, also, places, about, content = '', detail = column, tokenize = 'ascii', prefix = '2 3'
);
CREATE TABLE documents (
    number INTEGER PRIMARY KEY, iri TEXT NOT NULL, shown TEXT NOT NULL, ranked TEXT NOT NULL
);
CREATE TABLE words (
    number INTEGER PRIMARY KEY, word TEXT NOT NULL, written TEXT NOT NULL, stem TEXT NOT NULL,
    documents INTEGER NOT NULL
);
CREATE UNIQUE INDEX words_by_word ON words (word);
CREATE INDEX words_by_stem ON words (stem);
CREATE VIRTUAL TABLE letters USING fts5(
    word, content = '', tokenize = 'trigram case_sensitive 1'
);
CREATE TABLE codes (
    code TEXT NOT NULL, number INTEGER, moved TEXT, PRIMARY KEY (code, number)
) WITHOUT ROWID;
CREATE TABLE facets (
    facet TEXT NOT NULL, value TEXT NOT NULL, iri TEXT NOT NULL, names TEXT NOT NULL,
    bits BLOB NOT NULL, PRIMARY KEY (facet, value)
) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class _Entry:
    """A document, the stems of each of its names, and those of each column, set apart by spaces."""

    document: Document
    names: tuple[str, ...]
    columns: tuple[str, str, str, str]


def write_index(path: Path, contents: Contents) -> None:
    """Write the index of what can be found to a new file."""
    ordered = sorted(contents.documents, key=_rank)
    entries = [_entry(document) for document in ordered]
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("PRAGMA journal_mode = OFF")
        file.execute("PRAGMA synchronous = OFF")
        file.executescript(_TABLES)
        file.execute("BEGIN")
        _write_documents(file, entries)
        _write_words(file, entries)
        _write_codes(file, ordered, contents)
        _write_facets(file, ordered, contents)
        file.execute("INSERT INTO texts (texts) VALUES ('optimize')")
        file.execute("INSERT INTO letters (letters) VALUES ('optimize')")
        file.execute("COMMIT")
        file.execute("VACUUM")


def code_of(text: str) -> str:
    """Return an id or a key as it is looked up: folded, without blanks, hyphens and the like."""
    return "".join(words(text))


def _rank(document: Document) -> tuple[int, int, str, str]:
    texts = [words(name.value) for name in (*document.names, *document.others)]
    shortest = min(texts, key=len, default=[])
    return TYPES.index(document.type), len(shortest), " ".join(shortest), document.iri


def _entry(document: Document) -> _Entry:
    texts = [name.value for name in (*document.names, *document.others)]
    named = [stems(text) for text in texts]
    columns = (
        [one for stems_of_name in named for one in stems_of_name],
        [one for text in texts for one in (*also(stems(text)), *joined(text))],
        [one for text in document.places for one in _with_others(text)],
        [one for entry in document.about for one in _with_others(entry.text)],
    )
    names, more, places, about = (" ".join(dict.fromkeys(column)) for column in columns)
    distinct = tuple(dict.fromkeys(" ".join(text) for text in named))
    return _Entry(document, distinct, (names, more, places, about))


@lru_cache(maxsize=16_384)
def _with_others(text: str) -> tuple[str, ...]:
    """Return the stems of a text and what it counts as having; places and kinds come often."""
    roots = stems(text)
    return (*roots, *also(roots))


def _write_documents(file: sqlite3.Connection, entries: Sequence[_Entry]) -> None:
    file.executemany(
        "INSERT INTO documents VALUES (?, ?, ?, ?)",
        (
            (number, entry.document.iri, _shown(entry.document), _ranked(entry))
            for number, entry in enumerate(entries)
        ),
    )
    file.executemany(
        "INSERT INTO texts (rowid, names, also, places, about) VALUES (?, ?, ?, ?, ?)",
        ((number, *entry.columns) for number, entry in enumerate(entries)),
    )


def _shown(document: Document) -> str:
    """Return what is known of a document when it was found."""
    values = {
        "type": document.type,
        "names": _pairs(document.names),
        "others": _pairs(document.others),
        "places": document.places,
        "about": [(entry.field, entry.text, entry.language) for entry in document.about],
        "active": document.is_active,
    }
    return _json(values)


def _ranked(entry: _Entry) -> str:
    return _json([entry.document.type, list(entry.names), *entry.columns[1:]])


def _write_words(file: sqlite3.Connection, entries: Iterable[_Entry]) -> None:
    texts: Counter[str] = Counter()
    written: defaultdict[str, Counter[str]] = defaultdict(Counter)
    sought: set[str] = set()
    for entry in entries:
        texts.update(_texts(entry.document))
        sought.update(*(column.split() for column in entry.columns[1:]))
    for text, count in texts.items():
        for word, spelling in spelled(text):
            written[word][spelling] += count
    for one in sought.difference(map(stem, written)):  # what no text spells, as abbreviations
        written[one][one] = 0
    found = sorted(written.items())
    file.executemany(
        "INSERT INTO words VALUES (?, ?, ?, ?, ?)",
        (
            (number, word, _usual(spellings), *_stem_and_count(word, spellings))
            for number, (word, spellings) in enumerate(found)
        ),
    )
    file.executemany(
        "INSERT INTO letters (rowid, word) VALUES (?, ?)",
        (
            (number, f"{EDGE}{word}{EDGE}")
            for number, (word, _) in enumerate(found)
            if not word.isdigit()
        ),
    )


def _stem_and_count(word: str, spellings: Counter[str]) -> tuple[str, int]:
    """Return the stem of a word and how often it is spelled; what no text spells is a stem."""
    count = spellings.total()
    return (stem(word) if count else word), count


def _texts(document: Document) -> Iterator[str]:
    for name in (*document.names, *document.others):
        yield name.value
    yield from document.places
    for entry in document.about:
        yield entry.text


def _usual(spellings: Counter[str]) -> str:
    """Return how a word is mostly written; a capital is likelier than none."""
    return min(spellings, key=lambda one: (-spellings[one], one))


def _write_codes(
    file: sqlite3.Connection, documents: Iterable[Document], contents: Contents
) -> None:
    codes = {
        (code_of(code), number)
        for number, entry in enumerate(documents)
        for code in entry.codes
        if len(code_of(code)) > 1
    }
    file.executemany("INSERT INTO codes VALUES (?, ?, NULL)", sorted(codes))
    moved = ((code_of(key), -1, iri) for key, iri in sorted(contents.moved.items()))
    file.executemany("INSERT INTO codes VALUES (?, ?, ?)", moved)


def _write_facets(
    file: sqlite3.Connection, documents: Sequence[Document], contents: Contents
) -> None:
    size = len(documents) // 8 + 1
    bits: dict[tuple[str, str], bytearray] = {("inactive", ""): bytearray(size)}
    for number, entry in enumerate(documents):
        having = [(facet, value) for facet, values in entry.facets.items() for value in values]
        for key in having if entry.is_active else [*having, ("inactive", "")]:
            bits.setdefault(key, bytearray(size))[number >> 3] |= 1 << (number & 7)
    known = {
        (facet, choice.value): choice
        for facet, choices in contents.choices.items()
        for choice in choices
    }
    for (facet, value), found in sorted(bits.items()):
        choice = known.get((facet, value), Choice(value))
        file.execute(
            "INSERT INTO facets VALUES (?, ?, ?, ?, ?)",
            (facet, value, choice.iri, _json(_pairs(choice.names)), bytes(found)),
        )


def _pairs(names: Iterable[Literal]) -> list[tuple[str, str]]:
    return [(name.value, name.language) for name in names]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
