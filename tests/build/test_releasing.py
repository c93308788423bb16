"""Releases of sources: complete, deterministic, all or nothing."""

import fcntl
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pyoxigraph as ox
import pytest

from kmn_ld import releases
from kmn_ld.build import releasing
from kmn_ld.catalogue.statistics import Statistics
from kmn_ld.vocab import GRAPH

COMMAND = [sys.executable, "-m", "kmn_ld"]


def _build(folder, *, zone="UTC", locale="C.UTF-8", seed="0"):
    """Build in a process of its own, as another machine would."""
    environment = {**os.environ, "TZ": zone, "LC_ALL": locale, "PYTHONHASHSEED": seed}
    words = ["build", "--sources", folder / "sources", "--releases", folder / "releases"]
    return subprocess.run(
        [*COMMAND, *words], env=environment, capture_output=True, text=True, check=False
    )


def test_manifest_tells_all_about_the_release(workplace):
    manifest = releases.current(workplace.releases).manifest
    folder = workplace.releases / manifest.id
    listed = {file.path: (file.bytes, file.sha256) for file in manifest.files}
    found = {
        path.relative_to(folder).as_posix(): (
            path.stat().st_size,
            hashlib.sha256(path.read_bytes()).hexdigest(),
        )
        for path in folder.rglob("*")
        if path.is_file() and path.name != releases.MANIFEST
    }
    assert found == listed
    assert manifest.digest == listed["content.nq"][1]
    assert set(manifest.tools) == {"python", "kmn-ld", "pyoxigraph", "rdflib", "pyshacl"}
    assert [step.name for step in manifest.steps][:3] == ["ledger", "read", "records"]
    assert all(step.seconds >= 0 for step in manifest.steps)


def test_every_quad_is_in_its_graph_and_in_the_default_graph_but_shapes(workplace):
    release = releases.current(workplace.releases)
    store = ox.Store.read_only(str(release.path("store")))
    assert len(store) == release.manifest.quads
    named = {quad.triple for quad in store if quad.graph_name != ox.DefaultGraph()}
    shapes = {
        q.triple for q in store.quads_for_pattern(None, None, None, ox.NamedNode(GRAPH + "shapes"))
    }
    default = {q.triple for q in store.quads_for_pattern(None, None, None, ox.DefaultGraph())}
    assert len(default) > 4000
    assert default == named - shapes
    counts = {
        graph.value: len(list(store.quads_for_pattern(None, None, None, graph)))
        for graph in store.named_graphs()
    }
    assert counts == release.manifest.graphs


@pytest.mark.parametrize("name", ["network", "vocabulary"])
def test_dumps_agree_in_all_formats(workplace, name):
    folder = workplace.releases / "current" / "dump"
    kinds = {
        "ttl": "TURTLE",
        "nt": "N_TRIPLES",
        "nq": "N_QUADS",
        "jsonld": "JSON_LD",
        "rdf": "RDF_XML",
    }
    digests = set()
    for suffix, kind in kinds.items():
        quads = ox.parse(path=str(folder / f"{name}.{suffix}"), format=getattr(ox.RdfFormat, kind))
        graph = ox.Dataset(ox.Quad(q.subject, q.predicate, q.object) for q in quads)
        graph.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        lines = sorted(str(quad) for quad in graph)
        assert len(lines) > 500
        digests.add(hashlib.sha256("\n".join(lines).encode()).hexdigest())
    assert len(digests) == 1


def test_two_builds_in_other_zones_folders_and_processes_are_equal(workplace, tmp_path):
    other = tmp_path / "another folder"
    shutil.copytree(workplace.sources, other / "sources")
    shutil.rmtree(workplace.releases)
    first = _build(workplace.folder, zone="Pacific/Kiritimati", seed="1")
    second = _build(other, zone="America/Anchorage", locale="POSIX", seed="2")
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    manifests = [releases.current(f / "releases").manifest for f in (workplace.folder, other)]
    assert manifests[0].digest == manifests[1].digest
    dumps = [_apart_from_the_store(manifest) for manifest in manifests]
    assert len(dumps[0]) > 12
    assert dumps[0] == dumps[1]


def test_a_build_on_another_day_has_the_same_digest_and_dumps(workplace, monkeypatch):
    class AnotherDay(datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(2031, 2, 3, 4, 5, 6, tzinfo=tz)

    before = releases.current(workplace.releases).manifest
    monkeypatch.setattr(releasing, "datetime", AnotherDay)
    assert workplace.run("build", "--force").exit_code == 0
    after = releases.current(workplace.releases).manifest
    assert after.id == f"20310203T040506Z-{before.digest[:12]}"
    assert after.digest == before.digest
    assert _apart_from_the_store(after) == _apart_from_the_store(before)


def _apart_from_the_store(manifest):
    return {file.path: file.sha256 for file in manifest.files if "store/" not in file.path}


def test_unchanged_sources_make_no_release_unless_forced(workplace):
    before = workplace.state()
    result = workplace.run("build")
    assert (result.exit_code, "Nothing has changed" in result.output) == (0, True)
    assert workplace.state() == before


def test_a_changed_label_makes_a_release_and_the_old_one_stays(workplace):
    path = workplace.organisation("kargah")
    path.write_text(
        path.read_text("utf-8").replace('"kargah e.V."', '"Kargah e. V."'), encoding="utf-8"
    )
    before = releases.current_id(workplace.releases)
    assert workplace.run("build").exit_code == 0
    assert releases.current_id(workplace.releases) != before
    assert before in releases.all_ids(workplace.releases)


def test_a_draft_is_checked_but_neither_loaded_nor_listed(workplace):
    key = workplace.run("mint", "--sources", str(workplace.sources)).stdout.split()[0]
    model = workplace.organisation("kargah")
    text = model.read_text("utf-8").replace(model.stem, key).replace('"kargah"^^', '"draft"^^')
    text = text.replace("    a org:", '    skos:example ( "secret draft" ) ;\n    a org:')
    model.with_name(f"{key}.ttl").write_text(text, encoding="utf-8")
    result = workplace.run("build")
    assert result.exit_code == 0, result.output
    release = releases.current(workplace.releases)
    loaded = [
        release.path(name).read_text("utf-8") for name in ("content.nq", "default.nt", "things.txt")
    ]
    assert [key in text or "secret draft" in text for text in loaded] == [False, False, False]
    assert key in release.path("ledger.csv").read_text("utf-8")


def test_a_new_event_of_the_ledger_alone_makes_a_release(workplace):
    before = releases.current_id(workplace.releases)
    assert workplace.run("mint", "--sources", str(workplace.sources)).exit_code == 0
    assert workplace.run("build").exit_code == 0
    assert releases.current_id(workplace.releases) != before


def test_a_damaged_release_is_replaced_and_shown(workplace):
    key = releases.current_id(workplace.releases)
    (workplace.releases / key / "manifest.json").write_text("{}", encoding="utf-8")
    listed = workplace.run("releases", "list", "--releases", str(workplace.releases))
    assert f"* {key}  ?" in listed.output
    assert workplace.run("build").exit_code == 0
    assert releases.current(workplace.releases).id != key


def test_what_the_newest_release_held_may_not_go_even_when_an_older_one_is_current(workplace):
    old = releases.current_id(workplace.releases)
    source = workplace.file("data/sources/*.ttl")
    extra = source.with_name("extra.ttl")
    extra.write_text(source.read_text("utf-8").replace(source.stem, "extra"), encoding="utf-8")
    assert workplace.run("build").exit_code == 0
    releases.activate(workplace.releases, old)
    extra.unlink()
    result = workplace.run("build")
    assert (result.exit_code, "data/sources/extra.ttl" in result.output) == (1, True)


def test_releases_are_not_switched_or_removed_under_a_build(workplace):
    key = releases.current_id(workplace.releases)
    with releases.exclusive(workplace.releases):
        for words in (["activate", key], ["prune"]):
            result = workplace.run("releases", *words, "--releases", str(workplace.releases))
            assert (result.exit_code, "Another build" in result.output) == (1, True)


def test_a_second_build_at_the_same_time_is_told_to_wait(workplace):
    before = workplace.state()
    with (workplace.releases / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = workplace.run("build")
    assert (result.exit_code, "Another build" in result.output) == (1, True)
    assert workplace.state() == before


def test_a_killed_build_leaves_the_release_and_the_next_build_cleans_up(workplace):
    before = workplace.state()
    path = workplace.organisation("kargah")
    path.write_text(
        path.read_text("utf-8").replace('"kargah e.V."', '"Kargah e. V."'), encoding="utf-8"
    )
    script = (
        "import os, signal, sys\n"
        "from kmn_ld.build import releasing\n"
        "releasing.write_dumps = lambda folder: os.kill(os.getpid(), signal.SIGKILL)\n"
        "from kmn_ld.cli import main\n"
        "main(sys.argv[1:])"
    )
    words = ["build", "--sources", workplace.sources, "--releases", workplace.releases]
    command = [sys.executable, "-c", script, *words]
    killed = subprocess.run(command, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(list(workplace.releases.glob(".building-*"))) == 1
    assert workplace.state() == before
    assert workplace.run("build").exit_code == 0
    assert not list(workplace.releases.glob(".building-*"))


@pytest.mark.parametrize("free", [300_000, 2_000_000, 5_000_000])
def test_a_full_disk_leaves_the_release(workplace, tmp_path, free):
    small = tmp_path / "small"
    small.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", small], capture_output=True, check=False
    )
    if not mounted or mounted.returncode:
        pytest.skip("a file system of its own needs root")
    try:
        shutil.copytree(workplace.releases, small / "releases", symlinks=True)
        (small / "filler").write_bytes(b"x" * (_free(small) - free))
        workplace.releases = small / "releases"
        before = workplace.state()
        workplace.organisation("kargah").write_text(
            workplace.organisation("kargah")
            .read_text("utf-8")
            .replace('"kargah e.V."', '"K e. V."'),
            encoding="utf-8",
        )
        done = subprocess.run(
            [*COMMAND, "build", "--sources", workplace.sources, "--releases", small / "releases"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1, done.stderr
        assert "stays as it is" in done.stderr
        assert "Traceback" not in done.stderr
        assert workplace.state() == before
        assert not list(workplace.releases.glob(".building-*"))
    finally:
        subprocess.run(["umount", small], check=True)


def _free(folder):
    stats = os.statvfs(folder)
    return stats.f_bavail * stats.f_frsize


def test_findings_as_json_name_record_and_place(workplace):
    path = workplace.organisation("kargah")
    path.write_text(
        path.read_text("utf-8").replace("id/district/03241", "id/district/03999"), encoding="utf-8"
    )
    result = workplace.run("check", "--format", "json")
    findings = json.loads(result.stdout)
    assert [(f["rule"], f["path"]) for f in findings if f["severity"] == "violation"] == [
        ("link-district", path.relative_to(workplace.sources).as_posix())
    ]
    assert Path(findings[0]["path"]).name == path.name


@pytest.mark.parametrize("name", ["content.nq", "default.nt", "dump/network.ttl"])
def test_a_release_that_lost_a_file_is_built_anew(workplace, name):
    key = releases.current_id(workplace.releases)
    (workplace.releases / key / name).unlink()
    assert workplace.run("build").exit_code == 0
    assert releases.current_id(workplace.releases) != key


def test_a_release_counts_findings_and_the_next_check_tells_what_was_added(workplace):
    release = releases.current(workplace.releases)
    assert release.manifest.findings["violation"] == 0
    assert release.manifest.findings["info"] > 0
    assert "Compared with release" not in workplace.run("check").output
    path = workplace.organisation("kargah")
    contact = f"<https://w3id.org/kmn-ld/id/org/{path.stem}#contact>"
    more = (
        f"<https://w3id.org/kmn-ld/id/org/{path.stem}>\n    cv:contactPoint {contact} ;\n.\n"
        f'{contact}\n    a cv:ContactPoint ;\n    cv:telephone "0511" ;\n'
        '    rdfs:label\n        "Contact"@en ,\n        "Kontakt"@de ;\n'
        "    kmn:contactBasis <https://w3id.org/kmn-ld/id/concept/contact-basis/functional> ;\n.\n"
    )
    prefix = "PREFIX cv: <http://data.europa.eu/m8g/>\n"
    path.write_text(prefix + path.read_text("utf-8") + more, "utf-8")
    told = f"Compared with release {release.id}: warnings +1, notes -1."
    results = [workplace.run("check"), workplace.run("build")]
    assert [result.exit_code for result in results] == [0, 0]
    assert all(told in result.output for result in results)
    assert all("give the reason in docs/changelog.md" in result.output for result in results)
    assert releases.current(workplace.releases).manifest.findings["warning"] == 1


def test_a_release_of_sources_says_how_much_of_what_it_holds(workplace):
    release = releases.current(workplace.releases)
    counted = Statistics.from_json(release.path(releases.STATISTICS).read_text("utf-8"))
    assert {iri: one.size.triples for iri, one in counted.named.items()} == release.manifest.graphs
    named = sum(release.manifest.graphs.values())
    assert counted.default.size.triples == release.manifest.quads - named
    assert {entry.target for entry in counted.links} >= {"wikidata", "geonames", "nuts"}
