"""Reads all Turtle files of the sources into lines per named graph, and notes who says what."""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kmn_ld import turtle
from kmn_ld.engine.parsing import CONTROL, label_lists, to_lines
from kmn_ld.errors import SourceError
from kmn_ld.iris import document_of
from kmn_ld.sources import SourceFile, misnamed_files
from kmn_ld.validation import places
from kmn_ld.validation.findings import Finding, from_error, relative, violation
from kmn_ld.validation.terms import Suspects
from kmn_ld.vocab import BASE

_OURS = f"<{BASE}"
_RECENT = 100
"""Findings among which repetitions are looked for: those of one file stand together."""


@dataclass
class Reading:
    """What the files say.

    `graphs` is named graph IRI → N-Triples lines; `drafts` the same for files that are checked but
    not loaded; `described_in` is subject IRI → file; `mentioned_in` is IRI of ours → first file
    that names it as predicate or object; `links` is thing or part → parts that it points at;
    `draft_names` are names of files that are not loaded; `suspects` are terms that no list holds;
    `unread` are files that could not be read, `missing` files that should be there.
    """

    files: list[SourceFile] = field(default_factory=list)
    graphs: dict[str, list[str]] = field(default_factory=dict)
    drafts: dict[str, list[str]] = field(default_factory=dict)
    described_in: dict[str, SourceFile] = field(default_factory=dict)
    mentioned_in: dict[str, SourceFile] = field(default_factory=dict)
    links: dict[str, set[str]] = field(default_factory=dict)
    draft_names: set[str] = field(default_factory=set)
    suspects: Suspects = field(default_factory=Suspects)
    unread: list[SourceFile] = field(default_factory=list)
    missing: list[SourceFile] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def may_be_unread(self, iri: str) -> bool:
        """Return whether a file that could not be read, or is missing, may describe this."""
        return any(file.may_describe(iri) for file in (*self.unread, *self.missing))


def read(
    files: Iterable[SourceFile],
    sources: Path,
    is_draft: Callable[[SourceFile], bool],
    progress: Callable[[int], None] = lambda count: None,
) -> Reading:
    """Read the files; what is wrong with one of them becomes a finding and the next is read."""
    reading = Reading()
    for path in misnamed_files(sources):
        reading.findings.append(
            violation("file-ending", path=relative(path, sources), ending=".ttl")
        )
    lists: dict[str, list[Any]] = {}
    draft_lists: dict[str, list[Any]] = {}
    for number, file in enumerate(files, start=1):
        reading.files.append(file)
        try:
            draft = is_draft(file)
            _read_file(file, reading, draft_lists if draft else lists, draft)
        except SourceError as error:
            reading.unread.append(file)
            reading.findings.append(from_error(error, sources))
        progress(number)
    for graph, lines in label_lists(lists).items():
        reading.graphs.setdefault(graph, []).extend(lines)
    for graph, triples in draft_lists.items():  # never loaded: labels of one run do
        reading.drafts.setdefault(graph, []).extend(to_lines(triples))
    return reading


def read_alone(file: SourceFile, sources: Path) -> Reading:
    """Read a file that is checked among the others but belongs to no graph."""
    reading = Reading(files=[file])
    lists: dict[str, list[Any]] = {}
    try:
        _read_file(file, reading, lists, False)
    except SourceError as error:
        reading.unread.append(file)
        reading.findings.append(from_error(error, sources))
    for graph, triples in lists.items():  # never loaded: labels of one run do
        reading.graphs.setdefault(graph, []).extend(to_lines(triples))
    return reading


def _read_file(
    file: SourceFile, reading: Reading, lists: dict[str, list[Any]], draft: bool
) -> None:
    data = _bytes(file.path)
    _check_text(data, file)
    parsed = places.parse(data, file.path)
    if not parsed.lines and not parsed.list_triples:
        raise SourceError("file-empty", path=file.path)
    if draft:
        reading.draft_names.add(file.name)
    target = reading.drafts if draft else reading.graphs
    target.setdefault(file.graph, []).extend(parsed.lines)
    lists.setdefault(file.graph, []).extend(parsed.list_triples)
    for line in parsed.lines:
        _note(line, file, reading)
    for line in to_lines(parsed.list_triples):
        _note_terms(line, file, reading)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SourceError("file-unreadable", path=path, reason=error.strerror or "") from error


def _check_text(data: bytes, file: SourceFile) -> None:
    """UTF-8, no control characters (they break XML results), composed characters (NFC)."""
    text = turtle.decode(data, file.path)
    match = CONTROL.search(text)
    if match:
        line, column = turtle.position(text[: match.start()])
        raise SourceError("control-character", path=file.path, line=line, column=column)
    if not unicodedata.is_normalized("NFC", text):
        number = next(
            n
            for n, row in enumerate(text.split("\n"), 1)
            if not unicodedata.is_normalized("NFC", row)
        )
        raise SourceError("not-composed", path=file.path, line=number)


def _note(line: str, file: SourceFile, reading: Reading) -> None:
    """Enter one N-Triples line into the indexes."""
    subject, _, object_ = line.split(" ", 2)
    subject = subject[1:-1]
    known = reading.described_in.setdefault(subject, file)
    if (known is not file or not file.may_describe(subject)) and not _is_free(file):
        _add_foreign(_foreign(subject, file, known), reading)
    _note_terms(line, file, reading)
    iri = object_[1:-3]
    if object_.startswith(_OURS) and "#" in iri and document_of(iri) == document_of(subject):
        reading.links.setdefault(subject, set()).add(iri)


def _note_terms(line: str, file: SourceFile, reading: Reading) -> None:
    """Enter the IRIs of one N-Triples line, the datatype too."""
    subject, predicate, object_ = line.split(" ", 2)
    start = object_.rfind("<") if object_.endswith("> .") else 0  # an IRI, or its datatype's
    value = object_[start + 1 : -3] if object_[start] == "<" else ""
    for iri in (predicate[1:-1], value):
        if iri.startswith(BASE):
            _mention(iri, file, reading)
    reading.suspects.note(subject[1:-1], predicate[1:-1], value, file)


def _mention(iri: str, file: SourceFile, reading: Reading) -> None:
    """Keep the first file that names an IRI; one that is about something else counts more."""
    known = reading.mentioned_in.get(iri)
    if known is None or known.about == document_of(iri):
        reading.mentioned_in[iri] = file


def _is_free(file: SourceFile) -> bool:
    """The ontology and the shapes may be spread over files as their authors like."""
    return not file.about or file.name.startswith(("ontology/", "shapes/"))


def _add_foreign(finding: Finding, reading: Reading) -> None:
    """Keep the finding unless the file has one about this thing or another part of it."""
    told = {(one.rule, one.path, document_of(one.focus)) for one in reading.findings[-_RECENT:]}
    if (finding.rule, finding.path, document_of(finding.focus)) not in told:
        reading.findings.append(finding)


def _foreign(subject: str, file: SourceFile, known: SourceFile) -> Finding:
    if known is not file:
        return violation("described-twice", path=file.name, focus=subject, other=known.name)
    return violation("subject-misplaced", path=file.name, focus=subject, about=file.about)
