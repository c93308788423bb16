"""Tries the queries that must return nothing on data with and without their flaw."""

from pathlib import Path

import pyoxigraph as ox
import pytest

CHECKS = Path(__file__).parents[1] / "queries" / "checks"
ORG = "https://w3id.org/kmn-ld/id/org/k7x2qf96"
SOURCE = "https://w3id.org/kmn-ld/id/source/beispiel"
HEAD = """
PREFIX kmn: <https://w3id.org/kmn-ld/def#>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX g: <https://w3id.org/kmn-ld/graph/>
"""
RECORD = f"<{ORG}> a org:Organization ; org:classification <https://example.org/kind> ."
USED = f"<{ORG}> prov:hadPrimarySource <{SOURCE}> ."
CASES = {
    "organisation-incomplete": (
        f"g:organisations {{ {RECORD} }}",
        f"g:organisations {{ <{ORG}> a org:Organization }}",
        ORG,
    ),
    "source-unused": (
        f"{USED} <{SOURCE}> a kmn:SourceRecord .",
        f"<{SOURCE}> a kmn:SourceRecord .",
        SOURCE,
    ),
    "graph-sources": (
        f"g:organisations {{ {USED} }} g:organisations prov:hadPrimarySource <{SOURCE}> .",
        f"g:organisations {{ {USED} }}",
        SOURCE,
    ),
}


def _found(name, trig):
    """Return the focus of each row; the default graph repeats the named ones, as in a release."""
    store = ox.Store()
    store.load((HEAD + trig).encode(), format=ox.RdfFormat.TRIG)
    for quad in list(store):
        store.add(ox.Quad(quad.subject, quad.predicate, quad.object))
    text = (CHECKS / f"{name}-violation.rq").read_text("utf-8")
    return [row["focus"].value for row in store.query(text)]


def test_every_check_is_tried():
    assert {path.stem.removesuffix("-violation") for path in CHECKS.glob("*.rq")} == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_a_check_finds_its_flaw_and_nothing_else(name):
    right, wrong, focus = CASES[name]
    assert _found(name, right) == []
    assert _found(name, wrong) == [focus]
