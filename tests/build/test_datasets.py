"""Releases that are made of one file as it stands (`build --dataset`)."""

from datetime import datetime

import pyoxigraph as ox
import pytest

from kmn_ld import releases
from kmn_ld.build import releasing
from kmn_ld.catalogue.statistics import Links, Size, Statistics
from kmn_ld.vocab import GRAPH


def test_a_dataset_is_loaded_exactly_as_it_stands(workplace, tmp_path):
    file = tmp_path / "set.trig"
    file.write_text(
        "<https://example.org/a> <https://example.org/p> 1 .\n"
        "<https://example.org/g> { <https://example.org/b> <https://example.org/p> [] }\n",
        encoding="utf-8",
    )
    result = workplace.run("build", "--dataset", str(file))
    assert result.exit_code == 0, result.output
    release = releases.current(workplace.releases)
    assert (release.manifest.kind, release.manifest.quads) == ("dataset", 2)
    store = ox.Store.read_only(str(release.path("store")))
    assert [
        quad.subject.value for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph())
    ] == ["https://example.org/a"]
    assert release.path("dump", "dataset.trig").read_bytes() == file.read_bytes()


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("set.nq", "<a> .", "line"),
        ("set.ttl", "", "N-Quads"),
        ("set.trig", "<https://e.org/", "valid"),
    ],
)
def test_a_dataset_that_cannot_be_read_changes_nothing(workplace, tmp_path, name, text, words):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    before = workplace.state()
    result = workplace.run("build", "--dataset", str(file))
    assert (result.exit_code, words in result.output) == (1, True)
    assert workplace.state() == before
    assert "Traceback" not in result.output


def _dataset(workplace, text, *words, name="set.nq"):
    file = workplace.folder / name
    file.write_text(text, encoding="utf-8")
    result = workplace.run("build", "--dataset", str(file), *words)
    assert (result.exit_code, "Traceback" in result.output) == (0, False), result.output
    return releases.current(workplace.releases).manifest


def test_the_same_dataset_makes_no_second_release_unless_forced(workplace):
    first = _dataset(workplace, "<a:a> <a:b> <a:c> .\n<a:a> <a:b> <a:d> .\n")
    again = _dataset(workplace, "<a:a> <a:b> <a:d> .\n<a:a> <a:b> <a:c> .\n")
    forced = _dataset(workplace, "<a:a> <a:b> <a:c> .\n<a:a> <a:b> <a:d> .\n", "--force")
    assert again.id == first.id
    assert forced.id > first.id
    assert forced.digest == first.digest


def test_a_release_of_the_same_second_waits_for_the_next(workplace, monkeypatch):
    class Clock(datetime):
        waited = 0.0

        @classmethod
        def now(cls, tz=None):
            return cls(2031, 2, 3, 4, 5, 6 + round(cls.waited), 250_000, tzinfo=tz)

    monkeypatch.setattr(releasing, "datetime", Clock)
    monkeypatch.setattr(
        releasing.time, "sleep", lambda seconds: setattr(Clock, "waited", Clock.waited + seconds)
    )
    ids = [_dataset(workplace, "<a:a> <a:b> <a:c> .\n", "--force").id for _ in range(2)]
    assert Clock.waited == 0.75
    assert [key[:16] for key in ids] == ["20310203T040506Z", "20310203T040507Z"]


def test_quads_of_a_dataset_are_counted_once(workplace):
    twice = '<a:a> <a:b> "x" <a:g> .\n' * 2 + "<a:a> <a:b> <a:c> .\n"
    manifest = _dataset(workplace, twice + '<a:a>  <a:b> "\\u0078" <a:g> .\n')
    assert manifest.quads == 2
    assert len(ox.Store.read_only(str(workplace.releases / "current" / "store"))) == 2


def test_a_dataset_in_trig_and_in_nquads_is_one_content(workplace):
    one = _dataset(workplace, "<a:a> <a:b> <a:c> <a:g> .\n")
    other = _dataset(workplace, "<a:g> { <a:a> <a:b> <a:c> , <a:c> }", "--force", name="set.trig")
    assert one.digest == other.digest


def test_a_dataset_with_triple_terms_is_a_release(workplace):
    text = f"<a:a> <a:b> <<( <a:a> <a:b> <a:c> )>> <{GRAPH}terms> .\n"
    manifest = _dataset(workplace, text)
    files = {file.path for file in manifest.files}
    assert "graph/terms.rdf" in files
    assert "graph/terms.jsonld" not in files


def test_a_value_beyond_the_parser_is_told_with_its_file(workplace):
    file = workplace.folder / "long.nq"
    file.write_text(f'<a:a> <a:b> "{"x" * 2**24}" .\n', encoding="utf-8")
    result = workplace.run("build", "--dataset", str(file))
    assert result.exit_code == 1
    assert "long.nq:1" in result.output
    assert "longer than" in result.output


def test_a_dataset_says_how_much_its_default_graph_and_its_named_graphs_hold(workplace):
    wikidata = "<http://www.wikidata.org/entity/Q1>"
    text = f"<a:a> <a:b> {wikidata} .\n<a:a> <a:b> {wikidata} <a:g> .\n<a:x> <a:b> 'x' <a:g> .\n"
    _dataset(workplace, text.replace("'", '"'))
    release = releases.current(workplace.releases)
    counted = Statistics.from_json(release.path(releases.STATISTICS).read_text("utf-8"))
    assert counted.default.size == Size(1, 1, 1)
    assert counted.named["a:g"].size == Size(2, 2, 2)
    assert counted.links == [Links("a:b", "wikidata", 1)]
    assert counted.entities == 1
