"""Names are found whole, whatever they begin with and wherever a text ends."""

import itertools

from trialmine.find.lexicon import Hit, Lexicon, Name, forms
from trialmine.pipeline import Extractor
from trialmine.read.source import Source

_FORMS = ["ab", "abc", "abcd", "abcde", "abcdefg", "abcdxyz", "bcd", "fg", "Xyz"]


def test_the_longest_name_is_found_at_each_place() -> None:
    lexicon = Lexicon(forms((form, Name("drug", form)) for form in _FORMS))
    for text in (
        "abcdefg",
        "abcdef",
        "abcde",
        "abcd",
        "abc",
        "ab",
        "abcdxy",
        "abcdxyz",
        "(abcdefg)",
        "xyz",
        "XYZ",
    ):
        whole = [f for f in _FORMS if f.lower() in text.lower() and text.lower().strip("()") == f.lower()]
        found = [text[h.start : h.end] for h in lexicon.find(text)]
        assert [x.lower() for x in found] == [text.lower().strip("()")] if whole else found == []


def test_a_short_name_is_found_in_its_own_letters_only() -> None:
    base = Lexicon(
        forms([("MET", Name("drug", "met", cased=True)), ("metformin", Name("drug", "metformin"))])
    )
    page = Lexicon(forms([("NEW", Name("drug", "new", cased=True))]), base)
    for text, found in (
        ("MET", ["met"]),
        ("met", []),
        ("Metformin", ["metformin"]),
        ("NEW MET", ["new", "met"]),
    ):
        assert [h.name.concept for h in page.find(text)] == found


def test_names_side_by_side() -> None:
    lexicon = Lexicon(forms((form, Name("drug", form)) for form in _FORMS))
    for a, b in itertools.product(_FORMS, _FORMS):
        text = f"{a} {b}"
        assert lexicon.find(text) == [
            Hit(0, len(a), Name("drug", a)), Hit(len(a) + 1, len(text), Name("drug", b)),
        ]  # fmt: skip


def test_what_was_found_in_a_page_is_dropped_with_it() -> None:
    extractor = Extractor()
    names = extractor._linker.names
    counts = []
    for page in range(3):
        told = "".join(f"Drug {page}-{n} cured {n}% of all patients in a trial.\n\n" for n in range(11, 31))
        extractor.extract(Source.from_text(told))
        counts.append(len(names._kept))
    assert counts[0] and len(set(counts)) == 1, counts
