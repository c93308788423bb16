import pyoxigraph as ox
import pytest

from kmn_ld import releases
from kmn_ld.build import preparing
from kmn_ld.build.preparing import prepare
from kmn_ld.build.progress import Silent, Steps
from kmn_ld.config import Settings
from kmn_ld.errors import SourceError
from kmn_ld.validation import shapes
from kmn_ld.validation.findings import is_unchecked, violations
from kmn_ld.vocab import GRAPH, SHAPES

REFERAT = "ms-referat-301"


@pytest.fixture
def run(workplace, tmp_path):
    """Return a function that prepares the sources; it gives the result and its folder."""
    folder = tmp_path / "prepared"
    folder.mkdir()
    settings = Settings(sources=workplace.sources, releases=workplace.releases)

    def prepared(before=None):
        return prepare(settings, folder, before, Steps(Silent())), folder

    return prepared


def _lines(path):
    return path.read_bytes().split(b"\n")[:-1]


def test_good_sources_become_sorted_files_and_a_store(run):
    prepared, folder = run()
    assert violations(prepared.findings) == []
    content, default = (_lines(folder / name) for name in (releases.CONTENT, releases.DEFAULT))
    assert content == sorted(set(content))
    assert default == sorted(set(default))
    assert prepared.quads == len(content) + len(default)
    assert sum(prepared.graphs.values()) == len(content)
    prepared.store = None
    assert len(ox.Store.read_only(str(folder / releases.STORE))) == prepared.quads


def test_the_default_graph_holds_all_but_the_shapes(run):
    prepared, folder = run()
    quads = ox.parse(path=str(folder / releases.CONTENT), format=ox.RdfFormat.N_QUADS)
    shapes = ox.NamedNode(GRAPH + "shapes")
    inside = {quad.triple for quad in quads if quad.graph_name != shapes}
    triples = ox.parse(path=str(folder / releases.DEFAULT), format=ox.RdfFormat.N_TRIPLES)
    assert {quad.triple for quad in triples} == inside
    assert prepared.graphs[GRAPH + "shapes"] > 100


def test_a_link_that_leads_nowhere_is_told_once_and_hides_no_shape(workplace, run):
    path = workplace.organisation("kargah")
    path.write_text(path.read_text("utf-8").replace("district/03241", "district/03999"), "utf-8")
    other = workplace.organisation(REFERAT)
    _drop_label(other)
    prepared, _ = run()
    places = [(one.rule, one.path) for one in violations(prepared.findings)]
    assert places == [
        ("link-district", _name(path, workplace)),
        (f"{SHAPES}#Organisation-prefLabel", _name(other, workplace)),
    ]


def test_a_fault_of_the_ledger_hides_no_other(workplace, run):
    ledger = workplace.sources / "data/ledger.csv"
    ledger.write_text(ledger.read_text("utf-8").replace("2026-", "2025-", 1), "utf-8")
    path = workplace.organisation("kargah")
    _drop_label(path)
    prepared, _ = run(releases.current(workplace.releases))
    rules = {one.rule for one in violations(prepared.findings)}
    assert rules == {"ledger-check", f"{SHAPES}#Organisation-prefLabel"}
    assert [one.rule for one in prepared.findings if is_unchecked(one)] == ["unchecked-ids"]


def test_what_cannot_be_checked_since_a_file_is_unread_is_told(workplace, run):
    workplace.organisation("kargah").write_text("x", "utf-8")
    path = workplace.organisation(REFERAT)
    path.write_text(path.read_text("utf-8").replace("id/district/03", "id/district/09"), "utf-8")
    prepared, folder = run(releases.current(workplace.releases))
    found = [(one.rule, one.path) for one in violations(prepared.findings)]
    assert [rule for rule, _ in found].count("turtle-syntax") == 1
    assert {name for _, name in found[1:]} <= {_name(path, workplace)}
    notes = [one.rule for one in prepared.findings if is_unchecked(one)]
    assert notes == ["unchecked-links", "unchecked-shapes"]
    assert (prepared.store, prepared.graphs, list(folder.iterdir())) == (None, None, [])


def test_a_misspelt_property_is_not_missed_besides(workplace, run):
    path = workplace.organisation("kargah")
    path.write_text(path.read_text("utf-8").replace("skos:prefLabel", "skos:prefLable"), "utf-8")
    assert [one.rule for one in violations(run()[0].findings)] == ["term-unknown"]


def test_a_name_without_its_language_is_told_once(workplace, run):
    path = workplace.organisation("kargah")
    text = path.read_text("utf-8")
    start = text.index("skos:prefLabel")
    path.write_text(text[:start] + text[start:].replace("@de", "@en", 1), "utf-8")
    found = [(one.rule, one.path) for one in violations(run()[0].findings)]
    assert found == [(f"{SHAPES}#Organisation-prefLabel", _name(path, workplace))]


def test_a_broken_query_hides_no_other_check(workplace, run):
    (workplace.sources / "queries/checks/a.rq").write_text("SELECT", "utf-8")
    path = workplace.organisation("kargah")
    _drop_label(path)
    found = {one.path for one in violations(run()[0].findings)}
    assert found == {"queries/checks/a.rq", _name(path, workplace)}


def test_a_shape_that_cannot_be_run_is_a_finding(workplace, run):
    path = workplace.file("shapes/organisation.ttl")
    text = path.read_text("utf-8") + "\n<https://w3id.org/kmn-ld/shapes#Organisation> sh:js 1 .\n"
    path.write_text(text, "utf-8")
    prepared, _ = run()
    assert "shape-not-compiled" in {one.rule for one in violations(prepared.findings)}
    assert "unchecked-shapes" in {one.rule for one in prepared.findings}


def _name(path, workplace):
    return path.relative_to(workplace.sources).as_posix()


def _drop_label(path):
    lines = path.read_text("utf-8").splitlines(True)
    path.write_text("".join(line for line in lines if "skos:prefLabel" not in line), "utf-8")


def test_a_finding_of_a_shape_has_its_place(workplace, run):
    path = workplace.organisation("kargah")
    lines = path.read_text("utf-8").splitlines(True)
    path.write_text("".join(line for line in lines if "skos:prefLabel" not in line), "utf-8")
    prepared, _ = run()
    [finding, *_] = violations(prepared.findings)
    assert finding.path == path.relative_to(workplace.sources).as_posix()
    assert finding.line is not None


@pytest.mark.parametrize("has_release", [False, True])
def test_large_data_is_checked_as_small_data_is(workplace, run, monkeypatch, has_release):
    path = workplace.organisation("kargah")
    lines = path.read_text("utf-8").splitlines(True)
    path.write_text("".join(line for line in lines if "skos:prefLabel" not in line), "utf-8")
    before = releases.current(workplace.releases) if has_release else None
    small = run(before)[0].findings
    assert path.relative_to(workplace.sources).as_posix() in {one.path for one in violations(small)}
    monkeypatch.setattr(preparing, "MAX_FOR_PYSHACL", 0)
    assert run(before)[0].findings == small


def test_a_large_change_goes_through_pyshacl_only_where_a_release_was_before(
    workplace, run, monkeypatch
):
    seen = []
    monkeypatch.setattr(preparing, "MAX_FOR_PYSHACL", 0)
    monkeypatch.setattr(shapes.shacl, "validate_graph", lambda *graphs: seen.append(graphs) or [])
    path = workplace.organisation("kargah")
    path.write_text(path.read_text("utf-8").replace('"kargah e.V."', '"kargah"'), "utf-8")
    run()
    assert seen == []
    run(releases.current(workplace.releases))
    [(data, _)] = seen
    assert len(data) < sum(1 for _ in shapes.shacl.graph_of(_text(workplace))) / 2


def _text(workplace):
    return (workplace.releases / "current" / releases.DEFAULT).read_text("utf-8").split("\n")


EXAMPLE_SUBJECT = b"<https://w3id.org/kmn-ld/id/org/k7x2qf96> "
EXAMPLE = """PREFIX kmn: <https://w3id.org/kmn-ld/def#>
PREFIX org: <http://www.w3.org/ns/org#>
<https://w3id.org/kmn-ld/id/org/k7x2qf96> a org:FormalOrganization ; %s .
"""


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("kmn:nothing 1", "term-unknown"),
        ("kmn:inPillar <https://w3id.org/kmn-ld/id/org/k3m9tr31>", "link-organisation"),
        ("kmn:status 1 .", "turtle-syntax"),
        ("kmn:status 1", "https://w3id.org/kmn-ld/shapes#Organisation-status"),
    ],
)
def test_a_worked_example_is_checked_as_data_is_but_not_released(workplace, run, statement, rule):
    path = workplace.sources / "ontology" / "examples" / "a.ttl"
    path.write_text(EXAMPLE % statement, "utf-8")
    prepared, folder = run()
    found = [(one.rule, one.path) for one in violations(prepared.findings)]
    assert (rule, "ontology/examples/a.ttl") in found
    written = [line for path in folder.glob(releases.CONTENT) for line in _lines(path)]
    assert [line for line in written if line.startswith(EXAMPLE_SUBJECT)] == []


def test_a_folder_without_files_is_an_error(workplace, run):
    for path in (workplace.sources / "shapes").rglob("*.ttl"):
        path.unlink()
    with pytest.raises(SourceError) as caught:
        run()
    assert caught.value.key == "sources-empty"


def test_what_the_release_before_held_is_missed(workplace, run):
    workplace.file("data/regions/heide.ttl").unlink()
    prepared, _ = run(releases.current(workplace.releases))
    found = [(one.rule, one.path) for one in violations(prepared.findings)]
    assert found == [("file-missing-unknown", "data/regions/heide.ttl")]


def test_a_concept_that_the_release_before_held_is_missed_at_its_list_and_once(workplace, run):
    path = workplace.sources / "data/concepts/topic.ttl"
    text = path.read_text("utf-8")
    start = text.index("\n<https://w3id.org/kmn-ld/id/concept/topic/")
    concept = text[start + 2 : text.index(">", start)]
    end = text.find("\n<", start + 2)
    path.write_text(text[:start] + text[end:], "utf-8")
    prepared, _ = run(releases.current(workplace.releases))
    found = [(one.rule, one.path, one.focus) for one in violations(prepared.findings)]
    assert found == [("iri-lost", "data/concepts/topic.ttl", concept)]


@pytest.fixture
def draft(workplace):
    """Write the file of a reserved id, without a name."""
    key = workplace.run("mint", "--sources", str(workplace.sources)).stdout.split()[0]
    model = workplace.organisation("kargah")
    text = model.read_text("utf-8").replace(model.stem, key).replace('"kargah"^^', '"draft"^^')
    kept = [line for line in text.splitlines(keepends=True) if "skos:prefLabel" not in line]
    path = model.with_name(f"{key}.ttl")
    path.write_text("".join(kept), encoding="utf-8")
    return path


@pytest.mark.parametrize("most", [0, 10_000], ids=["large data", "small data"])
def test_a_draft_is_validated_whatever_the_size_of_the_data(workplace, draft, monkeypatch, most):
    monkeypatch.setattr(preparing, "MAX_FOR_PYSHACL", most)
    result = workplace.run("check")
    assert result.exit_code == 1
    assert f"data/organisations/{draft.name}:" in result.output
    assert "exactly one German name" in result.output
