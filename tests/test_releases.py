import pytest

from kmn_ld import releases
from kmn_ld.errors import BuildError
from kmn_ld.releases import File, Manifest, Step

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
