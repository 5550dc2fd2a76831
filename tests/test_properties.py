"""Properties that hold for any text: folding never moves an offset, and every row quotes its text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from trialmine.pipeline import Extractor
from trialmine.read.fold import fold
from trialmine.read.source import Source

#: parts of reviews, clean and dirty; none is a sentence of a seed
FRAGMENTS = (
    "中位PFS为9.4个月",
    "（95%CI，6.1-12.8）",
    "(95% CI 0.49–0.77; P＜0.001)",
    "HR=0.64，",
    "ORR为38.2%（21/\n55）",
    "ORR 6. 1%（2/33）",
    "12. 5%（4/32）",
    "73(46%)对28(18%)",
    "组1至组3分别为7%、3%与0，",
    "第24周与第48周，",
    "与安慰剂组相比，恩扎卢胺组",
    "帕博利珠單抗組的完全緩解率為１８．５％（１０／５４）。",
    "$8 1 . 6 \\%$",
    "$95 \\%$ CI: $0 . 5 9 \\sim 0 . 9 6$",
    "$\\mathrm{HR}=0 . 5 8$",
    "$P \\leq 0 . 0 0 1$",
    "$5 \\leq x \\geq 3$",
    "10.2 &plusmn; 3.1",
    "P&lt;0.05",
    "&nbsp;&amp;&mdash;&#8211;&#x2264;",
    "hyper\u00adglycemia 11.4%",
    "中位OS未达到",
    "由11.3%降至6.7%",
    "median OS was 18.8 months versus 13.2 months",
    "(n = 1,293)",
    "6 792例",
    "O.79（O．6—0·9）",
    "Ⅱ期Ⅲ期研究［18］[3,5-8]",
    "**OS** 12个月，__DCR__ 71%",
    "[相关](https://example.org/a?b=98%25)",
    "![图](https://example.org/12.5%.png)",
    "{{ item.score }}%",
    "组2的48%患者😀🧬",
    "𠮷野家 3例（𝟙𝟚%）",
    "\ufeff\u200b\u2060",
    "缩减了1/3，延长5.2个月",
    "KEYNOTE-826研究（NCT03635567）纳入617例",
    "\n\n参考文献\n[1] Li A, et al. Title[J]. J, 2020, 1(2): 3-9.\n",
    "# 标题\n",
    "| 组 | ORR |\n|---|---|\n| A | 41% |\n",
    "Ｐ＝０．０３２",
    "−12.4%（−15.1～−9.7）",
    "8·9个月",
    "p=5.5×10⁻⁴",
    "。", "，", "\n", "\r\n", "\r", "\t", " ", "\u3000", "\u2028", "\x00", "\x0b",
)  # fmt: skip
JUNK = st.text(
    st.one_of(
        st.sampled_from("0123456789.%,()[]{}$\\&;<>=-~/ \n"),
        st.sampled_from("０９．％（）＜＝～∶·—₂⁻²Ⅻ個週組與㎎µİßﬁ…①"),
        st.characters(exclude_categories=("Cs",)),
    ),
    max_size=8,
)
#: cells of tables that only blanks make
CELLS = (
    "Trial", "Arm", "n", "ORR", "PFS (mo)", "组别", "例数", "治疗前", "治疗后12周", "P值", "0.56", "8.6±0.9", "<0.001", "15%", "113 (41)",
    "Nivolumab", "观察组(A+B)", "placebo", "(338)", "..", "NR", "wk 24", "HR (95% CI)", "0.79 (0.66–0.95)", "", "|", "----------", "表1 比较",
)  # fmt: skip
LINE = st.tuples(
    st.integers(0, 12),
    st.sampled_from((" ", "  ", "   ", "\t")),
    st.lists(st.sampled_from(CELLS), min_size=1, max_size=7),
).map(lambda x: " " * x[0] + x[1].join(x[2]))
TEXTS = st.one_of(
    st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.sampled_from(FRAGMENTS), JUNK), max_size=14).map(
        "".join
    ),
    st.lists(LINE, min_size=2, max_size=9).map("\n".join),
)


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


@given(TEXTS)
@example("$5 \\leq x \\geq 3$")
@example("a&lt;b&hellip;c")
@settings(max_examples=400, deadline=None)
def test_folding_keeps_a_map(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    for start, end in zip(folded.starts, folded.ends, strict=True):
        assert 0 <= start < end <= len(text)


@given(TEXTS)
@example("$5 \\leq x \\geq 3$")
@example("$\\geq 3 0 \\%$")
@example("$1 0 \\sim 2 0 \\leq x$ &alpha;a Ⅲ \\(0 . 5 \\pm 0 . 1\\) (P ＋ or = 3)")
@settings(max_examples=400, deadline=None)
def test_folding_never_moves_an_offset_back(text: str) -> None:
    # then a span holds every character that it was made from
    folded = fold(text)
    assert all(a <= b for a, b in pairwise(folded.starts))
    assert all(a <= b for a, b in pairwise(folded.ends))


@given(TEXTS, st.integers(0, 300), st.integers(0, 300))
@settings(max_examples=400, deadline=None)
def test_a_span_maps_back_into_the_text(text: str, first: int, second: int) -> None:
    folded = fold(text)
    n = len(folded.text)
    a, b = sorted((first % (n + 1), second % (n + 1)))
    start, end = folded.span(a, b)
    assert 0 <= start <= end <= len(text)
    assert (start < end) == (a < b)
    for i in range(a, b):
        # a digit that stands for one character stands for a digit (0 may stand for an O, 1 for an l or I)
        if folded.text[i] in "123456789" and folded.ends[i] - folded.starts[i] == 1:
            printed = text[folded.starts[i]]
            assert printed.isnumeric() or (folded.text[i] == "1" and printed in "lIｌＩ")


@given(TEXTS)
@example("")
@example("\x00" * 40)
@example("😀HR=0.64，中位PFS为9.4个月（95%CI，6.1-12.8）😀，P＜0.001。")
@settings(max_examples=200, deadline=None)
def test_every_row_quotes_its_text(extractor: Extractor, text: str) -> None:
    tables = extractor.extract(Source.from_text(text))
    for row in [*tables.rows["measurements"], *tables.rows["analyses"]]:
        assert 0 <= row.start < row.end <= len(text)
        assert text[row.start : row.end] == row.quote
        assert row.interval_quote in text
        assert getattr(row, "p_quote", "") in text
    for mention in tables.rows["mentions"]:
        assert 0 <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.text


@pytest.mark.parametrize("prefix", ["", "😀🧬𠮷", "\ufeff", "&nbsp;", "\u00ad\u00ad", "\r\n\r\n"])
def test_offsets_hold_after_anything(extractor: Extractor, prefix: str) -> None:
    # the property above would also hold for a program that finds nothing
    text = prefix + "与安慰剂相比，恩扎卢胺组中位PFS为9.4个月（95%CI，6.1-12.8），HR=0.64，P＜0.001。"
    tables = extractor.extract(Source.from_text(text))
    (measurement,) = tables.rows["measurements"]
    (analysis,) = tables.rows["analyses"]
    assert (measurement.quote, measurement.start) == ("9.4个月", text.index("9.4"))
    assert (analysis.quote, analysis.p_quote, analysis.start) == ("0.64", "0.001", text.index("0.64"))
    assert "6.1-12.8" in measurement.interval_quote
