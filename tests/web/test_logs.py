import json
import logging
import sys

import pytest

from kmn_ld.config import Settings
from kmn_ld.web import logs


@pytest.fixture
def logger(monkeypatch):
    """A logger as ours is in a process that nobody has set up yet."""
    fresh = logging.Logger("kmn_ld")
    monkeypatch.setattr(logs, "our_logger", lambda: fresh)
    return fresh


def _record(**options):
    return logging.LogRecord(
        "kmn_ld.x", logging.ERROR, "x.py", 1, "Release %s is ü", ("a",), options.get("exc_info")
    )


def test_json_lines_hold_time_level_logger_and_message():
    entry = json.loads(logs.JsonFormatter().format(_record()))
    assert entry["level"] == "ERROR"
    assert entry["logger"] == "kmn_ld.x"
    assert entry["message"] == "Release a is ü"
    assert set(entry) == {"time", "level", "logger", "message"}


def test_a_traceback_stays_within_its_line():
    try:
        raise ValueError("why")
    except ValueError:
        line = logs.JsonFormatter().format(_record(exc_info=sys.exc_info()))
    assert "\n" not in line
    assert "ValueError: why" in json.loads(line)["traceback"]


@pytest.mark.parametrize(
    ("log_format", "formatter"), [("json", logs.JsonFormatter), ("text", logging.Formatter)]
)
def test_messages_go_to_standard_error_in_the_wanted_form(logger, log_format, formatter):
    logs.configure(Settings(log_format=log_format))
    assert [type(handler.formatter) for handler in logger.handlers] == [formatter]


def test_the_handlers_of_a_host_stay_alone(logger):
    handler = logging.NullHandler()
    logger.addHandler(handler)
    logs.configure(Settings())
    assert logger.handlers == [handler]
