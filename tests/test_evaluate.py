"""`trialmine evaluate`: fields, causes, halves, styles, comparisons and forms of output, by hand."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import srsly
from rich.console import Console

import fakes
import trialmine
from test_cli import run
from test_score import ARMS, STUDIES, against, make, number, ratio
from trialmine import api, batch
from trialmine.core.errors import UsageError
from trialmine.core.tables import Tables
from trialmine.report.against import compare_runs
from trialmine.report.gold import Gold, GoldArm, GoldMeasurement, GoldStudy
from trialmine.report.halves import read_halves, split_of
from trialmine.report.render import junit, markdown, render

REPO = Path(__file__).parent.parent


# ---- fields -------------------------------------------------------------------------------------


def counts(pred: Gold, gold: Gold, kind: str, name: str) -> tuple[int, int, int]:
    """Right, predicted, gold of one field."""
    tally = against(pred, gold).fields[kind][name]
    return tally.tp["right"], tally.n_pred, tally.n_gold


#: field, the gold's say in it, another say, no say
SAID: list[tuple[str, str, dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ("measurements", "timepoint", {}, {"timepoint": "48w"}, {"timepoint": ""}),
    ("measurements", "population", {}, {"population": "女性"}, {"population": ""}),
    ("measurements", "interval", {}, {"upper": 17.0}, {"lower": None, "upper": None, "interval_type": ""}),
    ("measurements", "interval", {}, {"interval_type": "IQR"}, {"lower": None, "upper": None, "interval_type": ""}),
    ("measurements", "events/participants", {}, {"events": 3}, {"participants": None}),
    ("measurements", "assertion", {"assertion": "planned"}, {"assertion": "speculated"}, {"assertion": "reported"}),
    ("analyses", "interval", {}, {"lower": 0.6}, {"lower": None, "upper": None}),
    ("analyses", "p", {}, {"p_relation": "<"}, {"p_value": None, "p_relation": ""}),
    ("analyses", "p", {}, {"p_value": 0.3}, {"p_value": None, "p_relation": ""}),
]  # fmt: skip


@pytest.mark.parametrize("case", SAID)
def test_a_field_counts_where_it_says_something(case: tuple[Any, ...]) -> None:
    kind, name, gold, other, nothing = case
    row: Callable[..., Any] = number if kind == "measurements" else ratio
    told, differs, silent = make(row(10, **gold)), make(row(10, **other)), make(row(10, **nothing))
    assert counts(told, told, kind, name) == (1, 1, 1)
    assert counts(differs, told, kind, name) == (0, 1, 1)
    assert counts(silent, told, kind, name) == (0, 0, 1)
    assert counts(told, silent, kind, name) == (0, 1, 0)
    assert counts(silent, silent, kind, name) == (0, 0, 0)
    assert counts(make(), told, kind, name) == (0, 0, 1)  # the row is missed, and with it the field


def test_a_field_is_right_for_itself() -> None:
    """Even where the row is of another arm and has another value."""
    wrong = make(number(10, 99.0, arm="A2", timepoint="24W"))
    assert counts(wrong, make(number(10)), "measurements", "timepoint") == (1, 1, 1)


def test_fields_of_studies_and_arms() -> None:
    gold = make(
        number(10), number(30, arm="A2"),
        studies=(GoldStudy("S1", names=("EMERALD-1",), phase="3", enrollment=616, citations=("4", "5")), STUDIES[1]),
        arms=(dataclasses.replace(ARMS[0], participants=200), dataclasses.replace(ARMS[1], participants=205), ARMS[2]),
    )  # fmt: skip
    pred = make(
        number(10, study="X", arm="P1"), number(30, study="X", arm="P2"),
        studies=(GoldStudy("X", names=("emerald 1",), phase="3", enrollment=61, citations=("5", "6", "7")),
                 GoldStudy("Y", names=("other",), phase="2", enrollment=616)),
        arms=(GoldArm("P1", "X", interventions=("TACE", "durvalumab"), participants=200),
              GoldArm("P2", "X", interventions=("TACE", "placebo")),
              GoldArm("P3", "Y", interventions=("TACE", "placebo"), participants=205)),
    )  # fmt: skip
    assert counts(pred, gold, "studies", "phase") == (1, 2, 1)
    assert counts(pred, gold, "studies", "enrollment") == (0, 2, 1)
    assert counts(pred, gold, "studies", "citations") == (1, 3, 2)
    assert counts(pred, gold, "arms", "size") == (1, 2, 2)


def test_an_unnamed_study_is_the_one_with_the_most_rows_in_common() -> None:
    def told(first: int, second: int) -> Gold:
        studies = (GoldStudy("S1", enrollment=first), GoldStudy("S2", enrollment=second))
        rows = (number(20 * n, study=s, arm="") for n, s in enumerate(("S1", "S1", "S2")))
        return make(*rows, studies=studies, arms=())

    assert counts(told(100, 200), told(100, 200), "studies", "enrollment") == (2, 2, 2)
    assert counts(told(200, 100), told(100, 200), "studies", "enrollment") == (0, 2, 2)


# ---- causes -------------------------------------------------------------------------------------

CAUSES: list[tuple[Gold, Gold, list[tuple[str, str]]]] = [
    (make(), make(number(10)), [("miss", "number not read")]),
    (make(number(10, 99.0)), make(number(10)), [("wrong", "number not read")]),
    (make(number(10, 99.0, param_type="mean")), make(number(10)), [("wrong", "number not read")]),
    (make(number(10, param_type="mean")), make(number(10)), [("wrong", "wrong type")]),
    (make(number(10, unit="week")), make(number(10)), [("wrong", "wrong type")]),
    (make(GoldMeasurement("0.77", 10, 14, "number", value=0.77)), make(ratio(10)),
     [("false", "wrong type"), ("miss", "wrong type")]),
    (make(ratio(10), number(10)), make(ratio(10)), [("false", "spurious")]),
    (make(number(10), number(10)), make(number(10)), [("false", "spurious")]),
    (make(number(10)), make(number(10), number(10, arm="A2")), [("miss", "number not read")]),
    (make(number(10, outcome="OS", outcome_labels=("总生存",), arm="A2")), make(number(10)), [("wrong", "wrong outcome")]),
    (make(number(10, arm="A2")), make(number(10)), [("wrong", "wrong arm")]),
    (make(ratio(10, comparator="")), make(ratio(10)), [("wrong", "wrong arm")]),
    (make(number(10, study="S2")), make(number(10)), [("wrong", "wrong study")]),
    (make(number(10, timepoint="")), make(number(10)), [("wrong", "wrong detail")]),
    (make(number(10)), make(), [("false", "spurious")]),
    (make(drugs=("a",)), make(drugs=("b",)), [("false", "spurious name"), ("miss", "name not read")]),
    (make(number(10)), make(number(10)), []),
]  # fmt: skip


@pytest.mark.parametrize("case", range(len(CAUSES)))
def test_every_wrong_row_has_a_cause(case: int) -> None:
    pred, gold, expected = CAUSES[case]
    assert sorted((f.what, f.cause) for f in against(pred, gold).faults) == expected


# ---- against a saved run ------------------------------------------------------------------------

GOLD = make(number(10), number(10, arm="A2"), number(30), ratio(50))


def changes(old: Gold, new: Gold, old_gold: Gold = GOLD) -> tuple[list[Any], list[Any], int]:
    saved = json.loads(json.dumps(against(old, old_gold).to_json()))
    found = compare_runs(saved, against(new, GOLD), "old.json")
    shown = ([(c.kind, c.start, c.before, c.now) for c in side] for side in (found.better, found.worse))
    return (*shown, found.unmatched)  # type: ignore[return-value]


def test_nothing_changed() -> None:
    assert changes(GOLD, GOLD) == changes(make(), make()) == ([], [], 0)


def test_better_and_worse_row_by_row() -> None:
    old = make(number(10), number(30, 1.0), number(90), ratio(50, p_value=None))
    new = make(number(10), number(10, arm="A2"), number(30, study="S2"), number(70), ratio(50, arm="A2"))
    better = [("measurements", 10, "missed", "row"), ("measurements", 30, "nothing", "arm"),
              ("measurements", 90, "false", "–")]  # fmt: skip
    worse = [("analyses", 50, "study", "outcome"), ("measurements", 70, "–", "false")]
    assert changes(old, new) == (better, worse, 0)
    assert [[(k, s, now, was) for k, s, was, now in side] for side in changes(new, old)[:2]] == [
        worse,
        better,
    ]


def test_rows_of_one_run_only_are_counted_apart() -> None:
    old = make(number(10), number(70), ratio(50))
    assert changes(old, GOLD, old) == ([], [], 3)


def test_f1_before_and_now() -> None:
    saved = against(make(number(10)), GOLD).to_json()
    levels = compare_runs(saved, against(GOLD, GOLD), "old.json").levels
    assert levels["measurements.row"] == (0.5, 1.0) and levels["drugs.name"] == (1.0, 1.0)


def test_runs_that_can_not_be_compared() -> None:
    saved = against(GOLD, GOLD).to_json()
    for broken in ({"overall": {}}, {"rows": [{"doc_id": "d"}]}, {"rows": 3}, {"split": "check"}):
        with pytest.raises(UsageError, match=r"old\.json: "):
            compare_runs({**saved, **broken}, against(GOLD, GOLD), "old.json")


# ---- the command --------------------------------------------------------------------------------


def test_the_recorded_split() -> None:
    """Of each document for good: changing this would show what was held apart."""
    assert [split_of(d) for d in ("zh-01", "zh-02", "en-01", "a", "目录/文")] == SPLIT_OF
    for doc_id in ("zh-01", "x", ""):
        even = hashlib.sha256(doc_id.encode()).hexdigest()[-1] in "02468ace"
        assert split_of(doc_id) == ("develop" if even else "check")


SPLIT_OF = ["check", "check", "check", "check", "check"]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four texts, each "36% vs 20%" with gold for 36 % and 21 %; the extractor reads percentages."""
    monkeypatch.setattr(batch, "make_extractor", fakes.make_fake)
    monkeypatch.setattr(api, "make_extractor", fakes.make_fake)
    monkeypatch.chdir(tmp_path)
    for name in ("corpus", "gold"):
        (tmp_path / name).mkdir()
    for name in "abcd":
        text = f"Doc|{name} ORR 36% vs 20%, 5 of 10."
        (tmp_path / "corpus" / f"{name}.txt").write_text(text, encoding="utf-8")
        rows = [
            {"param_type": "percentage", "outcome": "ORR", "value": value, "unit": "%", "quote": quote,
             "start": text.index(quote), "end": text.index(quote) + len(quote)}
            for value, quote in ((36, "36%"), (21, "20%"), (5, "5"))
        ]  # fmt: skip
        (tmp_path / "gold" / f"{name}.json").write_text(json.dumps({"measurements": rows}), encoding="utf-8")
    return tmp_path


EVALUATE = ("evaluate", "--corpus", "corpus", "--gold", "gold")
FILES = ("--json", "s.json", "--markdown", "s.md", "--junit", "s.xml")


def saved() -> dict[str, Any]:
    return dict(json.loads(Path("s.json").read_bytes()))


def test_the_halves_are_apart_and_make_the_whole(place: Path) -> None:
    seen = {}
    for split in ("develop", "check", ""):
        assert run(*EVALUATE, *FILES, *(("--split", split) if split else ())).exit_code == 0
        seen[split] = set(saved()["by_document"])
        assert saved()["split"] == split
    assert seen["develop"] | seen["check"] == seen[""] == set("abcd")
    assert not seen["develop"] & seen["check"]
    assert all(split_of(d) == split for split in ("develop", "check") for d in seen[split])
    result = run(*EVALUATE, "--split", "test")
    assert result.exit_code == 2 and "unknown half 'test'" in result.stderr


@pytest.mark.parametrize(
    ("split", "asked", "listed"),
    [
        ("develop", 0, False),
        ("develop", 1, True),
        ("check", 0, False),
        ("check", 1, False),
        ("check", 2, True),
    ],
)
def test_the_errors_of_the_check_half_are_hidden_unless_asked_twice(
    place: Path, split: str, asked: int, listed: bool
) -> None:
    result = run(*EVALUATE, *FILES, "--split", split, *["--errors"] * asked)
    assert result.exit_code == 0
    for text in (result.stdout, *(Path(f"s.{x}").read_text("utf-8") for x in ("md", "xml"))):
        assert ("number not read: " in text) is listed
        assert ("ORR 36% vs 20%" in text) is (listed and "<testsuites" not in text)
    hidden = split == "check" and not listed
    assert (saved()["faults"] is None) is (saved()["rows"] is None) is hidden
    assert ("figures only" in result.stdout) is hidden
    assert ("ORR" in Path("s.json").read_text("utf-8")) is not hidden


DECLARED = 'rule = "sha256"\n'


@pytest.mark.parametrize(("declared", "asked"), [(False, 0), (True, 0), (True, 1), (True, 2)])
def test_a_whole_run_hides_check_where_the_gold_is_kept_in_halves(
    place: Path, declared: bool, asked: int
) -> None:
    """Who has a folder of his own sees all his errors; one that is declared shows those of develop."""
    if declared:
        Path("gold/split.toml").write_text(DECLARED, encoding="utf-8")
    result = run(*EVALUATE, *FILES, *["--errors"] * max(asked, 1 - declared))
    assert result.exit_code == 0
    check = [d for d in "abcd" if split_of(d) == "check"]
    assert 0 < len(check) < 4
    hidden = check if declared and asked < 2 else []
    report = saved()
    assert report["hidden"] == hidden and set(report["by_document"]) == set("abcd")
    outputs = [result.stdout, *(Path(f"s.{x}").read_text("utf-8") for x in ("md", "json"))]
    for doc_id in "abcd":
        for text in outputs[: 3 if asked or not declared else 0]:
            assert (f"{doc_id} ORR 36% vs" in text) is (doc_id not in hidden)
        case = f'name="{doc_id}">(.*?)</testcase>'
        [lines] = re.findall(case, Path("s.xml").read_text("utf-8"), re.S)
        listed = doc_id not in hidden and (asked > 0 or not declared)
        assert ("number not read: " in lines) is listed and "measurements.row F1" in lines
    assert {r["doc_id"] for r in report["rows"]} == set("abcd") - set(hidden)
    told = f"of {len(check)} documents of the half check there are figures only"
    assert (told in result.stdout and "--errors twice" in result.stdout) is bool(hidden)
    assert ("F1 by half" in result.stdout) is declared
    assert sorted(report["by_half"]) == (["check", "develop"] if declared else [])


def test_what_one_of_two_runs_hides_is_not_compared(place: Path) -> None:
    run(*EVALUATE, *FILES)
    Path("gold/split.toml").write_text(DECLARED, encoding="utf-8")
    result = run(*EVALUATE, "--against", "s.json")
    assert "since the saved run: 0 rows better, 0 worse" in result.stdout
    assert "in one of the two runs only" not in result.stdout


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"rule = 1",
        b'rule = "sha1"',
        b"rule",
        b"\xff",
        b'rule = "sha256"\ncheck = []',
        b'open = ["a"]',
        b'rule = "sha256"\nopen = "a"',
        b'rule = "sha256"\nopen = [1]',
        b'rule = "sha256"\nopen = ["*"]',
    ],
)
def test_a_split_that_is_none(place: Path, content: bytes) -> None:
    Path("gold/split.toml").write_bytes(content)
    result = run(*EVALUATE, *FILES)
    assert result.exit_code == 2 and result.stderr.startswith("error: gold/split.toml: ")
    assert not Path("s.json").exists()


#: of the half check by the rule, but seen before the split was made or after
SEEN = {
    "de02",
    "de03",
    "de04",
    "de05",
    "dz08",
    "dz10",
    "dz12",
    "dz15",
    "dz16",
    "en-01",
    "zh-01",
    "zh-02",
    "zh-04",
}


def test_the_projects_own_gold_is_kept_in_halves_without_what_was_seen() -> None:
    halves = read_halves(REPO / "gold")
    assert halves is not None
    of = {p.stem: halves.of(p.stem) for p in (REPO / "gold").glob("*.json")}
    assert {d for d, half in of.items() if half == "open"} == SEEN | {d for d in of if d.startswith("00")}
    assert {split_of(d) for d in SEEN} == {"check"}
    assert all(half == split_of(d) for d, half in of.items() if half != "open")


@pytest.mark.parametrize("named", ['["a", "c"]', '["a*", "c*", "x*"]'])
def test_texts_that_are_open_are_in_neither_half(place: Path, named: str) -> None:
    """Their rows are shown, and the figures of the halves are of the other texts."""
    Path("gold/split.toml").write_text(f"{DECLARED}open = {named}\n", encoding="utf-8")
    assert {split_of(d) for d in "ac"} == {split_of(d) for d in "bd"} == {"develop", "check"}
    result = run(*EVALUATE, *FILES, "--errors")
    report = saved()
    assert report["hidden"] == [d for d in "bd" if split_of(d) == "check"]
    assert {h: g["documents"] for h, g in report["by_half"].items()} == {"develop": 1, "check": 1}
    assert "a ORR 36% vs" in result.stdout and "c ORR 36% vs" in result.stdout
    assert {r["doc_id"] for r in report["rows"]} == {*"abcd"} - {*report["hidden"]}
    for split in ("develop", "check"):
        assert run(*EVALUATE, *FILES, "--split", split).exit_code == 0
        assert set(saved()["by_document"]) == {d for d in "bd" if split_of(d) == split}
    run("gold", "count", "gold", "--json", "n.json")
    halves = json.loads(Path("n.json").read_bytes())["by_half"]
    assert {h: n["texts"] for h, n in halves.items()} == {"check": 1, "develop": 1, "open": 2}


def test_faults_of_the_gold_are_said(place: Path) -> None:
    """What leaves a file usable is a warning with file and row; the rest is refused."""
    raw = json.loads(Path("gold/a.json").read_bytes())
    raw["measurements"][0]["value"] = 35
    raw["measurements"].append(raw["measurements"][1])
    Path("gold/a.json").write_bytes(b"\xef\xbb\xbf" + json.dumps(raw).encode())
    Path("gold/z.json").write_text('{"measurements": []}', encoding="utf-8")
    result = run(*EVALUATE, *FILES)
    assert result.exit_code == 0
    checked = run("gold", "check", "gold", "--corpus", "corpus").stdout.splitlines()
    assert saved()["gold_faults"] == checked
    assert result.stderr.splitlines() == [f"warning: {line}" for line in checked]
    for reason in (
        "top level: starts with a byte-order mark; save it as UTF-8 without",
        "measurements[3]: the span is used twice, in measurements[1] for the same",
        "measurements[0]: the value 35 is not the number of the quote '36%'",
    ):
        assert f"gold/a.json: {reason}" in checked
    assert f"the gold has {len(checked)} faults or warnings" in Path("s.md").read_text("utf-8")
    assert saved()["without_text"] == ["gold/z.json"]
    assert "1 gold files have no text in the corpus and are not scored" in result.stdout

    raw["measurements"][2]["start"] += 1
    for name in "ac":
        Path(f"gold/{name}.json").write_text(json.dumps(raw), encoding="utf-8")
    result = run(*EVALUATE, "--json", "new.json")
    assert result.exit_code == 1 and not Path("new.json").exists()
    assert result.stderr.startswith("error: gold/a.json: measurements[2]: text[")
    assert "and 1 more files: trialmine gold check names them" in result.stderr


def test_a_hidden_half_is_compared_by_figures(place: Path) -> None:
    run(*EVALUATE, *FILES, "--split", "check")
    result = run(*EVALUATE, "--split", "check", "--errors", "--errors", "--against", "s.json")
    assert "F1 since the saved run" in result.stdout and "one of the two runs has no rows" in result.stdout
    assert "Better" not in result.stdout and "ORR" in result.stdout


def test_against_a_saved_run(place: Path) -> None:
    run(*EVALUATE, *FILES)
    report = saved()
    next(r for r in report["rows"] if r["quote"] == "36%")["reached"] = "missed"
    next(r for r in report["rows"] if r["quote"] == "20%")["reached"] = "row"
    Path("old.json").write_text(json.dumps(report), encoding="utf-8")
    result = run(*EVALUATE, "--against", "old.json", "--markdown", "s.md")
    assert result.exit_code == 0 and "since the saved run: 1 rows better, 1 worse" in result.stdout
    lines = Path("s.md").read_text("utf-8").splitlines()
    assert "## Better: 1 rows" in lines and "## Worse: 1 rows" in lines
    assert r"| a | measurements | 10 | 36% | missed | row | Doc\|a ORR 36% vs 20%, 5 of 10. |" in lines
    assert "since the saved run: 0 rows better, 0 worse" in run(*EVALUATE, "--against", "s.json").stdout
    assert "documents are in one" not in result.stdout
    Path("gold/b.json").unlink()
    result = run(*EVALUATE, "--against", "s.json")
    assert "1 documents are in one of the two runs only: b\n" in result.stdout
    assert "3 gold rows are in one of the two runs only" in result.stdout


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"overall": {}, "rows": [], "split": ""}'])
def test_a_saved_run_that_is_none(place: Path, content: str) -> None:
    Path("old.json").write_text(content, encoding="utf-8")
    result = run(*EVALUATE, "--against", "old.json", *FILES)
    assert result.exit_code == 2 and "error: old.json: " in result.stderr
    assert not Path("s.json").exists() and Path("old.json").read_text("utf-8") == content
    assert run(*EVALUATE, "--against", "gone.json").exit_code == 2


def test_styles_come_from_the_manifest(place: Path) -> None:
    lines = ["file,language,style,topic", 'a.txt,en,"PDF text, broken lines",x', "b.txt,en,PDF text with breaks,x",
             "c.txt,en,news item,x", "d.txt,en,,x", "gone.txt,en,blog,x"]  # fmt: skip
    Path("corpus/manifest.csv").write_bytes(b"\xef\xbb\xbf" + "\r\n".join(lines).encode())
    assert run(*EVALUATE, *FILES).exit_code == 0
    styles = saved()["by_style"]
    assert {name: s["measurements"]["n_gold"] for name, s in styles.items()} == {
        "PDF text": 6,
        "news item": 3,
    }


def test_sets_come_from_the_manifest_and_can_be_scored_apart(place: Path) -> None:
    Path("corpus/manifest.csv").write_text("file,set\na.txt,old\nb.txt,old\nc.txt,\n", "utf-8")
    Path("gold/manifest.csv").write_text("file,set,source\nd.txt,new,a journal\n", "utf-8")
    result = run(*EVALUATE, *FILES)
    assert "F1 by set" in result.stdout and "## F1 by set" in Path("s.md").read_text("utf-8")
    report = saved()
    assert {name: s["documents"] for name, s in report["by_set"].items()} == {"old": 2, "new": 1}
    assert "by_style" in report and not report["by_style"]
    for asked, scored in (["old"], "ab"), (["new"], "d"), (["new", "a*"], "ad"), (["c*"], "c"):
        result = run(*EVALUATE, "--json", "t.json", *(w for name in asked for w in ("--set", name)))
        assert result.exit_code == 0 and f"documents of {', '.join(sorted(asked))}" in result.stdout
        found = json.loads(Path("t.json").read_bytes())
        assert "".join(found["by_document"]) == scored and found["sets"] == sorted(asked)
        for doc_id in scored:
            assert found["by_document"][doc_id] == report["by_document"][doc_id]
    result = run(*EVALUATE, "--set", "older")
    assert result.exit_code == 2 and "unknown set 'older'; the manifests name new, old" in result.stderr
    assert run(*EVALUATE, "--set", "x*").exit_code == 1
    result = run(*EVALUATE, "--set", "old", "--against", "s.json")
    assert (
        result.exit_code == 2
        and "s.json: the runs are of different sets of texts: all and old" in result.stderr
    )
    assert trialmine.evaluate("corpus", "gold", sets=["new"]).sets == ["new"]


def test_intervals_of_groups_and_fields(place: Path) -> None:
    """In JSON and Markdown always, in a terminal where it has room; none of a single document."""
    manifest = "file,style,set\na.txt,blog,x\nb.txt,blog,x\nc.txt,blog,y\nd.txt,news,y\n"
    Path("corpus/manifest.csv").write_text(manifest, "utf-8")
    Path("gold/split.toml").write_text(DECLARED, encoding="utf-8")
    result = run(*EVALUATE, *FILES)
    report = saved()

    def interval(part: Any) -> Any:
        return part["measurements"]["levels"]["row"]["f1_interval"]

    same = 2 / 5  # each document has one of its two rows right, of three in the gold
    assert interval(report["overall"]) == interval(report["by_style"]["blog"]) == [same, same]
    assert interval(report["by_set"]["x"]) == interval(report["by_language"]["en"]) == [same, same]
    assert interval(report["by_style"]["news"]) is None and interval(report["by_document"]["a"]) is None
    assert interval(report["by_half"]["develop"]) == interval(report["by_half"]["check"]) == [same, same]
    difference = report["half_difference"]["measurements"]["row"]
    assert difference == {"f1": 0.0, "f1_interval": [0.0, 0.0]}
    assert report["fields"]["measurements"]["timepoint"]["levels"]["right"]["f1_interval"] == [1.0, 1.0]
    [rule] = report["by_rule"]["measurements"].values()
    assert rule["levels"]["row"]["precision_interval"] == [0.5, 0.5]
    between = f"{same:.3f}-{same:.3f}"
    lines = Path("s.md").read_text("utf-8").splitlines()
    assert any(line.startswith(f"| blog | 9 | {same:.3f} | {between} |") for line in lines)
    assert any(line.endswith("| +0.000 | +0.000 to +0.000 |") for line in lines)
    assert any(
        line.startswith("| measurements | timepoint | 1.000 | 1.000 | 1.000 | 1.000-1.000 |")
        for line in lines
    )
    assert result.stdout.count(between) > 10
    for width, count in ((200, 7), (90, 2)):
        out = io.StringIO()
        render(trialmine.evaluate("corpus", "gold"), Console(file=out, width=width))
        blog = next(line for line in out.getvalue().splitlines() if "│ blog" in line)
        assert (blog.count(between) > 0) is (count > 2)


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"file,topic\na.txt,x\n", "no column style"), (b"file,style\na.txt,x\na.md,y\n", "line 3: there is another line of 'a'"), (b"\xff\xfe", "can't be read as CSV"), (b"", "no column file and style")],
)  # fmt: skip
def test_a_manifest_that_is_none(place: Path, content: bytes, reason: str) -> None:
    Path("corpus/manifest.csv").write_bytes(content)
    result = run(*EVALUATE)
    assert result.exit_code == 2 and f"corpus/manifest.csv: {reason}" in result.stderr


def test_several_corpora_and_one_gold(place: Path) -> None:
    Path("more").mkdir()
    Path("corpus/d.txt").rename("more/d.txt")
    assert run(*EVALUATE, "--corpus", "more", *FILES).exit_code == 0
    assert saved()["documents"] == 4


def test_floors_in_the_terminal_and_in_junit(place: Path) -> None:
    floors = ("--fail-under", "value=0.5", "--fail-under", "measurements.row=0.3", "--fail-under", "drugs=1")
    result = run(*EVALUATE, *FILES, *floors)
    assert result.exit_code == 1
    [error] = [line for line in result.stderr.splitlines() if not line.startswith("warning: ")]
    assert error == "error: value: F1 0.4000 is below the floor 0.5000"
    root = ElementTree.fromstring(Path("s.xml").read_text("utf-8"))
    levels, documents = root.findall("testsuite")
    assert (levels.get("tests"), levels.get("failures"), documents.get("tests")) == ("12", "1", "4")
    [case] = [c for c in root.iter("testcase") if c.find("failure") is not None]
    assert (case.get("classname"), case.get("name")) == ("trialmine.measurements", "value")
    assert len(levels.findall("testcase")) == 12
    unknown = run(*EVALUATE, "--fail-under", "valu=0.5", "--json", "new.json")
    assert unknown.exit_code == 2 and not Path("new.json").exists()


@pytest.mark.parametrize("kind", ["drugs", "procedures"])
@pytest.mark.parametrize("level", ["", ".name"])
def test_the_floors_of_names_fail_in_junit(kind: str, level: str) -> None:
    report = against(make(), make(drugs=("a",), procedures=("tace",)))
    root = ElementTree.fromstring(junit(report, {kind + level: 0.5}))
    [case] = [c for c in root.iter("testcase") if c.find("failure") is not None]
    assert (case.get("classname"), case.get("name")) == (f"trialmine.{kind}", "name")


def test_outputs_hold_odd_characters() -> None:
    def odd(tables: Tables) -> None:
        rows = tables.rows["measurements"]
        rows[:] = [dataclasses.replace(r, rule="a|b\x01<c>", quote="[x]\x00&\ud800") for r in rows]

    report = against(make(number(10, 1.0)), make(number(10)), odd)
    root = ElementTree.fromstring(junit(report, {}, errors=True))
    assert "number not read" in "".join(e.text or "" for e in root.iter("system-out"))
    assert r"| a\|b" in markdown(report) and r"\<c\>" in markdown(report)


def test_evaluate_as_a_library(place: Path) -> None:
    report = trialmine.evaluate(["corpus"], "gold", split="develop")
    assert report.faults and report.split == "develop"
    hidden = trialmine.evaluate("corpus", "gold", split="check")
    assert hidden.figures_only and not hidden.faults and not hidden.rows
    assert trialmine.evaluate("corpus", "gold", split="check", show_check=True).faults
    with pytest.raises(UsageError, match="unknown half"):
        trialmine.evaluate("corpus", "gold", split="half")


# ---- the example workflow -----------------------------------------------------------------------


def steps() -> list[dict[str, Any]]:
    workflow = srsly.yaml_loads((REPO / "docs" / "evaluate-workflow.yml").read_text("utf-8"))
    return list(workflow["jobs"]["score"]["steps"])


def work(place: Path, floors: str) -> tuple[list[int], str]:
    """The exit codes of the workflow's shell steps, those after a failure only if they are to run always."""
    summary = place / "summary.md"
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    env = {**os.environ, "PATH": path, "GITHUB_STEP_SUMMARY": str(summary), "FLOORS": floors}
    codes: list[int] = []
    for step in steps():
        if "run" not in step or step.get("name") == "Install":
            continue
        if not any(codes) or step.get("if") == "always()":
            command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
            codes.append(
                subprocess.run(command, cwd=place, env=env, capture_output=True, check=False).returncode
            )
    return codes, summary.read_text("utf-8") if summary.exists() else ""


@pytest.mark.skipif(sys.platform == "win32", reason="the workflow runs on Linux")
def test_the_example_workflow_as_a_shell_script(tmp_path: Path) -> None:
    for name in ("corpus", "gold"):
        (tmp_path / name).mkdir()
    for file in (
        "corpus/zh-09.txt",
        "gold/zh-09.json",
        "corpus/en-06.txt",
        "gold/en-06.json",
        "gold/split.toml",
    ):
        (tmp_path / file).write_bytes((REPO / file).read_bytes())
    codes, summary = work(tmp_path, "value=0.1 drugs=0.1")
    assert codes == [0, 0, 0] and "## Score of 2 documents" in summary
    assert split_of("en-06") == "check" and "| zh-09 | measurements |" in summary
    for report in (summary, *((tmp_path / f"score.{x}").read_text("utf-8") for x in ("json", "xml"))):
        assert "| en-06 | measurements |" not in report and '"doc_id": "en-06"' not in report
    assert json.loads((tmp_path / "score.json").read_bytes())["hidden"] == ["en-06"]
    (tmp_path / "score.json").rename(tmp_path / "baseline.json")
    codes, summary = work(tmp_path, "value=1 row=1")
    assert codes == [0, 1, 0] and "## F1 since the saved run" in summary
    (tmp_path / "gold" / "zh-09.json").write_text("{", encoding="utf-8")
    assert work(tmp_path, "")[0] == [1, 0]
