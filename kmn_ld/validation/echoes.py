"""Leaves out what shapes and checks say about a fault that another finding has told already."""

from collections.abc import Iterable, Iterator, Sequence

from kmn_ld import turtle
from kmn_ld.validation.findings import Finding
from kmn_ld.validation.reading import Reading
from kmn_ld.validation.terms import OURS, nearest

_OF_LINKS = ("link-", "iri-")
"""Starts of rules about an IRI that leads nowhere."""


def without_repetitions(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield findings but those of rules over all records that repeat what a record's shape says.

    Such a rule has no path; the record is its value, and its text names the property.
    """
    found = list(findings)
    told = {(one.focus, turtle.shorten(one.result_path)) for one in found if one.result_path}
    properties: dict[str, set[str]] = {}
    for focus, name in told:
        properties.setdefault(focus, set()).add(name)
    for finding in found:
        names = () if finding.result_path else properties.get(finding.value, ())
        if not any(name in finding.text("en") for name in names):
            yield finding


def without_echoes(
    found: Iterable[Finding], told: Sequence[Finding], reading: Reading
) -> Iterator[Finding]:
    """Yield findings but those that only repeat one that is told: one fault, one finding.

    Those are about an IRI that leads nowhere, and about a property that a file lacks because it
    spells it differently.
    """
    nowhere = {one.value for one in told if one.rule.startswith(_OF_LINKS)}
    nowhere |= {one.focus for one in told if one.rule == "iri-lost"}
    ours = [iri for iri in reading.described_in if iri.startswith(OURS)]
    meant = {(one.path, nearest(one.value, ours)) for one in told if one.rule == "term-unknown"}
    for finding in found:
        file = reading.described_in.get(finding.focus)
        is_misspelt = file is not None and (file.name, finding.result_path) in meant
        if not is_misspelt and nowhere.isdisjoint((finding.focus, finding.value)):
            yield finding
