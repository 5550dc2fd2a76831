"""Introductions and result sentences of grid.toml in every combination: what is typical is read, whatever it is joined with."""

import itertools
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from trialmine.core.tables import Tables
from trialmine.pipeline import Extractor
from trialmine.read.source import Source

GRID: dict[str, Any] = tomllib.loads((Path(__file__).parent / "grid.toml").read_text(encoding="utf-8"))
ENGLISH, CHINESE = GRID["english"], GRID["chinese"]


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


def _groups(tables: Tables) -> dict[str, set[str]]:
    return {a.arm_id: set(filter(None, a.interventions.split(" + "))) for a in tables.rows["arms"]}


def _filled(text: str, a: str, b: str) -> str:
    named = re.sub(r"\bA\b(?! (?:total|randomized))", a, text)
    named = re.sub(r"\bB\b", b, named)
    return named[0].upper() + named[1:]


def _english_fault(
    extractor: Extractor, introduction: str, result: dict[str, Any], name: dict[str, Any]
) -> str:
    text = " ".join(_filled(t, name["a"], name["b"]) for t in (introduction, result["text"]))
    tables = extractor.extract(Source.from_text(text))
    groups = _groups(tables)
    arms = {m.value: m.arm_id for m in tables.rows["measurements"]}
    told = [arms.get(float(v), "") for v in result["want"]]
    if [groups.get(x) for x in told] != [set(s) for s in name["sets"]]:
        return f"{text}: {[groups.get(x) for x in told]}"
    crossed = [x for x in tables.rows["analyses"] if [x.arm_id, x.comparator_arm_id] != told]
    return f"{text}: {crossed[0].quote} is of other groups" if crossed else ""


@pytest.mark.slow
@pytest.mark.parametrize("kind", ENGLISH["names"])
def test_english_names_in_all_combinations(extractor: Extractor, kind: str) -> None:
    name = ENGLISH["names"][kind]
    pairs = list(itertools.product(ENGLISH["introductions"], ENGLISH["results"]))
    faults = [f for i, r in pairs if (f := _english_fault(extractor, i, r, name))]
    assert 1 - len(faults) / len(pairs) >= name["right"], "\n".join(faults)


@pytest.mark.parametrize("kind", ["drugs", "made_up_procedures"])
def test_english_sentences_each_once(extractor: Extractor, kind: str) -> None:
    results = itertools.cycle(ENGLISH["results"])
    faults = [
        f
        for i, r in zip(ENGLISH["introductions"], results, strict=False)
        if (f := _english_fault(extractor, i, r, ENGLISH["names"][kind]))
    ]
    assert not faults, "\n".join(faults)


def _chinese_faults(extractor: Extractor, introduction: dict[str, Any], result: dict[str, Any]) -> list[str]:
    label = {"A": introduction["a"], "B": introduction["b"]}
    sets = dict(zip("AB", introduction["sets"], strict=True))
    told = re.sub(r"(?<![A-Za-z])[AB](?![A-Za-z\d])", lambda m: label[m[0]], result["text"])
    text = introduction["text"] + told
    tables = extractor.extract(Source.from_text(text))
    groups = _groups(tables)
    rows = {m.quote: m for m in tables.rows["measurements"]}
    faults = []
    for quote, side, outcome, timepoint in result["want"]:
        m = rows.get(quote)
        got = m and [sorted(groups.get(m.arm_id, ())), m.outcome, m.timepoint]
        if got != [sorted(sets[side]), outcome, timepoint]:
            faults.append(f"{text}: {quote} is {got}")
    return faults


@pytest.mark.slow
def test_chinese_sentences_in_all_combinations(extractor: Extractor) -> None:
    pairs = list(itertools.product(CHINESE["introductions"], CHINESE["results"]))
    faults = [f for i, r in pairs if (f := _chinese_faults(extractor, i, r))]
    assert 1 - len(faults) / len(pairs) >= CHINESE["right"], "\n".join(map(str, faults))


def test_chinese_sentences_each_once(extractor: Extractor) -> None:
    introductions = itertools.cycle(CHINESE["introductions"])
    faults = [
        f
        for i, r in zip(introductions, CHINESE["results"], strict=False)
        if (f := _chinese_faults(extractor, i, r))
    ]
    assert not faults, "\n".join(map(str, faults))
