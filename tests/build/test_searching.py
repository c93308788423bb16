from kmn_ld import releases
from kmn_ld.build.searching import write_search


def test_a_release_lists_its_index_and_the_same_sources_give_the_same_bytes(shipped, tmp_path):
    entry = shipped.files[releases.SEARCH]
    for name in (releases.STORE, releases.LEDGER):
        (tmp_path / name).symlink_to(shipped.path(name))
    write_search(tmp_path)
    assert releases.digest_of(shipped.path(releases.SEARCH)) == entry.sha256
    assert releases.digest_of(tmp_path / releases.SEARCH) == entry.sha256
