"""Says on which line of a Turtle file a subject, property, value or blank node stands.

Follows the tokens of the text, whatever its layout, so that a finding has its line before the file
is formatted too. What is no Turtle is the parsers' business.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rdflib.compat import decodeUnicodeEscape

from kmn_ld.engine.parsing import ParsedGraph, parse_turtle
from kmn_ld.errors import SourceError, TurtleSyntaxError
from kmn_ld.vocab import PREFIXES

BLANK = "_:"
"""Stands for every blank node."""

_UNDECLARED = re.compile(r"The prefix ([\w.-]+): has not been declared")
_TYPE = PREFIXES["rdf"] + "type"
_TOKEN = re.compile(
    r'(?P<text>"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'(?:[^'\\\n]|\\.)*')"
    r"|(?P<comment>#[^\n]*)"
    r"|(?P<iri><[^<>\n]*>)"
    r"|(?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)"
    r"|(?P<blank>_:[\w.-]*[\w-])"
    r"|(?P<name>(?:[^\W\d_][\w.-]*)?:(?:[\w:%-]|\\.|\.(?=[\w:%\\-]))*)"
    r"|(?P<mark>\^\^|[;,()\[\]]|\.(?![0-9]))"
    r"|(?P<word>[+-]?(?:[0-9]*\.)?[0-9]+(?:[eE][+-]?[0-9]+)?|\w+)",
    re.DOTALL,
)


@dataclass(frozen=True)
class Mention:
    """One term of a statement: its place (from 1), and the statement as far as it is read.

    Subjects have neither predicate nor value, predicates no value; `datatype` marks the datatype
    IRI of a literal.
    """

    line: int
    column: int
    subject: str
    predicate: str = ""
    value: str = ""
    is_datatype: bool = False

    @property
    def term(self) -> str:
        """The IRI, blank node or lexical form that stands at the place."""
        return self.value or self.predicate or self.subject


@dataclass
class _Frame:
    """An open statement, blank node in brackets, or list."""

    subject: str = ""
    predicate: str = ""
    closing: str = ""


class Places:
    """The places of one text; the first one counts where something is said twice."""

    def __init__(self, text: str) -> None:
        self._mentions: dict[tuple[str, str, str], Mention] = {}
        for mention in _Walk(text).mentions():
            statement = (mention.subject, mention.predicate, mention.value)
            self._mentions.setdefault(statement, mention)

    def find(self, subject: str, predicate: str = "", value: str = "") -> Mention | None:
        """Return where a statement stands; without its value or predicate, as near as may be."""
        for wanted in ((subject, predicate, value), (subject, predicate, ""), (subject, "", "")):
            if wanted in self._mentions:
                return self._mentions[wanted]
        return None

    def of_term(self, term: str) -> Mention | None:
        """Return the first place of a term as a value or predicate, else as a subject."""
        found = [mention for mention in self._mentions.values() if mention.term == term]
        return next((mention for mention in found if mention.predicate), next(iter(found), None))


def parse(data: bytes, path: Path) -> ParsedGraph:
    """Parse a file of the sources; an error about a statement carries its line.

    Raises what `parse_turtle` raises.
    """
    try:
        return parse_turtle(data, path)
    except TurtleSyntaxError as error:
        match = _UNDECLARED.match(str(error.details.get("reason", "")))
        if match is None or match[1] not in PREFIXES:
            raise
        details = {name: error.details[name] for name in ("path", "line", "column")}
        line = f"PREFIX {match[1]}: <{PREFIXES[match[1]]}>"
        raise TurtleSyntaxError("turtle-prefix", declaration=line, **details) from error
    except SourceError as error:
        if "line" not in error.details:
            mention = _place(error, Places(data.decode("utf-8", "replace")))
            if mention:
                error.details.update(line=mention.line, column=mention.column)
        raise


def _place(error: SourceError, known: Places) -> Mention | None:
    """Return where the statement that an error names stands; a value in a list has no subject."""
    subject, predicate, value = (
        str(error.details.get(name, "")) for name in ("subject", "predicate", "object")
    )
    return known.find(subject, predicate, value) if subject else known.of_term(value or predicate)


class _Walk:
    """Reads a text from its start to its end."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.prefixes: dict[str, str] = {}
        self.declared: str | None = None
        self.frames = [_Frame()]

    def mentions(self) -> Iterator[Mention]:
        """Yield each subject, predicate, value and datatype."""
        line, start, last, is_datatype = 1, 0, 0, False
        for match in _TOKEN.finditer(self.text):
            breaks = self.text.count("\n", last, match.start())
            if breaks:
                line, start = line + breaks, self.text.rfind("\n", 0, match.start()) + 1
            last = match.start()
            place = (line, match.start() - start + 1)
            yield from self._read(str(match.lastgroup), match[0], place, is_datatype)
            is_datatype = match[0] == "^^"

    def _read(
        self, kind: str, token: str, place: tuple[int, int], is_datatype: bool
    ) -> Iterator[Mention]:
        if kind == "comment":
            return
        if self.declared is not None:
            self._declare(token)
        elif token.lower() in ("@prefix", "prefix", "@base", "base"):
            self.declared = ""
        elif kind == "mark":
            yield from self._mark(token, place)
        elif kind != "language":
            yield from self._term(self._value(kind, token), place, is_datatype=is_datatype)

    def _declare(self, token: str) -> None:
        """Keep a prefix; its IRI ends the declaration."""
        if token.startswith("<"):
            self.prefixes[self.declared or ""] = token[1:-1]
            self.declared = None
        else:
            self.declared = token

    def _value(self, kind: str, token: str) -> str:
        if kind == "iri":
            return token[1:-1]
        if kind == "name":
            prefix, _, local = token.partition(":")
            return self.prefixes.get(f"{prefix}:", f"{prefix}:") + local.replace("\\", "")
        if kind == "blank":
            return BLANK
        if kind == "text":
            quotes = 3 if token[:3] in ('"""', "'''") else 1
            return decodeUnicodeEscape(token[quotes:-quotes])
        frame = self.frames[-1]
        return _TYPE if token == "a" and frame.subject and not frame.predicate else token

    def _term(self, term: str, place: tuple[int, int], *, is_datatype: bool) -> Iterator[Mention]:
        frame = self.frames[-1]
        if not frame.subject:
            frame.subject = term
            yield Mention(*place, term)
        elif not frame.predicate:
            frame.predicate = term
            yield Mention(*place, frame.subject, term)
        else:
            yield Mention(*place, frame.subject, frame.predicate, term, is_datatype)

    def _mark(self, token: str, place: tuple[int, int]) -> Iterator[Mention]:
        frame = self.frames[-1]
        if token == "[":
            yield from self._term(BLANK, place, is_datatype=False)
            self.frames.append(_Frame(BLANK, closing="]"))
        elif token == "(":
            if not frame.subject:
                yield from self._term(BLANK, place, is_datatype=False)
            self.frames.append(_Frame(frame.subject, frame.predicate or BLANK, ")"))
        elif token == frame.closing:
            self.frames.pop()
        elif token == ";":
            frame.predicate = ""
        elif token == ".":
            self.frames = [_Frame()]
