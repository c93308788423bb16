"""Holds the dump of the network against the SHACL shapes of CPSV-AP and CPOV-AP."""

from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import RDF, SH, Graph

from kmn_ld import releases, turtle
from kmn_ld.build import Silent, build_release
from kmn_ld.config import Settings

ROOT = Path(__file__).parents[1]
FOLDER = ROOT.parent / "shared" / "semic-core-shapes"
STABSSTELLE = "https://w3id.org/kmn-ld/id/org/kk908q10"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the shapes are not beside us")


@pytest.fixture(scope="module")
def dump(tmp_path_factory):
    folder = tmp_path_factory.mktemp("semic")
    build_release(Settings(sources=ROOT, releases=folder), Silent())
    path = releases.current(folder).path("dump/network.ttl")
    return turtle.parse(path.read_text("utf-8"), path)


def _findings(dump, name):
    shapes = Graph().parse(next((FOLDER / name).glob("*.ttl")))
    _, report, _ = validate(dump, shacl_graph=shapes, inference="none")
    return sorted(
        (
            str(report.value(result, SH.focusNode)),
            turtle.shorten(str(report.value(result, SH.resultPath))),
            str(report.value(result, SH.sourceConstraintComponent)).rpartition("#")[2],
        )
        for result in report.subjects(RDF.type, SH.ValidationResult)
    )


def test_cpsv_ap_finds_nothing(dump):
    assert _findings(dump, "cpsv-ap-3.2.0") == []


def test_cpov_ap_finds_two_other_names_of_one_office_and_nothing_else(dump):
    """An office may have had several names; decision 7 says why both stay."""
    assert _findings(dump, "cpov-ap-2.1.2") == [
        (STABSSTELLE, "skos:altLabel", "UniqueLangConstraintComponent")
    ]


def test_our_own_shapes_find_nothing_that_is_wrong(dump):
    """What follows from the data (decision 6) must not break the rules for the data."""
    shapes = Graph()
    for path in sorted((ROOT / "shapes").glob("*.ttl")):
        shapes.parse(path)
    _, report, _ = validate(dump, shacl_graph=shapes, inference="none")
    severities = {
        str(severity).rpartition("#")[2] for severity in report.objects(None, SH.resultSeverity)
    }
    assert severities == {"Info"}
