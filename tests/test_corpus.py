"""The project's own corpus is what it says it is."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.skipif(not (ROOT / "corpus").is_dir(), reason="the corpus is not here")

IDENTIFIER = re.compile(r"\bNCT\d{8}\b|\b10\.\d{4,}/\S+|\bChiCTR\w+|\bISRCTN\d+|\bjRCTs?\d+|\bPMID \d+")


def manifest(folder: str) -> list[dict[str, str]]:
    with open(ROOT / folder / "manifest.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def gold(name: str) -> dict[str, list[object]]:
    return dict(json.loads((ROOT / "gold" / f"{Path(name).stem}.json").read_bytes()))


def test_every_passage_stands_in_the_manifest_with_length_language_and_sources() -> None:
    lines = manifest("corpus")
    texts = {p.name for p in (ROOT / "corpus").iterdir()} - {"manifest.csv"}
    assert {line["file"] for line in lines} == texts and len(lines) == len(texts)
    languages = Counter(line["language"][:2] for line in lines)
    assert languages["zh"] >= 20 and languages["en"] >= 10
    for line in lines:
        text = (ROOT / "corpus" / line["file"]).read_text("utf-8")
        assert 500 <= len(text) <= 2500, line["file"]
        assert line["style"] and line["topic"]
        rows = gold(line["file"])
        if rows["measurements"] or rows["analyses"]:
            unsourced = [s for s in line["sources"].split(";") if not IDENTIFIER.search(s)]
            assert not unsourced, line["file"]


def test_settled_files_name_the_annotators_of_the_files_before() -> None:
    """In the order of the folders; a file that isn't in the repository has an annotator without a name."""
    for file in sorted((ROOT / "gold").glob("*.json")):
        own = sorted((ROOT / "annotations").glob(f"*/{file.name}"))
        names = [n for p in own for n in json.loads(p.read_bytes())["annotators"]]
        assert gold(file.name)["annotators"] == ["unnamed", *names][-2:], file.name
        assert 1 <= len(names) <= 2


def test_all_gold_is_of_two_annotators_and_has_a_style() -> None:
    files = sorted((ROOT / "gold").glob("*.json"))
    rows = 0
    for file in files:
        raw = gold(file.name)
        assert len(set(map(str, raw["annotators"]))) == 2, file.name
        rows += len(raw["measurements"]) + len(raw["analyses"])
    assert rows >= 1200
    named = {Path(line["file"]).stem for folder in ("corpus", "gold") for line in manifest(folder)}
    assert named == {file.stem for file in files}
