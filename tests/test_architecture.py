"""The tables of docs/architecture.md say what the code says."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

from kmn_ld import iris, sources
from kmn_ld.vocab import BASE

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "architecture.md").read_text("utf-8")
LAYERS = re.findall(r"^\| (\d) \| `(\w+)/?` \| .+ \| (.+) \|$", TEXT, re.M)
GRAPHS = re.findall(r"^\| `graph/(\w+)` \| (.+) \|$", TEXT, re.M)
TYPES = re.findall(r"^\| (`id/.+`) \| .+ \| (.+) \|$", TEXT, re.M)


def _contracts():
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    return tools["importlinter"]["contracts"]


def _imported(module):
    """Return the packages of others that a module of the table imports."""
    path = ROOT / "kmn_ld" / module
    files = [path.with_suffix(".py")] if path.with_suffix(".py").exists() else path.rglob("*.py")
    nodes = [node for file in files for node in ast.walk(ast.parse(file.read_text("utf-8")))]
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in names} - sys.stdlib_module_names - {"kmn_ld"}


def test_the_layers_are_those_that_import_linter_proves():
    (contract,) = (entry for entry in _contracts() if entry["type"] == "layers")
    proven = [{name.strip() for name in row.split("|")} for row in contract["layers"]]
    told = [
        {module for number, module, _ in LAYERS if number == layer}
        for layer in sorted({number for number, _, _ in LAYERS}, reverse=True)
    ]
    assert told == [row for row in proven if row != {"__main__"}]


@pytest.mark.parametrize(("module", "packages"), [row[1:] for row in LAYERS])
def test_a_module_imports_the_packages_of_others_that_it_is_said_to(module, packages):
    assert _imported(module) == set(packages.split(", ")) - {"–"}


@pytest.mark.parametrize(
    "package", sorted({name for row in LAYERS for name in row[2].split(", ")} - {"–"})
)
def test_import_linter_proves_who_alone_imports_a_package_of_others(package):
    users = {module for _, module, packages in LAYERS if package in packages.split(", ")}
    kept_away = {
        name.removeprefix("kmn_ld.")
        for contract in _contracts()
        if package in contract.get("forbidden_modules", ())
        for name in contract["source_modules"]
    }
    assert kept_away == {module for _, module, _ in LAYERS} - users


def test_the_folders_of_each_named_graph_are_those_of_the_sources():
    told = {(name, path) for name, row in GRAPHS for path in re.findall(r"`([\w./]+)`", row)}
    used = {(rule.graph, rule.path) for rule in sources._RULES}
    assert told - used == {
        (sources.DERIVED, f"{sources.RULES}/"),
        (sources.LIBRARY, f"{sources.EXAMPLES}/"),
    }
    assert used <= told
    assert [name for name, _ in GRAPHS if name not in sources.GRAPHS] == []


def test_the_types_of_iris_are_those_that_the_code_takes():
    told = {re.split("[/`]", iri)[2]: key for iri, key in TYPES}
    special = {"network", "district", "concept"}
    assert set(told) == {*iris.OPAQUE_TYPES, *iris.READABLE_TYPES, *special}
    minted = {name for name, key in told.items() if key == "minted in the ledger"}
    assert minted == set(iris.OPAQUE_TYPES)


@pytest.mark.parametrize("form", re.findall("`(.+?)`", " ".join(iri for iri, _ in TYPES)))
def test_an_iri_of_each_form_is_one_of_ours(form):
    parts = {"{id}": "k7x2qf96", "{slug}": "a-1", "{ags}": "03241", "{scheme}": "kind"}
    iri = BASE + re.sub(r"{\w+}", lambda part: parts[part[0]], form)
    assert iris.parse_iri(iri).iri == iri
