import ast
import string
import tomllib
from pathlib import Path

import pytest

import kmn_ld
from kmn_ld import errors, messages

PACKAGE = Path(kmn_ld.__file__).parent


def _flat(entry, prefix=""):
    if isinstance(entry, str):
        return {prefix: entry}
    return {
        k: v for name, part in entry.items() for k, v in _flat(part, f"{prefix}.{name}").items()
    }


def _fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def _raised_keys():
    """Return every literal first argument of one of our errors or of `violation(…)` in the code."""
    names = {name for name in vars(errors) if name[0].isupper()} | {"violation"}
    keys = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if called and node.func.id in names and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    keys.add(first.value)
    return keys


def test_both_languages_have_the_same_entries():
    german, english = (_flat(messages.catalogue(language)) for language in ("de", "en"))
    assert len(german) > 100
    assert set(german) == set(english)


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_no_file_repeats_an_entry_of_another(language):
    files = sorted((PACKAGE / "catalogues" / language).glob("*.toml"))
    areas = [tomllib.loads(path.read_text("utf-8")) for path in files]
    keys = [f"errors.{key}" for area in areas for key in area.pop("errors", {})]
    keys += [key for area in areas for key in area]
    assert len(keys) > 50
    assert [key for key in keys if keys.count(key) > 1] == []


def test_both_languages_have_the_same_placeholders():
    german, english = (_flat(messages.catalogue(language)) for language in ("de", "en"))
    different = {key for key in german if _fields(german[key]) != _fields(english[key])}
    assert different == set()


def test_every_error_that_code_raises_has_its_texts():
    keys = _raised_keys()
    assert len(keys) > 50
    assert keys - set(messages.catalogue("de")["errors"]) == set()


def test_every_text_of_an_error_is_used():
    used = {
        node.value
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert set(messages.catalogue("en")["errors"]) - used == set()


def test_an_error_is_explained_in_the_language_asked_for():
    error = errors.ConfigError("setting-low", name="KMN_LD_PORT", lowest=1)
    assert messages.explain(error, "de")[1] == "KMN_LD_PORT muss mindestens 1 sein."
    assert messages.explain(error, "en")[1] == "KMN_LD_PORT must be at least 1."


@pytest.mark.parametrize(("language", "number"), [("de", "12.345"), ("en", "12,345")])
def test_large_numbers_are_written_as_the_language_does(language, number):
    text = messages.text("cli.more-findings", language, count=12_345)
    assert number in text


def test_what_a_parser_or_the_engine_says_in_english_is_set_apart_in_german():
    texts = {key: entry["text"] for key, entry in messages.catalogue("de")["errors"].items()}
    quoting = (
        "turtle-syntax", "ledger-unreadable", "shape-broken",
        "query-syntax", "query-failed", "query-refused", "query-binding",
    )  # fmt: skip
    assert [key for key in quoting if "„{reason}“" not in texts[key]] == []


def test_an_unknown_text_is_a_key_error():
    with pytest.raises(KeyError):
        messages.text("cli.nothing", "de")


@pytest.mark.parametrize(
    ("locale_name", "language"),
    [("de_DE.UTF-8", "de"), ("de_AT", "de"), ("en_GB.UTF-8", "en"), ("C", "en"), (None, "en")],
)
def test_language_of_the_terminal_follows_the_locale(monkeypatch, locale_name, language):
    monkeypatch.setattr(messages.locale, "setlocale", lambda *_: locale_name)
    assert messages.language_of_terminal() == language
