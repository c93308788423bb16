import inspect
import re

from kmn_ld import errors


def _classes():
    return {
        name: value
        for name, value in vars(errors).items()
        if inspect.isclass(value) and issubclass(value, errors.KmnError)
    }


def _drawn():
    """Return class name → (depth, words behind it) as the docstring draws the tree."""
    lines = [
        line for line in errors.__doc__.splitlines() if re.search(r"[A-Z]\w+ {2,}|─ [A-Z]", line)
    ]
    drawn = {}
    for line in lines:
        head = re.match(r"([│├└─ ]*)([A-Z]\w+)(.*)", line)
        drawn[head[2]] = (len(head[1]) // 3, head[3])
    return drawn


def test_docstring_draws_every_class_and_no_other():
    assert set(_drawn()) == set(_classes())


def test_drawn_depth_equals_the_depth_of_inheritance():
    depth = {
        name: len(cls.__mro__) - len(errors.KmnError.__mro__) for name, cls in _classes().items()
    }
    assert {name: place[0] for name, place in _drawn().items()} == depth


def test_drawn_statuses_equal_the_class_attributes():
    drawn = {name: re.search(r"\b([45]\d\d)\b", words) for name, (_, words) in _drawn().items()}
    named = {name: int(match[1]) for name, match in drawn.items() if match}
    assert len(named) > 10
    assert named == {name: _classes()[name].status for name in named}


def test_text_names_key_and_details():
    error = errors.SourceError("file-unreadable", path="a.ttl")
    assert str(error) == "file-unreadable (path=a.ttl)"
