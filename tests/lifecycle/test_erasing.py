"""Erasing from sources and from every release: nothing of it is left, whatever is killed."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace

import pyoxigraph as ox
import pytest

from kmn_ld import ledger, releases
from kmn_ld.build import Silent, build_dataset
from kmn_ld.config import Settings
from kmn_ld.engine.opening import open_store
from kmn_ld.engine.trusted import TrustedStore
from kmn_ld.errors import BuildError, LedgerError
from kmn_ld.lifecycle import erase, plan_erasure, rewriting
from kmn_ld.web import create_app
from kmn_ld.web.live import Current, Live
from tests.build.conftest import Workplace, first_release  # noqa: F401 - a fixture
from tests.web.served import serving, until

NAME = "Haus der Ungewöhnlichen Beratung"
EVERYWHERE = ("content.nq", "default.nt", "dump/network.ttl", "dump/network.nq",
              "dump/network.jsonld", "dump/network.rdf", "graph/organisations.ttl",
              "search.sqlite")  # fmt: skip
KILLED = """
import os, sys
from pathlib import Path
from kmn_ld import releases
from kmn_ld.config import Settings
from kmn_ld.lifecycle import erase, plan_erasure
swap, when, count = releases.exchange, sys.argv[3], []
def exchange(new, old):
    count.append(old)
    if len(count) == 2 and when == "before":
        os._exit(9)
    swap(new, old)
    if len(count) == 2:
        os._exit(9)
releases.exchange = exchange
settings = Settings(sources=Path(sys.argv[1]), releases=Path(sys.argv[2]))
erase(settings, plan_erasure(settings, sys.argv[4]))
"""


@pytest.fixture(scope="module")
def prepared(first_release, tmp_path_factory):  # noqa: F811
    """Return sources and two releases, and an organisation that nothing else names.

    In the first release, which is the current one, it has another name.
    """
    folder = tmp_path_factory.mktemp("erasing") / "w"
    shutil.copytree(first_release, folder, symlinks=True)
    place = Workplace(folder)
    settings = Settings(sources=place.sources, releases=folder / "none")
    path = place.sources / "data" / "ledger.csv"
    known = ledger.parse(path.read_bytes(), path)
    orgs = (key for key, kind in known.types.items() if kind == "org")
    planned = (plan_erasure(settings, key) for key in orgs)
    free = next(one for one in planned if not one.places and not one.event.mentions)
    text = free.event.file.read_text("utf-8")
    start = text.index("skos:prefLabel")
    label = text[start : text.index("@de", start)]
    free.event.file.write_text(text.replace(label, f'skos:prefLabel "{NAME}"'), encoding="utf-8")
    assert place.run("build").exit_code == 0
    releases.activate(place.releases, releases.all_ids(place.releases)[0])
    return folder, free.id


@pytest.fixture
def key(prepared):
    """Return the id of the organisation."""
    return prepared[1]


@pytest.fixture
def workplace(prepared, tmp_path):
    """Return a copy of the sources and the releases."""
    shutil.copytree(prepared[0], tmp_path / "w", symlinks=True)
    return Workplace(tmp_path / "w")


@pytest.fixture
def settings(workplace):
    """Return the settings of the copy."""
    return Settings(sources=workplace.sources, releases=workplace.releases)


@pytest.fixture
def built(workplace):
    """Return the ids of the releases."""
    return releases.all_ids(workplace.releases)


def _holding(settings, name=NAME):
    """Return every file below the releases with a name in its bytes, and stores that hold it."""
    found = [
        path.relative_to(settings.releases).as_posix()
        for path in settings.releases.rglob("*")
        if path.is_file() and not path.is_symlink() and name.encode() in path.read_bytes()
    ]
    for one in _all(settings):
        store = ox.Store.read_only(str(one.path(releases.STORE)))
        found += [f"{one.id}/store" for quad in store if name in str(quad)][:1]
    return found


def _all(settings):
    return [releases.find(settings.releases, key) for key in releases.all_ids(settings.releases)]


def test_an_organisation_is_nowhere_on_disk_afterwards(settings, key, built):
    held = _holding(settings)
    assert {f"{built[1]}/{name}" for name in (*EVERYWHERE, "store")} <= set(held)
    names = set(plan_erasure(settings, key).names)
    assert len(names) > 1  # what it was called in the first release, too
    report = erase(settings, plan_erasure(settings, key))
    assert [name for name in names if _holding(settings, name)] == []
    assert [name for name in names if name in report.read_text("utf-8")] == []
    assert not list(settings.sources.glob(f"data/organisations/{key}.ttl"))


def test_a_rewritten_release_is_whole_and_says_that_it_was_rewritten(settings, key, built):
    before = [one.manifest for one in _all(settings)]
    report = json.loads(erase(settings, plan_erasure(settings, key)).read_text("utf-8"))
    assert releases.current_id(settings.releases) == built[0]
    for one, old, told in zip(_all(settings), before, report["rewritten"], strict=True):
        releases.demand_files(one, one.files)
        assert (one.id, one.manifest.built, one.manifest.kind) == (old.id, old.built, old.kind)
        assert one.manifest.digest == releases.digest_of(one.path(releases.CONTENT))
        assert one.manifest.digest != old.digest
        assert [again.digest_before for again in one.manifest.rewritten] == [old.digest]
        assert one.manifest.quads == len(ox.Store.read_only(str(one.path(releases.STORE))))
        assert sum(one.manifest.graphs.values()) == len(
            one.path(releases.CONTENT).read_bytes().splitlines()
        )
        assert set(old.files) and {file.path for file in old.files} - set(one.files) == {
            file.path for file in old.files if file.path.startswith("store/")
        } - set(one.files)
        assert (told["id"], told["digest"]) == (one.id, one.manifest.digest)
        assert told["statements_removed"] > 10


def test_only_a_stub_is_left_and_answers_410(settings, key, built):
    erase(settings, plan_erasure(settings, key))
    release = releases.current(settings.releases)
    engine = TrustedStore(open_store(release, settings.memory_triples))
    said = engine.statements_about(f"https://w3id.org/kmn-ld/id/org/{key}")
    assert len(said) == 3
    app = create_app(settings, engine=Live(Current.of(engine, release)))
    assert app.test_client().get(f"/doc/org/{key}.ttl").status_code == 410


def test_the_next_build_holds_what_the_rewritten_release_holds(settings, workplace, key, built):
    erase(settings, plan_erasure(settings, key))
    result = workplace.run("build")
    assert result.exit_code == 0, result.output
    assert _holding(settings) == []
    assert workplace.run("check").exit_code == 0


def test_a_second_call_finds_nothing_to_do(settings, key, built):
    erase(settings, plan_erasure(settings, key))
    with pytest.raises(BuildError) as caught:
        plan_erasure(settings, key)
    assert caught.value.key == "erase-nothing"
    proof = plan_erasure(settings, key, named=[NAME])
    assert (proof.affected, len(proof.untouched)) == ({}, 2)
    erase(settings, proof)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_kill_in_the_midst_leaves_whole_releases_and_the_same_call_ends_it(
    settings, key, built, when
):
    words = [str(settings.sources), str(settings.releases), when, key]
    killed = subprocess.run([sys.executable, "-c", KILLED, *words], check=False)
    assert killed.returncode == 9
    there = _all(settings)
    assert [releases.is_whole(one) for one in there] == [True, True]
    done = [bool(one.manifest.rewritten) for one in there]
    assert done == [True, when == "after"]
    assert releases.current(settings.releases).id == built[0]
    erase(settings, plan_erasure(settings, key))
    assert _holding(settings) == []
    assert [len(one.manifest.rewritten) for one in _all(settings)] == [1, 1]
    assert list(releases.leftovers(settings.releases)) == []


def test_a_dry_run_lists_what_would_change_and_changes_nothing(settings, workplace, key, built):
    before = {path: path.read_bytes() for path in workplace.folder.rglob("*") if path.is_file()}
    words = ("--sources", str(settings.sources), "--releases", str(settings.releases))
    result = workplace.run("erase", key, "--dry-run", *words)
    assert result.exit_code == 0, result.output
    assert f"looked for: {NAME}" in result.output
    assert [f"release {one}: " in result.output for one in built] == [True, True]
    kept = {path: path.read_bytes() for path in workplace.folder.rglob("*") if path.is_file()}
    kept.pop(settings.releases / ".lock", None)
    before.pop(settings.releases / ".lock", None)
    assert kept == before


def test_the_command_erases_and_names_the_report(settings, workplace, key, built):
    words = ("--sources", str(settings.sources), "--releases", str(settings.releases))
    result = workplace.run("erase", key, "--yes", *words)
    assert result.exit_code == 0, result.output
    [report] = settings.releases.glob("erasure-*.json")
    assert report.name in result.output
    assert _holding(settings) == []


def test_a_name_that_the_sources_still_hold_is_refused(settings, key):
    file = settings.sources / "data" / "tables" / "x.csv"
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"a\n{NAME.upper()}\n", encoding="utf-8")
    planned = plan_erasure(settings, key)
    assert planned.places == ("data/tables/x.csv:2",)
    before = (settings.sources / "data" / "ledger.csv").read_bytes()
    with pytest.raises(BuildError) as caught:
        erase(settings, planned)
    assert caught.value.key == "erase-in-sources"
    assert (settings.sources / "data" / "ledger.csv").read_bytes() == before
    assert plan_erasure(settings, key, kept=[NAME]).places == ()


def test_a_file_that_nobody_writes_anew_stops_the_erasure(settings, key, built):
    release = releases.find(settings.releases, built[1])
    release.path("later.bin").write_bytes(b"x")
    manifest = replace(
        release.manifest, files=(*release.manifest.files, releases.File("later.bin", 1, "0"))
    )
    release.path(releases.MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
    with pytest.raises(BuildError) as caught:
        erase(settings, plan_erasure(settings, key))
    assert caught.value.key == "erase-unknown-file"
    assert release.path("later.bin").exists()


def test_a_name_below_the_releases_that_is_no_release_is_told(settings, key, built):
    (settings.releases / "notes.txt").write_text(NAME, encoding="utf-8")
    with pytest.raises(BuildError) as caught:
        erase(settings, plan_erasure(settings, key))
    assert caught.value.key == "erase-still-there"
    assert caught.value.details["path"].name == "notes.txt"


@pytest.mark.parametrize(
    ("typed", "error"), [("k7x2qf69", "event-check-digits"), ("k7x2qf96", "event-not-minted")]
)
def test_an_id_that_there_is_not_is_not_erased(settings, typed, error):
    with pytest.raises(LedgerError) as caught:
        plan_erasure(settings, typed)
    assert caught.value.key == error


def test_a_name_that_is_too_short_is_nothing_to_erase(settings):
    with pytest.raises(BuildError) as caught:
        plan_erasure(settings, "", named=["Abc"])
    assert caught.value.key == "erase-nothing"


_DATA = """<https://example.org/a> <https://example.org/contact> "Erika Mustermann" {graph}.
<https://example.org/a> <https://example.org/mail> <mailto:erika.mustermann@example.org> {graph}.
<https://example.org/a> <https://example.org/part> _:b {graph}.
_:b <https://example.org/note> "stays" {graph}.
"""


@pytest.mark.parametrize(("ending", "graph"), [("nq", "<https://example.org/g> "), ("trig", "")])
def test_the_name_of_a_person_goes_from_a_release_of_one_file(tmp_path, ending, graph):
    file = tmp_path / f"x.{ending}"
    file.write_text(_DATA.format(graph=graph), encoding="utf-8")
    settings = Settings(sources=tmp_path, releases=tmp_path / "releases")
    build_dataset(settings, file, Silent())
    planned = plan_erasure(settings, "", named=["Erika Mustermann"])
    assert list(planned.affected.values()) == [2]
    erase(settings, planned)
    assert _holding(settings, "Mustermann") + _holding(settings, "mustermann") == []
    [release] = _all(settings)
    releases.demand_files(release, release.files)
    assert release.manifest.quads == 2


def test_blank_nodes_of_an_erased_thing_go_with_it():
    target = rewriting.Target("https://example.org/a", nodes=frozenset({"_:b"}))
    assert target.is_doomed('_:b <https://example.org/note> "x" .')
    assert not target.is_doomed('_:c <https://example.org/note> "x" .')
    assert target.is_doomed(
        "<https://example.org/x> <https://example.org/y> <https://example.org/a#p> ."
    )
    assert not target.is_doomed("<https://example.org/ab> <https://example.org/y> 1 .")


def test_a_running_server_takes_the_erasure_up(settings, key, built, tmp_path):
    with serving(settings.releases, tmp_path / "tmp") as served:
        path = f"/doc/org/{key}.ttl"
        assert served.get(path)[0] == 200
        erase(settings, plan_erasure(settings, key))
        assert until(lambda: served.get(path)[0] == 410)
        assert NAME.encode() not in served.get("/dump/network.nt")[1]
