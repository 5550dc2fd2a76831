"""The loader of patterns/: what it refuses, what it lets a folder add, and what the shipped files hold."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
import regex

from trialmine.core.errors import PatternError
from trialmine.core.patterns import Patterns, check_examples, load_patterns
from trialmine.core.words import PEOPLE

RULE = """
[[rule]]
name = "curator_rule"
kind = "skip"
pattern = 'foo\\d+'
hit = ["foo1"]
miss = ["bar"]
"""


@pytest.fixture(scope="module")
def shipped() -> Patterns:
    return load_patterns()


def write(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def refused(folder: Path) -> str:
    with pytest.raises(PatternError) as caught:
        load_patterns(folder)
    return str(caught.value)


# ---------------------------------------------------------------- rules


def test_a_good_rule_is_added(tmp_path: Path) -> None:
    patterns = load_patterns(write(tmp_path, "curator.toml", RULE))
    (rule,) = patterns.rules["curator"]
    assert rule.regex.search("foo12")
    assert check_examples(patterns) == []


def test_unknown_key_of_a_rule(tmp_path: Path) -> None:
    message = refused(write(tmp_path, "curator.toml", RULE + 'colour = "red"\n'))
    # the eighth line of the file
    assert message.startswith(f"{tmp_path.as_posix()}/curator.toml:8: ")
    assert "curator_rule" in message and "colour" in message


def test_unknown_table(tmp_path: Path) -> None:
    message = refused(write(tmp_path, "curator.toml", RULE.replace("[[rule]]", "[[rules]]")))
    assert "curator.toml" in message and "rules" in message


@pytest.mark.parametrize("key", ["name", "kind", "pattern", "hit", "miss"])
def test_a_rule_without_a_key(tmp_path: Path, key: str) -> None:
    kept = [line for line in RULE.splitlines() if not line.startswith(f"{key} =")]
    message = refused(write(tmp_path, "curator.toml", "\n".join(kept)))
    assert regex.match(r".*/curator\.toml:\d+: ", message), message
    assert f"needs {key}" in message


@pytest.mark.parametrize("key", ["hit", "miss"])
def test_a_rule_with_an_empty_list_of_examples(tmp_path: Path, key: str) -> None:
    text = regex.sub(rf"(?m)^{key} = .*$", f"{key} = []", RULE)
    assert f"needs {key}" in refused(write(tmp_path, "curator.toml", text))


def test_the_line_of_the_second_rule(tmp_path: Path) -> None:
    second = RULE.replace("curator_rule", "second_rule").replace('miss = ["bar"]', "")
    message = refused(write(tmp_path, "curator.toml", RULE + second))
    line = (RULE + second).splitlines().index('name = "second_rule"') + 1
    assert f"/curator.toml:{line}: " in message


def test_syntax_error(tmp_path: Path) -> None:
    message = refused(write(tmp_path, "curator.toml", RULE + "\n[[rule\n"))
    assert "curator.toml" in message
    assert "line" in message or regex.search(r":\d+", message)


def test_bad_regex(tmp_path: Path) -> None:
    message = refused(write(tmp_path, "curator.toml", RULE.replace(r"foo\d+", "foo(")))
    assert "/curator.toml:5: " in message
    assert "curator_rule" in message


def test_unknown_macro(tmp_path: Path) -> None:
    message = refused(write(tmp_path, "curator.toml", RULE.replace(r"foo\d+", "{{no_such_cue}}")))
    assert "/curator.toml:5: " in message
    assert "no_such_cue" in message


def test_two_rules_of_one_name(tmp_path: Path) -> None:
    message = refused(write(tmp_path, "curator.toml", RULE + RULE))
    assert "curator.toml:" in message and "curator_rule" in message


def test_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "curator.toml").write_bytes(RULE.replace("foo", "组").encode("gb18030"))
    assert "curator.toml" in refused(tmp_path)


def test_an_example_that_fails_is_reported(tmp_path: Path) -> None:
    text = RULE.replace('hit = ["foo1"]', 'hit = ["baz"]').replace('miss = ["bar"]', 'miss = ["foo7"]')
    faults = check_examples(load_patterns(write(tmp_path, "curator.toml", text)))
    assert len(faults) == 2
    assert all("curator.toml:3" in f and "curator_rule" in f for f in faults)
    assert "baz" in faults[0] and "foo7" in faults[1]


def test_a_rule_of_the_same_name_overrides(tmp_path: Path, shipped: Patterns) -> None:
    group, rules = next((g, r) for g, r in shipped.rules.items() if r)
    text = RULE.replace("curator_rule", rules[0].name)
    patterns = load_patterns(write(tmp_path, f"{group}.toml", text))
    assert len(patterns.rules[group]) == len(rules)
    assert patterns.rules[group][0].regex.search("foo1")


# ---------------------------------------------------------------- lexicons


def test_a_drug_is_added(tmp_path: Path) -> None:
    patterns = load_patterns(
        write(tmp_path, "drugs-mine.csv", "form,concept,kind\n甲乙替尼,jiayitinib,name\n")
    )
    assert any(e.form == "甲乙替尼" and e["concept"] == "jiayitinib" for e in patterns.lexicons["drugs"])


def test_a_lexicon_with_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "drugs-mine.csv").write_bytes(
        "form,concept,kind\n甲乙替尼,jiayitinib,name\n".encode("utf-8-sig")
    )
    assert any(e.form == "甲乙替尼" for e in load_patterns(tmp_path).lexicons["drugs"])


def test_duplicate_form(tmp_path: Path) -> None:
    rows = "form,concept,kind\n甲乙替尼,a,name\n丙丁替尼,b,name\n甲乙替尼,c,name\n"
    message = refused(write(tmp_path, "drugs-mine.csv", rows))
    assert message.startswith(f"{tmp_path.as_posix()}/drugs-mine.csv:4: ")
    assert "甲乙替尼" in message and "drugs-mine.csv:2" in message


def test_duplicate_form_in_two_files(tmp_path: Path) -> None:
    write(tmp_path, "drugs-a.csv", "form,concept,kind\n甲乙替尼,a,name\n")
    write(tmp_path, "drugs-b.csv", "form,concept,kind\n甲乙替尼,b,name\n")
    message = refused(tmp_path)
    assert "drugs-b.csv:2" in message and "drugs-a.csv:2" in message


def test_duplicate_form_that_is_also_shipped(tmp_path: Path) -> None:
    rows = "form,concept,kind\n索拉非尼,a,name\n索拉非尼,b,name\n"
    assert "drugs-mine.csv:3" in refused(write(tmp_path, "drugs-mine.csv", rows))


def test_the_same_cue_twice_in_a_folder(tmp_path: Path) -> None:
    # one form may be two cues, but each only once, in one file or in two
    write(tmp_path, "cues-a.csv", "form,cue\n想来,speculated\n想来,planned\n")
    load_patterns(tmp_path)
    write(tmp_path, "cues-b.csv", "form,cue\n想来,speculated\n")
    message = refused(tmp_path)
    assert "cues-b.csv:2" in message and "cues-a.csv:2" in message


def test_a_file_named_as_a_shipped_one_is_told_by_its_path(tmp_path: Path, shipped: Patterns) -> None:
    message = refused(write(tmp_path, "names.toml", RULE.replace(r"foo\d+", "foo(")))
    assert message.startswith(f"{tmp_path.as_posix()}/names.toml:5: ")
    assert all(r.source.startswith("trialmine/patterns/names.toml:") for r in shipped.rules["names"])


def test_the_line_of_a_bad_pattern_before_the_name(tmp_path: Path) -> None:
    second = "[[rule]]\npattern = 'foo('\nname = 'second'\nkind = 'skip'\nhit = ['a']\nmiss = ['b']\n"
    assert "/curator.toml:10: " in refused(write(tmp_path, "curator.toml", RULE + "\n" + second))


def test_a_form_of_the_folder_overrides_the_shipped_one(tmp_path: Path, shipped: Patterns) -> None:
    write(tmp_path, "drugs-mine.csv", "form,concept,kind\n索拉非尼,other,name\n")
    found = [e for e in load_patterns(tmp_path).lexicons["drugs"] if e.form == "索拉非尼"]
    assert [e["concept"] for e in found] == ["other"]
    assert len(load_patterns(tmp_path).lexicons["drugs"]) == len(shipped.lexicons["drugs"])


@pytest.mark.parametrize(
    ("rows", "line", "words"),
    [
        ("form,concept\n甲乙替尼,a\n", 1, "columns"),
        ("form,concept,kind,colour\n甲乙替尼,a,name,red\n", 1, "colour"),
        ("form,concept,kind\n甲乙替尼,a,name,more\n", 2, "cells"),
        ("form,concept,kind\n丙,b,name\n甲乙替尼,,name\n", 3, "concept is empty"),
        ("form,concept,kind\n甲乙替尼,a,medicine\n", 2, "medicine"),
    ],
)
def test_a_bad_row(tmp_path: Path, rows: str, line: int, words: str) -> None:
    message = refused(write(tmp_path, "drugs-mine.csv", rows))
    assert message.startswith(f"{tmp_path.as_posix()}/drugs-mine.csv:{line}: ")
    assert words in message


def test_no_such_folder(tmp_path: Path) -> None:
    assert "missing" in refused(tmp_path / "missing")


# ---------------------------------------------------------------- what is shipped


def test_every_shipped_rule_passes_its_examples(shipped: Patterns) -> None:
    assert sum(map(len, shipped.rules.values())) > 0
    assert all(r.hit and r.miss for rules in shipped.rules.values() for r in rules)
    assert check_examples(shipped) == []


def _concepts(patterns: Patterns, lexicon: str, script: str = "") -> set[str]:
    return {
        e["concept"]
        for e in patterns.lexicons[lexicon]
        if not script or regex.search(rf"\p{{{script}}}", e.form)
    }


def test_enough_drugs(shipped: Patterns) -> None:
    assert len(_concepts(shipped, "drugs")) >= 350
    assert len(_concepts(shipped, "drugs", "Han") & _concepts(shipped, "drugs", "Latin")) >= 350


def test_enough_regimens_and_procedures(shipped: Patterns) -> None:
    procedures = {e["concept"] for e in shipped.lexicons["procedures"] if e["kind"] == "procedure"}
    assert len(_concepts(shipped, "regimens")) + len(procedures) >= 60


def test_enough_outcomes_in_both_languages(shipped: Patterns) -> None:
    both = {
        concept
        for concept in _concepts(shipped, "outcomes", "Han")
        if any(
            e["concept"] == concept
            and regex.search(r"\p{Latin}", e.form)
            and not regex.search(r"\p{Han}", e.form)
            for e in shipped.lexicons["outcomes"]
        )
    }
    assert len(both) >= 120


def test_the_parts_of_a_regimen_are_known(shipped: Patterns) -> None:
    known = _concepts(shipped, "drugs") | _concepts(shipped, "procedures")
    parts = {p.strip() for e in shipped.lexicons["regimens"] for p in e["parts"].split(" + ")}
    assert parts - known == set()


EXPRESSIONS = [
    r"\ba", r"a\b", r"\b(?:a|1b)", r"\b(?:a|组)", r"\b(?:a|)b?", r"\b(?:a)?组", r"ab?\b", r"a?b?\b", r"\d+\b", r"\p{Latin}\b", r"(?:a|组)\b",
    r"\b[ab]", r"\b[^a]", r"\b(?i:A)", r"\b(?P<n>a|\d)", r"\b\d{0,2}", r"\b(?=组)", r"组\b", r"\b", r"a+\b组", r"(?<=组)\b", r"\b(?:(?:a|b)1|\d)\b", r"\b(?:[|)]|a)",
]  # fmt: skip


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_the_edge_of_a_word_in_an_expression(expression: str) -> None:
    r"""``\b`` is where one of two neighbours is a Latin letter, a digit or an underscore, whatever stands beside it."""
    word = r"[\p{Latin}\d_]"
    plain = regex.compile(expression.replace(r"\b", rf"(?:(?<!{word})(?={word})|(?<={word})(?!{word}))"))
    ours = Patterns().compile(expression)
    for text in map("".join, itertools.product("ab1组 ", repeat=4)):
        assert [m.span() for m in ours.finditer(text)] == [m.span() for m in plain.finditer(text)], text


def test_the_people_of_the_code_are_people_of_the_patterns(shipped: Patterns) -> None:
    noun = shipped.compile(r"\b(?:{{people_noun}})\b")
    assert [w for w in PEOPLE.split("|") if not noun.fullmatch(w)] == []
