"""Holds the worked examples of the ontology and of the modelling guide against the shapes."""

import re
from functools import cache
from pathlib import Path

import pytest
from rdflib import RDF, Graph, URIRef

from kmn_ld import sources, turtle
from kmn_ld.validation.shacl import validate_graph
from kmn_ld.vocab import ONTOLOGY, PREFIXES

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted((ROOT / "ontology" / "examples").glob("*.ttl"))
GUIDE = ROOT / "docs" / "modelling.md"
ABOUT = ("k7x2qf96", "k3m9tr31", "kbcdf023", "beispiel")
"""Keys of the made-up things: findings about others are not of the examples."""
PATTERNS = {
    "advice-centre", "change-event", "claim", "coordination-office", "membership",
    "participation", "programme", "service", "source",
}  # fmt: skip


@cache
def shipped():
    graph = Graph(bind_namespaces="none")
    for file in sources.find(ROOT):
        graph += turtle.parse(turtle.read_text(file.path), file.path)
    return graph


@cache
def shapes():
    graph = Graph(bind_namespaces="none")
    for path in sorted((ROOT / "shapes").glob("*.ttl")):
        graph += turtle.parse(turtle.read_text(path), path)
    return graph


def parsed(path):
    return turtle.parse(turtle.read_text(path), path)


def blocks():
    """Return the Turtle of the guide, one text per block, with all prefixes in front."""
    head = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    return [head + text for text in re.findall(r"```turtle\n(.*?)```", GUIDE.read_text(), re.S)]


def findings(*graphs):
    """Return what the shapes say about the made-up things, among the shipped data."""
    data = Graph(bind_namespaces="none")
    data += shipped()
    for graph in graphs:
        data += graph
    found = validate_graph(data, shapes())
    return sorted(
        (f.severity, turtle.shorten(f.rule), f.focus, f.value)
        for f in found
        if f.severity != "info" and any(key in f.focus + f.value for key in ABOUT)
    )


def test_there_is_one_example_per_pattern():
    assert {path.stem for path in EXAMPLES} == PATTERNS


@pytest.mark.parametrize(
    "names",
    [PATTERNS - {"coordination-office"}, {"coordination-office", "source"}],
    ids=["advice centre", "coordination office"],
)
def test_examples_pass_the_shapes_with_all_they_need(names):
    """Both sets describe a service by the one made-up id that there is for it."""
    used = [path for path in EXAMPLES if path.stem in names]
    assert findings(*map(parsed, used)) == []


def test_what_an_example_must_not_leave_out_is_missed():
    centre = parsed(ROOT / "ontology" / "examples" / "advice-centre.ttl")
    centre.remove((None, URIRef(PREFIXES["kmn"] + "status"), None))
    source = parsed(ROOT / "ontology" / "examples" / "source.ttl")
    rules = [rule for _, rule, _, _ in findings(centre, source)]
    assert rules == ["kms:Organisation-status"]


def test_each_class_of_ours_that_describes_records_has_an_example():
    ours = {
        kind
        for path in EXAMPLES
        for kind in parsed(path).objects(None, RDF.type)
        if str(kind).startswith(f"{ONTOLOGY}#")
    }
    assert {turtle.shorten(kind) for kind in ours} == {
        "kmn:AccessibilityStatement", "kmn:Claim", "kmn:CounsellingService",
        "kmn:FundingProgramme", "kmn:LanguageOffer", "kmn:ParticipationEvidence",
        "kmn:SourceRecord",
    }  # fmt: skip


def test_the_turtle_of_the_guide_passes_the_shapes():
    texts = blocks()
    assert len(texts) > 7
    assert findings(*(turtle.parse(text, GUIDE) for text in texts)) == []
