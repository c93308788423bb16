"""Knows the data sets of others that links are counted into (`targets.toml`)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Target:
    """A data set: where its IRIs begin, its name, its home page."""

    space: str
    title: str
    page: str


@cache
def targets() -> Mapping[str, Target]:
    """Return name → data set."""
    text = Path(__file__).with_name("targets.toml").read_text(encoding="utf-8")
    return {name: Target(**entry) for name, entry in tomllib.loads(text).items()}
