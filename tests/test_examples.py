"""Holds the worked examples of the ontology and of the modelling guide against the shapes."""

import re
from functools import cache
from pathlib import Path

import pytest
from rdflib import RDF, Graph, URIRef

from kmn_ld import messages, sources, turtle
from kmn_ld.validation.shacl import validate_graph
from kmn_ld.vocab import BASE, ONTOLOGY, PREFIXES

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


def declared(*names):
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in names)


def blocks(*, closing):
    """Return the Turtle of the guide, one text per block: the section on the end, or the rest."""
    sections = re.split(r"^## ", GUIDE.read_text(), flags=re.M)
    found = [text for text in sections if text.startswith("A centre closes") == closing]
    return re.findall(r"```turtle\n(.*?)```", "".join(found), re.S)


def guide(*, closing):
    """Return what the blocks say together, read with all prefixes in front."""
    graph = Graph(bind_namespaces="none")
    for text in blocks(closing=closing):
        graph += turtle.parse(declared(*PREFIXES) + text, GUIDE)
    return graph


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
    assert len(blocks(closing=False)) > 7
    assert findings(guide(closing=False)) == []


def test_what_the_guide_changes_when_a_centre_closes_passes_the_shapes():
    before, end = guide(closing=False), guide(closing=True)
    for subject, predicate in set(end.subject_predicates()):
        before.remove((subject, predicate, None))
    assert {str(s) for s in before.subjects()} & {str(s) for s in end.subjects()} != set()
    assert findings(before, end) == []


def test_a_closed_centre_whose_service_goes_on_is_found():
    before, end = guide(closing=False), guide(closing=True)
    centre = URIRef(f"{BASE}id/org/k7x2qf96")
    for predicate in set(end.predicates(centre)):
        before.remove((centre, predicate, None))
    end.remove((URIRef(f"{BASE}id/service/k3m9tr31"), None, None))
    assert [rule for _, rule, _, _ in findings(before, end)] == ["kms:Service-providerAlive"]


def test_the_guide_prints_the_prefixes_that_its_turtle_uses():
    texts = [*blocks(closing=False), *blocks(closing=True)]
    used = {name for text in texts for name in re.findall(r"\b([a-z]+):[A-Za-z]", text)}
    assert declared(*sorted(used & PREFIXES.keys())) in texts


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_what_is_said_of_an_unreachable_part_names_properties_of_the_guide(language):
    text = messages.text("errors.part-unreachable.text", language, focus="#language-ar-volunteer")
    named = set(re.findall(r"\b[a-z]+:[a-z][A-Za-z]+", text))
    (pattern,) = re.findall(r"^2\. \*\*Parts .*$", GUIDE.read_text(), re.M)
    assert "kmn:hasLanguageOffer" in named
    assert {name for name in named if f"`{name} → #" not in pattern} == set()
