"""What reading passages gives, case by case: tests/constructs/*.toml."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

import trialmine
from trialmine.core.tables import AnalysisRow, MeasurementRow, Tables
from trialmine.pipeline import Extractor
from trialmine.read.source import Source

FILES = sorted(Path(__file__).with_name("constructs").glob("*.toml"))
CASES: list[dict[str, Any]] = [
    case for file in FILES for case in tomllib.loads(file.read_text(encoding="utf-8"))["case"]
]
TABLE = {"measurement": "measurements", "analysis": "analyses"}
FIELDS = {"measurement": set(MeasurementRow.__slots__), "analysis": set(AnalysisRow.__slots__)}
CASE_KEYS = {
    "id", "construct", "negative", "known_gap", "text", "rows", "open", "none", "absent",
    "studies", "no_studies", "drugs", "mentions",
}  # fmt: skip
#: keys of a row that are no column
LINKS = {"kind", "in", "arm", "arm_label", "arm_size", "comparator", "comparator_label", "study"}
SHOWN = (
    "outcome", "param_type", "relation", "value", "unit", "lower", "upper", "interval_type", "events",
    "participants", "p_relation", "p_value", "timepoint", "population", "assertion", "rule",
)  # fmt: skip


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


def _params() -> list[Any]:
    return [
        pytest.param(
            case,
            id=case["id"],
            marks=[pytest.mark.xfail(strict=True, reason=case["known_gap"])] if "known_gap" in case else [],
        )
        for case in CASES
    ]


@pytest.mark.parametrize("case", _params())
def test_construct(extractor: Extractor, case: dict[str, Any]) -> None:
    tables = extractor.extract(Source.from_text(case["text"]))
    faults = _faults(case, tables)
    assert not faults, _message(case, tables, faults)


def test_every_construct_has_its_cases() -> None:
    positive = Counter(c["construct"] for c in CASES if not c.get("negative"))
    negative = Counter(c["construct"] for c in CASES if c.get("negative"))
    assert {n: positive[n] for n in range(1, 13) if positive[n] < 4} == {}
    assert {n: negative[n] for n in range(1, 13) if negative[n] < 2} == {}


def test_the_data_is_sound() -> None:
    assert len({c["id"] for c in CASES}) == len(CASES)
    for case in CASES:
        assert set(case) <= CASE_KEYS, case["id"]
        # a case that expects nothing could never fail
        assert case.get("none") or case.get("rows"), case["id"]
        assert not (case.get("none") and case.get("rows")), case["id"]
        for row in case.get("rows", []):
            assert set(row) - LINKS <= FIELDS[row["kind"]], f"{case['id']}: {row}"
            _place(case["text"], row)
        for quote in case.get("absent", []):
            assert quote in case["text"], f"{case['id']}: {quote}"


def _place(text: str, row: dict[str, Any]) -> int:
    """Where the row's quote stands: it is a number of its own, in `in` where that is given."""
    quote, context = row["quote"], row.get("in", text)
    assert text.count(context) == 1, f"{context!r} stands {text.count(context)} times"
    found = [
        m.start()
        for m in re.finditer(re.escape(quote), context)
        if not re.match(r"[\d.]?\d", context[m.end() :]) and not re.search(r"\d[.]?$", context[: m.start()])
    ]
    assert len(found) == 1, f"{quote!r} stands {len(found)} times in {context!r}: give `in`"
    return text.index(context) + found[0]


def _faults(case: dict[str, Any], tables: Tables) -> list[str]:
    """Everything that differs from what the case expects."""
    faults: list[str] = []
    text = case["text"]
    claimed: set[str] = set()
    got_rows = _all_rows(tables)
    for want in case.get("rows", []):
        start = _place(text, want)
        end = start + len(want["quote"])
        near = [r for r in got_rows if _kind(r) == want["kind"] and r.start < end and start < r.end]
        if not near:
            faults.append(f"missing {want['kind']}: {want['quote']}")
            continue
        claimed.add(_key(near[0]))
        faults += [f"{want['quote']}: {fault}" for fault in _row_faults(want, near[0], tables)]
    if not case.get("open"):
        faults += [f"not expected: {_kind(r)} {r.quote!r}" for r in got_rows if _key(r) not in claimed]
    for quote in case.get("absent", []):
        at = text.index(quote)
        faults += [
            f"must not stand: {r.quote!r}" for r in got_rows if r.start < at + len(quote) and at < r.end
        ]
    faults += _study_faults(case, tables)
    drugs = {m.concept_id: m.text for m in tables.rows["mentions"] if m.kind == "drug"}
    if "drugs" in case and set(drugs) != set(case["drugs"]):
        faults.append(f"drugs {sorted(drugs)} where {sorted(case['drugs'])} stand")
    for text_of_drug in case.get("mentions", []):
        if text_of_drug not in drugs.values():
            faults.append(f"no drug mention {text_of_drug}: {sorted(drugs.values())}")
    return faults


def _row_faults(want: dict[str, Any], got: Any, tables: Tables) -> list[str]:
    faults = []
    arms = {a.arm_id: a for a in tables.rows["arms"]}
    for name, value in want.items():
        if name in ("kind", "in"):
            continue
        if name in ("arm", "arm_label", "comparator", "comparator_label"):
            side = name.removesuffix("_label")
            arm = arms.get(got.arm_id if side == "arm" else got.comparator_arm_id)
            if name == side:
                have = set(filter(None, arm.interventions.split(" + "))) if arm else None
                right = have == (None if value == "none" else set(value))
                have = sorted(have) if have is not None else None
            else:
                have = arm.label if arm else None
                right = arm is not None and any(value in label for label in arm.label.split("; "))
        elif name == "arm_size":
            have = arms[got.arm_id].participants if got.arm_id in arms else None
            right = have == (None if value == "none" else value)
        elif name == "study":
            have = next((s.name for s in tables.rows["studies"] if s.study_id == got.study_id), "")
            right = value in have.split("; ")
        elif name == "population" and value:
            have = got.population
            right = bool(have) and (_tight(have) in _tight(value) or _tight(value) in _tight(have))
        else:
            have = getattr(got, name)
            value = None if value == "none" else value
            right = have == pytest.approx(value) if isinstance(value, float) else have == value
        if not right:
            faults.append(f"{name} is {have!r}, not {value!r}")
    return faults


def _study_faults(case: dict[str, Any], tables: Tables) -> list[str]:
    faults = []
    got = tables.rows["studies"]

    def fits(want: dict[str, Any], study: Any) -> bool:
        return (
            ("name" not in want or want["name"] in study.name.split("; "))
            and all(x in study.registry_ids for x in want.get("registry_ids", []))
            and all(x in study.citations.split("; ") for x in want.get("citations", []))
            and all(x in study.design.split("; ") for x in want.get("design", []))
            and want.get("phase", study.phase) == study.phase
            and want.get("enrollment", study.enrollment or "none") == (study.enrollment or "none")
        )

    for want in case.get("studies", []):
        if not any(fits(want, s) for s in got):
            faults.append(f"no study {want}")
    for name in case.get("no_studies", []):
        faults += [f"{name} is no study" for s in got if name in s.name.split("; ")]
    return faults


def _all_rows(tables: Tables) -> list[Any]:
    return [*tables.rows["measurements"], *tables.rows["analyses"]]


def _kind(row: Any) -> str:
    return "measurement" if isinstance(row, MeasurementRow) else "analysis"


def _key(row: Any) -> str:
    return f"{_kind(row)} {row.start}"


def _tight(text: str) -> str:
    return re.sub(r"\s", "", text).casefold()


def _message(case: dict[str, Any], tables: Tables, faults: list[str]) -> str:
    arms = {a.arm_id: a.interventions or f"[{a.label}]" for a in tables.rows["arms"]}
    studies = {s.study_id: s.name for s in tables.rows["studies"]}
    lines = [f"{case['id']}: {case['text'].strip()}", *(f"  ✗ {f}" for f in faults), "  got:"]
    for row in _all_rows(tables):
        cells = asdict(row)
        shown = "  ".join(f"{k}={cells[k]}" for k in SHOWN if cells.get(k) not in (None, "", "="))
        sides = arms.get(row.arm_id, "-")
        if _kind(row) == "analysis":
            sides += f" against {arms.get(row.comparator_arm_id, '-')}"
        study = studies.get(row.study_id, "")
        lines.append(f"    {_kind(row)} {row.quote!r} {shown}  arm={sides}  study={study}")
    lines += [f"    study {asdict(s)}" for s in tables.rows["studies"] if case.get("studies")]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("患者接受环孢素（Csp）治疗。Csp血药浓度稳定。", True),
        (
            "患者接受环孢素（Czech）治疗。Czech中心的数据完整。",
            False,
        ),  # its letters don't stand in ciclosporin
        ("患者接受环孢素（Sol）治疗。Sol剂型少用。", False),  # they do, but it begins with another one
    ],
)
def test_a_bracketed_word_is_an_abbreviation_where_its_letters_stand_in_the_name(
    text: str, found: bool
) -> None:
    mentions = {m.text for m in trialmine.extract(text).rows["mentions"] if m.kind == "drug"}
    assert "环孢素" in mentions
    assert (text[text.index("（") + 1 : text.index("）")] in mentions) is found
