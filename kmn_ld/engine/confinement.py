"""Takes from a worker process what a query must not have: network, files, memory without end."""

import ctypes
import errno
import os
import resource
import signal
from contextlib import suppress
from pathlib import Path

from kmn_ld.engine.syscall_filter import forbid_network

_SET_PARENT_DEATH_SIGNAL = 1
_SET_NO_NEW_PRIVILEGES = 38
_ARENAS_AT_MOST = -8
_OUT_OF_MEMORY_SCORE = "500"
"""The kernel ends a worker rather than a server when the machine has no memory left."""

_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when the thread that started it ends (prctl(2))."""
    _control(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        raise SystemExit(1)  # the parent has ended already


def use_one_arena() -> None:
    """Have malloc use one heap, so that what a query frees can go back to the system."""
    if hasattr(_libc, "mallopt"):
        _libc.mallopt(_ARENAS_AT_MOST, 1)


def trim_heap() -> None:
    """Give freed memory back to the system."""
    if hasattr(_libc, "malloc_trim"):
        _libc.malloc_trim(0)


def cut_off() -> bool:
    """Allow no socket, no other program and no core dump; return whether the kernel can do so.

    To be called before there are other threads.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _control(_SET_NO_NEW_PRIVILEGES, 1)
    return forbid_network()


def confine(memory: int, files: int) -> None:
    """Allow `memory` bytes on top of what is mapped now, and `files` more open files."""
    mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    _sacrifice()
    _close_the_descriptor_table(files)
    limit = mapped + memory
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _close_the_descriptor_table(free: int) -> None:
    """Leave `free` descriptors; with none, SERVICE cannot open a socket.

    The limit comes first: filled to a limit that is lowered afterwards, one would stay free.
    """
    highest = max(int(entry.name) for entry in Path("/proc/self/fd").iterdir())
    limit = highest + 1 + free
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    filled = []
    while True:
        try:
            filled.append(os.dup(0))
        except OSError as error:
            if error.errno != errno.EMFILE:
                raise
            break
    for descriptor in filled[len(filled) - free :]:
        os.close(descriptor)


def _sacrifice() -> None:
    with suppress(OSError):  # a hardened /proc: the limits hold without it
        Path("/proc/self/oom_score_adj").write_text(_OUT_OF_MEMORY_SCORE)


def _control(option: int, value: int) -> None:
    if _libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
