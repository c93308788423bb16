from hypothesis import given
from hypothesis import strategies as st

from kmn_ld.search import bits

NUMBERS = st.sets(st.integers(0, 99))


@given(NUMBERS)
def test_a_set_gives_back_its_members_in_order(numbers):
    assert list(bits.members(bits.of_numbers(numbers, 100))) == sorted(numbers)


@given(st.lists(NUMBERS, max_size=6))
def test_the_members_of_most_sets_are_found(sets):
    counts = [sum(number in one for one in sets) for number in range(100)]
    most = max(counts)
    found, number = bits.having_most(bits.of_numbers(one, 100) for one in sets)
    assert number == most
    assert list(bits.members(found)) == [one for one in range(100) if counts[one] == most > 0]
