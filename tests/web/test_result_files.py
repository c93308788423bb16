import asyncio

import pytest

from kmn_ld.web import result_files
from kmn_ld.web.result_files import ResultFiles


@pytest.fixture
def path(tmp_path):
    (tmp_path / "result").write_bytes(b"data")
    return tmp_path / "result"


async def _until(condition):
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0)


def test_what_lies_in_the_folder_is_a_result(tmp_path):
    files = ResultFiles(tmp_path / "spool")
    assert files.owns(tmp_path / "spool" / "1")
    assert not files.owns(tmp_path / "dump.ttl")
    assert not ResultFiles(None).owns(tmp_path / "dump.ttl")


def test_a_file_is_removed_when_its_reader_closes_it(path):
    async def hand_over():
        files = ResultFiles(path.parent)
        files.watch(path)
        with path.open("rb") as reader:
            await asyncio.sleep(0)
            assert path.exists()
            assert reader.read() == b"data"
        await _until(lambda: not path.exists())
        files.close()

    asyncio.run(hand_over())
    assert not path.exists()


def test_a_file_that_nobody_opens_is_removed_after_a_while(path, monkeypatch):
    monkeypatch.setattr(result_files, "UNREAD_SECONDS", 0)

    async def hand_over():
        files = ResultFiles(path.parent)
        files.watch(path)
        await _until(lambda: not path.exists())
        await _until(lambda: not files._watches)
        files.close()

    asyncio.run(hand_over())
    assert not path.exists()


@pytest.mark.parametrize("has_events", [True, False])
def test_a_file_stays_as_long_as_it_is_open(path, monkeypatch, has_events):
    monkeypatch.setattr(result_files, "UNREAD_SECONDS", 0)
    looked = []
    is_open = result_files._is_open
    monkeypatch.setattr(result_files, "_is_open", lambda path: looked.append(1) or is_open(path))
    if not has_events:
        monkeypatch.setattr(result_files._libc, "inotify_init1", lambda *_: -1)

    async def hand_over():
        files = ResultFiles(path.parent)
        with path.open("rb"):
            files.watch(path)
            await _until(lambda: len(looked) > 3)
            assert path.exists()
        await _until(lambda: not path.exists())
        files.close()

    asyncio.run(hand_over())
    assert not path.exists()


def test_at_the_end_what_was_handed_over_is_removed(path):
    async def hand_over():
        files = ResultFiles(path.parent)
        files.watch(path)
        files.close()

    asyncio.run(hand_over())
    assert not path.exists()
