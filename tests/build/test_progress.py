import pytest

from kmn_ld.build.progress import Silent, Steps


class Told(Silent):
    """Notes what it is told."""

    def __init__(self):
        self.words = []

    def start(self, step, total):
        self.words.append(("start", step, total))

    def finish(self, step, seconds):
        self.words.append(("finish", step, seconds >= 0))


def test_a_step_is_kept_with_its_time():
    steps = Steps(Told())
    with steps.step("read", 3):
        pass
    assert steps.progress.words == [("start", "read", 3), ("finish", "read", True)]
    assert [(step.name, step.seconds >= 0) for step in steps.done] == [("read", True)]


def test_a_step_that_fails_is_ended_and_kept_too():
    steps = Steps(Told())
    with pytest.raises(KeyError), steps.step("read"):
        raise KeyError
    assert steps.progress.words[-1] == ("finish", "read", True)
    assert [step.name for step in steps.done] == ["read"]
