"""Sets of documents as whole numbers: bit n is document n."""

from collections.abc import Iterable, Iterator


def of_numbers(numbers: Iterable[int], size: int) -> int:
    """Return the set of some documents among so many."""
    flags = bytearray(size // 8 + 1)
    for number in numbers:
        flags[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(flags, "little")


def members(bits: int) -> Iterator[int]:
    """Yield the documents of a set, the lowest number first."""
    for position, byte in enumerate(bits.to_bytes(bits.bit_length() // 8 + 1, "little")):
        if byte:
            for offset in range(8):
                if byte >> offset & 1:
                    yield position * 8 + offset


def having_most(sets: Iterable[int]) -> tuple[int, int]:
    """Return the documents that are in the greatest number of the sets, and that number."""
    at_least: list[int] = []  # position n: documents that are in more than n sets
    for one in sets:
        for level in range(len(at_least), -1, -1):
            before = at_least[level - 1] if level else -1
            found = before & one
            if level < len(at_least):
                at_least[level] |= found
            elif found:
                at_least.append(found)
    return (at_least[-1], len(at_least)) if at_least else (0, 0)
