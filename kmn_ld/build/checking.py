"""Checks the sources as a build does, without making a release."""

import tempfile
from pathlib import Path

from kmn_ld import releases
from kmn_ld.build.preparing import prepare
from kmn_ld.build.progress import Progress, Steps
from kmn_ld.config import Settings
from kmn_ld.validation.findings import Finding


def check_sources(settings: Settings, progress: Progress) -> list[Finding]:
    """Return all findings, those that forbid a release first.

    Raises SourceError where there is nothing to check.
    """
    before = releases.newest(settings.releases, "sources")
    with tempfile.TemporaryDirectory(prefix="kmn-ld-check-", ignore_cleanup_errors=True) as folder:
        return prepare(settings, Path(folder), before, Steps(progress)).findings
