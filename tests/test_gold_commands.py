"""`trialmine gold`: what people who annotate meet, and that nothing they wrote is ever lost."""

from __future__ import annotations

import copy
import json
import re
import shlex
import shutil
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from test_cli import run
from test_floors import SHARED
from test_gold import SHA, TEXT, full, span
from trialmine.api import read_text
from trialmine.gold_cli import gold_commands
from trialmine.report import gold as gold_records
from trialmine.report.brat import to_brat
from trialmine.report.gold import Texts, check_gold, gold_tables
from trialmine.report.goldfile import PLACED, TABLES, all_faults, keys_of, schema
from trialmine.report.goldnumbers import number_faults, numbers_in, numbers_in_words
from trialmine.report.labelstudio import to_label_studio
from trialmine.report.score import score

REPO = Path(__file__).parent.parent
RECORDS = ("GoldStudy", "GoldArm", "GoldMeasurement", "GoldAnalysis")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with corpus/doc.txt and an empty gold/."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "gold").mkdir()
    (tmp_path / "corpus" / "doc.txt").write_bytes(TEXT.encode())
    return tmp_path


def put(raw: dict[str, Any] | bytes, name: str = "gold/doc.json") -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw if isinstance(raw, bytes) else json.dumps(raw, ensure_ascii=False).encode())
    return path


def edited(edit: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    raw = full()
    edit(raw)
    return raw


def test_the_schema_and_the_records_have_the_same_keys() -> None:
    for table, record in zip(TABLES, RECORDS, strict=True):
        ours = {f.name for f in fields(getattr(gold_records, record))} - {"sentence"}
        assert set(keys_of(table)) - {"context", "reviewed"} == ours
    ours = {f.name for f in fields(gold_records.Gold)}
    assert set(keys_of("top level")) - {"topic", "reviewed"} == ours


# ---- check --------------------------------------------------------------------------------------


def shifted(raw: dict[str, Any], by: int) -> None:
    for row in raw["measurements"] + raw["analyses"]:
        row["start"] += by
        row["end"] += by


def two_rows(raw: dict[str, Any], **change: Any) -> None:
    raw["measurements"].append({**raw["measurements"][0], **change})


def m(**keys: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda raw: raw["measurements"][0].update(keys)


def a(**keys: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda raw: raw["analyses"][0].update(keys)


FAULTS: list[tuple[Callable[[dict[str, Any]], Any], list[str]]] = [
    (m(start=1, end=7), ["measurements[0]: text[1:7] is not the quote '15.0个月'"]),
    (m(end=28), ["measurements[0]: text[27:28] is not the quote '15.0个月'"]),
    (m(arm="A9"), ["measurements[0]: arm: no such id 'A9'"]),
    (a(study="S9"), ["analyses[0]: study: no such id 'S9'"]),
    (m(value=15.1), ["measurements[0]: the value 15.1 is not the number of the quote '15.0个月'"]),
    (m(value=None), ["measurements[0]: no value: the quote is '15.0个月'"]),
    (m(param_type="HR"), ["measurements[0]: param_type: 'HR' is none of percentage, count, median, mean, number"]),
    (m(relation="=="), ["measurements[0]: relation: '==' is none of =, <, >, <=, >=, ~"]),
    (m(lower=17, upper=11), ["measurements[0]: lower 17 is above upper 11"]),
    (m(lower=15.5, upper=17, interval_type="95% CI"), ["measurements[0]: the value 15 is not within its 95% CI, 15.5 to 17"]),
    (m(lower=11, upper=14.9, interval_type="95%可信区间"), ["measurements[0]: the value 15 is not within its 95%可信区间, 11 to 14.9"]),
    (a(lower=0.8, interval_type="99% CI"), ["analyses[0]: the value 0.77 is not within its 99% CI, 0.8 to …"]),
    (m(unit="month", param_type="percentage"), ["measurements[0]: a percentage has the unit month, not %"]),
    (lambda raw: raw["measurements"].append({"param_type": "percentage", "value": 5, "unit": "%", **span("5% ")}),
     ["measurements[1]: the quote '5% ' begins or ends with white space"]),
    (lambda raw: raw["measurements"].append({"param_type": "percentage", "value": 5, "unit": "%", **span(" 5%")}),
     ["measurements[1]: the quote ' 5%' begins or ends with white space"]),
    (m(unit=None, param_type="percentage"), ["measurements[0]: a percentage has the unit nothing, not %"]),
    (a(comparator="A1"), ["analyses[0]: comparator: A1 is the arm itself"]),
    (lambda raw: raw["arms"][0].update(role="treatment"),
     ["arms[0]: role: 'treatment' is none of experimental, comparator, single, other"]),
    (m(events=201), ["measurements[0]: events 201 are above participants 200"]),
    (m(events=-1), ["measurements[0]: events -1 is below 0"]),
    (m(assertion="not_reached"), ["measurements[0]: not_reached has the value 15.0"]),
    (lambda raw: raw["measurements"].append({"param_type": "count", "value": 3, **span("研究中")}),
     ["measurements[1]: the quote '研究中' states no number, the value is 3"]),
    (lambda raw: raw["measurements"].append({"param_type": "count", "value": 3, **span("方案一")}),
     ["measurements[1]: the value 3 is not the number of the quote '方案一'"]),
    (m(reviewed=False), ["measurements[0]: not reviewed yet: read it, then set reviewed to true or take the key away"]),
    (a(p_value=1.2), ["analyses[0]: p_value 1.2 is not within 0 and 1"]),
    (two_rows, ["measurements[1]: the span is used twice, in measurements[0] for the same"]),
    (lambda raw: two_rows(raw, outcome_labels=["无进展生存"]),
     ["measurements[1]: the span is used twice, in measurements[0] for the same"]),
    (lambda raw: two_rows(raw, start=None, end=None, context="PFS为15.0个月"),
     ["measurements[1]: the span is used twice, in measurements[0] for the same"]),
    (lambda raw: (m(start=None, end=None, context="PFS为15.0个月")(raw), two_rows(raw)),
     ["measurements[1]: the span is used twice, in measurements[0] for the same"]),
    (lambda raw: (m(start=None, end=None, context="PFS为15.0个月")(raw), two_rows(raw, context="为15.0个月")),
     ["measurements[1]: the span is used twice, in measurements[0] for the same"]),
    (m(relation=[]), ["measurements[0]: relation: want a text or a whole number, got []"]),
    (m(assertion={}), ["measurements[0]: assertion: want a text or a whole number, got {}"]),
    (lambda raw: raw["arms"][0].update(study=None), []),
    (lambda raw: raw["studies"].append({"id": "S2"}) or m(study="S2")(raw),
     ["measurements[0]: arm: A1 is an arm of S1, the row is of study S2"]),
    (lambda raw: shifted(raw, 1),
     ["top level: the offsets are counted in UTF-16 code units, all of them; gold fill --utf16 recounts them"]),
    (lambda raw: (shifted(raw, 1), raw["measurements"].append({"param_type": "median", "value": 8.2, "quote": "8.2个月", "context": "对照组为8.2个月"})),
     ["top level: the offsets are counted in UTF-16 code units, all of them; gold fill --utf16 recounts them"]),
    (lambda raw: (shifted(raw, 1), raw["analyses"][0].update(end=99)),
     ["measurements[0]: text[28:34] is not the quote '15.0个月'", "analyses[0]: text[48:99] is not the quote '0.77'"]),
    (lambda raw: raw.update(text_sha256="0" * 64),
     [f"top level: text_sha256: the gold is of another text (gold {'0' * 64}, text {SHA})"]),
    (lambda raw: (m(unit=3.5)(raw), a(value="x")(raw)),
     ["analyses[0]: value: want a number, got 'x'", "measurements[0]: unit: want a text or a whole number, got 3.5"]),
    (lambda raw: (a(foo=1, study="S9")(raw), m(value=15.1)(raw)),
     ["analyses[0]: unknown key 'foo'", "analyses[0]: study: no such id 'S9'",
      "measurements[0]: the value 15.1 is not the number of the quote '15.0个月'"]),
    (lambda raw: (raw["analyses"][0].pop("quote"), m(value=15.1)(raw)),
     ["analyses[0]: quote: missing", "measurements[0]: the value 15.1 is not the number of the quote '15.0个月'"]),
    (lambda raw: (raw["analyses"].append(7), m(start=1, end=7, value=15.1)(raw)),
     ["analyses[1]: want an object, got 7", "measurements[0]: text[1:7] is not the quote '15.0个月'",
      "measurements[0]: the value 15.1 is not the number of the quote '15.0个月'"]),
    (lambda raw: (raw["analyses"].append({"study": "S9", "p_value": 2}), m(start=1, end=7)(raw)),
     ["analyses[1]: quote: missing", "analyses[1]: param_type: missing", "analyses[1]: study: no such id 'S9'",
      "measurements[0]: text[1:7] is not the quote '15.0个月'", "analyses[1]: p_value 2 is not within 0 and 1"]),
    (lambda raw: (a(p_value="x", start=1, end=5)(raw), raw.update(drugs=7), m(value=15.1)(raw)),
     ["top level: drugs: want a list, got 7", "analyses[0]: p_value: want a number, got 'x'",
      "analyses[0]: text[1:5] is not the quote '0.77'",
      "measurements[0]: the value 15.1 is not the number of the quote '15.0个月'"]),
    (m(context=[7], start=None, end=None),
     ["measurements[0]: context: want a text or a whole number, got [7]"]),
    (lambda raw: two_rows(raw, arm=["A2"]), ["measurements[1]: arm: want a text or a whole number, got ['A2']"]),
    (lambda raw: (raw["arms"][0].pop("id"), m(arm=None, value=15.1)(raw), a(arm=None)(raw)),
     ["arms[0]: id: missing", "measurements[0]: the value 15.1 is not the number of the quote '15.0个月'"]),
    (lambda raw: (raw.update(arms={}), m(arm=None, value=15.1)(raw), a(arm=None, comparator=None)(raw)),
     ["top level: arms: want a list, got {}", "measurements[0]: the value 15.1 is not the number of the quote '15.0个月'"]),
    (lambda raw: (shifted(raw, 1), raw["analyses"].append({"param_type": "p", "p_value": 0.2, "quote": "0.2", "context": "no"})),
     ["top level: the offsets are counted in UTF-16 code units, all of them; gold fill --utf16 recounts them",
      "analyses[1]: context does not stand once in the text: 'no'"]),
    (lambda raw: (shifted(raw, 1), raw["analyses"].append(7), raw["measurements"].append({"value": 1})),
     ["analyses[1]: want an object, got 7", "measurements[1]: quote: missing", "measurements[1]: param_type: missing",
      "top level: the offsets are counted in UTF-16 code units, all of them; gold fill --utf16 recounts them"]),
    (lambda raw: (raw.update(text_sha256="0" * 64), m(arm="A9", value=15.1, end=40)(raw)),
     [f"top level: text_sha256: the gold is of another text (gold {'0' * 64}, text {SHA})",
      "measurements[0]: arm: no such id 'A9'", "measurements[0]: text[27:40] is not the quote '15.0个月'",
      "measurements[0]: the value 15.1 is not the number of the quote '15.0个月'"]),
]  # fmt: skip


@pytest.mark.parametrize("case", range(len(FAULTS)))
def test_check_names_every_fault(place: Path, case: int) -> None:
    edit, faults = FAULTS[case]
    put(edited(edit))
    result = run("gold", "check", "gold", "--corpus", "corpus")
    assert result.stdout.splitlines() == [f"gold/doc.json: {fault}" for fault in faults]
    assert result.exit_code == bool(faults)
    assert f", {len(faults)} faults" in result.stderr


ODD = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 60), st.floats(-2, 2), st.sampled_from(["", "x", [], {}, [[]]])
)


@given(data=st.data())
def test_no_fault_hides_another(data: st.DataObject) -> None:
    """Whatever is wrong elsewhere, the value and the place of this row are named."""
    raw = full()
    raw["measurements"][0] |= {"value": 15.1, "end": 40}
    table = data.draw(st.sampled_from(["studies", "arms", "analyses", "top"]))
    target = raw if table == "top" else data.draw(st.sampled_from(raw[table]))
    keys = data.draw(
        st.sets(
            st.sampled_from(sorted({*keys_of("top level" if table == "top" else table)} - {"measurements"}))
        )
    )
    for key in keys:
        if data.draw(st.booleans()):
            target.pop(key, None)
        else:
            target[key] = data.draw(ODD)
    if table != "top" and data.draw(st.booleans()):
        raw[table].append(data.draw(ODD))
    reasons = [str(fault) for fault in all_faults(raw, TEXT, SHA)]
    assert "measurements[0]: the value 15.1 is not the number of the quote '15.0个月'" in reasons
    assert "measurements[0]: text[27:40] is not the quote '15.0个月'" in reasons


def test_check_of_good_gold_is_silent(place: Path) -> None:
    def rich(raw: dict[str, Any]) -> None:
        two_rows(raw, arm="A2")  # one number for two groups
        raw["measurements"].append({"param_type": "percentage", "value": 5, "unit": "%", **span("5%")})
        m(reviewed=True)(raw)

    put(edited(rich))
    result = run("gold", "check", "gold/doc.json", "--corpus", "corpus")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "1 files, 4 rows, 0 faults\n"


def test_check_names_a_second_gold_file_of_a_text(place: Path) -> None:
    put(full())
    put(full(), "gold/more/again.json")
    result = run("gold", "check", "gold", "--corpus", "corpus")
    assert result.exit_code == 1
    assert (
        result.stdout == "gold/more/again.json: top level: doc_id 'doc' has gold already in gold/doc.json\n"
    )
    assert run("gold", "check", "gold/doc.json", "gold/more", "--corpus", "corpus").exit_code == 0


FIVE = {"param_type": "percentage", "value": 5, "unit": "%", **span("5%")}
RIGHT: list[tuple[Callable[[dict[str, Any]], Any], str]] = [
    (m(lower=15, upper=17, interval_type="95% CI"), ""),
    (m(lower=None, upper=3.1, interval_type="SD"), ""),
    (m(lower=16, upper=21, interval_type="IQR", param_type="mean"), ""),
    (a(lower=-0.98, upper=-0.61, interval_type="95% CI"), ""),  # a decrease told without its sign
    (m(lower=16, upper=21), "measurements[0]: warning: the value 15 is not within its interval, 16 to 21"),
    (lambda raw: raw["measurements"].append({**FIVE, "events": 4, "participants": 84}), ""),
    (lambda raw: raw["measurements"].append({**FIVE, "events": 40, "participants": 84}),
     "measurements[1]: warning: 40 of 84 are 47.6 %, the value is 5"),
    (lambda raw: raw["measurements"].append({**FIVE, "relation": ">", "events": 40, "participants": 84}), ""),
    (lambda raw: raw["measurements"].append({**FIVE, "unit": "%/year", "events": 40, "participants": 84}), ""),
    (lambda raw: raw["measurements"].append({"param_type": "count", "value": 1, **span("方案一")}), ""),
]  # fmt: skip


@pytest.mark.parametrize("case", range(len(RIGHT)))
def test_what_may_be_right_is_no_fault(place: Path, case: int) -> None:
    edit, warning = RIGHT[case]
    put(edited(edit))
    result = run("gold", "check", "gold", "--corpus", "corpus")
    assert (result.exit_code, result.stdout) == (0, f"gold/doc.json: {warning}\n" * bool(warning))
    assert result.stderr.endswith(f", 0 faults{', 1 warnings' * bool(warning)}\n")
    result = run("gold", "count", "gold")
    assert (f"warning: gold/doc.json: {warning}\n" in result.stderr) is bool(warning)


@pytest.mark.skipif(not (REPO / "gold").is_dir(), reason="the gold is not here")
def test_the_projects_own_gold_has_no_fault() -> None:
    """But for warnings of what stands so in a text."""
    result = run("gold", "check", REPO / "gold", "--corpus", REPO / "corpus")
    assert result.exit_code == 0 and ", 0 faults" in result.stderr
    assert all(": warning: " in line for line in result.stdout.splitlines())


HANT = {
    "doc_id": "doc",
    "measurements": [{"quote": "15.0個月", "outcome_labels": ["無惡化存活期", "緩解率"]}],
}
HANT_JSON = json.dumps(HANT, ensure_ascii=False)


def seems(coding: str) -> str:
    return f"can't be read as JSON: it is not UTF-8 but, it seems, {coding}: "


UNREADABLE: dict[str, tuple[bytes, str]] = {
    "big5": (HANT_JSON.encode("big5"), seems("Big5")),
    "traditional characters in gb18030": (HANT_JSON.encode("gb18030"), seems("GB18030")),
    "gb2312": (json.dumps(full(), ensure_ascii=False).encode("gb2312"), seems("GB18030")),
    "utf-16 without a mark": (HANT_JSON.encode("utf-16-le"), seems("UTF-16")),
    "utf-16 the other way": (HANT_JSON.encode("utf-16-be"), seems("UTF-16 (BE)")),
    "utf-16 of ASCII without a mark": (b'{"doc_id": "doc"}'.decode().encode("utf-16-le"), seems("UTF-16")),
    "utf-32": (HANT_JSON.encode("utf-32"), seems("UTF-32")),
    "cp1252": ('{"doc_id": "durée"}'.encode("cp1252"), seems("Windows-1252")),
    "NUL": (b'{"doc_id": "\0"}', "can't be read as JSON: Invalid control character"),
    "gb18030": (json.dumps(full(), ensure_ascii=False).encode("gb18030"), "it is not UTF-8 but, it seems, GB18030"),
    "utf-16": (json.dumps(full()).encode("utf-16"), "it is not UTF-8 but, it seems, UTF-16"),
    "latin-1": ('{"doc_id": "caf\xe9"'.encode("latin-1"), "it is not UTF-8: "),
    "bom": (b"\xef\xbb\xbf" + json.dumps(full()).encode(), "top level: starts with a byte-order mark"),
    "duplicate": (b'{"doc_id": "doc", "arms": [{"id": "A", "id": "B"}]}', "arms[0]: duplicate key 'id'"),
    "cut": (json.dumps(full()).encode()[:-30], "can't be read as JSON"),
    "half a pair": (rb'{"doc_id": "\ud83d"}', "can't be read as JSON"),
    "list": (b"[1]", "top level: want an object"),
    "deep": (b"[" * 100_000, "can't be read as JSON"),
}  # fmt: skip


@pytest.mark.parametrize("kind", UNREADABLE)
def test_a_bad_file_is_named_by_check_and_left_alone_by_fill(place: Path, kind: str) -> None:
    data, reason = UNREADABLE[kind]
    bad = put(data)
    put({**full(), "doc_id": "zz"}, "gold/zz.json")
    result = run("gold", "check", "gold", "--corpus", "corpus")
    assert result.exit_code == 1 and "2 files" in result.stderr
    [line] = result.stdout.splitlines()
    assert line.startswith("gold/doc.json: ") and reason in line
    result = run("gold", "fill", "gold", "--corpus", "corpus")
    assert result.exit_code == 1 and f"error: {bad}: " in result.stderr and reason in result.stderr
    assert bad.read_bytes() == data


@pytest.mark.parametrize(
    ("quote", "numbers"),
    [
        ("15.0个月", [15.0]), ("2. 4%", [2.4]), ("1 6 . 3 \\%", [16.3]), ("$0 . 5 9 \\sim 0 . 9 6$", [0.59, 0.96]),
        ("O.79", [0.79]), ("l2.5%", [12.5]), ("8·9", [8.9]), ("1,293", [1293]), ("6 792例", [6792]),
        ("0～9%", [0, 9]), ("12～34 个月", [12, 34]), ("３６％", [36]), ("1.2万", [1.2, 12000]), ("未达到", []),
        ("1/3", [1, 3, 33.0, 33.3, 33.33, 33.333]), ("mol/L", []), ("5/0", [5, 0]), (".05", [0.05]),
        ("3成", [3, 30]), ("1 in 4", [1, 4, 25, 25, 25, 25]), ("2 million", [2, 2e6]), ("10分之3", [10, 3, 30, 30, 30, 30]),
    ],
)  # fmt: skip
def test_numbers_of_a_quote(quote: str, numbers: list[float]) -> None:
    assert numbers_in(quote) == numbers


@pytest.mark.parametrize(
    ("quote", "number"),
    [
        ("一例", 1), ("二十五例", 25), ("一百二十例", 120), ("一万二千人", 12000), ("三点五个月", 3.5), ("两例", 2), ("九成", 90),
        ("七成五", 75), ("超一半", 50), ("三分之一", 33.3), ("百分之三十", 30), ("翻倍", 2), ("无人", 0), ("全部", 100), ("多数", 50),
        ("a third", 33.3), ("two-thirds", 66.7), ("Half", 0.5), ("three quarters", 75), ("twenty-five patients", 25),
        ("one hundred and twenty", 120), ("one in five", 20), ("four out of every five", 80), ("threefold", 3),
        ("no patient", 0), ("none", 0), ("all", 100), ("a patient", 1), ("doubled", 2), ("a dozen", 12), ("one or two", 2),
    ],
)  # fmt: skip
def test_numbers_in_words(quote: str, number: float) -> None:
    assert number in numbers_in_words(quote)


@pytest.mark.parametrize(
    "quote", ["显著", "significant", "difference", "疗效更佳", "better", "", "PFS", "成功"]
)
def test_words_that_state_no_number(quote: str) -> None:
    assert numbers_in_words(quote) == []


@pytest.mark.parametrize(
    ("quote", "keys", "warning"),
    [
        ("−5.2%", {"value": 5.2}, "the value 5.2 has another sign than the quote '−5.2%'"),
        ("- 5.2 %", {"value": 5.2}, "the value 5.2 has another sign than the quote '- 5.2 %'"),
        ("$-5.2\\%$", {"value": 5.2}, "the value 5.2 has another sign than the quote '$-5.2\\\\%$'"),
        ("+5.2%", {"value": -5.2}, "the value -5.2 has another sign than the quote '+5.2%'"),
        ("为–5.2%", {"value": 5.2}, "the value 5.2 has another sign than the quote '为–5.2%'"),
        ("−5.2%", {"value": -5.2}, ""), ("5.2%", {"value": -5.2}, ""), ("+5.2%", {"value": 5.2}, ""),
        ("IL-6", {"value": 6}, ""), ("0-9%", {"value": 9}, ""), ("3.1%～-5.2%", {"value": 3.1}, ""),
        ("5.2%，即-5.2%", {"value": 5.2}, ""),
        ("46%（46/100）", {"value": 100},
         "the value 100 is the participants of the quote '46%（46/100）', not its percentage"),
        ("46.4% (51/110)", {"value": 51},
         "the value 51 is the events of the quote '46.4% (51/110)', not its percentage"),
        ("51/110", {"value": 110}, "the value 110 is the participants of the quote '51/110', not its percentage"),
        ("51 of 110 patients", {"value": 51},
         "the value 51 is the events of the quote '51 of 110 patients', not its percentage"),
        ("46%（46例/100例）", {"value": 100},
         "the value 100 is the participants of the quote '46%（46例/100例）', not its percentage"),
        ("46%（46/100）", {"value": 46}, ""), ("100%（46/46）", {"value": 100}, ""), ("51/110", {"value": 46.4}, ""),
        ("1/3", {"value": 33.3}, ""), ("46/100", {"value": 46}, ""),
        ("46%（46/100）", {"value": 46, "param_type": "count", "unit": ""}, ""),
    ],
)  # fmt: skip
def test_numbers_that_stand_in_the_quote_otherwise_are_warned_of(
    quote: str, keys: dict[str, Any], warning: str
) -> None:
    row = {"param_type": "percentage", "unit": "%", "quote": quote, **keys}
    assert list(number_faults(row)) == ([(warning, "warn")] if warning else [])


@given(st.text() | st.text("一二三十百千万亿点成分之半两one hundred third in of 0123456789/.%", max_size=40))
def test_no_quote_is_too_odd_to_be_read(quote: str) -> None:
    row = {"param_type": "percentage", "value": 5, "unit": "%", "quote": quote}
    assert len(list(number_faults(row))) <= 1


def test_numerals_of_any_length_are_read() -> None:
    for quote in ("一" * 5000, "亿" * 500, "9" * 5000, "1/" + "9" * 500, "million " * 300):
        assert len(list(number_faults({"param_type": "count", "value": 5, "quote": quote}))) == 1


# ---- fill ---------------------------------------------------------------------------------------


def test_fill_turns_contexts_into_offsets(place: Path) -> None:
    want = full()
    raw = edited(lambda r: r["measurements"][0].update(start=None, end=None, context="PFS为15.0个月"))
    path = put({**raw, "text_sha256": None})
    assert run("gold", "fill", "gold", "--corpus", "corpus").exit_code == 0
    assert json.loads(path.read_bytes()) == want
    before = path.stat().st_mtime_ns
    result = run("gold", "fill", "gold", "--corpus", "corpus")
    assert (result.exit_code, result.stderr, path.stat().st_mtime_ns) == (0, "", before)


def test_fill_recounts_utf16_only_when_told(place: Path) -> None:
    path = put(edited(lambda raw: shifted(raw, 1)))
    data = path.read_bytes()
    result = run("gold", "fill", "gold", "--corpus", "corpus")
    assert result.exit_code == 1 and "UTF-16" in result.stderr and path.read_bytes() == data
    assert run("gold", "fill", "gold", "--corpus", "corpus", "--utf16").exit_code == 0
    assert json.loads(path.read_bytes()) == full()
    assert run("gold", "fill", "gold", "--corpus", "corpus", "--utf16").exit_code == 0
    assert json.loads(path.read_bytes()) == full()


@pytest.mark.parametrize("context", ["为16.0个月", "个月"])
def test_fill_leaves_what_it_can_not_place(place: Path, context: str) -> None:
    path = put(edited(lambda raw: raw["measurements"][0].update(start=None, end=None, context=context)))
    data = path.read_bytes()
    result = run("gold", "fill", "gold", "--corpus", "corpus")
    assert result.exit_code == 1 and "measurements[0]" in result.stderr and path.read_bytes() == data
    result = run("gold", "fill", "gold")
    assert result.exit_code == 1 and "its text is not at hand" in result.stderr


# ---- agree --------------------------------------------------------------------------------------


def test_agree_prints_levels_and_differences_and_keeps_the_table(place: Path) -> None:
    put(full(), "a/doc.json")
    put({**full(), "doc_id": "mine"}, "a/mine.json")
    put(edited(lambda raw: (m(arm="A2")(raw), raw["analyses"].clear(), raw.update(drugs=[]))), "b/doc.json")
    head = "set,text,kind,level,n_a,n_b,right,f1"
    old = [
        head,
        "one,other,analyses,row,1,2,1,0.6667",
        "one,doc,analyses,row,9,9,9,1.0000",
        "one,all texts,analyses,row,10,11,10,0.9524",
        "two,gone,analyses,row,9,9,9,1.0000",
        "all sets,all texts,analyses,row,19,20,19,0.9744",
    ]
    Path("t.csv").write_text("\n".join(old), "utf-8")
    result = run("gold", "agree", "a", "b", "--csv", "t.csv", "--set", "two")
    assert result.exit_code == 0
    assert "a: 1 documents that the other has not are left out: mine\n" in result.stderr
    assert result.stderr.startswith("2 of 2 files are without their texts: their quotes can't be checked\n")
    out = " ".join(result.stdout.split())
    assert "Agreement on 1 documents" in out
    assert "│ arm │ durvalumab + tace | 三联组 │ 对照组 │" in out
    assert "│ (the row) │ there │ – │" in out and "│ (the name) │ there │ – │" in out
    lines = Path("t.csv").read_text("utf-8").splitlines()
    assert lines[:5] == [
        head,
        "one,other,analyses,row,1,2,1,0.6667",
        "one,other,rows,row,1,2,1,0.6667",
        "one,all texts,analyses,row,1,2,1,0.6667",
        "one,all texts,rows,row,1,2,1,0.6667",
    ]
    for text in ("doc", "all texts"):
        assert f"two,{text},measurements,outcome,1,1,1,1.0000" in lines
        assert f"two,{text},measurements,arm,1,1,0,0.0000" in lines
        assert f"two,{text},analyses,row,1,0,0,0.0000" in lines
        assert f"two,{text},drugs,name,1,0,0,0.0000" in lines
        assert f"two,{text},rows,value,2,1,1,0.6667" in lines
    assert "all sets,all texts,analyses,row,2,2,1,0.5000" in lines
    assert "all sets,all texts,rows,row,3,3,1,0.3333" in lines
    assert not any("gone" in line or line.startswith("one,doc") for line in lines)
    run("gold", "agree", "a", "b", "--csv", "t.csv", "--set", "two")
    assert Path("t.csv").read_text("utf-8").splitlines() == lines


@pytest.mark.skipif(
    not SHARED.is_dir(), reason="the first annotator's files of the shared texts are not here"
)
def test_the_projects_table_of_agreement_is_what_its_commands_make(place: Path) -> None:
    text = (REPO / "annotations" / "README.md").read_text("utf-8")
    commands = [line for line in text.splitlines() if line.startswith("trialmine gold agree ")]
    assert len(commands) >= 4
    shutil.copytree(REPO / "annotations", "annotations")
    for file in (SHARED / "dev-texts" / "gold").glob("*.json"):
        if not (ours := Path("annotations/dev-texts-A", file.name)).exists():
            shutil.copy(file, ours)
    for command in commands:
        assert run(*shlex.split(command)[1:]).exit_code == 0
    made = Path("gold/agreement.csv").read_text("utf-8")
    assert made == (REPO / "gold" / "agreement.csv").read_text("utf-8")


@pytest.mark.skipif(not (REPO / "gold").is_dir(), reason="the gold is not here")
def test_the_whole_gold_against_itself_is_right_in_all() -> None:
    """A perfect file has 1.0 at every level of every kind, and in every field: no figure has a ceiling below."""
    golds = [check_gold(path, Texts([])).gold() for path in sorted((REPO / "gold").glob("*.json"))]
    report = score(gold_tables(golds), golds, resamples=2)
    assert len(report.by_document) == len(golds) >= 60 and not report.faults
    for counts in (report.overall, *report.by_document.values(), *report.fields.values()):
        assert all(tally.f1(level) == 1 for tally in counts.values() for level in tally.tp)


def test_agree_needs_texts_only_for_contexts(place: Path) -> None:
    put(full(), "a/doc.json")
    put(edited(lambda raw: m(start=None, end=None, context="PFS为15.0个月")(raw)), "b/doc.json")
    result = run("gold", "agree", "a", "b")
    assert result.exit_code == 1 and "the text is not at hand" in result.stderr
    assert run("gold", "agree", "a", "b", "--corpus", "corpus").exit_code == 0


def test_a_span_without_its_text_has_the_length_of_its_quote(place: Path) -> None:
    put(edited(m(end=31)), "a/doc.json")
    result = run("gold", "agree", "a", "a")
    assert (
        result.exit_code == 1 and "a/doc.json: measurements[0]: text[27:31] is not the quote" in result.stderr
    )


def test_agree_does_not_touch_another_table(place: Path) -> None:
    put(full(), "a/doc.json")
    Path("t.csv").write_text("x,y\n1,2\n", "utf-8")
    result = run("gold", "agree", "a", "a", "--csv", "t.csv")
    assert result.exit_code == 1 and "t.csv: no table of agreement" in result.stderr
    assert Path("t.csv").read_text("utf-8") == "x,y\n1,2\n"


@pytest.mark.parametrize(
    "command",
    [
        ("agree", "gold", "gold"),
        ("export", "gold", "--corpus", "corpus", "--to", "brat", "-o", "x"),
        ("count", "gold"),
    ],
)
def test_no_command_is_silent_on_faults_of_the_gold(place: Path, command: tuple[str, ...]) -> None:
    put(b"\xef\xbb\xbf" + json.dumps(edited(m(value=15.1))).encode())
    result = run("gold", *command)
    said = [
        "warning: gold/doc.json: top level: starts with a byte-order mark; save it as UTF-8 without",
        "warning: gold/doc.json: measurements[0]: the value 15.1 is not the number of the quote '15.0个月'",
    ]
    assert result.exit_code == 0 and [x for x in result.stderr.splitlines() if "warning" in x][:2] == said
    put(edited(m(value=15.1, arm="A9")))
    result = run("gold", *command)
    assert result.exit_code == 1 and "error: gold/doc.json: measurements[0]: arm: no such id" in result.stderr


# ---- count --------------------------------------------------------------------------------------


def test_the_numbers_in_the_docs_are_those_of_the_gold(place: Path) -> None:
    assert (
        run("gold", "count", REPO / "gold", "--corpus", REPO / "corpus", "--markdown", "n.md").exit_code == 0
    )
    docs = (REPO / "docs" / "gold.md").read_text("utf-8")
    for section in Path("n.md").read_text("utf-8").split("## ")[1:]:
        title, _, table = section.partition("\n\n")
        if title in ("Gold by language / style", "Gold by set", "Gold by half"):
            assert table.strip() in docs, "make the table again with gold count --markdown"


def test_count_by_language_style_and_half(place: Path) -> None:
    put(full())
    put({**full(), "doc_id": "two", "language": "en", "analyses": []}, "gold/two.json")
    put({"doc_id": "none"}, "gold/none.json")
    manifest = "file,style,set,source\ntwo.txt,news,new,a journal\ndoc.txt,blog,,\n"
    Path("gold/manifest.csv").write_text(manifest, "utf-8")
    Path("corpus/manifest.csv").write_text("file,style\ndoc.txt,review with breaks\n", "utf-8")
    files = ("--json", "n.json", "--markdown", "n.md")
    result = run("gold", "count", "gold", "--corpus", "corpus", *files)
    assert result.exit_code == 0 and "Gold by set" in result.stdout
    assert "1 files have no text here and no source in a manifest: none\n" in result.stderr
    zh = {"texts": 1, "studies": 1, "arms": 2, "measurements": 1, "analyses": 1, "rows": 2}
    en = {**zh, "analyses": 0, "rows": 1}
    nothing = {**dict.fromkeys(zh, 0), "texts": 1}
    numbers = json.loads(Path("n.json").read_bytes())
    texts = numbers.pop("by_text")
    assert list(texts) == ["doc", "none", "two"]
    del en["texts"]
    told = {"language": "en", "style": "news", "set": "new", "source": "a journal", "half": ""}
    assert texts["two"] == {**told, **en} and texts["doc"]["style"] == "review"
    en["texts"] = 1
    assert numbers == {
        "total": {"all": {k: zh[k] + en[k] + nothing[k] for k in zh}},
        "by_language": {"en": en, "unknown": nothing, "zh": zh},
        "by_style": {"news": en, "review": zh, "unknown": nothing},
        "by_language_and_style": {"en / news": en, "unknown / unknown": nothing, "zh / review": zh},
        "by_set": {"new": en},
        "by_half": {},
    }
    lines = Path("n.md").read_text("utf-8").splitlines()
    assert "| review | 1 | 1 | 2 | 1 | 1 | 2 |" in lines and "| all | 3 | 2 | 4 | 2 | 1 | 3 |" in lines
    Path("gold/split.toml").write_text('rule = "sha256"\n', "utf-8")
    result = run("gold", "count", "gold", *files)
    assert "Gold by half" in result.stdout and "review" not in result.stdout
    halves = json.loads(Path("n.json").read_bytes())["by_half"]
    assert sum(half["texts"] for half in halves.values()) == 3


# ---- start --------------------------------------------------------------------------------------


def test_a_draft_is_refused_by_the_scorer_until_it_is_reviewed(place: Path) -> None:
    result = run("gold", "start", "corpus/doc.txt", "-o", "gold/doc.json")
    assert result.exit_code == 0, result.stderr
    raw = json.loads(Path("gold/doc.json").read_bytes())
    rows = [row for table in TABLES for row in raw[table]]
    assert raw["reviewed"] is False and rows and all(row["reviewed"] is False for row in rows)
    assert raw["text_sha256"] == SHA and {r["quote"] for r in raw["measurements"]} >= {"15.0个月", "8.2个月"}
    checked = run("gold", "check", "gold", "--corpus", "corpus")
    assert checked.exit_code == 1
    assert checked.stdout.count("not reviewed yet") == len(checked.stdout.splitlines()) == len(rows) + 1
    scored = run("evaluate", "--corpus", "corpus", "--gold", "gold")
    assert (
        scored.exit_code == 1 and "not reviewed yet" in scored.stderr and f"{len(rows)} more" in scored.stderr
    )
    for row in rows:
        row["reviewed"] = True
    del raw["reviewed"]
    put(raw)
    floors = [w for level in ("row", "analyses.row", "drugs") for w in ("--fail-under", f"{level}=1")]
    assert run("evaluate", "--corpus", "corpus", "--gold", "gold", *floors).exit_code == 0


def test_start_overwrites_nothing(place: Path) -> None:
    Path("doc.json").write_text("mine", "utf-8")
    result = run("gold", "start", "corpus/doc.txt")
    assert result.exit_code == 2 and "doc.json: there already" in result.stderr
    assert Path("doc.json").read_text("utf-8") == "mine"


# ---- to tools and back --------------------------------------------------------------------------


def both_ways(tool: str, golds: str = "gold", corpus: str = "corpus") -> dict[str, Any]:
    """The gold files by name after export and import."""
    assert run("gold", "export", golds, "--corpus", corpus, "--to", tool, "-o", tool).exit_code == 0
    given = tool if tool == "brat" else f"{tool}/tasks.json"
    result = run("gold", "import", given, "-o", "back")
    assert result.exit_code == 0, result.stderr
    return {
        p.relative_to("back").as_posix(): json.loads(p.read_bytes()) for p in Path("back").rglob("*.json")
    }


@pytest.mark.skipif(not (REPO / "gold").is_dir(), reason="the gold is not here")
@pytest.mark.parametrize("tool", ["brat", "label-studio"])
def test_the_whole_gold_set_comes_back_as_it_was(place: Path, tool: str) -> None:
    """As it is, and with characters outside the basic plane before and between."""
    shared = (SHARED / name for name in ("dev-texts", "seeds"))  # texts that are not in the repository
    texts, want = Texts([REPO / "corpus", *(f for f in shared if f.is_dir())], read_text), {}
    for file in sorted((REPO / "gold").glob("*.json")):
        checked = check_gold(file, texts)
        if checked.text is None:
            continue
        assert not checked.broken
        plain = {**checked.raw, "text_sha256": None}
        astral = copy.deepcopy({**plain, "doc_id": f"astral/{checked.doc_id}"})
        shifted(astral, 2)
        text = checked.text.replace("。", "\U0001f4c9")
        quotes = (text[r["start"] - 2 : r["end"] - 2] == r["quote"] for t in PLACED for r in astral[t])
        assert all(quotes)
        for raw, content in ((plain, checked.text), (astral, "\U0001f600\U00020000" + text)):
            name = raw["doc_id"]
            put(raw, f"gold/{name}.json")
            put(content.encode(), f"corpus/{name}.txt")
            want[f"{name}.json"] = raw
    assert len(want) >= 60 and sum(len(raw["measurements"]) for raw in want.values()) > 1000
    assert both_ways(tool) == want


@pytest.mark.parametrize("tool", ["brat", "label-studio"])
def test_every_key_of_the_format_comes_back(place: Path, tool: str) -> None:
    def rich(raw: dict[str, Any]) -> None:
        raw |= {"topic": "x", "reviewed": False}
        raw["arms"][0] |= {"reviewed": False, "dose": 'a "b"\t\\n'}
        m(population="a\nb", assertion="", relation=None)(raw)
        raw["arms"].append({"id": "A3", "study": None, "labels": ["not in the text"]})

    put(edited(rich))
    assert both_ways(tool) == {"doc.json": edited(rich)}


def test_brat_spans_over_line_breaks(place: Path) -> None:
    text = "ORR 为 59%～ \r\n\r\n 93%。"
    put(text.encode(), "corpus/doc.txt")
    quote = text[6:-1]
    row = {
        "param_type": "percentage",
        "lower": 59,
        "upper": 93,
        "quote": quote,
        "start": 6,
        "end": 6 + len(quote),
    }
    raw = {"doc_id": "doc", "studies": [], "arms": [], "measurements": [row], "analyses": []}
    put(raw)
    assert both_ways("brat") == {"doc.json": raw}
    assert "Measurement 6 10;16 19\t59%～ 93%\n" in Path("brat/doc.ann").read_text("utf-8")


def test_offsets_that_label_studio_counted_in_utf16_are_recounted(place: Path) -> None:
    put(full())
    run("gold", "export", "gold", "--corpus", "corpus", "--to", "label-studio", "-o", "ls")
    tasks = json.loads(Path("ls/tasks.json").read_bytes())
    for result in tasks[0]["predictions"][0]["result"]:
        for key in ("start", "end") if "value" in result else ():
            units = TEXT[: result["value"][key]].encode("utf-16-le")
            result["value"][key] = len(units) // 2
    put(json.dumps(tasks).encode(), "export.json")
    assert run("gold", "import", "export.json", "-o", "back").exit_code == 0
    assert json.loads(Path("back/doc.json").read_bytes()) == full()


def test_what_an_annotator_adds_in_brat_is_gold(place: Path) -> None:
    put(full())
    run("gold", "export", "gold", "--corpus", "corpus", "--to", "brat", "-o", "brat")
    at = TEXT.index("8.2个月")
    added = f"T90\tMeasurement {at} {at + 5}\t8.2个月\nA90\tparam_type T90 median\n#90\tAnnotatorNotes T90\t" \
        '{"value": 8.2, "unit": "month"}\nR90\tarm Arg1:T90 Arg2:T91\n'  # fmt: skip
    at = TEXT.index("对照组")
    added += f"T91\tArm {at} {at + 3}\t对照组\n"
    with open("brat/doc.ann", "a", encoding="utf-8") as file:
        file.write(added)
    assert run("gold", "import", "brat", "-o", "back").exit_code == 0
    back = json.loads(Path("back/doc.json").read_bytes())
    assert back["arms"][-1] == {"id": "A3", "labels": ["对照组"]}
    assert back["measurements"][-1] == {
        "arm": "A3", "param_type": "median", "value": 8.2, "unit": "month", **span("8.2个月"),
    }  # fmt: skip


LOST = "(Measurement '15.0个月') has lost its relation 'arm', which led to A1"


def test_relations_that_a_tool_lost_are_named(place: Path) -> None:
    put(full())
    for tool in ("brat", "label-studio"):
        run("gold", "export", "gold", "--corpus", "corpus", "--to", tool, "-o", tool)
    path = Path("brat/doc.ann")
    lines = path.read_text("utf-8").splitlines()
    [measurement] = [x.split("\t")[0] for x in lines if "\tMeasurement " in x]
    path.write_text("\n".join(x for x in lines if f"\tarm Arg1:{measurement} " not in x), "utf-8")
    result = run("gold", "import", "brat", "-o", "back")
    assert result.exit_code == 0
    assert result.stderr.splitlines()[0] == f"warning: brat/doc.ann: {measurement} {LOST}"
    want = edited(lambda raw: raw["measurements"][0].pop("arm"))
    assert json.loads(Path("back/doc.json").read_bytes()) == want

    tasks = json.loads(Path("label-studio/tasks.json").read_bytes())
    given = tasks[0]["predictions"][0]["result"]
    relations = [r for r in given if r["type"] == "relation"]
    given[:] = [r for r in given if r["type"] != "relation"]
    put(json.dumps(tasks).encode(), "export.json")
    result = run("gold", "import", "export.json", "-o", "back-ls")
    warnings = [x for x in result.stderr.splitlines() if x.startswith("warning: export.json: task 1 (doc): ")]
    assert result.exit_code == 0 and len(warnings) == len(relations) > 4
    assert f"warning: export.json: task 1 (doc): Measurement0 {LOST}" in warnings

    given.clear()
    put(json.dumps(tasks).encode(), "export.json")
    assert run("gold", "import", "export.json", "-o", "back-none").stderr.splitlines() == [
        *(f"warning: export.json: task 1 (doc): of {n} annotations {kind} that went out {n} are gone"
          for kind, n in (("Study", 1), ("Arm", 2), ("Measurement", 1), ("Analysis", 1))),
        "1 files written to back-none",
    ]  # fmt: skip


def test_what_is_odd_in_an_import_is_said(place: Path) -> None:
    put(edited(lambda raw: raw["measurements"][0].pop("study")))
    run("gold", "export", "gold", "--corpus", "corpus", "--to", "brat", "-o", "brat")
    at = TEXT.index("8.2个月")
    with open("brat/doc.ann", "a", encoding="utf-8") as file:
        file.write(f"T90\tMeasurement {at} {at + 5}\t8.2个月\nA90\tparam_type T90 median\n")
        file.write('#90\tAnnotatorNotes T90\t{"value": 8.3}\n')
    result = run("gold", "import", "brat", "-o", "back")
    assert result.exit_code == 0 and result.stderr.splitlines() == [
        "warning: brat/doc.ann: T90 (Measurement '8.2个月') has no relation 'study'",
        "warning: brat/doc.ann: measurements[1]: the value 8.3 is not the number of the quote '8.2个月'",
        "1 files written to back",
    ]


def line(pattern: str, new: str) -> Callable[[str], str]:
    def edit(text: str) -> str:
        changed = re.sub(pattern, new, text, count=1, flags=re.M)
        assert changed != text
        return changed

    return edit


BAD_BRAT: dict[str, tuple[Callable[[str], str], str]] = {
    "discontinuous": (line(r"^(T5\tMeasurement) \d+ \d+", r"\1 27 29;30 33"), "T5 is a discontinuous span (27 29;30 33)"),
    "backwards": (line(r"^(T5\tMeasurement) \d+ \d+", r"\1 30 33;27 29"), "T5 is a discontinuous span"),
    "shifted": (line(r"^(T5\tMeasurement) \d+ \d+", r"\1 28 34"), "does not stand at 28 34"),
    "unknown kind": (line(r"^T5\tMeasurement", "T5\tNumber"), "T5 is a Number"),
    "event": (line(r"\Z", "E1\tMeasurement:T5\n"), "the line has no meaning in gold: 'E1"),
    "no type": (line(r"^A\d+\tparam_type T5.*\n", ""), "measurements[0]: param_type: missing"),
    "note that is no JSON": (line(r"^(#5\tAnnotatorNotes T5\t).*$", r"\1ask Bob"), ":12: the note is no JSON"),
    "relation to nothing": (line(r"^(R1\t.*)Arg2:T\d+", r"\1Arg2:T99"), "leads to T99, which is not there"),
    "relation of the wrong kind": (line(r"^R1\tstudy", "R1\tarm"), "can't be what T3 has as 'arm'"),
    "relation twice": (line(r"\Z", "R99\tstudy Arg1:T4 Arg2:T2\n"), "has the relation 'study' twice"),
    "span twice": (line(r"\Z", "T5\tMeasurement 27 33\t15.0个月\n"), "T5 stands twice"),
    "key twice in a note": (line(r'("unit": )', r'"unit": "x", \1'), "the key 'unit' stands twice"),
    "no document": (line(r"^T1\t.*\n.*\n", ""), "want one annotation Document, got 0"),
    "note of nothing": (line(r"\Z", "#99\tAnnotatorNotes T99\t{}\n"), "T99, which is not there"),
    "byte-order mark": (lambda text: "\ufeff" + text, "starts with a byte-order mark; save it as UTF-8 without"),
    "unknown field": (line(r'"unit"', '"units"'), "measurements[0]: unknown key 'units'"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD_BRAT)
def test_bad_brat_files_are_refused_and_nothing_is_written(place: Path, kind: str) -> None:
    edit, reason = BAD_BRAT[kind]
    for name, content in to_brat(
        {"doc": (full(), TEXT), "good": ({**full(), "doc_id": "good"}, TEXT)}
    ).items():
        put((edit(content) if name == "doc.ann" else content).encode(), f"brat/{name}")
    put(b"old", "back/good.json")
    result = run("gold", "import", "brat", "-o", "back", "--overwrite")
    assert result.exit_code == 1 and "error: brat/doc.ann" in result.stderr and reason in result.stderr
    assert [p.read_bytes() for p in Path("back").iterdir()] == [b"old"]


def test_a_folder_of_brat_with_half_a_document_is_refused(place: Path) -> None:
    for name, content in to_brat(
        {"doc": (full(), TEXT), "sub/two": ({**full(), "doc_id": "sub/two"}, TEXT)}
    ).items():
        put(content.encode(), f"brat/{name}")
    put(b"old", "back/doc.json")
    for gone, other in (("doc.ann", "doc.txt"), ("sub/two.ann", "sub/two.txt"), ("doc.txt", "doc.ann")):
        path = Path("brat", gone)
        data = path.read_bytes()
        path.unlink()
        result = run("gold", "import", "brat", "-o", "back", "--overwrite")
        assert result.exit_code == 1
        reason = f"there is no {path.suffix} file beside (was it deleted?)"
        assert result.stderr == f"error: brat/{other}: {reason}\n"
        assert [p.read_bytes() for p in Path("back").iterdir()] == [b"old"]
        path.write_bytes(data)
    put(b"x", "brat/notes.txt")
    Path("brat/sub/two.ann").unlink()
    result = run("gold", "import", "brat", "-o", "back", "--overwrite")
    assert "error: brat/notes.txt, brat/sub/two.txt: there is no .ann file beside" in result.stderr
    assert run("gold", "import", "brat/doc.ann", "-o", "back", "--overwrite").exit_code == 0


def test_annotations_in_another_coding_are_named(place: Path) -> None:
    for name, content in to_brat({"doc": (full(), TEXT.replace("😀", "。"))}).items():
        put(content.encode("gb18030"), f"brat/{name}")
    result = run("gold", "import", "brat", "-o", "back")
    assert (
        result.exit_code == 1
        and "error: brat/doc.txt: it is not UTF-8 but, it seems, GB18030" in result.stderr
    )
    put(to_label_studio({"doc": (full(), TEXT)})["tasks.json"].encode("gb18030"), "export.json")
    result = run("gold", "import", "export.json", "-o", "back")
    assert (
        result.exit_code == 1
        and "error: export.json: it is not UTF-8 but, it seems, GB18030" in result.stderr
    )
    assert not Path("back").exists()


def drop(*path: Any) -> Callable[[list[Any]], None]:
    def edit(tasks: list[Any]) -> None:
        target: Any = tasks
        for key in path[:-1]:
            target = target[key]
        del target[path[-1]]

    return edit


def annotated(tasks: list[Any], **keys: Any) -> None:
    for task in tasks:
        task["annotations"] = [{**task.pop("predictions")[0], "was_cancelled": False} | keys]


RESULT = (0, "predictions", 0, "result")
BAD_TASKS: dict[str, tuple[Callable[[list[Any]], Any], str]] = {
    "deleted task": (drop(1), "1 of 2 tasks are missing: two"),
    "all tasks deleted": (lambda tasks: tasks.clear(), "there is no task"),
    "task that is null": (lambda tasks: tasks.__setitem__(1, None), "task 2 has no text and doc_id"),
    "task without data": (drop(0, "data"), "task 1 has no text and doc_id"),
    "annotations deleted": (lambda tasks: tasks[0].update(annotations=[]), "task 1 (doc): want one of its annotations, there are 0"),
    "skipped": (lambda tasks: annotated(tasks, was_cancelled=True), "task 1 (doc): it was skipped"),
    "one task twice": (lambda tasks: tasks.append(tasks[0]), "another task of this document"),
    "region deleted, relation left": (lambda tasks: [tasks[0]["predictions"][0]["result"].pop(0) for _ in "12"], "which is not there"),
    "label deleted, fields left": (drop(*RESULT, 0), "the fields of region Study0 are there without its label"),
    "off": (lambda tasks: [r["value"].update(start=5) for r in tasks[0]["predictions"][0]["result"] if "value" in r], "does not stand at 5"),
    "key twice in the fields": (lambda tasks: tasks[0]["predictions"][0]["result"][1]["value"].update(text=['{"a": 1, "a": 2}']), "the key 'a' stands twice"),
    "fields that are a list": (lambda tasks: tasks[0]["predictions"][0]["result"][1]["value"].update(text=["[]"]), "want an object"),
    "fields that are no JSON": (lambda tasks: tasks[0]["predictions"][0]["result"][1]["value"].update(text=["x"]), "are no JSON"),
    "another project": (lambda tasks: tasks[0]["predictions"][0]["result"][0].update(from_name="ner"), "'ner' has no meaning"),
    "no type": (lambda tasks: [tasks[0]["predictions"][0]["result"].remove(r) for r in list(tasks[0]["predictions"][0]["result"])
                               if r.get("from_name") == "param_type"], "param_type: missing"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD_TASKS)
def test_bad_label_studio_exports_are_refused_and_nothing_is_written(place: Path, kind: str) -> None:
    edit, reason = BAD_TASKS[kind]
    golds = {name: ({**full(), "doc_id": name}, TEXT) for name in ("doc", "two")}
    tasks = json.loads(to_label_studio(golds)["tasks.json"])
    edit(tasks)
    put(json.dumps(tasks).encode(), "export.json")
    put(b"old", "back/doc.json")
    result = run("gold", "import", "export.json", "-o", "back", "--overwrite")
    assert result.exit_code == 1 and "error: export.json: " in result.stderr and reason in result.stderr
    assert [p.read_bytes() for p in Path("back").iterdir()] == [b"old"]


def test_an_annotated_export_is_read(place: Path) -> None:
    tasks = json.loads(to_label_studio({"doc": (full(), TEXT)})["tasks.json"])
    annotated(tasks)
    put(json.dumps(tasks).encode(), "export.json")
    assert run("gold", "import", "export.json", "-o", "back").exit_code == 0
    assert json.loads(Path("back/doc.json").read_bytes()) == full()


def test_files_that_are_there_stay_unless_told_otherwise(place: Path) -> None:
    put(full())
    both_ways("brat")
    put(b"old", "back/doc.json")
    for args in (
        ["import", "brat", "-o", "back"],
        ["export", "gold", "--corpus", "corpus", "--to", "brat", "-o", "brat"],
    ):
        result = run("gold", *args)
        assert result.exit_code == 2 and "there already, and left as it is" in result.stderr
    assert Path("back/doc.json").read_bytes() == b"old"
    assert run("gold", "import", "brat", "-o", "back", "--overwrite").exit_code == 0
    assert json.loads(Path("back/doc.json").read_bytes()) == full()


def test_a_document_can_not_name_a_file_outside(place: Path) -> None:
    tasks = json.loads(to_label_studio({"../doc": ({**full(), "doc_id": "../doc"}, TEXT)})["tasks.json"])
    put(json.dumps(tasks).encode(), "export.json")
    result = run("gold", "import", "export.json", "-o", "back")
    assert result.exit_code == 1 and "../doc.json: this is no name" in result.stderr
    assert not Path("doc.json").exists()


def test_every_command_has_an_example_that_works_and_a_place_in_the_docs(place: Path) -> None:
    docs = (REPO / "docs" / "gold.md").read_text("utf-8")
    for name in ("gold/doc.json", "gold/new.json", "alice/doc.json", "bob/doc.json"):
        put({**full(), "doc_id": Path(name).stem}, name)
    for name in ("new", "zh-01"):
        put(TEXT.encode(), f"corpus/{name}.txt")
    commands = [c.name or c.callback.__name__ for c in gold_commands.registered_commands if c.callback]
    assert len(commands) == 7
    for command in commands:
        lines = [line.strip() for line in run("gold", command, "--help").stdout.splitlines()]
        [example] = [line for line in lines if line.startswith(f"trialmine gold {command} ")]
        result = run(*shlex.split(example)[1:])
        assert result.exit_code == 0, result.output
        assert f"trialmine gold {command}" in docs


def test_the_example_in_the_docs_is_gold(place: Path) -> None:
    [example] = re.findall(
        r"^```json\n(.*?)^```$", (REPO / "docs" / "gold.md").read_text("utf-8"), re.M | re.S
    )
    path = put(example.encode(), "gold/zh-09.json")
    put((REPO / "corpus" / "zh-09.txt").read_bytes(), "corpus/zh-09.txt")
    assert run("gold", "fill", path, "--corpus", "corpus").exit_code == 0
    assert json.loads(path.read_bytes())["measurements"][0]["start"] == 865
    assert run("gold", "check", path, "--corpus", "corpus").exit_code == 0


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (["check", "gone"], "gone: no such file or folder"),
        (["check", "corpus"], "corpus: there is no gold file (.json) in this folder"),
        (["check", "gold", "--corpus", "gone"], "gone: no such file or folder"),
        (["export", "gold", "--to", "word", "-o", "x"], "unknown tool: word"),
        (["import", "corpus", "-o", "x"], "no .ann and no .json file"),
        (["start", "corpus"], "corpus: this is a folder"),
    ],
)
def test_wrong_usage(place: Path, args: list[str], reason: str) -> None:
    result = run("gold", *args)
    assert result.exit_code == 2 and reason in result.stderr and len(result.stderr.splitlines()) == 1


def test_the_worked_example_for_annotators_is_gold_without_a_fault(place: Path) -> None:
    page = (REPO / "docs" / "annotating.md").read_text("utf-8")
    [text], [gold] = (re.findall(rf"^```{kind}\n(.*?)^```$", page, re.M | re.S) for kind in ("text", "json"))
    put(text.encode(), "corpus/example.txt")
    put(gold.encode(), "gold/example.json")
    result = run("gold", "check", "gold", "--corpus", "corpus")
    assert (result.exit_code, result.stdout) == (0, "") and "1 files, 6 rows" in result.stderr


def test_the_page_for_annotators_names_what_the_schema_knows() -> None:
    page = (REPO / "docs" / "annotating.md").read_text("utf-8")
    rows = (schema()["$defs"][name]["properties"] for name in ("measurement", "analysis", "arm"))
    words = {w for row in rows for key in ("param_type", "role") for w in row.get(key, {}).get("enum", ())}
    words |= {*schema()["$defs"]["assertion"]["enum"], *schema()["$defs"]["relation"]["enum"]}
    assert not [word for word in words if word and f"`{word}`" not in page]
    for name in ("README.md", "README.zh.md", "docs/gold.md"):
        assert "annotating.md" in (REPO / name).read_text("utf-8")
