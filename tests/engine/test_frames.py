import socket
from collections.abc import Iterator
from threading import Thread

import pytest

from kmn_ld.engine.frames import DATA, END, PIECE, READY, FrameReader, frame, json_frame


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, FrameReader]]:
    one, other = socket.socketpair()
    with one, other:
        other.settimeout(5)
        yield one, FrameReader(other)


def test_frames_that_arrive_together_are_read_one_by_one(pair):
    sender, reader = pair
    sender.sendall(frame(READY) + frame(DATA, b"abc") + json_frame(END, spent=False))
    assert [reader.read() for _ in range(3)] == [
        (READY, b""),
        (DATA, b"abc"),
        (END, b'{"spent": false}'),
    ]


def test_a_large_frame_is_put_together(pair):
    sender, reader = pair
    payload = bytes(range(256)) * (PIECE // 64)
    thread = Thread(target=sender.sendall, args=(frame(DATA, payload) + frame(END),))
    thread.start()
    assert reader.read() == (DATA, payload)
    assert reader.read() == (END, b"")
    thread.join()


@pytest.mark.parametrize("cut", [0, 3, 7])
def test_an_end_in_mid_frame_is_noticed(pair, cut: int):
    sender, reader = pair
    sender.sendall(frame(DATA, b"abc")[:cut])
    sender.close()
    with pytest.raises(EOFError):
        reader.read()


@pytest.mark.parametrize("cut", [3, 7])
def test_a_frame_that_comes_slowly_is_read_at_the_next_call(pair, cut: int):
    sender, reader = pair
    whole = frame(DATA, b"abc")
    sender.sendall(whole[:cut])
    reader._connection.settimeout(0.01)
    with pytest.raises(TimeoutError):
        reader.read()
    sender.sendall(whole[cut:])
    assert reader.read() == (DATA, b"abc")
