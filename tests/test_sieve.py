"""The first look at a text never loses a match, and does spare the work."""

from pathlib import Path

import pytest
import regex

from trialmine.core.lazy import Expression
from trialmine.core.needs import DIGIT, HAN, LATIN, needs
from trialmine.core.patterns import load_patterns
from trialmine.core.sieve import Sieve, Sieved
from trialmine.read.segment import segment

CORPUS = Path(__file__).parent.parent / "corpus"


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        ("ab", [[{"ab"}]]),
        ("ab|cd", [[{"ab"}], [{"cd"}]]),
        ("a(?:b|c)?d", [[{"ad", "abd", "acd"}]]),
        (r"x\s?=\s?\d", [[{"x=0", "x =0", "x= 0", "x = 0"}]]),
        (r"(?:ab|c\d+)e", [[{"abe", "0e"}, {"ab", "c0"}]]),
        (r"[Pp]=\d", [[{"P=0", "p=0"}]]),
        (r"\d{1,3}(?:\.\d+)?\s?mg", [[{"0mg", "0 mg"}]]),
        (r"HR(?:[^;]{0,9})\d", [[{"HR"}, {DIGIT}]]),
        (r"\p{Han}{2,}[a-z]", [[{HAN}, {LATIN}]]),
        (r"(?<!not )yes(?! no)", [[{"yes"}]]),
        (r"(?<=[a-c]\s?)\d(?=%)", [[{"a", "b", "c"}, {DIGIT}, {"%"}]]),
        (r"(?i)Straße", [[{"strasse"}]]),
        (r"(?P<n>ab){2}(?<m>c)+", [[{"abc"}]]),
        (r"a*b?[^c].", [[]]),
        (r"(a)\1|b", [[]]),
        (r"[a-z--b]c", [[]]),
        (r"[[ab]c]d", [[]]),
        (r"(?:ab){e<=1}", [[]]),
        (r"\babc\b$", [[{"abc"}]]),
        (r"\(\.\)", [[{"(.)"}]]),
    ],
)
def test_what_an_expression_needs(pattern: str, needed: list[list[set[str]]]) -> None:
    found = needs(pattern, regex.VERSION1)
    assert [sorted(map(sorted, branch)) for branch in found] == [sorted(map(sorted, b)) for b in needed]


@pytest.mark.parametrize(
    ("pattern", "text", "passes"),
    [
        (r"HR\s?\d", "HR 0.5", True),
        (r"HR\s?\d", "hr 0.5", False),
        (r"(?i:hr)\s?\d", "Hr 0.5", True),
        (r"(?i)kg|s\d", "5 KG", True),  # the Kelvin sign
        (r"(?i)straße", "STRASSE", True),
        (r"HR\s?\d", "HR", False),
        (r"(a)\1", "nothing", True),
        (r"\d\smg", "٣\u2003mg", True),  # any digit and white space
    ],
)
def test_what_passes(pattern: str, text: str, passes: bool) -> None:
    e = regex.compile(pattern, regex.VERSION1)
    assert list(Sieve([("it", e)]).passing(text)) == (["it"] if passes else [])
    assert passes or not e.search(text)


def test_a_sieved_expression_finds_what_it_finds_alone() -> None:
    e = Expression(r"HR\s?\d|\bp=")
    sieved = Sieved(e)
    for text in ("HR 2, HR 3", "p=0.5", "none", ""):
        assert [m.span() for m in sieved.finditer(text)] == [m.span() for m in e.finditer(text)]
        for where in ((), (1,), (0, 3)):
            for tried in ("search", "match"):
                told, alone = getattr(sieved, tried)(text, *where), getattr(e, tried)(text, *where)
                assert (told and told.span()) == (alone and alone.span())


def test_no_rule_loses_a_match() -> None:
    """Every rule, on its own examples and on the corpus; and most are spared."""
    patterns = load_patterns()
    rules = [r for group in patterns.rules.values() for r in group]
    sieve = Sieve((r.name, r.regex) for r in rules)
    texts = [t for r in rules for t in (*r.hit, *r.miss)]
    for file in sorted(CORPUS.glob("*-01.txt")):
        texts += [s.text for s in segment(file.read_text("utf-8"), patterns).sentences]
    tried = 0
    for text in texts:
        passing = set(sieve.passing(text))
        tried += len(passing)
        lost = [r.source for r in rules if r.name not in passing and r.regex.search(text)]
        assert not lost, (text, lost)
    assert tried < 0.4 * len(texts) * len(rules)


def test_a_run_within_a_repetition_takes_no_exponential_time(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(
        "[[rule]]\nname = 'run'\nkind = 'k'\npattern = 'a(?=(?:,b|[a-z]{0,6}?)*?!)'\nhit = ['aaa,b!']\nmiss = ['b!']\n",
        "utf-8",
    )
    (rule,) = load_patterns(tmp_path).rules["own"]
    assert rule.regex.search("a,bcd!").span() == (0, 1)
    assert rule.regex.search("a" * 60 + "?", timeout=5) is None
