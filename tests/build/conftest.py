"""A copy of the shipped sources that a test may spoil, and a release made of it before."""

import hashlib
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from kmn_ld.cli import main

REPOSITORY = Path(__file__).parents[2]
FOLDERS = ("ontology", "data", "shapes", "queries")


@pytest.fixture(scope="session")
def first_release(tmp_path_factory):
    """Return a folder with a release of the shipped sources."""
    folder = tmp_path_factory.mktemp("first")
    _copy(REPOSITORY, folder / "sources")
    result = CliRunner().invoke(main, ["build", *_options(folder)])
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def workplace(first_release, tmp_path):
    """Return a fresh copy of sources and releases."""
    shutil.copytree(first_release, tmp_path / "w", symlinks=True)
    return Workplace(tmp_path / "w")


class Workplace:
    """Sources that may be spoilt, and the releases beside them."""

    def __init__(self, folder):
        self.folder, self.sources, self.releases = folder, folder / "sources", folder / "releases"

    def run(self, *arguments, language="en"):
        """Run a command on this workplace; an exception that escapes fails the test."""
        options = _options(self.folder) if arguments[0] in ("build", "check") else []
        words = [*arguments, *options]
        return CliRunner().invoke(main, [*words, "--lang", language], catch_exceptions=False)

    def file(self, pattern):
        """Return the first file of the sources that matches."""
        return sorted(self.sources.glob(pattern))[0]

    def organisation(self, slug):
        """Return the file of an organisation by its slug in the source tables."""
        wanted = f'"{slug}"^^kmn:factsSlug'
        return next(
            path
            for path in self.sources.glob("data/organisations/*.ttl")
            if wanted in path.read_text("utf-8")
        )

    def state(self):
        """Return what a server would read: `current` and a digest of every file."""
        files = sorted(p for p in (self.releases / "current").resolve().rglob("*") if p.is_file())
        digests = [(p.name, hashlib.sha256(p.read_bytes()).hexdigest()) for p in files]
        return (self.releases / "current").readlink(), digests


def _copy(source, target):
    for name in FOLDERS:
        shutil.copytree(source / name, target / name)


def _options(folder):
    return ["--sources", str(folder / "sources"), "--releases", str(folder / "releases")]
