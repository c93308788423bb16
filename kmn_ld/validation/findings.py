"""The finding: what a check has to say, where, in both languages."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from kmn_ld import messages
from kmn_ld.errors import KmnError
from kmn_ld.turtle import shorten
from kmn_ld.vocab import PREFIXES

VIOLATION, WARNING, INFO = "violation", "warning", "info"
SEVERITIES = (VIOLATION, WARNING, INFO)
_STRING = PREFIXES["xsd"] + "string"
_BARE = {PREFIXES["xsd"] + name for name in ("integer", "decimal", "boolean")}
"""Datatypes whose values stand in Turtle without quotation marks."""


@dataclass(frozen=True)
class Finding:
    """One result of a check.

    `rule` is a message key or the IRI of a shape; `message` is language → text; `path` is relative
    to the sources; `line` and `column` count from 1; `focus`, `result_path` and `value` are the
    focus node, result path and value node of SHACL (IRIs or lexical forms); `component` is the IRI
    of the constraint component, empty for rules that are no shapes; `value_type` is the datatype
    IRI of a literal value, or its language as `@de`.
    """

    severity: str
    rule: str
    message: Mapping[str, str] = field(hash=False)
    path: str = ""
    line: int | None = None
    column: int | None = None
    focus: str = ""
    result_path: str = ""
    value: str = ""
    component: str = ""
    value_type: str = ""

    @property
    def place(self) -> str:
        """File, line and column as editors and terminals understand them."""
        numbers = [str(number) for number in (self.line, self.column) if number is not None]
        return ":".join([self.path, *numbers]) if self.path else ""

    @property
    def shown_value(self) -> str:
        """The value as it stands in Turtle; an IRI as it is."""
        if not self.value_type or self.value_type in _BARE:
            return self.value
        text = self.value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        tag = self.value_type if self.value_type[0] == "@" else f"^^{shorten(self.value_type)}"
        return f'"{text}"' + ("" if self.value_type == _STRING else tag)

    @property
    def shown_path(self) -> str:
        """The result path as a prefixed name."""
        return shorten(self.result_path) if self.result_path else ""

    def at(self, path: str, line: int | None) -> "Finding":
        """Return the finding with its place filled in."""
        return replace(self, path=path, line=line)

    def text(self, language: str) -> str:
        """Return the message in a language, or in another where it has none."""
        return self.message.get(language) or next(iter(self.message.values()), self.rule)

    def hinting(self, hint: str, **details: Any) -> "Finding":
        """Return the finding with the sentence `[hints]` of this name behind its message."""
        more = messages.in_all_languages(f"hints.{hint}", **details)
        texts = {tag: f"{text} {more[tag]}" for tag, text in self.message.items()}
        return replace(self, message=texts)

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as JSON knows it."""
        return asdict(self)


def type_of(value: Any) -> str:
    """Return datatype or `@language` of a literal of the engine or of rdflib; of others nothing."""
    if not hasattr(value, "datatype"):
        return ""
    return f"@{value.language}".lower() if value.language else str(value.datatype or _STRING)


def violation(rule: str, /, **details: Any) -> Finding:
    """Return a violation with the text of `[errors.<rule>]`.

    The details `path`, `line`, `column`, `focus`, `result_path` and `value` also fill the fields.
    """
    return _finding(VIOLATION, rule, details)


def note(rule: str, /, **details: Any) -> Finding:
    """Return a note with the text of `[errors.<rule>]` (see `violation`)."""
    return _finding(INFO, rule, details)


def _finding(severity: str, rule: str, details: Mapping[str, Any]) -> Finding:
    fields = {
        name: value
        for name, value in details.items()
        if name in ("path", "line", "column", "focus", "result_path", "value")
    }
    texts = messages.in_all_languages(f"errors.{rule}.text", **details)
    return Finding(severity, rule, texts, **fields)


UNCHECKED = "unchecked-"
"""Start of the rule of a note that says what was not checked."""


def unchecked(rule: str, /) -> Finding:
    """Return the note `[errors.<rule>]` that something was not checked, and why."""
    return note(rule)


def is_unchecked(finding: Finding) -> bool:
    """Return whether a finding says that something was not checked."""
    return finding.rule.startswith(UNCHECKED)


def from_error(error: KmnError, sources: Path) -> Finding:
    """Return an error in a file of the sources as a finding."""
    details = dict(error.details)
    path = details.get("path")
    if isinstance(path, Path):
        details["path"] = relative(path, sources)
    return violation(error.key, **details)


def relative(path: Path, sources: Path) -> str:
    """Return a path as it is shown: below the sources where it lies there."""
    try:
        return path.relative_to(sources).as_posix()
    except ValueError:
        return path.as_posix()


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings by severity, then place, without repetitions; missing files come first."""
    return sorted(
        dict.fromkeys(findings),
        key=lambda f: (
            SEVERITIES.index(f.severity),
            _rank(f),
            f.path,
            f.line or 0,
            f.focus,
            f.rule,
            f.value,
        ),
    )


def _rank(finding: Finding) -> int:
    return 0 if finding.rule.startswith("file-missing") else 1


def counts(findings: Iterable[Finding]) -> dict[str, int]:
    """Return severity → number of findings, for every severity."""
    found = Counter(finding.severity for finding in findings if not is_unchecked(finding))
    return {severity: found[severity] for severity in SEVERITIES}


def violations(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that forbid a release."""
    return [finding for finding in findings if finding.severity == VIOLATION]
