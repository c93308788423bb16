from hashlib import sha256
from pathlib import Path

import pytest

from kmn_ld.engine.spool import Room, Spool
from kmn_ld.errors import EngineError, ResultTooLarge, SpoolFull, TooManyResults

MEBIBYTE = 1024 * 1024
ONE, OTHER, THIRD = "192.0.2.1", "192.0.2.2", "192.0.2.3"


def spool_in(
    folder: Path, limit: int, client: str = ONE, room: int = 100, total: int = 100
) -> Spool:
    """A spool in a folder with room for so many MiB."""
    return Spool(Room(folder, room * MEBIBYTE, total * MEBIBYTE), client, limit)


def test_a_small_result_stays_in_memory(tmp_path: Path):
    spool = spool_in(tmp_path, limit=10)
    spool.write(b"one")
    spool.write(b"two")
    assert spool.finish() == (b"onetwo", None, sha256(b"onetwo").hexdigest())
    assert spool.length == 6
    assert list(tmp_path.iterdir()) == []


def test_a_large_result_goes_to_a_file_that_only_the_owner_reads(tmp_path: Path):
    spool = spool_in(tmp_path, limit=10 * MEBIBYTE)
    piece = bytes(range(256)) * 256
    for _ in range(40):
        spool.write(piece)
    body, path, digest = spool.finish()
    spool.discard()
    assert body is None
    assert path.read_bytes() == piece * 40
    assert path.stat().st_mode & 0o777 == 0o600
    assert digest == sha256(piece * 40).hexdigest()


def test_an_empty_result_is_a_result(tmp_path: Path):
    assert spool_in(tmp_path, limit=1).finish() == (b"", None, sha256(b"").hexdigest())


@pytest.mark.parametrize("size", [MEBIBYTE // 2, 3 * MEBIBYTE])
def test_nothing_stays_of_a_result_beyond_the_limit(tmp_path: Path, size: int):
    spool = spool_in(tmp_path, limit=size)
    spool.write(bytes(size))
    with pytest.raises(ResultTooLarge) as caught:
        spool.write(b"!")
    spool.discard()
    assert caught.value.details == {"limit": size, "mebibytes": f"{size / MEBIBYTE:.4g}"}
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_gone_is_an_error_of_ours(tmp_path: Path):
    spool = spool_in(tmp_path / "gone", limit=10 * MEBIBYTE)
    with pytest.raises(EngineError, match="spool-unwritable"):
        spool.write(bytes(2 * MEBIBYTE))
    spool.discard()


def fill(spool: Spool, mebibytes: int) -> Path:
    for _ in range(mebibytes):
        spool.write(bytes(MEBIBYTE))
    path = spool.finish()[1]
    assert path is not None
    return path


def test_one_client_has_its_room_and_no_more(tmp_path: Path):
    def spool(client: str) -> Spool:
        return spool_in(tmp_path, 10 * MEBIBYTE, client, room=6)

    first = fill(spool(ONE), 4)
    second = spool(ONE)
    with pytest.raises(TooManyResults) as caught:
        fill(second, 4)
    second.discard()
    assert caught.value.details == {"limit": 6}
    assert list(tmp_path.iterdir()) == [first]
    assert fill(spool(OTHER), 4).exists()
    first.unlink()
    assert fill(spool(ONE), 4).exists()


def test_all_clients_have_their_room_and_no_more(tmp_path: Path):
    def spool(client: str) -> Spool:
        return spool_in(tmp_path, 10 * MEBIBYTE, client, room=6, total=10)

    first = fill(spool(ONE), 4)
    fill(spool(OTHER), 4)
    third = spool(THIRD)
    with pytest.raises(SpoolFull) as caught:
        fill(third, 4)
    third.discard()
    assert caught.value.details == {"limit": 10}
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) == 8 * MEBIBYTE
    first.unlink()
    assert fill(spool(THIRD), 4).exists()


def test_a_result_that_stays_in_memory_takes_no_room(tmp_path: Path):
    fill(spool_in(tmp_path, 10 * MEBIBYTE, room=4), 3)
    small = spool_in(tmp_path, 10 * MEBIBYTE, room=4)
    small.write(bytes(MEBIBYTE))
    assert small.finish()[0] == bytes(MEBIBYTE)


def test_what_a_dead_process_has_left_takes_no_room(tmp_path: Path):
    path = fill(spool_in(tmp_path, 10 * MEBIBYTE, room=6), 4)
    _, client, _, rest = path.name.split("-", 3)
    left = path.rename(tmp_path / f"result-{client}-{2**22 + 1}-{rest}")
    assert fill(spool_in(tmp_path, 10 * MEBIBYTE, room=6), 4).exists()
    assert not left.exists()
