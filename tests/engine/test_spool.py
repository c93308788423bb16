from hashlib import sha256
from pathlib import Path

import pytest

from kmn_ld.engine.spool import Spool
from kmn_ld.errors import EngineError, ResultTooLarge

MEBIBYTE = 1024 * 1024


def test_a_small_result_stays_in_memory(tmp_path: Path):
    spool = Spool(tmp_path, limit=10)
    spool.write(b"one")
    spool.write(b"two")
    assert spool.finish() == (b"onetwo", None, sha256(b"onetwo").hexdigest())
    assert spool.length == 6
    assert list(tmp_path.iterdir()) == []


def test_a_large_result_goes_to_a_file_that_only_the_owner_reads(tmp_path: Path):
    spool = Spool(tmp_path, limit=10 * MEBIBYTE)
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
    assert Spool(tmp_path, limit=1).finish() == (b"", None, sha256(b"").hexdigest())


@pytest.mark.parametrize("size", [MEBIBYTE // 2, 3 * MEBIBYTE])
def test_nothing_stays_of_a_result_beyond_the_limit(tmp_path: Path, size: int):
    spool = Spool(tmp_path, limit=size)
    spool.write(bytes(size))
    with pytest.raises(ResultTooLarge) as caught:
        spool.write(b"!")
    spool.discard()
    assert caught.value.details == {"limit": size}
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_gone_is_an_error_of_ours(tmp_path: Path):
    spool = Spool(tmp_path / "gone", limit=10 * MEBIBYTE)
    with pytest.raises(EngineError, match="spool-unwritable"):
        spool.write(bytes(2 * MEBIBYTE))
    spool.discard()
