"""Many documents, on one or several processes."""

import io
import multiprocessing
from pathlib import Path
from typing import Any

import pytest

import fakes
from trialmine import api, batch
from trialmine.core.errors import InputError, PatternError, UsageError
from trialmine.core.tables import TABLES, Tables
from trialmine.report.writers import write_tables


@pytest.fixture(autouse=True)
def fake_extractor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "make_extractor", fakes.make_fake)
    monkeypatch.setattr(api, "make_extractor", fakes.make_fake)
    api._built_in.cache_clear()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    texts = {"a": "ORR 36%", "b": "raise", "c": "CR 12% and PR 24%", "d": "", "e": "no result"}
    for name, text in texts.items():
        (tmp_path / "in" / f"{name}.txt").parent.mkdir(exist_ok=True)
        (tmp_path / "in" / f"{name}.txt").write_text(text, encoding="utf-8")
    return tmp_path / "in"


def gather(*args: Any, **more: Any) -> Tables:
    result = Tables()
    for tables in batch.extract_corpus(*args, **more):
        result.extend(tables)
    return result


def status(tables: Tables) -> dict[str, str]:
    return {row.doc_id: row.status for row in tables.rows["documents"]}


def written(tables: Tables, folder: Path) -> dict[str, bytes]:
    write_tables(tables, folder)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_failing_document_is_a_row_and_the_batch_goes_on(folder: Path) -> None:
    tables = gather([folder])
    assert status(tables) == {"a": "ok", "b": "failed", "c": "ok", "d": "failed", "e": "ok"}
    errors = {row.doc_id: row.error for row in tables.rows["documents"]}
    assert errors["b"] == f"{folder.as_posix()}/b.txt: ValueError: no such luck"
    assert errors["d"] == f"{folder.as_posix()}/d.txt: the file is empty"
    assert errors["a"] == ""
    failed = tables.rows["documents"][1]
    assert (failed.n_chars, failed.media_type, len(failed.sha256)) == (5, "text/plain", 64)
    assert [(m.doc_id, m.quote) for m in tables.rows["measurements"]] == [
        ("a", "36%"),
        ("c", "12%"),
        ("c", "24%"),
    ]


def test_several_processes_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    one = written(gather([folder], jobs=1), tmp_path / "one")
    three = written(gather([folder], jobs=3), tmp_path / "three")
    assert one == three
    assert set(one) == {*(f"{name}.csv" for name in TABLES), "datapackage.json"}


def test_a_worker_that_dies_takes_no_other_document_along(folder: Path) -> None:
    (folder / "b.txt").write_text("die", encoding="utf-8")
    (folder / "e.txt").write_text("die as well", encoding="utf-8")
    tables = gather([folder], jobs=2)
    assert status(tables) == {"a": "ok", "b": "failed", "c": "ok", "d": "failed", "e": "failed"}
    assert list(status(tables)) == ["a", "b", "c", "d", "e"]
    errors = {row.doc_id: row.error for row in tables.rows["documents"]}
    assert errors["b"] == f"{folder.as_posix()}/b.txt: the worker process died on this document"
    assert len(tables.rows["measurements"]) == 3


def test_a_document_that_takes_too_long_fails_alone(folder: Path) -> None:
    (folder / "b.txt").write_text("sleep", encoding="utf-8")
    for jobs in (1, 2):
        tables = gather([folder], jobs=jobs, time_limit=0.5)
        assert status(tables) == {"a": "ok", "b": "failed", "c": "ok", "d": "failed", "e": "ok"}
        errors = {row.doc_id: row.error for row in tables.rows["documents"]}
        assert errors["b"] == f"{folder.as_posix()}/b.txt: took longer than 0.5 seconds"
        assert [m.quote for m in tables.rows["measurements"]] == ["36%", "12%", "24%"]


def test_what_happens_to_a_failing_document_is_said(folder: Path) -> None:
    assert list(status(gather([folder], on_error="skip"))) == ["a", "c", "e"]
    documents = batch.extract_corpus([folder], on_error="raise")
    assert [row.doc_id for row in next(documents).rows["documents"]] == ["a"]
    with pytest.raises(InputError, match=r"b\.txt: ValueError: no such luck"):
        next(documents)
    with pytest.raises(UsageError, match="on_error is 'ignore'"):
        batch.extract_corpus([folder], on_error="ignore")  # type: ignore[arg-type]


@pytest.mark.parametrize("jobs", [1, 2])
def test_documents_come_one_by_one_and_the_rest_can_be_left(folder: Path, jobs: int) -> None:
    for n in range(300):
        (folder / f"f{n:03}.txt").write_text(f"ORR {n}%", encoding="utf-8")
    documents = batch.extract_corpus([folder], jobs=jobs)
    first = [next(documents).rows["documents"][0].doc_id for _ in range(7)]
    assert first == ["a", "b", "c", "d", "e", "f000", "f001"]
    documents.close()  # type: ignore[attr-defined]
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("jobs", [1, 2])
def test_standard_input(folder: Path, monkeypatch: pytest.MonkeyPatch, jobs: int) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("反应率 41%".encode())))
    tables = gather(["-", folder / "a.txt"], jobs=jobs)
    assert [(m.doc_id, m.quote) for m in tables.rows["measurements"]] == [("stdin", "41%"), ("a", "36%")]


def test_wrong_usage_raises_before_anything_is_read(folder: Path) -> None:
    with pytest.raises(UsageError, match="jobs is 0"):
        batch.extract_corpus([folder], jobs=0)
    with pytest.raises(UsageError, match="unknown encoding"):
        batch.iter_documents([("a", folder / "a.txt")], encoding="klingon")
    with pytest.raises(PatternError, match=r"drugs\.csv:3"):
        gather([folder], patterns=Path("mine"), jobs=2)


def test_one_path_is_an_input_too(folder: Path) -> None:
    assert status(gather(str(folder / "a.txt"))) == {"a": "ok"}


def test_the_librarys_extract_takes_a_path_or_a_text(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import trialmine

    monkeypatch.chdir(folder)
    for given, doc_id in [
        ("a.txt", "a"),
        (Path("a.txt"), "a"),
        ("ORR 36%", "text"),
        ("ORR 36%,\nsee b.txt", "text"),
    ]:
        tables = trialmine.extract(given)
        assert [(m.doc_id, m.value) for m in tables.rows["measurements"]] == [(doc_id, 36.0)]
    for missing in ("gone.txt", "folder/gone.md", Path("ORR 36%")):
        with pytest.raises(InputError, match="no such file"):
            trialmine.extract(missing)
    with pytest.raises(InputError, match=r"d\.txt: the file is empty"):
        trialmine.extract("d.txt")
    assert trialmine.extract("x" * 5000).rows["measurements"] == []
