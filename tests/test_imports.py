"""Imports point only up the list of stages; start-up stays light."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import trialmine

ROOT = Path(trialmine.__file__).parent
STAGES = ["core", "read", "find", "link", "report", "top"]
HEAVY = {
    "pandas",
    "spacy",
    "jieba",
    "opencc",
    "numpy",
    "pyarrow",
    "duckdb",
    "xlsxwriter",
    "sqlalchemy",
    "distributed",
}


def stage(module: str) -> str:
    """`trialmine.read.fold` -> read; modules at the top of the package are the last stage."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in STAGES else "top"


def imported(source: str, module: str) -> set[str]:
    """The modules of this package that a module's source imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            package = module.split(".")[: -node.level] if node.level else []
            base = ".".join([*package, *([node.module] if node.module else [])])
            found |= {f"{base}.{alias.name}" for alias in node.names}
    return {name for name in found if name.split(".")[0] == "trialmine"}


def wrong_imports(source: str, module: str) -> list[str]:
    allowed = STAGES[: STAGES.index(stage(module)) + 1]
    return sorted(name for name in imported(source, module) if stage(name) not in allowed)


MODULES = {
    "trialmine." + ".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in ROOT.rglob("*.py")
}


def test_modules_are_collected_from_every_stage() -> None:
    assert {stage(name) for name in MODULES} == set(STAGES)


@pytest.mark.parametrize("module", sorted(MODULES))
def test_imports_point_up(module: str) -> None:
    assert wrong_imports(MODULES[module].read_text("utf-8"), module) == []


@pytest.mark.parametrize(
    ("source", "module", "wrong"),
    [
        (
            "from trialmine.read.source import Source",
            "trialmine.core.tables",
            ["trialmine.read.source.Source"],
        ),
        ("def f():\n    import trialmine.batch", "trialmine.find.numbers", ["trialmine.batch"]),
        ("from trialmine import extract", "trialmine.link.arms", ["trialmine.extract"]),
        ("from ..report import score", "trialmine.link.arms", ["trialmine.report.score"]),
        ("from trialmine.core import errors\nimport json", "trialmine.read.fold", []),
        ("from trialmine.link.arms import Arm", "trialmine.link.frames", []),
        ("from trialmine.report.score import score", "trialmine.cli", []),
    ],
)
def test_the_rule_itself(source: str, module: str, wrong: list[str]) -> None:
    assert wrong_imports(source, module) == wrong


@pytest.mark.parametrize("module", ["trialmine", "trialmine.cli", "trialmine.core.tables"])
def test_start_up_imports_nothing_heavy(module: str) -> None:
    code = f"import sys, {module}; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert module in loaded
    assert not loaded & HEAVY


def test_the_lazy_front_has_what_it_promises() -> None:
    assert {"extract", "extract_corpus", "extract_frame", "evaluate", "Tables", "__version__"} == set(
        trialmine.__all__
    )
    assert set(trialmine.__all__) <= set(dir(trialmine))
    assert trialmine.Tables().documents.empty
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        trialmine.nothing_of_the_kind  # noqa: B018
