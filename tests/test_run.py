"""Runs: what is read again, what goes, and what is left when one is killed or the disk is full."""

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import fakes
from trialmine import batch
from trialmine.cli import app
from trialmine.core.errors import UsageError
from trialmine.core.tables import TABLES
from trialmine.store import Store

CORPUS = Path(__file__).parent.parent / "corpus"


def run(*args: object) -> Any:
    result = CliRunner().invoke(app, ["extract", *map(str, args)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def tables(out: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in out.iterdir() if p.is_file()}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(batch, "make_extractor", fakes.make_fake)
    Path("in").mkdir()
    for name, text in {"a": "ORR 36%", "b": "CR 12%", "sub/c": "PR 24%"}.items():
        Path("in", f"{name}.txt").parent.mkdir(exist_ok=True)
        Path("in", f"{name}.txt").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the documents that are extracted (in this process, so with --jobs 1 --timeout 0)."""
    found: list[str] = []
    real = fakes.FakeExtractor.extract

    def extract(self: fakes.FakeExtractor, source: Any) -> Any:
        found.append(source.doc_id)
        return real(self, source)

    monkeypatch.setattr(fakes.FakeExtractor, "extract", extract)
    return found


HERE = ("--jobs", 1, "--timeout", 0)


def test_only_what_changed_is_read_again(folder: Path, reads: list[str]) -> None:
    assert run("in", "-o", "out", *HERE).exit_code == 0
    assert reads == ["a", "b", "sub/c"]
    before = tables(Path("out"))
    reads.clear()
    again = run("in", "-o", "out", *HERE)
    assert reads == [] and "3 documents (0 failed, 3 unchanged)" in again.stderr
    assert tables(Path("out")) == before

    Path("in/b.txt").write_text("CR 13% and PR 14%", encoding="utf-8")
    Path("in/d.txt").write_text("SD 5%", encoding="utf-8")
    os.utime("in/a.txt", (1, 1))  # the bytes count, not the time
    run("in", "-o", "out", *HERE)
    assert reads == ["b", "d"]
    run("in", "-o", "fresh", *HERE)
    assert tables(Path("out")) == tables(Path("fresh"))
    assert b"12%" not in tables(Path("out"))["measurements.csv"]


def test_what_failed_is_tried_again(folder: Path, reads: list[str]) -> None:
    Path("in/b.txt").write_text("raise", encoding="utf-8")
    assert run("in", "-o", "out", *HERE).exit_code == 1
    reads.clear()
    assert run("in", "-o", "out", *HERE).exit_code == 1
    assert reads == ["b"]


@pytest.mark.parametrize(
    "change", [("--encoding", "utf-8"), ("--patterns", "mine"), ("--no-resume",), "version", "path"]
)
def test_a_change_of_the_rules_reads_everything_again(
    folder: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch, change: Any
) -> None:
    monkeypatch.setattr(batch, "make_extractor", lambda patterns: fakes.FakeExtractor())
    Path("mine").mkdir()
    Path("mine/drugs-mine.csv").write_text("form,concept,kind\n", encoding="utf-8")
    run("in", "-o", "out", *HERE)
    reads.clear()
    given = "in"
    if change == "version":
        monkeypatch.setattr("trialmine.fingerprint.__version__", "9.9")
    elif change == "path":
        given = str(folder / "in")
    run(given, "-o", "out", *HERE, *(change if isinstance(change, tuple) else ()))
    assert reads == ["a", "b", "sub/c"]
    if change == ("--patterns", "mine"):
        reads.clear()
        run("in", "-o", "out", *HERE, *change)
        assert reads == []
        Path("mine/drugs-mine.csv").write_text("form,concept,kind\nx,y,inn\n", encoding="utf-8")
        run("in", "-o", "out", *HERE, *change)
        assert reads == ["a", "b", "sub/c"]


def test_documents_that_are_gone_are_reported_and_dropped_when_asked(folder: Path) -> None:
    run("in", "-o", "out", *HERE)
    Path("in/a.txt").unlink()
    kept = run("in", "-o", "out", *HERE)
    assert "1 documents are no longer among the inputs (kept; --prune drops them): a\n" in kept.stderr
    assert "3 documents" in kept.stderr
    dropped = run("in", "-o", "out", "--prune", *HERE)
    assert "(dropped): a\n" in dropped.stderr and "\n2 documents" in dropped.stderr
    run("in", "-o", "fresh", *HERE)
    assert tables(Path("out")) == tables(Path("fresh"))


def test_files_of_another_format_dont_grow_old(folder: Path) -> None:
    Path("out").mkdir()
    Path("out/notes.csv").write_text("mine", encoding="utf-8")
    run("in", "-o", "out", "--wide", *HERE)
    assert {"results.csv", "documents.csv", "notes.csv"} <= set(tables(Path("out")))
    run("in", "-o", "out", "--format", "sqlite", *HERE)
    assert set(tables(Path("out"))) == {"trialmine.sqlite", "notes.csv"}


def test_the_number_of_processes_doesnt_matter(folder: Path) -> None:
    for n in range(40):
        Path(f"in/{n}.txt").write_text(f"ORR {n}% " * (n + 1), encoding="utf-8")
    for jobs in (1, 2, 5):
        assert run("in", "-o", f"out{jobs}", "--wide", "--jobs", jobs).exit_code == 0
    assert tables(Path("out1")) == tables(Path("out2")) == tables(Path("out5"))


def test_a_document_that_takes_too_long(folder: Path) -> None:
    Path("in/b.txt").write_text("sleep", encoding="utf-8")
    result = run("in", "-o", "out", "--timeout", 0.5)
    assert result.exit_code == 1
    assert "error: in/b.txt: took longer than 0.5 seconds\n" in result.stderr


def test_two_runs_dont_share_a_folder(folder: Path) -> None:
    store = Store(Path("out"), create=True)
    try:
        busy = run("in", "-o", "out", *HERE)
        assert (busy.exit_code, busy.stderr) == (
            2,
            "error: out: another trialmine is at work in this folder\n",
        )
    finally:
        store.close()
    assert run("in", "-o", "out", *HERE).exit_code == 0


def test_a_store_that_is_none(folder: Path) -> None:
    Path("out/.trialmine").mkdir(parents=True)
    Path("out/.trialmine/run.sqlite").write_bytes(b"something else" * 1000)
    result = run("in", "-o", "out", *HERE)
    assert result.exit_code == 2
    assert result.stderr == "error: out: the store of the run can't be used: file is not a database\n"
    with sqlite3.connect("other.sqlite") as db:
        db.execute("PRAGMA user_version = 99")
    shutil.move("other.sqlite", "out/.trialmine/run.sqlite")
    assert "made by another version" in run("in", "-o", "out", *HERE).stderr
    with pytest.raises(UsageError, match="gone: there is no run"):
        Store(Path("gone"))


def test_a_name_that_is_no_utf8(folder: Path) -> None:
    try:
        Path(os.fsdecode(b"in/bad\xff.txt")).write_text("ORR 41%", encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    for _ in range(2):
        result = run("in", "-o", "out", *HERE)
        assert result.exit_code == 0
        assert rb"bad\udcff" in tables(Path("out"))["measurements.csv"]
    assert "4 unchanged" in result.stderr


# ---- the real program, killed and starved -------------------------------------------------------


def start(*args: object, **more: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "trialmine.cli", "extract", *map(str, args)]
    return subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)


def finish(*args: object, **more: Any) -> tuple[int, str]:
    """The exit code, and the last line of what is said."""
    process = start(*args, **more)
    _, errors = process.communicate(timeout=300)
    return process.returncode, errors.splitlines()[-1]


def stored(out: Path) -> int:
    """The number of documents in the store of a run that is going on, told from its size; 0 at first."""
    wal = out / ".trialmine" / "run.sqlite-wal"
    return wal.stat().st_size if wal.exists() else 0


def test_killed_and_started_again(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for path in sorted(CORPUS.glob("*.txt"))[:12]:
        shutil.copy(path, tmp_path / "in")
    assert finish("in", "-o", "whole", cwd=tmp_path)[0] == 0
    process = start("in", "-o", "out", cwd=tmp_path)
    deadline = time.monotonic() + 120
    while stored(tmp_path / "out") < 50_000 and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=300)
    assert process.returncode == -signal.SIGKILL
    assert tables(tmp_path / "out") == {}
    code, errors = finish("in", "-o", "out", cwd=tmp_path)
    assert code == 0 and " unchanged), " in errors
    assert tables(tmp_path / "out") == tables(tmp_path / "whole")
    assert os.listdir(tmp_path / "out" / ".trialmine") == ["run.sqlite"]


def interrupted(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=300)
    assert (process.returncode, errors) == (
        130,
        "error: interrupted: what was read is kept, the same command goes on from there\n",
    )


def test_interrupted_by_the_user(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("ORR为36%。", encoding="utf-8")
    process = start("a.txt", "-", "-o", "out", stdin=subprocess.PIPE, cwd=tmp_path)
    deadline = time.monotonic() + 300
    while not stored(tmp_path / "out") and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    assert (
        stored(tmp_path / "out") and process.poll() is None
    )  # the run has begun, and waits for its standard input
    interrupted(process)


@pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="the system doesn't tell a process's children"
)
@pytest.mark.parametrize("children", [1, 2])
def test_interrupted_while_the_workers_start(tmp_path: Path, children: int) -> None:
    (tmp_path / "a.txt").write_text("ORR为36%。", encoding="utf-8")
    process = start("a.txt", "-", "-o", "out", "--jobs", 2, stdin=subprocess.PIPE, cwd=tmp_path)
    known = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    deadline = time.monotonic() + 300
    while len(known.read_text().split()) < children and time.monotonic() < deadline:
        pass  # the moment is short
    interrupted(process)


def test_no_room_for_the_store_or_the_tables(tmp_path: Path) -> None:
    def little(size: int) -> dict[str, Any]:
        return {
            "preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
            "cwd": tmp_path,
        }

    shutil.copytree(CORPUS, tmp_path / "in")
    code, error = finish("in", "-o", "out", "--jobs", 2, **little(100_000))  # too little for the store
    assert code == 2 and error.startswith("error: out: can't write") and "what was read is kept" in error
    assert finish("in", "-o", "out", cwd=tmp_path)[0] == 0
    assert set(tables(tmp_path / "out")) == {*(f"{t}.csv" for t in TABLES), "datapackage.json"}
    before = tables(tmp_path / "out")
    code, error = finish("in", "-o", "out", "--wide", **little(200_000))  # too little for a table
    assert code == 2 and error.startswith("error: out: the tables can't be written: File too large; ")
    assert tables(tmp_path / "out") == before


def test_a_folder_that_cant_be_written(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("ORR为36%。", encoding="utf-8")
    where = Path("/proc/nothing") if sys.platform == "linux" else tmp_path / "locked" / "out"
    if sys.platform != "linux":
        (tmp_path / "locked").mkdir(mode=0o500)
    code, error = finish("a.txt", "-o", where, cwd=tmp_path)
    assert code == 2 and error.startswith(f"error: {where.as_posix()}")
