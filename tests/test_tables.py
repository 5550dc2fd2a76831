"""Tables in a text: what their headers say of each number, at the API."""

from __future__ import annotations

from typing import Any

import pytest

import trialmine

PIPES = """
ORIENT-99试验结果见表2。

表2 两组疗效比较

| 组别 | 例数 | ORR[n(%)] | 中位PFS(月) |
|---|---|---|---|
| 信迪利单抗+化疗 | 128 | 71(55.5) | 8.7 |
| 安慰剂+化疗 | 131 | 44(33.6) | 5.2 |
| P值 | | <0.001 | 0.004 |
"""

HTML = """
The PLANE-7 trial compared two groups.

<table><tr><td rowspan="2">Outcome</td><td colspan="2">Week 24</td></tr>
<tr><td>tofacitinib</td><td>placebo</td></tr>
<tr><td>ACR20, %</td><td>58.3</td><td>29.4</td></tr>
<tr><td>ACR50, %</td><td>33.1</td><td>12.8</td></tr></table>
"""

#: a header of two rows whose spans were lost
FLAT = """
A组用恩替卡韦，B组用阿德福韦。

表1 应答情况 [n(%)]

Group | n | Week 24 | Week 48
ALT normalization | HBeAg loss | ALT normalization | HBeAg loss
A | 52 | 30(57.7%) | 8(15.4%) | 41(78.8%) | 13(25.0%)
B | 49 | 21(42.9%) | 4(8.2%) | 29(59.2%) | 7(14.3%)
"""

#: studies in the first column, their groups in the second
STUDIES = """
表4 主要临床试验

| 研究 | 方案 | n | ORR(%) | 中位PFS(月) |
|---|---|---|---|---|
| CheckMate 067 | 纳武利尤单抗+伊匹木单抗 | 314 | 57.6 | 11.5 |
|  | 伊匹木单抗 | 315 | 19.0 | 2.9 |
| KEYNOTE-006 | 帕博利珠单抗 | 556 | 42.1 | 8.4 |
|  | 伊匹木单抗 | 278 | 16.5 | 3.4 |
"""


def _rows(text: str) -> dict[str, tuple[Any, ...]]:
    tables = trialmine.extract(text)
    arms = tables.arms.set_index("arm_id")["interventions"]
    found = {}
    for table in (tables.measurements, tables.analyses):
        for row in table.itertuples():
            assert text[row.start : row.end] == row.quote
            found[row.quote] = (row.outcome, set(arms.get(row.arm_id, "").split(" + ")), row.timepoint, row)
    return found


def test_markdown_with_groups_in_rows() -> None:
    rows = _rows(PIPES)
    assert {q: r[:2] for q, r in rows.items()} == {
        "55.5": ("ORR", {"sintilimab", "chemotherapy"}),
        "33.6": ("ORR", {"placebo", "chemotherapy"}),
        "8.7": ("PFS", {"sintilimab", "chemotherapy"}),
        "5.2": ("PFS", {"placebo", "chemotherapy"}),
        "0.001": ("ORR", {"sintilimab", "chemotherapy"}),
        "0.004": ("PFS", {"sintilimab", "chemotherapy"}),
    }
    assert rows["55.5"][3].events == 71
    assert (rows["8.7"][3].unit, rows["8.7"][3].param_type) == ("month", "median")
    assert rows["0.001"][3].p_relation == "<"
    assert list(trialmine.extract(PIPES).arms.participants) == [128, 131]


@pytest.mark.parametrize("text", [HTML, HTML.replace("<table>", "")], ids=["whole", "its beginning cut off"])
def test_html_with_groups_in_columns(text: str) -> None:
    rows = _rows(text)
    assert {q: r[:3] for q, r in rows.items()} == {
        "58.3": ("ACR20", {"tofacitinib"}, "24w"),
        "29.4": ("ACR20", {"placebo"}, "24w"),
        "33.1": ("ACR50", {"tofacitinib"}, "24w"),
        "12.8": ("ACR50", {"placebo"}, "24w"),
    }


def test_studies_and_their_groups_in_rows() -> None:
    rows = _rows(STUDIES)
    studies = trialmine.extract(STUDIES).studies.set_index("study_id")["name"]
    assert {q: (r[0], r[1], studies[r[3].study_id]) for q, r in rows.items()} == {
        "57.6": ("ORR", {"nivolumab", "ipilimumab"}, "CheckMate 067"),
        "11.5": ("PFS", {"nivolumab", "ipilimumab"}, "CheckMate 067"),
        "19.0": ("ORR", {"ipilimumab"}, "CheckMate 067"),
        "2.9": ("PFS", {"ipilimumab"}, "CheckMate 067"),
        "42.1": ("ORR", {"pembrolizumab"}, "KEYNOTE-006"),
        "8.4": ("PFS", {"pembrolizumab"}, "KEYNOTE-006"),
        "16.5": ("ORR", {"ipilimumab"}, "KEYNOTE-006"),
        "3.4": ("PFS", {"ipilimumab"}, "KEYNOTE-006"),
    }


def test_a_header_whose_spans_were_lost() -> None:
    rows = _rows(FLAT)
    assert {q: r[:3] for q, r in rows.items()} == {
        "57.7%": ("ALT_normalization", {"entecavir"}, "24w"),
        "15.4%": ("HBeAg_loss", {"entecavir"}, "24w"),
        "78.8%": ("ALT_normalization", {"entecavir"}, "48w"),
        "25.0%": ("HBeAg_loss", {"entecavir"}, "48w"),
        "42.9%": ("ALT_normalization", {"adefovir"}, "24w"),
        "8.2%": ("HBeAg_loss", {"adefovir"}, "24w"),
        "59.2%": ("ALT_normalization", {"adefovir"}, "48w"),
        "14.3%": ("HBeAg_loss", {"adefovir"}, "48w"),
    }


@pytest.mark.parametrize(
    "text",
    [
        "| 药物 | 剂量 |\n|---|---|\n| 阿帕替尼 | 每日250 mg |\n| 安罗替尼 | 每日12 mg |\n",
        "| χ2 | t |\n|---|---|\n| 5.21 | 2.41 |\n",
        "a | b\n",
    ],
)
def test_no_result_in_a_table_that_holds_none(text: str) -> None:
    tables = trialmine.extract(text)
    assert tables.measurements.empty
    assert tables.analyses.empty


#: what the heads say of numbers that are no results, limits in a column of their own, estimates told in the cells
META = """
一项荟萃分析比较了卡格列净与安慰剂。

| 结局指标 | 研究数 | 样本量 | 效应量 | 95%CI | I2 | P值 |
|---|---|---|---|---|---|---|
| 卒中 | 6 | 8120 | RR 0.93 | 0.78~1.11 | 12% | 0.41 |
| 收缩压(mmHg) | 9 | 5310 | MD -3.4 | -4.6~-2.2 | 54% | <0.001 |
"""

#: cells of words beside cells of numbers
WORDS = """
| 试验 | 年份 | n | 主要结果 |
|---|---|---|---|
| DEMO-1 | 2019 | 4120 | MACE 7.1% vs 8.8%(HR 0.80,95%CI 0.69-0.93) |
| DEMO-2 | 2021 | 2044 | 全因死亡降低14%(HR 0.86) |
"""


def test_limits_estimates_and_columns_that_are_no_results() -> None:
    analyses = trialmine.extract(META).analyses
    assert trialmine.extract(META).measurements.empty
    found = [
        (r.quote, r.param_type, r.outcome, r.lower, r.upper)
        for r in analyses.itertuples()
        if r.param_type != "p"
    ]
    assert found == [
        ("0.93", "RR", "stroke", 0.78, 1.11),
        ("-3.4", "MD", "systolic_blood_pressure", -4.6, -2.2),
    ]
    assert list(analyses[analyses.param_type == "p"].p_value) == [0.41, 0.001]


def test_cells_of_words_are_read_as_sentences() -> None:
    tables = trialmine.extract(WORDS)
    assert [(r.quote, r.outcome) for r in tables.measurements.itertuples()] == [
        ("7.1%", "MACE"),
        ("8.8%", "MACE"),
    ]
    assert [(r.quote, r.param_type, r.outcome) for r in tables.analyses.itertuples()] == [
        ("0.80", "HR", "MACE"),
        ("14%", "risk_reduction", "all_cause_mortality"),
        ("0.86", "HR", "all_cause_mortality"),
    ]
    for r in tables.analyses.itertuples():
        assert WORDS[r.start : r.end] == r.quote


#: what one row of a table of trials says of two groups or more: quote -> (outcome, interventions, study)
OPPOSED = {
    "two groups in one cell": (
        "| Trial | Regimen | No. | ORR (%) | Median PFS, mo | HR for PFS (95% CI) |\n|---|---|---|---|---|---|\n"
        "| DEMO-1 | Durvalumab + olaparib vs olaparib | 90 vs 88 | 41.2 vs 30.7 | 9.1 vs 6.3 | 0.71 (0.52-0.97) |\n",
        {
            "41.2": ("ORR", {"durvalumab", "olaparib"}, "DEMO-1"),
            "30.7": ("ORR", {"olaparib"}, "DEMO-1"),
            "9.1": ("PFS", {"durvalumab", "olaparib"}, "DEMO-1"),
            "6.3": ("PFS", {"olaparib"}, "DEMO-1"),
            "0.71": ("PFS", {"durvalumab", "olaparib"}, "DEMO-1"),
        },
    ),
    "a column for the control": (
        "| 研究 | 试验组 | 对照组 | 例数 | 中位OS（月） | HR(95%CI) | ORR（%） |\n|---|---|---|---|---|---|---|\n"
        "| DEMO-2 | 多纳非尼 | 索拉非尼 | 328/331 | 12.4/10.1 | 0.83(0.70~0.98) | 4.7/2.9 |\n"
        "| 某省研究 | 特瑞普利单抗 | 索拉非尼 | 101/99 | 未达到/11.6 | 0.61(0.44~0.85) | 20.3/6.1 |\n",
        {
            "12.4": ("OS", {"donafenib"}, "DEMO-2"),
            "10.1": ("OS", {"sorafenib"}, "DEMO-2"),
            "0.83": ("OS", {"donafenib"}, "DEMO-2"),
            "4.7": ("ORR", {"donafenib"}, "DEMO-2"),
            "2.9": ("ORR", {"sorafenib"}, "DEMO-2"),
            "未达到": ("OS", {"toripalimab"}, "某省研究"),
            "11.6": ("OS", {"sorafenib"}, "某省研究"),
            "0.61": ("OS", {"toripalimab"}, "某省研究"),
            "20.3": ("ORR", {"toripalimab"}, "某省研究"),
            "6.1": ("ORR", {"sorafenib"}, "某省研究"),
        },
    ),
    "what the text speaks of, alone or with more, beside cells of words": (
        "依沃西单抗是一种双特异性抗体，已有多项研究。\n\n| 研究 | 方案 | ≥3级TRAE | 备注 |\n|---|---|---|---|\n"
        "| DEMO-3 | 单药 vs 帕博利珠单抗 | 28.4% vs 15.6% | 出血少见 |\n"
        "| DEMO-4 | +化疗 vs 化疗 | 60.9% vs 48.7% | 高血压 5.1% |\n",
        {
            "28.4%": ("grade>=3 TRAE", {"ivonescimab"}, "DEMO-3"),
            "15.6%": ("grade>=3 TRAE", {"pembrolizumab"}, "DEMO-3"),
            "60.9%": ("grade>=3 TRAE", {"ivonescimab", "chemotherapy"}, "DEMO-4"),
            "48.7%": ("grade>=3 TRAE", {"chemotherapy"}, "DEMO-4"),
        },
    ),
    "three groups, the other one of a pair not named": (
        "| Author (year) | Groups | Sample size | WOMAC | P value |\n|---|---|---|---|---|\n"
        "| Olsen (2015) | PRP / hyaluronic acid / saline | 32 / 30 / 28 | 61.4 / 52.8 / 47.9 | < 0.05 |\n"
        "| Reyes (2018) | PRP | 24 | 12.6 vs 33.9 | 0.01 |\n",
        {
            "61.4": ("WOMAC", {"platelet-rich plasma"}, "Olsen"),
            "52.8": ("WOMAC", {"hyaluronic acid"}, "Olsen"),
            "47.9": ("WOMAC", {"saline"}, "Olsen"),
            "12.6": ("WOMAC", {"platelet-rich plasma"}, "Reyes"),
            "33.9": ("WOMAC", {""}, "Reyes"),
        },
    ),
}


@pytest.mark.parametrize(("text", "expected"), OPPOSED.values(), ids=OPPOSED)
def test_groups_set_against_each_other_in_a_row(
    text: str, expected: dict[str, tuple[str, set[str], str]]
) -> None:
    studies = trialmine.extract(text).studies.set_index("study_id")["name"]
    found = {q: (r[0], r[1], studies[r[3].study_id]) for q, r in _rows(text).items() if r[0]}
    assert {q: found.get(q) for q in expected} == expected


def test_a_group_told_once_with_a_time_in_each_row() -> None:
    rows = _rows(
        "表1 两组治疗前后血压比较(x±s, mmHg)\n\n| 组别 | n | 时间 | 收缩压 |\n|---|---|---|---|\n"
        "| 缬沙坦组 | 52 | 治疗前 | 157.2±10.4 |\n|  |  | 治疗后 | 129.3±8.8 |\n"
        "| 对照组 | 51 | 治疗前 | 156.8±9.7 |\n|  |  | 治疗后 | 138.1±9.2 |\n"
    )
    assert {q: (r[1], r[2]) for q, r in rows.items()} == {
        "157.2": ({"valsartan"}, "baseline"),
        "129.3": ({"valsartan"}, ""),
        "156.8": ({""}, "baseline"),
        "138.1": ({""}, ""),
    }


def test_shares_and_grades_told_by_the_cells_and_names_of_rows() -> None:
    rows = _rows(
        "| 不良反应 | 试验组(n=40) | 对照组(n=40) |\n|---|---|---|\n| 恶心 | 7(17.5) | 9(22.5) |\n"
        "| Neutropenia, grade 3/4 | 6(15.0) | 11(27.5) |\n"
    )
    assert {q: (r[0], r[3].param_type, r[3].events) for q, r in rows.items()} == {
        "17.5": ("nausea", "percentage", 7),
        "22.5": ("nausea", "percentage", 9),
        "15.0": ("grade>=3 neutropenia", "percentage", 6),
        "27.5": ("grade>=3 neutropenia", "percentage", 11),
    }


def test_columns_of_times_above_groups() -> None:
    rows = _rows(
        '<table><tr><td rowspan="2">指标</td><td colspan="2">12周</td><td colspan="2">24周</td></tr>'
        "<tr><td>乌帕替尼</td><td>安慰剂</td><td>乌帕替尼</td><td>安慰剂</td></tr>"
        "<tr><td>ACR20(%)</td><td>64.2</td><td>28.8</td><td>68.3</td><td>33.4</td></tr></table>"
    )
    assert {q: r[1:3] for q, r in rows.items()} == {
        "64.2": ({"upadacitinib"}, "12w"),
        "28.8": ({"placebo"}, "12w"),
        "68.3": ({"upadacitinib"}, "24w"),
        "33.4": ({"placebo"}, "24w"),
    }


def test_kinds_of_people_are_subgroups_where_one_study_has_several() -> None:
    text = (
        "| 药物 | 临床试验 | 人群 | ORR | mPFS |\n|---|---|---|---|---|\n"
        "| 赛沃替尼 | DEMO-5 | NSCLC（n=61） | 42.9% | 6.8个月 |\n"
        "| 卡马替尼 | DEMO-6 | 初治（n=28） | 67.9% | 12.4个月 |\n|  |  | 经治（n=69） | 40.6% | 5.4个月 |\n"
    )
    assert {q: r[3].population for q, r in _rows(text).items()} == {
        "42.9%": "",
        "6.8个月": "",
        "67.9%": "初治",
        "12.4个月": "初治",
        "40.6%": "经治",
        "5.4个月": "经治",
    }


@pytest.mark.parametrize(
    ("caption", "param_type", "kind"),
    [("表2 两组VAS评分比较[M(P25,P75)，分]", "median", "IQR"), ("表2 两组VAS评分比较(分)", "number", "")],
)
def test_quartiles_told_by_the_caption(caption: str, param_type: str, kind: str) -> None:
    rows = _rows(
        f"{caption}\n\n| 组别 | 例数 | VAS评分 |\n|---|---|---|\n| 阿奇霉素组 | 41 | 6.5(5.0,8.0) |\n| 对照组 | 40 | 8.0(7.0,10.5) |\n"
    )
    assert {q: (r[3].param_type, r[3].interval_type) for q, r in rows.items()} == {
        "6.5": (param_type, kind),
        "8.0": (param_type, kind),
    }
