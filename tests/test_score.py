"""The score, against counts made by hand."""

from __future__ import annotations

import csv
import dataclasses
import io
import itertools
import json
import random
from collections.abc import Callable
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from trialmine.core.errors import GoldError, UsageError
from trialmine.core.tables import DocumentRow, MentionRow, StudyRow, Tables, join_cell, split_cell
from trialmine.report.agree import agreement
from trialmine.report.compare import LEVELS, same_outcome, unit_key
from trialmine.report.gold import Gold, GoldAnalysis, GoldArm, GoldMeasurement, GoldStudy, gold_tables
from trialmine.report.matching import assign
from trialmine.report.populations import COLUMNS, same_population
from trialmine.report.render import render
from trialmine.report.score import Fault, Report, check_floors, score
from trialmine.report.sides import fold, gold_side, holds

STUDIES = (GoldStudy("S1", names=("EMERALD-1",), citations=("4",)), GoldStudy("S2", names=("LAUNCH",)))
ARMS = (
    GoldArm("A1", "S1", labels=("三联组",), interventions=("TACE", "durvalumab")),
    GoldArm("A2", "S1", labels=("对照组",), interventions=("TACE", "placebo")),
    GoldArm("B1", "S2", labels=("联合组",), interventions=("TACE", "lenvatinib")),
)


def number(start: int, value: float | None = 15.0, **keys: Any) -> GoldMeasurement:
    base: dict[str, Any] = {
        "quote": "15.0个月", "start": start, "end": start + 6, "param_type": "median", "study": "S1",
        "arm": "A1", "outcome": "PFS", "outcome_labels": ("无进展生存", "PFS"), "value": value,
        "unit": "month", "lower": 11.1, "upper": 16.9, "interval_type": "95% CI",
        "participants": 200, "timepoint": "24w", "population": "乙肝患者", "sentence": "一句。",
    }  # fmt: skip
    return GoldMeasurement(**{**base, **keys})


def ratio(start: int, value: float | None = 0.77, **keys: Any) -> GoldAnalysis:
    base: dict[str, Any] = {
        "quote": "0.77", "start": start, "end": start + 4, "param_type": "HR", "study": "S1", "arm": "A1",
        "comparator": "A2", "outcome": "PFS", "outcome_labels": ("PFS",), "value": value, "lower": 0.61,
        "upper": 0.98, "p_relation": "=", "p_value": 0.032,
    }  # fmt: skip
    return GoldAnalysis(**{**base, **keys})


def make(*rows: GoldMeasurement | GoldAnalysis, doc_id: str = "d", **keys: Any) -> Gold:
    base: dict[str, Any] = {"language": "zh", "studies": STUDIES, "arms": ARMS}
    return Gold(
        doc_id,
        measurements=tuple(r for r in rows if isinstance(r, GoldMeasurement)),
        analyses=tuple(r for r in rows if isinstance(r, GoldAnalysis)),
        **{**base, **keys},
    )


def against(pred: Gold, gold: Gold, edit: Callable[[Tables], None] | None = None) -> Report:
    """The score of ``pred`` as a prediction; ``edit`` changes its tables before."""
    tables = gold_tables([pred])
    if edit:
        edit(tables)
    return score(tables, [gold], resamples=20)


def tp(report: Report, kind: str = "measurements") -> tuple[int, ...]:
    return tuple(report.overall[kind].tp[level] for level in LEVELS)


# --- the levels ---------------------------------------------------------------------------------


def test_a_perfect_prediction_has_every_level_right() -> None:
    gold = make(number(10), number(30, 9.0), ratio(50), drugs=("durvalumab",))
    report = against(gold, gold)
    assert tp(report) == (2,) * 5 and tp(report, "analyses") == (1,) * 5
    assert {report.f1(n) for n in ("value", "analyses.row", "drugs")} == {1.0}
    assert report.faults == []


FIELDS: list[tuple[str, dict[str, Any], tuple[int, ...]]] = [
    ("param_type", {"param_type": "mean"}, (0, 0, 0, 0, 0)),
    ("value", {"value": 15.1}, (0, 0, 0, 0, 0)),
    ("value", {"value": None}, (0, 0, 0, 0, 0)),
    ("unit", {"unit": "week"}, (0, 0, 0, 0, 0)),
    ("outcome", {"outcome": "OS", "outcome_labels": ("总生存",)}, (1, 0, 0, 0, 0)),
    ("arm", {"arm": "A2"}, (1, 1, 0, 0, 0)),
    ("arm", {"arm": ""}, (1, 1, 0, 0, 0)),
    ("study", {"study": "S2"}, (1, 1, 1, 0, 0)),
    ("study", {"study": ""}, (1, 1, 1, 0, 0)),
    ("relation", {"relation": ">"}, (1, 1, 1, 1, 0)),
    ("assertion", {"assertion": "planned"}, (1, 1, 1, 1, 0)),
    ("lower", {"lower": None}, (1, 1, 1, 1, 0)),
    ("upper", {"upper": 17.0}, (1, 1, 1, 1, 0)),
    ("interval_type", {"interval_type": "IQR"}, (1, 1, 1, 1, 0)),
    ("events", {"events": 3}, (1, 1, 1, 1, 0)),
    ("participants", {"participants": 201}, (1, 1, 1, 1, 0)),
    ("timepoint", {"timepoint": "48w"}, (1, 1, 1, 1, 0)),
    ("population", {"population": ""}, (1, 1, 1, 1, 0)),
]


@pytest.mark.parametrize(("name", "change", "right"), FIELDS)
def test_a_wrong_field_fails_its_level_and_those_after_it(
    name: str, change: dict[str, Any], right: tuple[int, ...]
) -> None:
    report = against(make(number(10, **change)), make(number(10)))
    assert tp(report) == right
    [fault] = report.faults
    assert (fault.what, fault.level, list(fault.fields)) == ("wrong", LEVELS[sum(right)], [name])


ANALYSIS_FIELDS: list[tuple[str, dict[str, Any], tuple[int, ...]]] = [
    ("value", {"value": 0.78}, (0, 0, 0, 0, 0)),
    ("comparator", {"comparator": ""}, (1, 1, 0, 0, 0)),
    ("comparator", {"comparator": "B1"}, (1, 1, 0, 0, 0)),
    ("p_relation", {"p_relation": "<"}, (1, 1, 1, 1, 0)),
    ("p_value", {"p_value": 0.32}, (1, 1, 1, 1, 0)),
    ("p_value", {"p_value": None}, (1, 1, 1, 1, 0)),
]


@pytest.mark.parametrize(("name", "change", "right"), ANALYSIS_FIELDS)
def test_a_wrong_field_of_an_analysis(name: str, change: dict[str, Any], right: tuple[int, ...]) -> None:
    report = against(make(ratio(10, **change)), make(ratio(10)))
    assert tp(report, "analyses") == right
    assert name in report.faults[0].fields


def test_swapped_arms_of_an_analysis_are_wrong() -> None:
    assert tp(against(make(ratio(10, arm="A2", comparator="A1")), make(ratio(10))), "analyses")[2] == 0


def test_ratios_by_hand() -> None:
    """Four gold rows, five predicted: one right, one of another arm, one false twice, one missed."""
    gold = make(number(10), number(30), number(50), number(70))
    pred = make(number(10), number(30, arm="A2"), number(50, 1.0), number(90), number(110))
    report = against(pred, gold)
    tally = report.overall["measurements"]
    assert tp(report) == (2, 2, 1, 1, 1)
    assert (tally.n_pred, tally.n_gold) == (5, 4)
    assert tally.precision("value") == 2 / 5 and tally.recall("value") == 2 / 4
    assert tally.f1("value") == 4 / 9 and tally.f1("row") == 2 / 9
    what = [(f.what, f.start, f.level) for f in report.faults]
    assert what == [("wrong", 30, "arm"), ("wrong", 50, "value"), ("miss", 70, "value"),
                    ("false", 90, "value"), ("false", 110, "value")]  # fmt: skip
    wrong, *_ = report.faults
    assert wrong.fields["arm"] == ("durvalumab + tace | 三联组", "placebo + tace | 对照组")
    assert wrong.sentence == "一句。"


def test_one_number_predicted_twice_is_one_false_row() -> None:
    report = against(make(number(10), number(10)), make(number(10)))
    assert tp(report) == (1,) * 5
    assert [f.what for f in report.faults] == ["false"]


def test_kinds_do_not_meet() -> None:
    pred = make(GoldMeasurement("0.77", 10, 14, "HR", value=0.77))
    report = against(pred, make(ratio(10)))
    assert tp(report) == tp(report, "analyses") == (0,) * 5
    assert sorted(f.what for f in report.faults) == ["false", "miss"]


def test_a_range_is_compared_at_the_first_level() -> None:
    gold = make(number(10, None, lower=0, upper=9, interval_type="range"))
    assert tp(against(gold, gold)) == (1,) * 5
    assert tp(against(make(number(10, None, lower=0, upper=8, interval_type="range")), gold)) == (0,) * 5


def test_not_reached_meets_only_not_reached() -> None:
    none: dict[str, Any] = {"lower": None, "upper": None}
    gold = make(number(10, None, assertion="not_reached", **none))
    assert tp(against(gold, gold)) == (1,) * 5
    assert tp(against(make(number(10, None, **none)), gold)) == (0,) * 5
    longer = make(number(10, None, assertion="not_reached", lower=12.3, upper=None))
    assert tp(against(longer, gold)) == (1, 1, 1, 1, 0)


def test_values_are_equal_within_1e_9() -> None:
    assert tp(against(make(number(10, 15.0 + 5e-10)), make(number(10))))[0] == 1
    assert tp(against(make(number(10, 15.0 + 1e-6)), make(number(10))))[0] == 0
    assert tp(against(make(number(10, 0.0)), make(number(10, 2e-9))))[0] == 0


def test_units_are_lightly_normalised() -> None:
    assert unit_key("Months") == unit_key("ｍｏｎｔｈ") == "month"
    assert unit_key("µmol/L") == unit_key("μmol/l") == unit_key("umol/L")
    assert unit_key("％") == unit_key("%") and unit_key(" IU / mL ") == unit_key("IU/mL")
    assert unit_key("day") != unit_key("week") and unit_key("s") == "s"


# --- outcomes, populations ----------------------------------------------------------------------


def outcomes(pred: str, text: str, gold: str, *labels: str) -> bool:
    ours = make(number(0, outcome=pred, outcome_labels=(text,)))
    theirs = make(number(0, outcome=gold, outcome_labels=labels))
    return same_outcome(gold_side(ours).rows["measurements"][0], gold_side(theirs).rows["measurements"][0])


@pytest.mark.parametrize(
    "case",
    [
        ("HBsAg loss", "", "hbsag_loss"),
        ("grade≥3 AE", "", "grade>=3_AE"),
        ("", "客观缓解率", "ORR", "客观缓解"),
        ("x", "总生存期", "OS", "总生存时间"),
        ("x", "progression free survival", "PFS", "Progression-Free Survival rate"),
        ("ＰＦＳ", "", "x", "pfs"),
        ("mortality", "", "mortality_rate"),
        ("x", "无 进展\n生存", "PFS", "无进展生存期"),
        ("x", "中位总生存", "OS", "总生存"),  # 3 of 5
        ("x", "overall survival", "OS", "median overall survival"),
        ("", "", ""),
    ],
)
def test_outcomes_that_are_equal(case: tuple[str, ...]) -> None:
    assert outcomes(*case)


@pytest.mark.parametrize(
    "case",
    [
        ("OS", "总生存", "PFS", "无进展生存"),
        ("", "", "OS", "总生存"),
        ("OS", "总生存", ""),
        ("", "率", "ORR", "期"),
        ("x", "累积生存", "OS", "生存"),  # 2 of 4
        ("x", "应答", "y", "无应答"),
        ("x", "PFS", "y", "rPFS"),
        ("x", "CR", "y", "CRi"),
        ("pCR", "病理完全缓解", "CR", "完全缓解"),
    ],
)
def test_outcomes_that_differ(case: tuple[str, ...]) -> None:
    assert not outcomes(*case)


SAME_POPULATION = [
    ("", " "), ("乙肝患者", "乙型肝炎患者"), ("HBsAg<100 IU/mL", "HBsAg<100IU/mL的患者"),
    ("HBV-DNA>2000 IU/ml", "HBV DNA > 2 000 IU/mL"), ("PD-L1 TPS≥50%", "PD‑L1≥50%"), ("PD-L1≥50%", "PD-L1 50%以上"),
    ("aged 65 years or older", "patients aged ≥65 years"), ("women", "female patients"), ("女性患者", "女性"),
    ("HER2+", "HER2-positive"), ("HER2(-)乳腺癌", "HER2阴性乳腺癌"), ("HER2阳性HR阴性", "HR阴性、HER2阳性"),
    ("treatment-naïve", "previously untreated patients"), ("初治", "初治慢乙肝患者"),
    ("无肝硬化患者", "不伴肝硬化者"), ("without cirrhosis", "patients with no cirrhosis"),
    ("patients with cirrhosis", "cirrhotic patients"), ("EGFR mutation", "EGFR-mutated patients"),
    ("肝癌", "肝细胞癌"), ("高血压合并糖尿病", "糖尿病合并高血压患者"), ("使用胰岛素者", "使用胰島素者"),
    ("NSCLC", "non-small cell lung cancer"), ("children with Child-Pugh A", "Child–Pugh A, pediatric patients"),
    ("IHC 3+", "HER2 IHC 3+"), ("all patients", "患者"),
]  # fmt: skip

OTHER_POPULATION = [
    ("乙肝患者", ""), ("乙肝患者", "肝外转移"), ("患者", "女性患者"), ("老年患者", "老年女性患者"),
    ("PD-L1阳性", "PD-L1阴性"), ("PD-L1 positive", "PD-L1 negative"), ("HER2+", "HER2-"), ("PD-L1阳性", "PD-L1"),
    ("HR阳性HER2阴性", "HR阴性HER2阳性"), ("HER2阳性", "HER2阳性内分泌受体阴性"), ("HBeAg転阴", "HBeAg转阳"),
    ("with cirrhosis", "without cirrhosis"), ("伴肝硬化", "不伴肝硬化"), ("有症状", "无症状"),
    ("肝硬化无糖尿病", "无肝硬化糖尿病"), ("吸烟者", "从不吸烟者"), ("current smokers", "never smokers"),
    ("smokers", "non-smokers"), ("smokers", "nonsmokers"), ("symptomatic", "asymptomatic patients"),
    ("resectable disease", "unresectable disease"), ("responders", "non-responders"),
    ("PD-L1≥50%", "PD-L1<50%"), ("PD-L1≥50%", "PD-L1≥1%"), ("PD-L1≥50%", "PD-L1>50%"), ("PD-L1 50%", "PD-L1≥50%"),
    ("PD-L1≥1%且<50%", "PD-L1<1%且≥50%"), ("65岁以下", "65岁以上"), ("eGFR≥60", "eGFR"), ("12周", "24周"),
    ("经治患者", "初治患者"), ("經治", "初治"), ("treatment-naïve", "treatment-experienced"),
    ("previously treated", "not previously treated"), ("male patients", "female patients"), ("男", "女"),
    ("儿童", "成人"), ("early-stage", "advanced-stage"), ("绝经前女性", "绝经后女性"), ("一线治疗患者", "二线治疗患者"),
    ("代偿期肝硬化", "失代偿期肝硬化"), ("小细胞肺癌", "非小细胞肺癌"), ("低负荷", "中负荷"), ("左半结肠癌", "右半结肠癌"),
    ("high-risk", "intermediate-risk"), ("EGFR突变患者", "ALK突变患者"), ("KRAS G12C mutation", "KRAS G12D mutation"),
    ("BRCA突变", "BRCA野生型"), ("CD19", "CD20"), ("CD1", "CD19"), ("HER2", "HER"), ("IL-17", "IL-23"), ("1型糖尿病", "2型糖尿病"), ("HBV", "HCV"),
    ("III期", "IV期"), ("3级", "4级"), ("grade 3", "grade 4"), ("Child-Pugh A级", "Child-Pugh B级"),
    ("胃癌患者", "肺癌患者"), ("肝细胞癌", "胆管细胞癌"), ("肝癌", "肝内胆管癌"), ("接受过一次治疗", "接受过二次治疗"),
    ("lung cancer patients with liver metastases", "lung cancer patients with brain metastases"),
]  # fmt: skip


@pytest.mark.parametrize("pair", SAME_POPULATION)
def test_populations_are_compared_loosely(pair: tuple[str, str]) -> None:
    assert same_population(*pair) and same_population(*pair[::-1])


@pytest.mark.parametrize("pair", OTHER_POPULATION)
def test_opposite_populations_never_meet(pair: tuple[str, str]) -> None:
    assert not same_population(*pair) and not same_population(*pair[::-1])


@given(
    st.text("ab阳阴性无不肝癌者HER2+-<>≥50% ", max_size=12), st.text("阳阴性无不肝HER2+-<≥50", max_size=12)
)
def test_the_test_of_populations_is_symmetric_and_reflexive(a: str, b: str) -> None:
    assert same_population(a, b) == same_population(b, a)
    assert same_population(a, a)


@given(st.text(), st.text())
def test_no_population_is_too_odd_to_be_compared(a: str, b: str) -> None:
    assert same_population(a, b) == same_population(b, a)
    assert same_population(f"{a}\ud800", f"{a}\ud800")


def test_each_word_of_the_table_of_opposites_tells_two_populations_apart() -> None:
    """Words of two sides of one axis, each after the same words."""
    with resources.files("trialmine.report").joinpath("opposites.csv").open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    assert lines and tuple(lines[0]) == COLUMNS
    for one, other in itertools.combinations(lines, 2):
        if one["axis"] == other["axis"] != "sign":
            for a, b in itertools.product(one["words"].split("|"), other["words"].split("|")):
                assert not same_population(f"x {a} y", f"x {b} y"), (a, b)


def test_folding() -> None:
    assert fold("DEB–TACE  联合 ＰＤ-1 单抗") == "deb tace联合pd 1单抗"
    assert fold("1–2 期") == "1-2期" != fold("12期")
    assert holds("a组(索拉非尼)", "a组") and holds("deb tace", "tace")
    assert not holds("组12", "组1") and not holds("非aclf组", "aclf组") and not holds("non aclf", "aclf")
    assert holds("非aclf组与aclf组", "aclf组") and not holds("x", "")


# --- arms ---------------------------------------------------------------------------------------


def arms_meet(pred: GoldArm, gold: GoldArm, *others: GoldArm) -> bool:
    ours = make(number(0, arm=pred.id, study=""), arms=(pred,))
    theirs = make(number(0, arm=gold.id, study=""), arms=(gold, *others))
    return tp(against(ours, theirs))[2] == 1


DOSES = (
    GoldArm("G1", labels=("组1", "低剂量组"), interventions=("bepirovirsen",), dose="150 mg"),
    GoldArm("G2", labels=("组12", "高剂量组"), interventions=("bepirovirsen",), dose="300 mg"),
)


def test_arms_meet_by_their_interventions() -> None:
    gold = GoldArm("G", labels=("三联组",), interventions=("TACE", "Durvalumab"))
    assert arms_meet(GoldArm("P", interventions=("durvalumab", "tace")), gold)
    assert not arms_meet(GoldArm("P", interventions=("tace",), labels=("三联组",)), gold)
    assert not arms_meet(GoldArm("P", labels=("三联组",)), gold)


@pytest.mark.parametrize(
    ("labels", "dose", "meets"),
    [
        (("组1",), "", True),
        (("低剂量 组",), "", True),
        (("组 12",), "", False),  # the other group's label
        (("高剂量组",), "", False),
        ((), "150MG", True),
        ((), "300 mg", False),
        ((), "", False),
        (("bepirovirsen低剂量组",), "", True),
        (("组123",), "", False),
    ],
)
def test_arms_with_a_shared_set_meet_by_label_or_dose(
    labels: tuple[str, ...], dose: str, meets: bool
) -> None:
    pred = GoldArm("P", labels=labels, interventions=("bepirovirsen",), dose=dose)
    assert arms_meet(pred, *DOSES) is meets


def test_arms_without_interventions_meet_by_label() -> None:
    aclf, other = GoldArm("G1", labels=("ACLF组",)), GoldArm("G2", labels=("非ACLF组",))
    assert arms_meet(GoldArm("P", labels=("aclf组",), interventions=("x",)), aclf, other)
    assert arms_meet(GoldArm("P", labels=("HBV-ACLF组",)), aclf, other)
    assert not arms_meet(GoldArm("P", labels=("非ACLF组",)), aclf, other)
    assert not arms_meet(GoldArm("P"), aclf, other)


def test_another_groups_very_label_is_not_met_by_containment() -> None:
    gold, other = GoldArm("G1", labels=("联合组",)), GoldArm("G2", labels=("新联合组",))
    assert not arms_meet(GoldArm("P", labels=("新联合组",)), gold, other)
    assert arms_meet(GoldArm("P", labels=("新联合组",)), gold)


def test_a_shared_set_counts_within_a_study_only() -> None:
    studies = (GoldStudy("S1", names=("X",)), GoldStudy("S2", names=("Y",)))
    arms = tuple(dataclasses.replace(a, study=s) for a, s in zip(DOSES, ("S1", "S2"), strict=True))
    gold = make(number(0, arm="G1"), studies=studies, arms=arms)
    bare = make(
        number(0, arm="P"), studies=studies, arms=(GoldArm("P", "S1", interventions=("bepirovirsen",)),)
    )
    assert tp(against(bare, gold)) == (1,) * 5


def test_an_arm_id_without_an_arm_is_no_arm() -> None:
    def drop(tables: Tables) -> None:
        tables.rows["arms"].clear()

    assert tp(against(make(number(0)), make(number(0, arm="")), drop))[2] == 1
    assert tp(against(make(number(0)), make(number(0)), drop))[2] == 0


# --- studies ------------------------------------------------------------------------------------


def one(study: GoldStudy) -> Gold:
    return make(number(0, study=study.id, arm=""), studies=(study,), arms=())


@pytest.mark.parametrize(
    ("pred", "gold", "meets"),
    [
        (GoldStudy("P", names=("emerald 1",)), STUDIES[0], True),
        (GoldStudy("P", registry_ids=("nct 01",)), GoldStudy("G", ("X",), registry_ids=("NCT01",)), True),
        (GoldStudy("P", names=("Li",), citations=("3", "4")), STUDIES[0], True),
        (GoldStudy("P", names=("EMERALD-2",), citations=("40",)), STUDIES[0], False),
        (GoldStudy("P"), STUDIES[0], True),  # by the rows that they share
        (GoldStudy("P", names=("Li",)), GoldStudy("G"), True),
    ],
)
def test_studies_meet_by_an_identifier_or_unnamed(pred: GoldStudy, gold: GoldStudy, meets: bool) -> None:
    assert tp(against(one(pred), one(gold)))[3] == meets


def test_unnamed_studies_are_assigned_one_to_one_by_shared_rows() -> None:
    def rows(*studies: str) -> Gold:
        found = [number(20 * n, study=s, arm="") for n, s in enumerate(studies)]
        return make(*found, studies=(GoldStudy("S1"), GoldStudy("S2")), arms=())

    gold = rows("S1", "S1", "S1", "S2", "S2")
    assert tp(against(rows("S2", "S2", "S2", "S1", "S1"), gold)) == (5,) * 5
    assert tp(against(rows("S1", "S1", "S2", "S1", "S2"), gold)) == (5, 5, 5, 3, 3)
    assert tp(against(rows("S1", "S1", "S1", "S1", "S1"), gold)) == (5, 5, 5, 3, 3)


def test_a_study_met_by_name_is_not_met_again_by_rows() -> None:
    studies = (GoldStudy("P1", names=("EMERALD-1",)), GoldStudy("P2"))
    pred = make(number(0, study="P1", arm=""), number(20, study="P2", arm=""), studies=studies, arms=())
    gold = make(number(0, arm=""), number(20, arm=""))
    assert tp(against(pred, gold))[3] == 1


# --- which row meets which ----------------------------------------------------------------------


def test_an_exact_span_goes_before_a_partial_overlap() -> None:
    """The wide prediction has the right value; the exact one, though wrong, is the number's own row."""
    wide = number(8, 15.0, end=20, quote="x" * 12)
    report = against(make(wide, number(10, 99.0)), make(number(10)))
    assert tp(report)[0] == 0
    assert [(f.what, f.start) for f in report.faults] == [("false", 8), ("wrong", 10)]


def test_partial_overlaps_meet_and_touching_spans_do_not() -> None:
    assert tp(against(make(number(12)), make(number(10))))[0] == 1
    assert tp(against(make(number(16)), make(number(10))))[0] == 0


def test_rows_at_one_span_meet_so_that_most_is_right() -> None:
    gold = make(number(10, arm="A1"), number(10, arm="A2"), number(10, 3.0, arm="A2"))
    for rows in itertools.permutations([number(10, arm="A2"), number(10, 3.0), number(10, arm="A1")]):
        assert tp(against(make(*rows), gold)) == (3, 3, 2, 2, 2)


def test_a_greedy_choice_does_not_cost_a_pair() -> None:
    """P1 overlaps both gold rows, P2 only the first; each pair has its value right."""
    gold = make(number(10), number(16))
    pred = make(number(11, end=20), number(6, end=12))
    assert tp(against(pred, gold)) == (2,) * 5


def test_right_levels_go_before_the_number_of_pairs() -> None:
    """One pair with all right is worth more than two pairs with nothing right."""
    gold = make(number(10), number(16, 2.0))
    pred = make(number(11, end=20), number(6, 3.0, end=12))
    assert tp(against(pred, gold)) == (1,) * 5


@given(st.dictionaries(st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(1, 9), max_size=12))
def test_the_assignment_is_the_best_of_all(edges: dict[tuple[int, int], int]) -> None:
    chosen = assign(edges)
    assert len({i for i, _ in chosen}) == len({j for _, j in chosen}) == len(chosen)
    best = max(
        sum(edges.get((i, order[i]), 0) for i in range(5)) for order in itertools.permutations(range(5))
    )
    assert sum(edges[pair] for pair in chosen) == best


SPREAD = make(
    number(10), number(10, arm="A2"), number(12, 3.0), number(30, study="S2", arm="B1"), ratio(50),
    ratio(50, 0.5), number(14, 4.0, end=32), drugs=("a", "b"),
)  # fmt: skip
GUESS = make(
    number(10, arm="A2"), number(10, 3.0), number(13), number(30), number(29, 4.0), ratio(50, 0.5),
    ratio(52), number(90), drugs=("b", "c"),
)  # fmt: skip


@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_is_of_no_matter(chance: random.Random) -> None:
    expected = json.dumps(against(GUESS, SPREAD).to_json())

    def shuffle(tables: Tables) -> None:
        for rows in tables.rows.values():
            chance.shuffle(rows)

    def shuffled(rows: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(chance.sample(rows, len(rows)))

    names = ("studies", "arms", "measurements", "analyses", "drugs")
    gold = dataclasses.replace(SPREAD, **{n: shuffled(getattr(SPREAD, n)) for n in names})
    assert json.dumps(against(GUESS, gold, shuffle).to_json()) == expected


# --- sums over documents ------------------------------------------------------------------------


def copies(gold: Gold, *doc_ids: str) -> list[Gold]:
    return [dataclasses.replace(gold, doc_id=doc_id) for doc_id in doc_ids]


def test_the_same_document_twice_has_the_same_ratios() -> None:
    once = against(GUESS, SPREAD)
    twice = score(gold_tables(copies(GUESS, "a", "b")), copies(SPREAD, "a", "b"))
    for kind, tally in once.overall.items():
        double = twice.overall[kind]
        assert (double.n_pred, double.n_gold) == (2 * tally.n_pred, 2 * tally.n_gold)
        for level in tally.tp:
            assert double.tp[level] == 2 * tally.tp[level]
            assert double.f1(level) == tally.f1(level)
            assert double.precision(level) == tally.precision(level)
            assert double.recall(level) == tally.recall(level)
    assert 0 < once.f1("row") < once.f1("value") < 1


def test_counts_are_summed_before_ratios_are_taken() -> None:
    """Document a: 1 of 1 right; b: 0 of 3. Mean of the F1s 0.5, F1 of the sums 2/8."""
    a, b = make(number(10), doc_id="a"), make(*(number(n) for n in (10, 30, 50)), doc_id="b", language="en")
    wrong = make(*(number(n, 1.0) for n in (10, 30, 50)), doc_id="b")
    report = score(gold_tables([a, wrong]), [b, a])
    assert report.f1("value") == 2 / 8
    assert list(report.by_document) == ["a", "b"]
    assert [c["measurements"].f1("value") for c in report.by_document.values()] == [1.0, 0.0]
    assert {n: g.counts["measurements"].n_gold for n, g in report.groups["language"].items()} == {
        "en": 3,
        "zh": 1,
    }


def test_empty_against_empty_is_one_and_one_side_empty_is_zero() -> None:
    nothing, something = make(), make(number(10), drugs=("a",))
    for report in (score(Tables(), []), score(Tables(), [nothing])):
        tally = report.overall["measurements"]
        assert [tally.precision("row"), tally.recall("row"), tally.f1("row"), report.f1("drugs")] == [1.0] * 4
    for report in (score(Tables(), [something]), against(something, nothing)):
        tally = report.overall["measurements"]
        assert [tally.precision("row"), tally.recall("row"), tally.f1("row"), report.f1("drugs")] == [0.0] * 4
        assert report.f1("analyses.row") == 1.0


def test_documents_without_gold_are_named_and_not_counted() -> None:
    report = score(gold_tables(copies(make(number(10)), "a", "b")), [make(number(10), doc_id="a")])
    assert report.overall["measurements"].n_pred == 1
    assert report.ignored == ["b"]


def test_two_golds_of_one_document_are_refused() -> None:
    with pytest.raises(GoldError, match="'d'"):
        score(Tables(), [make(), make()])


def test_a_language_that_the_gold_does_not_give_is_the_documents() -> None:
    tables = Tables()
    tables.rows["documents"].append(DocumentRow("d", "", "", "", "en", "", 0, "ok", ""))
    assert list(score(tables, [make(language="")]).groups["language"]) == ["en"]
    assert list(score(Tables(), [make(language="")]).groups["language"]) == ["unknown"]


def test_drugs_are_sets_of_concepts() -> None:
    tables = Tables()
    found = [
        ("drug", "Sorafenib"),
        ("drug", "sorafenib"),
        ("drug", "x"),
        ("regimen", "y"),
        ("procedure", "haic"),
    ]
    tables.rows["mentions"] = [
        MentionRow(str(n), "d", kind, concept, concept, n, n + 1) for n, (kind, concept) in enumerate(found)
    ]
    report = score(tables, [make(drugs=("sorafenib", "lenvatinib", "AHB-137"), procedures=("HAIC",))])
    tally = report.overall["drugs"]
    assert (tally.tp["name"], tally.n_pred, tally.n_gold) == (1, 2, 3)
    assert report.overall["procedures"].f1("name") == 1.0
    missed = [(f.what, f.quote) for f in report.faults]
    assert missed == [("false", "x"), ("miss", "ahb-137"), ("miss", "lenvatinib")]


def test_precision_by_rule() -> None:
    def rules(tables: Tables) -> None:
        rows = tables.rows["measurements"]
        rows[:] = [dataclasses.replace(r, rule="p" if r.start < 50 else "q") for r in rows]

    report = against(make(number(10), number(30, 1.0), number(50)), make(number(10), number(30)), rules)
    found = report.to_json()["by_rule"]["measurements"]
    assert {n: (r["n_pred"], r["n_paired"]) for n, r in found.items()} == {"p": (2, 2), "q": (1, 0)}
    alone = {"precision_interval": None}
    assert found["p"]["levels"]["value"] == {"tp": 1, "precision": 0.5, **alone}
    assert found["q"]["levels"]["value"] == {"tp": 0, "precision": 0.0, **alone}


def test_bootstrap_intervals() -> None:
    right, wrong = make(number(10)), make(number(10, 1.0))
    ids = [f"d{n}" for n in range(20)]
    preds = [dataclasses.replace(right if n % 2 else wrong, doc_id=d) for n, d in enumerate(ids)]
    report = score(gold_tables(preds), copies(right, *ids))
    low, high = report.intervals["measurements", "value"]
    assert report.f1("value") == 0.5
    # 20 draws of a fair coin: 2.5 % and 97.5 % points of Binomial(20, 0.5) / 20 are 0.3 and 0.7
    assert abs(low - 0.3) <= 0.05 and abs(high - 0.7) <= 0.05
    assert report.intervals == score(gold_tables(preds[::-1]), copies(right, *ids[::-1])).intervals
    assert report.intervals != score(gold_tables(preds), copies(right, *ids), seed=1, resamples=7).intervals


# --- agreement, floors, output ------------------------------------------------------------------


def test_agreement_is_the_score_of_one_annotator_against_the_other() -> None:
    report = agreement([GUESS, make(doc_id="only-a")], [SPREAD, make(number(1), doc_id="only-b")])
    assert report.to_json()["overall"] == score(gold_tables([GUESS]), [SPREAD]).to_json()["overall"]
    assert list(report.by_document) == ["d"]
    assert agreement([SPREAD], [SPREAD]).f1("row") == 1.0


def test_agreement_of_labels_is_agreement_in_any_label() -> None:
    a = make(number(10, outcome="x", outcome_labels=("总生存", "OS")))
    b = make(number(10, outcome="y", outcome_labels=("overall survival", "OS")))
    assert agreement([a], [b]).f1("row") == 1.0


def test_annotators_that_can_not_be_compared() -> None:
    with pytest.raises(GoldError, match="no document in common"):
        agreement([make(doc_id="a")], [make(doc_id="b")])
    with pytest.raises(GoldError, match="'d'"):
        agreement([make(), make()], [make()])
    with pytest.raises(GoldError, match="different texts"):
        agreement([make(text_sha256="0")], [make(text_sha256="1")])


def test_floors() -> None:
    gold = make(number(10), number(30), ratio(50), drugs=("a", "b"))
    report = against(make(number(10), number(30, arm="A2"), ratio(50, 1.0), drugs=("a",)), gold)
    assert check_floors(report, {"value": 1.0, "measurements.outcome": 1.0, "row": 0.5, "drugs": 0.66}) == []
    assert check_floors(report, {"arm": 0.51, "drugs": 0.7, "analyses.value": 0.1, "study": 0.5}) == [
        "arm: F1 0.5000 is below the floor 0.5100",
        "drugs: F1 0.6667 is below the floor 0.7000",
        "analyses.value: F1 0.0000 is below the floor 0.1000",
    ]
    named = against(make(procedures=("tace", "surgery")), make(procedures=("tace",), drugs=("a",)))
    below = {"procedures": 0.7, "procedures.name": 0.7, "drugs": 0.1, "drugs.name": 0.1}
    assert check_floors(named, below) == [
        "procedures: F1 0.6667 is below the floor 0.7000",
        "procedures.name: F1 0.6667 is below the floor 0.7000",
        "drugs: F1 0.0000 is below the floor 0.1000",
        "drugs.name: F1 0.0000 is below the floor 0.1000",
    ]
    assert check_floors(named, {"procedures": 0.66, "procedures.name": 0.66}) == []


@pytest.mark.parametrize(
    "name", ["rows", "measurements", "name", "drugs.value", "procedures.row", "analyses.", ".row", ""]
)
def test_unknown_levels_are_refused(name: str) -> None:
    with pytest.raises(UsageError, match="unknown level"):
        check_floors(score(Tables(), []), {name: 0.5})


@pytest.mark.parametrize("floor", [-0.1, 1.1, 80, float("nan")])
def test_floors_that_are_no_f1_are_refused(floor: float) -> None:
    with pytest.raises(UsageError, match="within 0 and 1"):
        check_floors(score(Tables(), []), {"row": floor})


def test_the_report_as_json() -> None:
    content = json.loads(json.dumps(against(GUESS, SPREAD).to_json(), allow_nan=False))
    assert content["documents"] == 1
    level = content["overall"]["measurements"]["levels"]["value"]
    assert set(level) == {"tp", "precision", "recall", "f1", "f1_interval"}
    assert set(content["by_document"]["d"]) == {"measurements", "analyses", "drugs", "procedures"}
    wrong = next(f for f in content["faults"] if f["what"] == "wrong")
    assert set(wrong) == {f.name for f in dataclasses.fields(Fault)}
    assert all(set(said) == {"want", "got"} for said in wrong["fields"].values())


def test_the_report_in_the_terminal_shows_its_numbers() -> None:
    def rule(tables: Tables) -> None:
        rows = tables.rows["measurements"]
        rows[:] = [dataclasses.replace(r, rule="[bold]r") for r in rows]

    text = shown(against(make(number(10), number(30)), make(number(10)), rule))
    assert "0.667" in text and "0.500" in text and "[bold]r" in text
    assert "0 wrong, 0 missed, 1 false" in text
    for kind in ("measurements", "analyses", "drugs", "procedures", "zh"):
        assert kind in text


def test_a_report_of_nothing_can_be_shown() -> None:
    assert "Score of 0 documents" in shown(score(Tables(), []))


def shown(report: Report) -> str:
    out = io.StringIO()
    render(report, Console(file=out, width=160))
    return out.getvalue()


def test_the_scorer_knows_nothing_of_the_extractor() -> None:
    """Of trialmine it imports the tables, the errors and its own parts."""
    import ast
    from pathlib import Path

    import trialmine.report.score as module

    folder, allowed = Path(str(module.__file__)).parent, {"core.tables", "core.errors"}
    parts = [
        "score",
        "tally",
        "bootstrap",
        "halves",
        "fields",
        "matching",
        "compare",
        "populations",
        "sides",
        "gold",
        "goldfile",
        "goldnumbers",
        "spans",
        "reliability",
    ]
    seen: set[str] = set()
    for part in parts:
        tree = ast.parse((folder / f"{part}.py").read_text(encoding="utf-8"))
        seen |= {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
        seen |= {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    ours = {name for name in seen if name.startswith("trialmine")}
    assert ours == {f"trialmine.{n}" for n in allowed} | {f"trialmine.report.{p}" for p in parts[1:]}


def test_a_list_of_names_in_a_cell_is_a_list() -> None:
    def name(tables: Tables) -> None:
        row = tables.rows["studies"][0]
        assert isinstance(row, StudyRow)
        tables.rows["studies"][0] = dataclasses.replace(row, name="", citations="9; 4")

    assert tp(against(make(number(10)), make(number(10)), name)) == (1,) * 5


def test_an_item_that_holds_the_mark_between_items_stays_one() -> None:
    """ "NEJM 2007; 357:203" is one citation, and another paper of that journal and year another."""
    assert split_cell(join_cell(["NEJM 2007; 357:203", "a;  b", " c ", ";", "; d", ""])) == [
        "NEJM 2007;357:203", "a;b", "c", ";", ";d",
    ]  # fmt: skip

    def cited(*citations: str, **keys: Any) -> Gold:
        return make(number(10), studies=(GoldStudy("S1", citations=citations, **keys),))

    odd = cited("NEJM 2007; 357:203", names=("A; B",), registry_ids=("NCT 1; 2",))
    report = against(odd, odd)
    assert tp(report) == (1,) * 5 and not report.faults
    tally = report.fields["studies"]["citations"]
    assert (tally.n_pred, tally.n_gold, tally.tp["right"]) == (1, 1, 1)
    one, other = (GoldStudy("S2", citations=(c,)) for c in ("NEJM 2007; 357:203", "NEJM 2007; 356:115"))
    one, other = (gold_side(make(studies=(s,))).studies["S2"] for s in (one, other))
    assert not one.meets(other)
