"""Leaves out what shapes and checks say about a fault that another finding has told already."""

from collections.abc import Iterable, Iterator, Sequence

from kmn_ld.validation.findings import Finding
from kmn_ld.validation.reading import Reading
from kmn_ld.validation.terms import OURS, nearest

_OF_LINKS = ("link-", "iri-")
"""Starts of rules about an IRI that leads nowhere."""


def without_echoes(
    found: Iterable[Finding], told: Sequence[Finding], reading: Reading
) -> Iterator[Finding]:
    """Yield findings but those that only repeat one that is told: one fault, one finding.

    Those are about an IRI that leads nowhere, and about a property that a file lacks because it
    spells it differently.
    """
    nowhere = {one.value for one in told if one.rule.startswith(_OF_LINKS)}
    ours = [iri for iri in reading.described_in if iri.startswith(OURS)]
    meant = {(one.path, nearest(one.value, ours)) for one in told if one.rule == "term-unknown"}
    for finding in found:
        file = reading.described_in.get(finding.focus)
        is_misspelt = file is not None and (file.name, finding.result_path) in meant
        if not is_misspelt and nowhere.isdisjoint((finding.focus, finding.value)):
            yield finding
