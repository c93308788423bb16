"""Counts how many typing mistakes lie between two words."""


def mistakes(typed: str, word: str, most: int) -> int:
    """Return the letters left out, added, changed or swapped with the next; `most` + 1 if more.

    The optimal string alignment distance, row by row.
    """
    if abs(len(typed) - len(word)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(word) + 1))
    for i, letter in enumerate(typed, 1):
        older, before = before, row
        row = [i]
        for j, other in enumerate(word, 1):
            if letter == other:
                cost = before[j - 1]
            else:
                cost = 1 + min(before[j - 1], before[j], row[j - 1])
                if i > 1 and j > 1 and letter == word[j - 2] and typed[i - 2] == other:
                    cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
