import hashlib
import json
from dataclasses import replace

import pytest

from kmn_ld import releases
from kmn_ld.errors import BuildError
from kmn_ld.releases import File, Manifest, Step
from kmn_ld.vocab import GRAPH

IDS = [
    "20260101T000000Z-000000000001",
    "20260102T000000Z-000000000002",
    "20260103T000000Z-000000000003",
]


def _manifest(key):
    return Manifest(
        id=key,
        kind="sources",
        built="2026-01-01T00:00:00Z",
        digest="0" * 64,
        graphs={"https://example.org/g": 1},
        quads=2,
        load=(("content.nq", "nq"),),
        files=(File("content.nq", 3, "0" * 64),),
        tools={"python": "3.11"},
        steps=(Step("read", 0.1),),
    )


@pytest.fixture
def folder(tmp_path):
    for key in IDS:
        (tmp_path / key).mkdir()
        (tmp_path / key / releases.MANIFEST).write_text(_manifest(key).to_json(), encoding="utf-8")
    return tmp_path


def test_a_manifest_comes_back_as_it_was_written():
    assert Manifest.from_json(_manifest(IDS[0]).to_json()) == _manifest(IDS[0])


def test_the_activated_release_is_current(folder):
    releases.activate(folder, IDS[1])
    assert releases.current(folder).id == IDS[1]
    releases.activate(folder, IDS[0])
    assert releases.current(folder).path("x") == folder / IDS[0] / "x"


def test_without_a_release_there_is_no_current_one(tmp_path):
    with pytest.raises(BuildError) as caught:
        releases.current(tmp_path)
    assert caught.value.key == "release-none"
    assert releases.current_or_none(tmp_path) is None


@pytest.mark.parametrize("key", ["20260109T000000Z-000000000001", "../x", "current", ""])
def test_unknown_ids_are_refused(folder, key):
    with pytest.raises(BuildError) as caught:
        releases.find(folder, key)
    assert caught.value.key == "release-unknown"


def test_a_damaged_manifest_is_an_error(folder):
    (folder / IDS[0] / releases.MANIFEST).write_text("{}", encoding="utf-8")
    with pytest.raises(BuildError) as caught:
        releases.find(folder, IDS[0])
    assert caught.value.key == "release-unreadable"


def test_ids_are_listed_oldest_first(folder, tmp_path):
    (folder / ".building-1").mkdir()
    assert releases.all_ids(folder) == IDS
    assert releases.all_ids(tmp_path / "nothing") == []


def test_prune_keeps_the_newest_and_the_current(folder):
    releases.activate(folder, IDS[0])
    assert releases.prune(folder, 1) == [IDS[1]]
    assert releases.all_ids(folder) == [IDS[0], IDS[2]]


def _whole(folder):
    """Give the first release the content that its manifest names."""
    content = b"<a:a> <a:b> <a:c> .\n"
    path = folder / IDS[0]
    (path / "content.nq").write_bytes(content)
    listed = File("content.nq", len(content), hashlib.sha256(content).hexdigest())
    return releases.Release(path, replace(_manifest(IDS[0]), files=(listed,)))


def test_a_release_with_all_its_files_is_whole(folder):
    release = _whole(folder)
    releases.demand_files(release, ["content.nq"])
    assert releases.is_whole(release)


@pytest.mark.parametrize("content", [None, b"", b"<a:a> <a:b> <a:c> .", b"<a:a> <a:b> <a:d> .\n"])
def test_a_missing_cut_or_changed_file_is_named(folder, content):
    release = _whole(folder)
    path = release.path("content.nq")
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(BuildError) as caught:
        releases.demand_files(release, ["content.nq"])
    assert (caught.value.key, caught.value.details["path"]) == ("release-damaged", path)
    assert not releases.is_whole(release)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("network", "graph/network.ttl"),
        ("Network", f"graph/{hashlib.sha256(f'{GRAPH}Network'.encode()).hexdigest()}.ttl"),
        ("../x", f"graph/{hashlib.sha256(f'{GRAPH}../x'.encode()).hexdigest()}.ttl"),
    ],
)
def test_a_graph_has_a_file_whatever_its_name(name, expected):
    assert releases.graph_file(GRAPH + name, "ttl") == expected


def test_a_manifest_of_before_findings_were_counted_can_be_read():
    older = json.loads(_manifest(IDS[0]).to_json())
    del older["findings"]
    assert Manifest.from_json(json.dumps(older)).findings is None
