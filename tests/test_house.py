"""The house rules that a tool can check."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import click
import pytest

from archiver.cli import main
from archiver.extractors import load

ROOT = Path(__file__).parent.parent
PACKAGES = ("archiver", "pipelines")


def _modules() -> list[Path]:
    return [path for name in PACKAGES for path in sorted((ROOT / name).rglob("*.py"))]


def _dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_every_module_belongs_to_a_layer() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    layered = {
        name.strip()
        for layer in config["tool"]["importlinter"]["contracts"][0]["layers"]
        for name in layer.split("|")
    }
    outside = {"archiver", "archiver.__main__", "archiver.settings"}
    homeless = [
        name
        for name in map(_dotted, _modules())
        if name not in outside
        and not any(name == layer or name.startswith(f"{layer}.") for layer in layered)
    ]
    assert homeless == []


def test_every_component_named_in_the_settings_exists() -> None:
    from scrapy.utils.misc import load_object

    text = (ROOT / "archiver" / "settings.py").read_text("utf-8")
    names = re.findall(r"\"((?:archiver|pipelines)(?:\.\w+)+)\"", text)
    modules = {name for name in names if (ROOT / name.replace(".", "/")).exists()}
    assert names
    for name in set(names) - modules:
        assert load_object(name)


def test_every_command_is_documented_for_operators() -> None:
    assert isinstance(main, click.Group)
    page = (ROOT / "docs" / "operators" / "running.md").read_text("utf-8")
    assert [name for name in main.commands if f"archiver {name}" not in page] == []


@pytest.mark.parametrize("extractor", load(), ids=lambda extractor: extractor.name)
def test_every_extractor_has_a_golden_page(extractor: object) -> None:
    folder = ROOT / "tests" / "golden" / extractor.name  # type: ignore[attr-defined]
    assert list(folder.glob("*.json")), f"no golden page in {folder}"


def test_no_module_is_longer_than_400_lines() -> None:
    long = {str(p): n for p in _modules() if (n := len(p.read_text("utf-8").splitlines())) > 400}
    assert long == {}


@pytest.mark.parametrize("path", _modules(), ids=_dotted)
def test_every_module_and_public_name_has_a_docstring(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    assert ast.get_docstring(tree)
    public = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
    ]
    enums = {"StrEnum", "Enum"}
    bare = [
        node.name
        for node in public
        if not ast.get_docstring(node)
        and not (
            isinstance(node, ast.ClassDef)
            and enums & {getattr(base, "id", "") for base in node.bases}
        )
    ]
    assert bare == []
