"""The gold loader: what it reads, and that it refuses what the format forbids, naming file and row."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from trialmine.core.errors import GoldError
from trialmine.report.gold import Gold, gold_tables, load_gold, load_gold_dir

TEXT = (
    "方案一😀。EMERALD-1研究中，三联组中位PFS为15.0个月，对照组为8.2个月（HR 0.77，P=0.032）。其他 5% 和 5%。"
)
SHA = hashlib.sha256(TEXT.encode()).hexdigest()


def span(quote: str) -> dict[str, Any]:
    return {"quote": quote, "start": TEXT.index(quote), "end": TEXT.index(quote) + len(quote)}


def full() -> dict[str, Any]:
    """A gold object that uses every key of the format once."""
    return {
        "doc_id": "doc",
        "text_sha256": SHA,
        "language": "zh",
        "annotators": ["A", "B"],
        "drugs": ["sorafenib"],
        "procedures": ["TACE"],
        "studies": [
            {"id": "S1", "names": ["EMERALD-1"], "registry_ids": ["NCT03778957"], "phase": 3,
             "enrollment": 616, "citations": ["4", 5]},
        ],
        "arms": [
            {"id": "A1", "study": "S1", "labels": ["三联组"], "interventions": ["TACE", "durvalumab"],
             "dose": "", "role": "experimental", "participants": None},
            {"id": "A2", "study": "S1", "labels": ["对照组"]},
        ],
        "measurements": [
            {"study": "S1", "arm": "A1", "outcome": "PFS", "outcome_labels": ["PFS"], "param_type": "median",
             "relation": "=", "value": 15.0, "unit": "month", "lower": None, "upper": None,
             "interval_type": None, "events": None, "participants": 200, "timepoint": None,
             "population": None, "assertion": "reported", **span("15.0个月")},
        ],
        "analyses": [
            {"study": "S1", "arm": "A1", "comparator": "A2", "outcome": "PFS", "outcome_labels": ["PFS"],
             "param_type": "HR", "relation": "=", "value": 0.77, "unit": None, "lower": None,
             "upper": None, "interval_type": None, "p_relation": "=", "p_value": 0.032,
             "timepoint": None, "population": None, "assertion": "reported", **span("0.77")},
        ],
    }  # fmt: skip


def load(tmp_path: Path, content: dict[str, Any] | str | bytes, text: str = TEXT) -> Gold:
    path = tmp_path / "doc.json"
    if isinstance(content, dict):
        content = json.dumps(content, ensure_ascii=False)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return load_gold(path, text, hashlib.sha256(text.encode()).hexdigest())


def test_every_field_is_read(tmp_path: Path) -> None:
    gold = load(tmp_path, full())
    assert (gold.doc_id, gold.language, gold.annotators) == ("doc", "zh", ("A", "B"))
    assert (gold.drugs, gold.procedures) == (("sorafenib",), ("TACE",))
    [study] = gold.studies
    assert (study.phase, study.enrollment, study.citations) == ("3", 616, ("4", "5"))
    assert gold.arms[0].interventions == ("TACE", "durvalumab")
    assert (gold.arms[1].study, gold.arms[1].interventions, gold.arms[1].participants) == ("S1", (), None)
    [m] = gold.measurements
    assert (m.value, m.unit, m.participants, m.interval_type, m.arm) == (15.0, "month", 200, "", "A1")
    assert TEXT[m.start : m.end] == m.quote == "15.0个月"
    assert m.sentence.startswith("EMERALD-1研究中") and m.sentence.endswith("P=0.032）。")
    [a] = gold.analyses
    assert (a.comparator, a.p_relation, a.p_value, a.unit) == ("A2", "=", 0.032, "")


def test_what_is_absent_or_null_is_empty(tmp_path: Path) -> None:
    gold = load(tmp_path, {"measurements": [{"param_type": "median", "unit": None, **span("15.0个月")}]})
    assert gold.doc_id == "doc"  # the file's stem
    [m] = gold.measurements
    assert (m.study, m.arm, m.outcome, m.outcome_labels, m.value, m.unit) == ("", "", "", (), None, "")
    assert (m.relation, m.assertion) == ("=", "reported")
    assert (gold.studies, gold.analyses, gold.drugs) == ((), (), ())


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    assert load(tmp_path, b"\xef\xbb\xbf" + json.dumps(full()).encode()).doc_id == "doc"


def test_offsets_are_filled_in_from_the_context(tmp_path: Path) -> None:
    raw = full()
    raw["measurements"] = [{"param_type": "median", "quote": "8.2个月", "context": "对照组为8.2个月"}]
    [m] = load(tmp_path, raw).measurements
    assert (m.start, TEXT[m.start : m.end]) == (TEXT.index("8.2个月"), "8.2个月")


def changed(table: str, n: int, **keys: Any) -> dict[str, Any]:
    raw = full()
    raw[table][n] = {k: v for k, v in {**raw[table][n], **keys}.items() if v != "(absent)"}
    return raw


NO_OFFSETS = {"start": "(absent)", "end": "(absent)"}
REFUSED: dict[str, tuple[dict[str, Any] | str | bytes, str]] = {
    "no JSON": ("{", "can't be read as JSON"),
    "no UTF-8": (b'{"doc_id": "\xff"}', "can't be read as JSON"),
    "no object": ("[]", "want an object"),
    "NaN": ('{"measurements": [{"value": NaN}]}', "NaN"),
    "infinite": (json.dumps(full()).replace('"value": 15.0', '"value": 1e999'), "value: want a number"),
    "duplicate key at the top": ('{"doc_id": "a", "doc_id": "a"}', "top level: duplicate key 'doc_id'"),
    "duplicate key in a row": ('{"arms": [{"id": "A1"}, {"id": "A2", "dose": "", "dose": ""}]}',
                               "arms[1]: duplicate key 'dose'"),
    "unknown key at the top": ({**full(), "comment": ""}, "top level: unknown key 'comment'"),
    "unknown key in a study": (changed("studies", 0, arms=[]), "studies[0]: unknown key 'arms'"),
    "unknown key in an arm": (changed("arms", 1, label="x"), "arms[1]: unknown key 'label'"),
    "unknown key in a measurement": (changed("measurements", 0, p_value=0.1), "unknown key 'p_value'"),
    "the sentence is no key": (changed("measurements", 0, sentence="x"), "unknown key 'sentence'"),
    "unknown key in an analysis": (changed("analyses", 0, events=1), "analyses[0]: unknown key 'events'"),
    "table that is no list": ({**full(), "arms": {}}, "arms: want a list"),
    "row that is no object": ({**full(), "arms": ["A1"]}, "arms[0]: want an object"),
    "text that is a list": (changed("measurements", 0, unit=["%"]), "measurements[0]: unit: want a text"),
    "list that is a text": ({**full(), "drugs": "sorafenib"}, "drugs: want a list"),
    "text for a number": (changed("measurements", 0, value="15"), "[0]: value: want a number"),
    "number that is true": (changed("measurements", 0, value=True), "value: want a number"),
    "half a person": (changed("measurements", 0, participants=1.5), "participants: want a whole number"),
    "other text": ({**full(), "text_sha256": "0" * 64}, "another text"),
    "arm of no study": (changed("arms", 0, study="S9"), "arms[0]: study: no such id 'S9'"),
    "measurement of no study": (changed("measurements", 0, study="S9"), "study: no such id 'S9'"),
    "measurement of no arm": (changed("measurements", 0, arm="A9"), "measurements[0]: arm: no such id 'A9'"),
    "analysis of no arm": (changed("analyses", 0, arm="S1"), "analyses[0]: arm: no such id 'S1'"),
    "no comparator": (changed("analyses", 0, comparator="A9"), "comparator: no such id 'A9'"),
    "study id twice": ({**full(), "studies": [{"id": "S1"}, {"id": "S1"}]}, "studies[1]: duplicate id 'S1'"),
    "arm id twice": (changed("arms", 1, id="A1"), "arms[1]: duplicate id 'A1'"),
    "no id": (changed("studies", 0, id="(absent)"), "studies[0]: id: missing"),
    "no quote": (changed("measurements", 0, quote=""), "measurements[0]: quote: missing"),
    "no param_type": (changed("measurements", 0, param_type=None), "param_type: missing"),
    "shifted offsets": (changed("measurements", 0, start=1, end=7), "text[1:7] is not the quote '15.0个月'"),
    "offsets beyond the text": (changed("analyses", 0, start=9000, end=9004), "analyses[0]: text[9000:9004]"),
    "offsets from the end": (changed("analyses", 0, quote="。", start=-1, end=0), "text[-1:0]"),
    "half an offset": (changed("measurements", 0, end=None), "one is given without the other"),
    "no place": (changed("measurements", 0, **NO_OFFSETS), "neither start and end nor context"),
    "context not in the text": (changed("measurements", 0, context="为16.0个月", **NO_OFFSETS),
                                "context does not stand once"),
    "context twice in the text": (changed("measurements", 0, quote="5%", context=" 5%", **NO_OFFSETS),
                                  "context does not stand once"),
    "quote not in the context": (changed("measurements", 0, context="对照组", **NO_OFFSETS),
                                 "does not stand once in the context"),
    "quote twice in the context": (changed("measurements", 0, quote="5%", context="5% 和 5%", **NO_OFFSETS),
                                   "does not stand once in the context"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refusals_name_the_file_and_the_reason(tmp_path: Path, case: str) -> None:
    content, reason = REFUSED[case]
    with pytest.raises(GoldError) as caught:
        load(tmp_path, content)
    assert str(tmp_path / "doc.json") in str(caught.value)
    assert reason in str(caught.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="absent"):
        load_gold(tmp_path / "absent.json", TEXT, SHA)


def test_gold_in_the_shape_of_the_tables_keeps_its_spans(tmp_path: Path) -> None:
    tables = gold_tables([load(tmp_path, full())])
    assert {n: len(r) for n, r in tables.rows.items() if r} == {
        "studies": 1, "arms": 2, "measurements": 1, "analyses": 1, "mentions": 2,
    }  # fmt: skip
    [a] = tables.rows["analyses"]
    assert (a.study_id, a.arm_id, a.comparator_arm_id) == ("doc:S1", "doc:A1", "doc:A2")
    assert (a.quote, TEXT[a.start : a.end]) == ("0.77", "0.77")


# --- folders ------------------------------------------------------------------------------------


def make(tmp_path: Path, texts: list[str], golds: dict[str, str | None]) -> tuple[Path, Path]:
    """Files below corpus/ and gold/; ``golds`` maps a gold file to its doc_id."""
    for name in texts:
        (tmp_path / "corpus" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "corpus" / name).write_bytes(TEXT.encode())
    for name, doc_id in golds.items():
        (tmp_path / "gold" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "gold" / name).write_text(json.dumps({**full(), "doc_id": doc_id}), encoding="utf-8")
    return tmp_path / "gold", tmp_path / "corpus"


def test_gold_finds_its_texts_and_gold_without_a_text_is_left_out(tmp_path: Path) -> None:
    folders = make(
        tmp_path,
        ["b.md", "a.b.txt", "sub/c.txt", "sub/d.txt", "without.txt", "no-text.pdf"],
        {"b.json": "b", "a.b.json": None, "c.json": "c", "sub/d.json": "sub/d", "private.json": "private",
         "no-text.json": "no-text", "e.json": "other/d"},
    )  # fmt: skip
    found = load_gold_dir(*folders)
    assert [f.gold.doc_id for f in found] == ["a.b", "b", "sub/c", "sub/d"]
    assert [f.path.name for f in found] == ["a.b.txt", "b.md", "c.txt", "d.txt"]
    assert all(f.text == TEXT for f in found)


def test_a_text_of_another_reader(tmp_path: Path) -> None:
    gold_dir, corpus_dir = make(tmp_path, ["a.txt"], {"a.json": "a"})
    (corpus_dir / "a.txt").write_bytes(TEXT.replace("😀", "").encode("gb18030"))
    with pytest.raises(GoldError, match="not UTF-8"):
        load_gold_dir(gold_dir, corpus_dir)
    [found] = load_gold_dir(gold_dir, corpus_dir, read=lambda path: (TEXT, SHA.upper()))
    assert found.text == TEXT


@pytest.mark.parametrize(
    ("texts", "golds", "reason"),
    [
        (["a.txt"], {"b.json": "b"}, "no gold file has its text"),
        ([], {}, "no gold file has its text"),
        (["a.txt", "a.md"], {"a.json": "a"}, "several texts"),
        (["x/a.txt", "y/a.txt"], {"a.json": "a"}, "several texts"),
        (["a.txt"], {"a.json": "a", "sub/a.json": "a"}, "has gold already"),
        (["sub/a.txt"], {"a.json": "a", "sub-a.json": "sub/a"}, "has gold already"),
    ],
)
def test_folders_that_do_not_fit(
    tmp_path: Path, texts: list[str], golds: dict[str, str | None], reason: str
) -> None:
    with pytest.raises(GoldError, match=reason):
        load_gold_dir(*make(tmp_path, texts, golds))


def test_a_malformed_file_in_the_folder_is_refused_even_without_a_text(tmp_path: Path) -> None:
    gold_dir, corpus_dir = make(tmp_path, ["a.txt"], {"a.json": "a"})
    (gold_dir / "private.json").write_text('{"doc": "private"}', encoding="utf-8")
    with pytest.raises(GoldError, match=r"private\.json: top level: unknown key 'doc'"):
        load_gold_dir(gold_dir, corpus_dir)
