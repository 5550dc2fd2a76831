"""What is kept of expressions is used again, and does no harm where it can't be read or written."""

import os
from pathlib import Path

import pytest
import regex

from trialmine.core import kept
from trialmine.core.kept import Kept
from trialmine.core.needs import needs


def filled(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that two expressions make."""
    monkeypatch.setattr(kept, "_WORTH", 2)
    first = Kept(folder)
    first.compiled(r"(?P<n>\d+)\s?mg(?<=x)|b", regex.VERSION1)
    first.needs(r"a\d", 0)
    first.save()
    (file,) = folder.iterdir()
    return file


def test_the_next_start_compiles_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path / "new", monkeypatch)
    again = Kept(tmp_path / "new")
    monkeypatch.setattr(kept.regex, "compile", None)
    monkeypatch.setattr(kept, "needs", None)
    expression = again.compiled(r"(?P<n>\d+)\s?mg(?<=x)|b", regex.VERSION1)
    assert expression.search("ab").span() == (1, 2) and expression.groupindex == {"n": 1}
    assert again.needs(r"a\d", 0) == needs(r"a\d")


@pytest.mark.parametrize("harm", ["cut", "changed", "emptied", "others"])
def test_a_file_that_can_not_be_trusted_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    file = filled(tmp_path, monkeypatch)
    data = file.read_bytes()
    if harm == "others":
        if not hasattr(os, "getuid"):
            pytest.skip("only where files have owners")
        file.chmod(0o666)
    else:
        file.write_bytes({"cut": data[:-3], "changed": data[:-1] + b"?", "emptied": b""}[harm])
    again = Kept(tmp_path)
    assert not again._parts and not again._needs
    assert again.compiled("b", 0).search("ab")


def test_without_a_folder_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_WORTH", 1)
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    for folder in (None, blocked):
        found = Kept(folder)
        assert found.compiled("b", 0).search("ab")
        found.save()
    assert list(tmp_path.iterdir()) == [blocked]


def test_the_folder_is_told_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIALMINE_CACHE", "")
    assert kept._folder() is None
    monkeypatch.setenv("TRIALMINE_CACHE", "there")
    assert kept._folder() == Path("there")


def test_a_table_is_made_once(tmp_path: Path) -> None:
    made: list[bytes] = []

    def make(source: bytes) -> dict[str, int]:
        return Kept(tmp_path).table("counts", source, lambda: made.append(source) or {"a": len(source)})  # type: ignore[func-returns-value]

    assert make(b"x") == make(b"x") == {"a": 1}
    assert make(b"xy") == {"a": 2} and made == [b"x", b"xy"]
    for file in tmp_path.iterdir():
        file.write_bytes(file.read_bytes()[:-1])
    assert make(b"x") == {"a": 1} and len(made) == 3
    assert Kept(None).table("counts", b"", lambda: 1) == 1


def test_few_files_of_a_table_are_left(tmp_path: Path) -> None:
    for i in range(6):
        Kept(tmp_path).table("counts", bytes([i]), lambda i=i: i)  # type: ignore[misc]
        Kept(tmp_path).table("words", b"", lambda: "w")
    assert len(list(tmp_path.glob("counts-*"))) == kept._FILES and len(list(tmp_path.glob("words-*"))) == 1
