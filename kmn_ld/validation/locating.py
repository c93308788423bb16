"""Finds the file and the line of the record that a finding is about."""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from kmn_ld import turtle
from kmn_ld.validation.findings import Finding
from kmn_ld.validation.reading import Reading


def locate_findings(
    findings: Iterable[Finding], reading: Reading, sources: Path
) -> Iterator[Finding]:
    """Yield the findings with path and line of their focus node filled in where they lack them."""

    @cache
    def text(name: str) -> str:
        return turtle.read_text(sources / name)

    for finding in findings:
        file = reading.described_in.get(finding.focus)
        if finding.path or file is None:
            yield finding
        else:
            line = turtle.locate(text(file.name), finding.focus, finding.result_path or None)
            yield finding.at(file.name, line)
