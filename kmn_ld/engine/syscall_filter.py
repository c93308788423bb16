"""Forbids system calls that reach out of a process: sockets, programs (seccomp(2), Linux)."""

import ctypes
import errno
import platform
import struct

_SET_SECCOMP, _MODE_FILTER = 22, 2

_FORBIDDEN = {
    "x86_64": {"socket": 41, "connect": 42, "bind": 49, "execve": 59, "ptrace": 101,
               "execveat": 322, "io_uring_setup": 425},
    "aarch64": {"socket": 198, "connect": 203, "bind": 200, "execve": 221, "ptrace": 117,
                "execveat": 281, "io_uring_setup": 425},
}  # fmt: skip
"""Machine → the system calls' numbers there (io_uring could open sockets as well)."""
_AUDIT_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_FOREIGN = 0x40000000
"""Numbers from here are calls of another binary interface (x32), which nothing here uses."""

# Instructions of the classic Berkeley packet filter and offsets in `struct seccomp_data`.
_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER, _ARCHITECTURE = 0, 4
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EACCES


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def forbid_network() -> bool:
    """Refuse the calls with EACCES, in this thread and all that it starts from now on.

    Returns False, and changes nothing, on a machine or kernel without such filters. Needs
    `PR_SET_NO_NEW_PRIVS` before.
    """
    machine = platform.machine()
    if machine not in _FORBIDDEN:
        return False
    code = _instructions(machine)
    program = _Program(len(code) // 8, code)
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.prctl(_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program)) == 0)


def _instructions(machine: str) -> bytes:
    """Return the filter: the verdicts stand at its end, each test jumps there or goes on."""
    numbers = sorted(_FORBIDDEN[machine].values())
    tests = [(_JUMP_IF_AT_LEAST, _FOREIGN), *((_JUMP_IF_EQUAL, number) for number in numbers)]
    code = [
        _instruction(_LOAD, _ARCHITECTURE),
        _instruction(_JUMP_IF_EQUAL, _AUDIT_ARCHITECTURE[machine], otherwise=len(tests) + 2),
        _instruction(_LOAD, _NUMBER),
    ]
    for place, (test, number) in enumerate(tests):
        code.append(_instruction(test, number, then=len(tests) - place))
    code += [_instruction(_RETURN, _ALLOW), _instruction(_RETURN, _REFUSE)]
    return b"".join(code)


def _instruction(operation: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("HBBI", operation, then, otherwise, value)
