import re
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from kmn_ld.config import PREFIX, Settings
from kmn_ld.errors import ConfigError

TABLE = Path(__file__).parent.parent / "docs" / "settings.md"


def test_defaults_are_those_of_the_contract():
    settings = Settings.from_env({})
    assert (settings.query_seconds, settings.query_memory_mb) == (10, 1024)
    assert (settings.query_max_bytes, settings.result_max_bytes) == (65_536, 268_435_456)
    assert (settings.memory_triples, settings.queries_per_client, settings.cache_mb) == (
        500_000,
        2,
        64,
    )


def test_environment_is_read_with_types():
    settings = Settings.from_env(
        {"KMN_LD_PORT": "9000", "KMN_LD_OFFICIAL": "1", "KMN_LD_SOURCES": "x"}
    )
    assert (settings.port, settings.official, settings.sources) == (9000, True, Path("x"))


def test_other_variables_of_the_environment_are_ignored():
    assert Settings.from_env({"PORT": "1"}).port == 8000


def test_options_of_a_command_win_and_none_leaves_the_environment():
    settings = Settings.from_env({"KMN_LD_PORT": "9000"}, port=None, host="::1")
    assert (settings.port, settings.host) == (9000, "::1")


@pytest.mark.parametrize(
    ("name", "value", "key"),
    [
        ("KMN_LD_PRT", "1", "setting-unknown"),
        ("KMN_LD_PORT", "many", "setting-value"),
        ("KMN_LD_OFFICIAL", "perhaps", "setting-value"),
        ("KMN_LD_WORKERS", "0", "setting-low"),
        ("KMN_LD_PORT", "65536", "setting-high"),
        ("KMN_LD_QUERY_MAX_BYTES", "262145", "setting-high"),
        ("KMN_LD_SPOOL_PER_CLIENT_MB", "255", "setting-low"),
        ("KMN_LD_SPOOL_MB", "255", "setting-low"),
        ("KMN_LD_LOG_FORMAT", "xml", "setting-value"),
        ("KMN_LD_PUBLIC_URL", "kmn.example.org", "setting-value"),
        ("KMN_LD_PUBLIC_URL", "ftp://kmn.example.org", "setting-value"),
        ("KMN_LD_PUBLIC_URL", "https://kmn.example.org/?a", "setting-value"),
        ("KMN_LD_TRUSTED_PROXIES", "10.0.0.0/8,proxy", "setting-value"),
        ("KMN_LD_ENDPOINT", "kmn.example.org/sparql", "setting-endpoint"),
        ("KMN_LD_ENDPOINT", "file:///etc/passwd", "setting-endpoint"),
        ("KMN_LD_ENDPOINT_UPDATE", "http://example.org:port/", "setting-endpoint"),
        ("KMN_LD_ENDPOINT_GRAPH_STORE", "https://example.org/a b", "setting-endpoint"),
    ],
)
def test_unknown_names_and_bad_values_are_errors_at_start(name, value, key):
    with pytest.raises(ConfigError) as caught:
        Settings.from_env({name: value})
    assert caught.value.key == key


@pytest.mark.parametrize(
    "url", ["https://kmn.example.org", "http://[2001:db8::7]:8000/", "https://kmn.example.org/"]
)
def test_a_public_address_is_scheme_and_host(url):
    assert Settings.from_env({"KMN_LD_PUBLIC_URL": url}).public_url == url


def test_a_password_in_an_address_is_in_no_message_and_no_representation():
    with pytest.raises(ConfigError) as caught:
        Settings.from_env({"KMN_LD_ENDPOINT": "ftp://user:secret@example.org/"})
    settings = Settings.from_env({"KMN_LD_ENDPOINT": "http://user:secret@example.org/"})
    assert "secret" not in f"{caught.value} {caught.value.details} {settings}"


def test_settings_do_not_change():
    with pytest.raises(FrozenInstanceError):
        Settings().port = 1


def test_with_changes_returns_a_copy():
    assert Settings().with_changes(port=1).port == 1


def test_documented_table_equals_the_fields():
    rows = re.findall(
        r"^\| `(\w+)` \| (\w+) \| `(.*?)` \| (.*?) \|$", TABLE.read_text("utf-8"), re.M
    )
    documented = {name: (kind, default, text) for name, kind, default, text in rows}
    expected = {
        PREFIX + entry.name.upper(): (
            entry.type.__name__.lower(),
            str(entry.default),
            entry.metadata["help"]
            + (f" ({entry.metadata['unit']})" if entry.metadata["unit"] else ""),
        )
        for entry in fields(Settings)
    }
    assert documented == expected
