"""docs/how-it-works.md says what the program does: each of its examples is run.

An example is a fenced block ``example``: a text, a line ``=>``, and the rows that come out of it, all of them, in the
order of the text: a line of columns and a line a row, or ``no results``. A column is a field of a row of ``measurements``
or ``analyses``; ``arm`` and ``against`` are the interventions of the groups (a label in quotes where the group has none),
``dose`` the arm's dose, ``study`` the study's name or citations, ``kind`` the ``param_type``; ``-`` is an empty cell.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import trialmine
from trialmine.api import get_extractor
from trialmine.cli import app
from trialmine.core.patterns import load_patterns
from trialmine.core.tables import TABLES, columns

REPO = Path(__file__).parent.parent
DOC = (REPO / "docs" / "how-it-works.md").read_text("utf-8")
NOTHING = "no results"
_EXAMPLE = re.compile(r"^```example\n(.*?)\n=>\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def examples() -> list[Any]:
    return [pytest.param(*m.groups(), id=m[1].splitlines()[0][:40]) for m in _EXAMPLE.finditer(DOC)]


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]


def result_rows(text: str, columns: list[str]) -> list[list[str]]:
    """What the program makes of a text, in the columns of an example."""
    tables = trialmine.extract(text).rows
    arms = {a.arm_id: a for a in tables["arms"]}
    studies = {s.study_id: s.name or s.citations for s in tables["studies"]}
    rows = []
    for row in sorted([*tables["measurements"], *tables["analyses"]], key=lambda r: r.start):
        arm, against = arms.get(row.arm_id), arms.get(getattr(row, "comparator_arm_id", ""))
        more = {
            "kind": row.param_type, "arm": _name(arm), "against": _name(against),
            "dose": arm.dose if arm else "", "confidence": "high" if row.confidence > 0.5 else "low", "study": studies.get(row.study_id, ""),
        }  # fmt: skip
        found = (more[c] if c in more else getattr(row, c, None) for c in columns)
        rows.append([_printed(x) for x in found])
    return rows


def _name(arm: Any) -> str:
    if arm is None:
        return ""
    return arm.interventions or f'"{arm.label.split("; ")[0]}"'


def _printed(value: Any) -> str:
    if value in (None, ""):
        return "-"
    return f"{value:g}" if isinstance(value, float) else str(value).replace("\n", " ").strip()


def fits(text: str, table: str) -> tuple[list[list[str]], list[list[str]]]:
    """The rows that an example shows and those that come out."""
    head, *body = table.splitlines()
    if head == NOTHING:
        return [], result_rows(text, ["quote"])
    return [cells(line) for line in body], result_rows(text, cells(head))


@pytest.mark.parametrize(("text", "table"), examples())
def test_the_example_holds(text: str, table: str) -> None:
    shown, found = fits(text, table)
    assert shown == found
    assert shown or table.strip() == NOTHING


@pytest.mark.parametrize(("text", "table"), examples())
def test_the_example_is_explained(text: str, table: str) -> None:
    """What the linker keeps for ``explain`` can be told for each kind of axis, studies too, and changes no row."""
    results = get_extractor(None).explain(text)["results"]
    quotes = [row["number"] for row in results if row["row"]]
    assert sorted(quotes) == sorted(q[0] for q in result_rows(text, ["quote"]))


def test_the_examples_were_collected() -> None:
    assert len(examples()) == DOC.count("```example") >= 40


def test_every_mechanism_has_an_example() -> None:
    sections = re.split(r"^### ", DOC, flags=re.MULTILINE)[1:]
    assert len(sections) >= 24
    for section in sections:
        assert "```example" in section.partition("\n## ")[0], section.splitlines()[0]


def test_an_example_that_is_wrong_is_found() -> None:
    text = "The ORR was 31.7% with erlotinib."
    assert fits(text, "quote | arm\n31.7% | erlotinib") == ([["31.7%", "erlotinib"]],) * 2
    for wrong in ("quote | arm\n31.7% | gefitinib", "quote | arm", NOTHING):
        shown, found = fits(text, wrong)
        assert shown != found


def prose() -> str:
    """The page without its examples."""
    return re.sub(r"^```.*?^```$", "", DOC, flags=re.MULTILINE | re.DOTALL)


def ticked(expression: str) -> set[str]:
    """What the page prints in backticks and is wholly of a shape."""
    return {m[1] for m in re.finditer(r"`([^`]+)`", prose()) if re.fullmatch(expression, m[1])}


def test_the_files_that_it_names_exist() -> None:
    named = ticked(r"(?:[\w.*-]+/)*[\w.*-]+\.(?:py|csv|toml)")
    assert len(named) > 80
    folders = (REPO, REPO / "src" / "trialmine", REPO / "patterns")
    assert [name for name in sorted(named) if not any(list(f.glob(name)) for f in folders)] == []


def test_it_names_the_modules_of_the_stages() -> None:
    named = ticked(r"\w+/\w+\.py")
    modules = (
        p for stage in ("find", "link") for p in (REPO / "src" / "trialmine" / stage).glob("[a-z]*.py")
    )
    there = {f"{p.parent.name}/{p.name}" for p in modules}
    assert there - named == set()


def test_the_rules_and_cues_that_it_names_exist() -> None:
    patterns = load_patterns()
    rules = [r for group in patterns.rules.values() for r in group]
    known = {*patterns.cues, *(r.name for r in rules), *(r.kind for r in rules)}
    known |= {e["kind"] for entries in patterns.lexicons.values() for e in entries if "kind" in e.values}
    lists = re.findall(r"\b(?:cues?|kinds?|rules?)\s((?:`\w+`(?:,? and |, )?)+)", prose())
    named = {name for text in lists for name in re.findall(r"`(\w+)`", text)}
    fields = {c for t in TABLES for c in columns(t)}
    outcomes = {e["concept"] for e in patterns.lexicons["outcomes"]}
    named |= ticked(r"[a-z]+(?:_[a-z0-9]+)+") - fields - outcomes - {"moderate_to_severe_bleeding"}
    assert len(named) > 25
    assert named - known == set()


def test_the_contents_list_every_section() -> None:
    contents = prose().partition("## Contents\n")[2].partition("\n## ")[0]
    listed = re.findall(r"\[([^\]]+)\]\(#([^)]+)\)", contents)
    sections = re.findall(r"^###? (.+)$", prose(), flags=re.MULTILINE)
    assert sorted(name for name, _ in listed) == sorted(s for s in sections if s != "Contents")
    assert [a for n, a in listed if a != re.sub(r"[^\w\- ]", "", n.lower()).replace(" ", "-")] == []


def test_its_links_within_the_page_lead_somewhere() -> None:
    anchors = {
        re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-")
        for h in re.findall(r"^#+ (.+)$", prose(), flags=re.MULTILINE)
    }
    assert [a for a in re.findall(r"\]\(#([^)]+)\)", prose()) if a not in anchors] == []


def test_explain_shows_what_there_was_to_choose_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    text = (
        "In the subgroup with HER2-low tumours, ORR and DCR at week 12 were 31.2% and 64.7% with erlotinib "
        "compared with placebo; the non-inferiority margin was 26.3%."
    )
    result = CliRunner().invoke(app, ["explain", text])
    assert result.exit_code == 0
    above, _, there = result.stdout.partition("what stands in the sentences")
    results, _, weighed = above.partition("what was weighed")
    assert "axis of 2 outcomes" in results and "26.3" not in results
    for cell in ("outcome: ORR, DCR (laid)", "erlotinib = erlotinib, 16 after", "no row: can't be a result"):
        assert cell in weighed
    for cell in (
        "31.2% percent; 64.7% percent; 26.3% percent",
        "ORR; DCR",
        "erlotinib; placebo (reference)",
        "12w",
    ):
        assert cell in there


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_it_is_linked(name: str) -> None:
    assert "](docs/how-it-works.md)" in (REPO / name).read_text("utf-8")
