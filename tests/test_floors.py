"""The score on the project's own corpus has floors, one for each level, that only rise."""

from __future__ import annotations

import os
import subprocess
import tomllib
from pathlib import Path

import pytest

import trialmine
from trialmine.report.score import Report

ROOT = Path(__file__).parent.parent
FLOORS = ROOT / "tests" / "floors.toml"
SHARED = Path(os.environ.get("TRIALMINE_SHARED", ROOT.parent / "shared"))

pytestmark = pytest.mark.skipif(not (ROOT / "corpus").is_dir(), reason="the corpus is not here")


#: texts that came into the corpus after its floors were set: a floor compares the same texts before and
#: after. They leave this list as soon as the floors hold with them, too.
LATER = {"en-11", "en-12", "en-13", "en-14", "en-15"}


@pytest.fixture(scope="module")
def whole_report() -> Report:
    return trialmine.evaluate(ROOT / "corpus", ROOT / "gold")


@pytest.fixture(scope="module")
def corpus_report(whole_report: Report) -> Report:
    report = Report(by_document={d: c for d, c in whole_report.by_document.items() if d not in LATER})
    for counts in report.by_document.values():
        for kind, tally in counts.items():
            report.overall[kind].add(tally)
    return report


def floors(text: str, part: str) -> dict[str, float]:
    return dict(tomllib.loads(text).get(part, {}))


@pytest.mark.parametrize(("level", "floor"), sorted(floors(FLOORS.read_text("utf-8"), "corpus").items()))
def test_corpus_is_not_below_its_floor(corpus_report: Report, level: str, floor: float) -> None:
    assert corpus_report.f1(level) >= floor, "the score fell: mend it; a floor is never lowered"


@pytest.mark.parametrize(("level", "floor"), sorted(floors(FLOORS.read_text("utf-8"), "corpus").items()))
def test_floor_follows_the_score(corpus_report: Report, level: str, floor: float) -> None:
    assert corpus_report.f1(level) - floor < 0.05, (
        f"raise the floor of {level} to {corpus_report.f1(level):.3f}"
    )


def test_later_texts_are_left_out_no_longer_than_needed(whole_report: Report) -> None:
    assert whole_report.by_document.keys() >= LATER
    held = [whole_report.f1(k) >= v for k, v in floors(FLOORS.read_text("utf-8"), "corpus").items()]
    assert not (LATER and all(held)), "the floors hold with these texts: empty LATER"


@pytest.mark.skipif(not (SHARED / "seeds").is_dir(), reason="the seed reviews are not on this machine")
def test_seeds_are_not_below_their_floors() -> None:
    report = trialmine.evaluate(SHARED / "seeds", ROOT / "gold")
    low = {
        k: (v, report.f1(k))
        for k, v in floors(FLOORS.read_text("utf-8"), "seeds").items()
        if report.f1(k) < v
    }
    assert not low, low


def test_floors_only_rise() -> None:
    """Against every earlier version of the file that the history holds."""
    log = subprocess.run(
        ["git", "log", "--format=%H", "--", "tests/floors.toml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if log.returncode:
        pytest.skip("no history here")
    now = FLOORS.read_text("utf-8")
    for commit in log.stdout.split():
        old = subprocess.run(
            ["git", "show", f"{commit}:tests/floors.toml"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        ).stdout
        for part in ("corpus", "seeds"):
            for level, floor in floors(old, part).items():
                assert floors(now, part).get(level, 0) >= floor, f"{part}.{level} was {floor} in {commit[:8]}"
