"""Checks the sources as a build does, without making a release."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from kmn_ld import releases
from kmn_ld.build.preparing import prepare
from kmn_ld.build.progress import Progress, Steps
from kmn_ld.config import Settings
from kmn_ld.releases import Release
from kmn_ld.validation.findings import Finding


@dataclass(frozen=True)
class Checked:
    """All findings, those that forbid a release first, and the newest release of sources."""

    findings: list[Finding]
    before: Release | None


def check_sources(settings: Settings, progress: Progress) -> Checked:
    """Return what a build would find.

    Raises SourceError where there is nothing to check.
    """
    before = releases.newest(settings.releases, "sources")
    with tempfile.TemporaryDirectory(prefix="kmn-ld-check-", ignore_cleanup_errors=True) as folder:
        return Checked(prepare(settings, Path(folder), before, Steps(progress)).findings, before)
