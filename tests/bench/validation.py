"""How long checks take: of the shipped sources, and after a change among many organisations."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from kmn_ld import releases
from tests.bench import networks
from tests.bench.measures import REPOSITORY, ROUNDS, Row, kmn, median, seconds_of, times

ORGANISATIONS = 10_000


def check_shipped(folder: Path) -> list[Row]:
    """Compare `kmn-ld check` with pySHACL on the same graphs, process against process."""
    target = folder / "check-releases"
    subprocess.run(
        kmn("build", "--sources", REPOSITORY, "--releases", target), check=True, capture_output=True
    )
    check = kmn("check", "--sources", REPOSITORY, "--releases", target)
    bare = [sys.executable, "-m", "tests.bench.bare", str((target / "current").resolve())]
    seconds_of(check)
    ratios, whole = [], []
    for _ in range(ROUNDS):
        ours = seconds_of(check)
        whole.append(ours)
        ratios.append(ours / seconds_of(bare))
    return [
        Row("check of the shipped sources", f"{median(whole):.2f} s"),
        Row("… against bare pySHACL", times(ratios), "≤ 2.5 ×"),
    ]


def change_among_many(folder: Path) -> list[Row]:
    """Change one organisation of many and compare validating that with validating all.

    Measured is the time of all processors: pySHACL alone takes minutes, in which others disturb.
    """
    place, target = folder / "many", folder / "many-releases"
    networks.write_sources(REPOSITORY, place, ORGANISATIONS * networks.TRIPLES_PER_ORGANISATION)
    subprocess.run(
        kmn("build", "--sources", place, "--releases", target), check=True, capture_output=True
    )
    before = releases.current(target).path(releases.CONTENT)
    _spoil_one(place)
    runs = {way: _validate(way, place, before) for way in ("changed", "compiled", "bare")}
    if any(run["results"] != runs["bare"]["results"] for run in runs.values()):
        raise RuntimeError("the ways of validating have found different things")
    took = {way: run["seconds"] for way, run in runs.items()}
    peaks = {way: run["peak"] for way, run in runs.items()}
    return [
        Row(
            f"shapes after a change of one among {ORGANISATIONS:,} organisations, processor time",
            f"{took['changed']:.1f} s, {peaks['changed']:.0f} MiB",
        ),
        Row(
            "… against pySHACL over the whole, same findings",
            f"{took['changed'] / took['bare']:.3f} × "
            f"({took['bare']:.0f} s, {peaks['bare']:.0f} MiB)",
            "≤ 0.1 ×",
        ),
        Row(
            "… against the compiled shapes over the whole, without a change",
            f"{took['changed'] / took['compiled']:.2f} × ({took['compiled']:.1f} s)",
        ),
    ]


def _spoil_one(place: Path) -> None:
    """Give one made-up organisation a mailbox that is none: that breaks a shape."""
    path = max(
        place.glob("data/organisations/*.ttl"),
        key=lambda path: "made-up-" in path.read_text("utf-8"),
    )
    text = path.read_text("utf-8")
    path.write_text(text.replace('"info@', '"no mailbox, info@'), "utf-8")


def _validate(way: str, place: Path, before: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.validating", way, str(place), str(before)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result
