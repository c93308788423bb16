from pathlib import Path

import pytest

from kmn_ld import sources
from kmn_ld.errors import SourceError
from kmn_ld.vocab import BASE, GRAPH


@pytest.fixture
def folder(tmp_path):
    for name in ("ontology/kmn.ttl", "ontology/examples/a.ttl", "shapes/a.ttl", "data/network.ttl",
                 "data/organisations/k7x2qf96.ttl", "data/concepts/kind.ttl"):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def test_each_file_has_its_graph_and_its_thing(folder):
    found = {file.name: (file.graph, file.about) for file in sources.find(folder)}
    assert found == {
        "ontology/kmn.ttl": (GRAPH + "ontology", BASE + "def"),
        "shapes/a.ttl": (GRAPH + "shapes", BASE + "shapes"),
        "data/network.ttl": (GRAPH + "network", BASE + "id/network"),
        "data/organisations/k7x2qf96.ttl": (GRAPH + "organisations", BASE + "id/org/k7x2qf96"),
        "data/concepts/kind.ttl": (GRAPH + "concepts", BASE + "id/concept/kind"),
    }


def test_worked_examples_are_formatted_but_not_loaded(folder):
    names = {path.relative_to(folder).as_posix() for path in sources.turtle_files(folder)}
    assert "ontology/examples/a.ttl" in names
    assert "ontology/examples/a.ttl" not in {file.name for file in sources.find(folder)}


@pytest.mark.parametrize("name", ["data/stray.ttl", "data/people/a.ttl"])
def test_a_file_of_no_graph_is_refused(folder, name):
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).touch()
    with pytest.raises(SourceError) as caught:
        list(sources.find(folder))
    assert caught.value.key == "file-misplaced"


def test_a_folder_without_data_is_refused(tmp_path):
    with pytest.raises(SourceError) as caught:
        list(sources.find(tmp_path))
    assert caught.value.key == "sources-missing"


@pytest.mark.parametrize(
    ("subject", "expected"),
    [("", True), ("#contact", True), ("/part", True), ("x", False), ("k", False)],
)
def test_a_file_describes_its_thing_and_its_parts(folder, subject, expected):
    file = next(file for file in sources.find(folder) if "organisations" in file.name)
    assert file.may_describe(file.about + subject) is expected


def test_every_dumped_graph_exists():
    assert {graph for graphs in sources.DUMPED.values() for graph in graphs} <= set(sources.GRAPHS)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("data/a.TTL", True),
        ("shapes/a.nt", True),
        ("ontology/a.ttl.txt", True),
        ("data/a.geojson", False),
        ("data/.a.TTL", False),
        ("queries/a.TTL", False),
    ],
)
def test_files_that_look_like_rdf_need_the_right_ending(folder, name, expected):
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).touch()
    assert [path.name for path in sources.misnamed_files(folder)] == [Path(name).name] * expected


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("org/k7x2qf96#contact", "data/organisations/k7x2qf96.ttl"),
        ("concept/kind/partner", "data/concepts/kind.ttl"),
        ("concept/kind", "data/concepts/kind.ttl"),
        ("network#part", "data/network.ttl"),
        ("event/opening", None),
    ],
)
def test_a_thing_has_its_file_where_a_rule_says_so(path, name):
    assert sources.file_of(f"{BASE}id/{path}") == name
