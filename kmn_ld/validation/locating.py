"""Finds the file and the line of the record that a finding is about."""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from kmn_ld import turtle
from kmn_ld.validation.findings import Finding
from kmn_ld.validation.places import Places
from kmn_ld.validation.reading import Reading


def locate_findings(
    findings: Iterable[Finding], reading: Reading, sources: Path
) -> Iterator[Finding]:
    """Yield the findings with path and line of their record filled in where they lack them.

    The record is the focus node; in a rule over all records, which has no path, the value node.
    """

    @cache
    def known(name: str) -> Places:
        return Places(turtle.read_text(sources / name))

    for finding in findings:
        is_over_all = not finding.result_path and finding.value in reading.described_in
        record = finding.value if is_over_all and not finding.path else finding.focus
        file = reading.described_in.get(record)
        name = finding.path or (file.name if file else "")
        if finding.line is None and record and name.endswith(".ttl"):
            place = known(name).find(record, finding.result_path, finding.value)
            yield finding.at(name, place.line if place else None)
        else:
            yield finding
