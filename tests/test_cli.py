"""The command line: exit codes, messages, and what is left on the disk."""

import csv
import json
import os
import random
import resource
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import fakes
import trialmine
from trialmine import api, batch
from trialmine.cli import app
from trialmine.core import patterns as core_patterns
from trialmine.core.tables import TABLES

REPO = Path(__file__).parent.parent
COMMANDS = ["extract", "load", "show", "evaluate", "explain", "patterns"]


def run(*args: object, stdin: str | bytes | None = None) -> Any:
    result = CliRunner().invoke(app, [str(a) for a in args], input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "make_extractor", fakes.make_fake)
    monkeypatch.setattr(api, "make_extractor", fakes.make_fake)
    api._built_in.cache_clear()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fake: None) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("ORR 36% vs 20%", encoding="utf-8")
    (tmp_path / "in" / "b.txt").write_text("no result", encoding="utf-8")
    return tmp_path


# ---- extract ------------------------------------------------------------------------------------


def test_extract_writes_all_tables_and_a_summary(folder: Path) -> None:
    result = run("extract", "in", "-o", "out")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith("2 documents (0 failed), 0 studies, 0 arms, 2 measurements, 0 analyses, ")
    assert result.stderr.rstrip().endswith(" seconds")
    files = [*(f"{t}.csv" for t in TABLES), ".trialmine", "datapackage.json"]
    assert sorted(p.name for p in Path("out").iterdir()) == sorted(files)
    lines = Path("out/measurements.csv").read_text("utf-8").splitlines()
    assert [line.split(",")[0] for line in lines] == ["measurement_id", "a-m4", "a-m11"]


def test_extract_jsonl_and_jobs(folder: Path) -> None:
    assert run("extract", "in", "-o", "one", "--format", "jsonl").exit_code == 0
    assert run("extract", "in", "-o", "two", "--format", "jsonl", "--jobs", "2").exit_code == 0
    for name in TABLES:
        assert Path(f"one/{name}.jsonl").read_bytes() == Path(f"two/{name}.jsonl").read_bytes()
    rows = [json.loads(line) for line in Path("one/measurements.jsonl").read_text("utf-8").splitlines()]
    assert [row["value"] for row in rows] == [36, 20]


def test_extract_standard_input(folder: Path) -> None:
    assert run("extract", "-", "-o", "out", stdin="缓解率 41%".encode()).exit_code == 0
    assert "stdin-m4" in Path("out/measurements.csv").read_text("utf-8")


def test_a_text_without_results_is_read(folder: Path) -> None:
    result = run("extract", "in/b.txt", "-o", "out")
    assert result.exit_code == 0
    assert "1 documents (0 failed)" in result.stderr
    assert len(Path("out/measurements.csv").read_text("utf-8").splitlines()) == 1


UNREADABLE = {
    "empty": (b"", "the file is empty"),
    "nul": (b"\0" * 1000, "NUL bytes"),
    "random": (random.Random(7).randbytes(3000), "binary"),
    "unexpected": (b"raise", "ValueError: no such luck"),
}


@pytest.mark.parametrize("kind", UNREADABLE)
@pytest.mark.parametrize("jobs", [1, 2])
def test_an_unreadable_file_fails_alone(folder: Path, kind: str, jobs: int) -> None:
    data, cause = UNREADABLE[kind]
    Path("in/bad.txt").write_bytes(data)
    result = run("extract", "in", "-o", "out", "--jobs", jobs)
    assert result.exit_code == 1
    (error,) = [line for line in result.stderr.splitlines() if line.startswith("error: ")]
    assert error.startswith("error: in/bad.txt: ") and cause in error
    assert "3 documents (1 failed)" in result.stderr
    assert len(Path("out/measurements.csv").read_text("utf-8").splitlines()) == 3
    assert "bad,in/bad.txt," in Path("out/documents.csv").read_text("utf-8")
    assert cause in Path("out/documents.csv").read_text("utf-8")


def wrong_usage(tmp: Path) -> dict[str, tuple[list[str], str]]:
    (tmp / "none").mkdir()
    (tmp / "none" / "notes.csv").write_text("x", encoding="utf-8")
    (tmp / "other").mkdir()
    (tmp / "other" / "a.md").write_text("x", encoding="utf-8")
    (tmp / "mine").mkdir()
    return {
        "folder without documents": (["extract", "none", "-o", "out"], "none: no documents"),
        "missing path": (["extract", "in", "gone.txt", "-o", "out"], "gone.txt: no such file"),
        "one id twice": (["extract", "in", "other/a.md", "-o", "out"], "'a': in/a.txt and other/a.md"),
        "output is a file": (
            ["extract", "in", "-o", "in/a.txt"],
            "in/a.txt: the output folder can't be made",
        ),
        "format": (["extract", "in", "-o", "out", "--format", "odt"], "unknown format: odt"),
        "encoding": (["extract", "in", "-o", "out", "--encoding", "klingon"], "unknown encoding: klingon"),
        "faulty patterns": (
            ["extract", "in", "-o", "out", "--patterns", "mine"],
            "mine/drugs.csv:3: a fault",
        ),
        "show a folder": (["show", "in"], "in: this is a folder"),
        "show nothing": (["show", "gone.txt"], "gone.txt: no such file"),
        "explain a folder": (["explain", "in"], "in: this is a folder"),
        "no corpus": (["evaluate", "--corpus", "gone", "--gold", "in"], "gone: no such folder"),
        "no gold": (["evaluate", "--corpus", "in", "--gold", "gone"], "gone: no such folder"),
        "floor": (["evaluate", "--corpus", "in", "--gold", "in", "--fail-under", "value"], "LEVEL=F1"),
    }


WRONG_USAGE = [
    "folder without documents", "missing path", "one id twice", "output is a file", "format", "encoding",
    "faulty patterns", "show a folder", "show nothing", "explain a folder", "no corpus", "no gold", "floor",
]  # fmt: skip


@pytest.mark.parametrize("kind", WRONG_USAGE)
def test_wrong_usage_is_one_line_and_writes_nothing(folder: Path, kind: str) -> None:
    cases = wrong_usage(folder)
    assert set(cases) == set(WRONG_USAGE)
    args, message = cases[kind]
    result = run(*args)
    assert result.exit_code == 2
    assert result.stderr.startswith("error: ") and len(result.stderr.splitlines()) == 1
    assert message in result.stderr
    assert not Path("out").exists()


@pytest.mark.parametrize(
    "args", [[], ["extract"], ["extract", "in"], ["extract", "in", "-o", "out", "--jobs", "0"]]
)
def test_an_incomplete_command_is_wrong_usage(folder: Path, args: list[str]) -> None:
    assert run(*args).exit_code == 2
    assert not Path("out").exists()


def test_a_failure_while_writing_leaves_the_old_tables(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("extract", "in", "-o", "out").exit_code == 0
    before = {p.name: p.read_bytes() for p in Path("out").glob("*.*") if p.is_file()}
    Path("in/a.txt").write_text("ORR 99%", encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("trialmine.report.writers.CsvWriter.close", full)
        result = run("extract", "in", "-o", "out")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: out: the tables can't be written: No space left on device; ")
    assert {p.name: p.read_bytes() for p in Path("out").glob("*.*") if p.is_file()} == before
    after = run("extract", "in", "-o", "out")
    assert "2 unchanged" in after.stderr
    assert ",99%," in Path("out/measurements.csv").read_text("utf-8")


# ---- show, explain ------------------------------------------------------------------------------


def test_show(folder: Path) -> None:
    result = run("show", "in/a.txt")
    assert result.exit_code == 0
    assert "36 %" in result.stdout and "ORR" in result.stdout
    assert "no results found" in run("show", "in/b.txt").stdout
    Path("in/bad.txt").write_bytes(b"")
    failed = run("show", "in/bad.txt")
    assert (failed.exit_code, failed.stdout) == (1, "")
    assert failed.stderr == "error: in/bad.txt: the file is empty\n"


def test_show_keeps_brackets(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = fakes.FakeExtractor.explain
    monkeypatch.setattr(
        fakes.FakeExtractor,
        "explain",
        lambda self, text: {"results": [{**row, "why": "[18] [b]x"} for row in real(self, text)["results"]]},
    )
    assert "[18] [b]x" in run("explain", "ORR 36%").stdout


def test_explain_text_file_and_standard_input(folder: Path) -> None:
    for args, stdin in [(["ORR 36%"], None), (["in/a.txt"], None), (["-"], b"DCR 36%")]:
        result = run("explain", *args, stdin=stdin)
        assert result.exit_code == 0
        assert "36%" in result.stdout and "fake" in result.stdout
    nothing = run("explain", "no figures here")
    assert (nothing.exit_code, nothing.stdout, nothing.stderr) == (0, "", "no numbers found\n")
    refused = run("explain", "48 weeks")
    assert (refused.exit_code, refused.stderr) == (0, "no results found\n")
    assert "48" in refused.stdout
    missing = run("explain", "gone.txt")
    assert (missing.exit_code, missing.stderr) == (1, "error: gone.txt: no such file\n")


# ---- patterns -----------------------------------------------------------------------------------


class _Loaded:
    def counts(self) -> dict[str, int]:
        return {"drugs": 1234}


def test_patterns_counts_and_failed_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core_patterns, "load_patterns", lambda extra: _Loaded())
    monkeypatch.setattr(core_patterns, "check_examples", lambda loaded: [])
    good = run("patterns")
    assert (good.exit_code, good.stderr) == (0, "")
    assert "1,234  drugs" in good.stdout
    monkeypatch.setattr(
        core_patterns, "check_examples", lambda loaded: ["x.toml:3: rule a: hit example not found"]
    )
    bad = run("patterns")
    assert (bad.exit_code, bad.stderr) == (1, "error: x.toml:3: rule a: hit example not found\n")


@pytest.mark.parametrize("command", [["patterns"], ["extract", "in", "-o", "out"], ["explain", "ORR 36%"]])
def test_a_pattern_file_with_a_syntax_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    Path("in/a.txt").write_text("ORR 36%", encoding="utf-8")
    Path("mine").mkdir()
    Path("mine/quantities.toml").write_text('[x]\nkind = "rate"\nregex = [\n', encoding="utf-8")
    result = run(*command, "--patterns", "mine")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: ") and len(result.stderr.splitlines()) == 1
    assert "quantities.toml" in result.stderr
    assert not Path("out").exists()
    missing = run(*command, "--patterns", "gone")
    assert missing.exit_code == 2 and "gone" in missing.stderr


# ---- evaluate -----------------------------------------------------------------------------------


@pytest.fixture
def gold(folder: Path) -> Path:
    row = {
        "study": None,
        "arm": None,
        "outcome": "ORR",
        "outcome_labels": ["ORR"],
        "param_type": "percentage",
    }
    row |= {"relation": "=", "unit": "%", "assertion": "reported"}
    rows = [{**row, "value": 36, "quote": "36%", "start": 4, "end": 7}]
    rows.append({**row, "value": 20, "quote": "20%", "start": 11, "end": 14})
    content = {
        "doc_id": "a",
        "text_sha256": api.to_source("in/a.txt").sha256,
        "language": "en",
        "annotators": ["A"],
    }
    content |= {
        "drugs": [],
        "procedures": [],
        "studies": [],
        "arms": [],
        "measurements": rows,
        "analyses": [],
    }
    (folder / "gold").mkdir()
    (folder / "gold" / "a.json").write_text(json.dumps(content), encoding="utf-8")
    return folder / "gold"


def test_evaluate(gold: Path) -> None:
    result = run(
        "evaluate", "--corpus", "in", "--gold", "gold", "--json", "score.json", "--fail-under", "value=1"
    )
    assert (result.exit_code, result.stderr) == (0, "")
    report = json.loads(Path("score.json").read_text("utf-8"))
    assert report["overall"]["measurements"]["levels"]["value"]["tp"] == 2
    assert report["documents"] == 1
    assert result.stdout.strip()


def test_evaluate_below_a_floor(gold: Path) -> None:
    Path("in/a.txt").write_text("ORR 36% vs 2O%", encoding="utf-8")
    content = json.loads(Path("gold/a.json").read_text("utf-8"))
    content["measurements"][1] |= {"quote": "2O%"}
    content["text_sha256"] = api.to_source("in/a.txt").sha256
    Path("gold/a.json").write_text(json.dumps(content), encoding="utf-8")
    result = run("evaluate", "--corpus", "in", "--gold", "gold", "--fail-under", "value=0.9")
    assert result.exit_code == 1
    assert result.stderr.startswith("error: ") and "value" in result.stderr
    assert run("evaluate", "--corpus", "in", "--gold", "gold", "--fail-under", "value=0.6").exit_code == 0
    assert run("evaluate", "--corpus", "in", "--gold", "gold", "--fail-under", "valu=0.6").exit_code == 2


def test_evaluate_gold_of_another_text(gold: Path) -> None:
    Path("in/a.txt").write_text("ORR 36% vs 20%.", encoding="utf-8")
    result = run("evaluate", "--corpus", "in", "--gold", "gold")
    assert result.exit_code == 1
    assert result.stderr.startswith("error: ") and len(result.stderr.splitlines()) == 1
    assert "a.json" in result.stderr


def test_evaluate_does_not_score_a_failed_document(gold: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise ValueError("broken")

    monkeypatch.setattr(fakes.FakeExtractor, "extract", fails)
    result = run("evaluate", "--corpus", "in", "--gold", "gold")
    assert (result.exit_code, result.stderr) == (1, "error: in/a.txt: ValueError: broken\n")


# ---- help, version, and the real program --------------------------------------------------------


def test_version() -> None:
    assert run("--version").stdout == f"trialmine {trialmine.__version__}\n"
    assert f'version = "{trialmine.__version__}"' in (REPO / "pyproject.toml").read_text("utf-8")


def examples(command: str) -> list[str]:
    lines = [line.strip() for line in run(command, "--help").stdout.splitlines()]
    return [line for line in lines if line.startswith("trialmine ")]


def test_the_help_lists_every_command() -> None:
    text = run("--help").stdout
    for command in COMMANDS:
        assert f"\n  {command} " in text
    assert sorted(c.name or c.callback.__name__ for c in app.registered_commands if c.callback) == sorted(
        COMMANDS
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_every_help_has_an_example_that_works(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = examples(command)
    assert found
    for name in ("corpus", "gold"):
        if any((REPO / name).iterdir()):
            (tmp_path / name).symlink_to(REPO / name)
        else:
            pytest.skip(f"{name}/ is empty")
    monkeypatch.chdir(tmp_path)
    if command == "load":
        assert run("extract", "corpus/zh-01.txt", "-o", "results").exit_code == 0
    for line in found:
        words = shlex.split(line)[1:]
        assert words[0] == command
        result = run(*words)
        assert result.exit_code == 0, result.output


def test_the_real_program(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("客观缓解率为36%。\n", encoding="utf-8")
    command = [sys.executable, "-m", "trialmine.cli", "extract", "a.txt", "gone.txt", "-o", "out"]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    made = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=environment, check=False)
    assert (made.returncode, made.stdout) == (2, "")
    assert made.stderr == "error: gone.txt: no such file or folder\n"
    shown = subprocess.run(
        [*command[:3], "show", "a.txt"], cwd=tmp_path, capture_output=True, env=environment, check=False
    )
    assert shown.returncode == 0, shown.stderr.decode()
    assert "36 %" in shown.stdout.decode("utf-8")


def test_one_sentence_of_200_000_characters(tmp_path: Path) -> None:
    clause = "患者接受治疗后客观缓解率为36%，中位无进展生存期8.1个月对5.4个月，"
    (tmp_path / "long.txt").write_text(clause * (200_000 // len(clause) + 1), encoding="utf-8")
    command = [sys.executable, "-m", "trialmine.cli", "extract", "long.txt", "-o", "out"]
    # seconds of a processor, not of the clock: a busy machine makes no difference
    made = subprocess.run(
        command,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (180, 180)),
    )
    assert made.returncode == 0, made.stderr
    assert made.stderr.startswith("1 documents (0 failed)")
    with open(tmp_path / "out" / "measurements.csv", encoding="utf-8", newline="") as file:
        quotes = {row["quote"] for row in csv.DictReader(file)}
    assert any("36" in quote for quote in quotes)
