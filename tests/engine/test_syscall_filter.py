import struct

import pytest

from kmn_ld.engine.syscall_filter import _FORBIDDEN, _instructions

ALLOWED, REFUSED = 0x7FFF0000, 0x0005000D
"""SECCOMP_RET_ALLOW, and SECCOMP_RET_ERRNO with EACCES (linux/seccomp.h)."""
MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""AUDIT_ARCH_… of each machine (linux/audit.h)."""
HARMLESS = {
    "x86_64": {"read": 0, "write": 1, "mmap": 9, "openat": 257, "exit_group": 231},
    "aarch64": {"read": 63, "write": 64, "mmap": 222, "openat": 56, "exit_group": 94},
}


def verdict(code: bytes, number: int, architecture: int) -> int:
    """Run the filter as the kernel does: classic BPF over the first words of `seccomp_data`."""
    data = struct.pack("II", number, architecture)
    place, loaded = 0, 0
    while True:
        operation, then, otherwise, value = struct.unpack_from("HBBI", code, place * 8)
        place += 1
        match operation:
            case 0x20:
                (loaded,) = struct.unpack_from("I", data, value)
            case 0x15:
                place += then if loaded == value else otherwise
            case 0x35:
                place += then if loaded >= value else otherwise
            case 0x06:
                return value


@pytest.mark.parametrize("machine", MACHINES)
def test_sockets_and_programs_are_refused_and_the_rest_is_allowed(machine: str):
    code = _instructions(machine)
    refused = {name: verdict(code, n, MACHINES[machine]) for name, n in _FORBIDDEN[machine].items()}
    assert refused == dict.fromkeys(_FORBIDDEN[machine], REFUSED)
    assert {"socket", "connect", "execve", "io_uring_setup"} <= set(refused)
    allowed = {name: verdict(code, n, MACHINES[machine]) for name, n in HARMLESS[machine].items()}
    assert allowed == dict.fromkeys(HARMLESS[machine], ALLOWED)


@pytest.mark.parametrize("machine", MACHINES)
def test_calls_of_another_binary_interface_are_refused(machine: str):
    code = _instructions(machine)
    assert verdict(code, 0, 0x40000003) == REFUSED
    assert verdict(code, 0x40000000 + 41, MACHINES[machine]) == REFUSED
