"""Folding: a tidied copy of a dirty text for matching, with a map back to the original's offsets.

``fold(text).text`` has half-width letters, simplified characters, one kind of dash, no mark-up, no
line breaks inside a sentence and no spaces next to Chinese; ``span(a, b)`` gives the original's
``[start, end)`` for the folded ``[a, b)``. Nothing in the original is ever changed.
"""

from __future__ import annotations

import html
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from trialmine.core.lazy import Expression
from trialmine.core.words import PEOPLE
from trialmine.read.aligned import GAP, columns

CJK = r"\p{Han}"
#: tells the offsets in a stretch of a text at which words start and end (``Tokenizer.edges``)
Edges = Callable[[str, int, int], set[int]]
_CJK_SIDE = r"\p{Han}，。、；：？！“”‘’（）《》【】"


@dataclass(slots=True)
class Folded:
    """A folded text: ``starts[i]``/``ends[i]`` are the original offsets of folded character i."""

    text: str
    starts: array[int]
    ends: array[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Original offsets of the folded span (end exclusive; an empty span stays empty)."""
        if start >= end:
            at = self.starts[start] if start < len(self.starts) else (self.ends[-1] if self.ends else 0)
            return at, at
        return self.starts[start], self.ends[end - 1]

    def replace(self, pattern: Any, new: Callable[[Any], str | None]) -> None:
        """Replace each match by ``new(match)`` (None keeps it); the map follows.

        A character that also stands in the match keeps its own offsets, as long as the order allows it; what is
        new between two of those takes all that stood between them (or, where nothing did, the one before). So
        neither starts nor ends ever go back, and a span holds every character that it was made from.
        """
        pieces: list[str] = []
        starts, ends = array("I"), array("I")
        last = 0
        changed = False
        for match in pattern.finditer(self.text):
            a, b = match.span()
            repl = new(match)
            if repl is None or repl == self.text[a:b]:
                continue
            changed = True
            pieces.append(self.text[last:a])
            starts += self.starts[last:a]
            ends += self.ends[last:a]
            at = a
            new_ones = 0
            for char in [*repl, ""]:
                found = self.text.find(char, at, b) if char else b
                if found < 0:
                    new_ones += 1
                    continue
                if new_ones:
                    x, y = (at, found) if at < found else (at - 1, at) if at > a else (at, at + 1)
                    starts.extend([self.starts[x]] * new_ones)
                    ends.extend([self.ends[y - 1]] * new_ones)
                    new_ones = 0
                if char:
                    starts.append(self.starts[found])
                    ends.append(self.ends[found])
                    at = found + 1
            pieces.append(repl)
            last = b
        if changed:
            pieces.append(self.text[last:])
            starts += self.starts[last:]
            ends += self.ends[last:]
            self.text = "".join(pieces)
            self.starts, self.ends = starts, ends


@cache
def _table() -> dict[int, str]:
    """One character to one character: widths, dashes, marks, traditional to simplified."""
    import opencc

    table = {c: chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F) if chr(c) not in "，；：？！（）"}
    han = [chr(c) for c in range(0x4E00, 0xA000)]
    simple = opencc.OpenCC("t2s").convert("\n".join(han)).split("\n")
    table |= {ord(a): b for a, b in zip(han, simple, strict=True) if a != b and len(b) == 1}
    for chars, to in (
        ("–—−‐‑‒―─﹣", "-"),
        ("～〜∼˜", "~"),
        ("∶：", ":"),
        ("（﹙", "("),
        ("）﹚", ")"),
        ("［【〔", "["),
        ("］】〕", "]"),
        ("，﹐", ","),
        ("；", ";"),
        ("！", "!"),
        ("？", "?"),
        ("％﹪", "%"),
        ("＜﹤〈", "<"),
        ("＞﹥〉", ">"),
        ("⩽≦⩾≧", "≤"),
        # signs whose font a PDF has lost: P⫽0.009, 12⫾3, PϽ.001
        ("⫽ϭ\uf03d", "="),
        ("⫾Ϯ\uf0b1", "±"),
        ("⬍Ͻ\uf03c", "<"),
        ("⬎Ͼ\uf03e", ">"),
        ("ⱕՅ\uf0a3", "≤"),
        ("ⱖՆ\uf0b3", "≥"),
        ("⫺Ϫ\uf02d", "-"),
        ("⫹ϩ\uf02b", "+"),
        ("⫻ϫ\uf0b4", "×"),
        ("␮\uf06d", "μ"),
        ("␣\uf061", "α"),
        ("␤\uf062", "β"),
        ("␥\uf067", "γ"),
        ("µ", "μ"),
        # letters of other scripts that look like Latin ones: Ι²=0%, Р<0.05
        *zip("ΕΖΗΙΚΜΝΟΡΤΥВЕКМНОРСТХаеорсх", "EZHIKMNOPTYBEKMHOPCTXaeopcx", strict=True),
        (
            "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\x0b\x0c",
            " ",
        ),
        ("\u2028\u2029\x85", "\n"),
        ("“”„‟＂「」『』﹁﹂", '"'),
        ("‘’＇", "'"),
    ):
        table |= {ord(c): to for c in chars}
    table |= {ord("⩾"): "≥", ord("≧"): "≥"}
    return table


_ROMAN = {
    chr(0x2160 + i): r
    for i, r in enumerate(["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"])
}
_SUPER = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺₀₁₂₃₄₅₆₇₈₉", "0123456789-+0123456789")
#: an entity, and the sign of a p-value that has lost the mark before it: Plt;0.05
_ENTITY = Expression(
    r"&(?:[a-zA-Z]{2,8}|#\d{2,5}|#x[0-9a-fA-F]{2,4});|(?<=(?<![\p{Latin}])[Pp]\s?)[lg]t;(?=\s?0?\.\d)"
)
_INVISIBLE = Expression(r"[\u00ad\u200b-\u200f\u2060\ufeff\u202a-\u202e\x00-\x08\x0e-\x1f]+|\r(?=\n)")
_RETURN = Expression(r"\r")
#: a line break or tab as programs print it, in a text that was cut out of one
_ESCAPED = Expression(r"(?<!\\)\\([nrt])(?![a-z])")
#: where a program goes on with a text on its next line: "…发生" + "率为…"
_CONCATENATED = Expression(
    r"(?<=[^\s\"'+,:\[({])(?P<q>[\"'])[ \t]{0,8}(?:\+[ \t]{0,8}\n[ \t]{0,80}|\n[ \t]{1,80}(?:\+[ \t]{0,8})?)(?P=q)(?=[^\s\"',:\])}])"
)
#: Markdown's way to print a ~ between two numbers
_ESCAPED_TILDE = Expression(r"(?<=[\d%$] ?)\\~(?= ?[\d$])")
_ESCAPED_BRACKET = Expression(r"\\([\[\]])")
_MATH = Expression(r"\$[^$\n]{1,200}\$|\\\([^\n]{1,200}?\\\)")
#: raised numbers behind a word, a stop or a per cent sign: citations, no powers (10^{9}, m^{2}) and no isotopes
_RAISED_NUMBERS = r"\s?(?P<n>[1-9]\d{0,2}(?:\s?[,\-~]\s?[1-9]\d{0,2}){0,6})\s?"
_CITED = Expression(
    r"(?=[$<^]|\n<)(?<=[\p{Han}%)\].,;:。、\"”]\s?|\p{Latin}{4}\s?|(?:%|\d\s?\)?)\s?\$\s{0,2}|\d\.\d{1,5}(?=<))(?<!\d\.\s?)\n?"
    rf"(?:\$\s?(?:\{{\s?\}}\s?)?\^\s?\{{{_RAISED_NUMBERS}\}}\s?\$|<sup>(?:<a\s[^<>\n]{{0,300}}>)?\[?{_RAISED_NUMBERS}\]?(?:</a>)?</sup>|\^{_RAISED_NUMBERS}\^)(?!\p{{Latin}})"
)
#: raised letters and signs: marks of footnotes
_FOOTNOTE = Expression(
    r"(?:\n(?=<sup>[^<\n]{1,12}</sup>\s\p{Ll}))?<sup>\s?(?:[a-z]|[*†‡§¶‖#]{1,3})(?:\s?,\s?[a-z]){0,4}\s?</sup>"
)
#: the same where a page has lost that they are raised: 缓解率为66%。149在…人群中
_LOST_RAISED = Expression(
    r"(?<=[\p{Han}%)\]]。)(?P<n>[1-9]\d{0,2}(?:[,\-][1-9]\d{0,2}){0,4})(?=(?:在|对|与|该|此|其|而|但|同样|另|研究|结果|一项|这|本)|"
    r"\p{Lu}[\p{Latin}-]{1,14}(?:治疗|组|方案|研究|试验)|I{1,3}期)"
)
_COMMANDS = {
    "sim": "~", "pm": "±", "leq": "≤", "le": "≤", "leqslant": "≤", "geq": "≥", "ge": "≥", "geqslant": "≥",
    "times": "×", "mu": "μ", "alpha": "α", "beta": "β", "gamma": "γ", "kappa": "κ", "lambda": "λ", "chi": "χ",
    "approx": "≈", "lt": "<", "gt": ">", "cdot": "·", "sim=": "~", "rightarrow": "→", "to": "→", "beta_": "β",
    "Delta": "Δ", "delta": "δ", "circ": "°", "sigma": "σ", "downarrow": "↓", "uparrow": "↑", "bar": "", "prime": "'",
    "textless": "<", "textgreater": ">",
}  # fmt: skip
#: what recognition makes of "vs" in a formula, and of a style's name
_VERSUS = Expression(r"[ ~]*\\nu ?(?:\\mathrm *\{ *)?s(?![A-Za-z])[ ~]*")
_COMMAND = Expression(
    r"(?<![A-Za-z])(?:script|display|text)style\s?|\\([A-Za-z]+)\*?\s?|\\([%&#_{}$ ,;!:])|[{}^$]|_(?= ?[{(])|\\[()]|(?<=[\d.%]) +(?=[\d.%])| +"
)
#: a degree sign that recognition makes of the ring of a per cent sign
_DEGREE_PERCENT = Expression(r"\^? ?° ?(?=%)")
#: a bracket that OCR gives twice, once in the text and once in its formula
_TWICE = Expression(r"\([ ]*(\([^()\n]{1,80}\))(?=[^()\n]*(?:[\n(]|$))")
_IMAGE = Expression(r"!\[[^\]\n]{0,200}\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)")
_LINK = Expression(
    r"\[((?:[^\[\]\n]|\[[^\[\]\n]{0,80}\]){1,400})\]\((?:https?:|/|#|mailto:|"
    r"www\.)[^()\s]*(?:\s+\"[^\"\n]*\")?\)"
)
_URL = Expression(r"https?://[A-Za-z0-9./?=&%#_~:+@!$'*,;-]+|www\.[A-Za-z0-9./?=&%#_~:-]+")
_BOLD = Expression(
    r"\*{2,3}|__(?=\S)|(?<=\S)__|</?(?:b|i|em|strong|sup|sub|span|p|br|div)(?:\s[^<>\n]{0,100})?/?>"
)
#: an anchor, whose attributes are no words of the text
_ANCHOR = Expression(r"</?a(?:\s[^<>\n]{0,400})?>")
#: the end of a heading or of a list's item
#: the last word of one cell to which a table printed as text has tied the next one: ``of the placebo groupClinical remission at``
_RUN_TOGETHER = Expression(r"(?<![\p{L}\d-])\p{Ll}{4,24}(?=\p{Lu}\p{Ll}{3,24} (?:\p{Ll}|\d))")
_BLOCK = Expression(r"</?(?:h[1-6]|li|ul|ol|blockquote)(?:\s[^<>\n]{0,200})?>")
_RAISED = Expression(r"(?<=10)[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+|(?<=(?<!\p{L})(?:[χΧI]|[cm]?m))[²³]")
_POINT = Expression(r"(?<=\d)[·•‧．・](?=\d)")
#: capitals of the word that sets two numbers or groups against each other: 64% VS 48%
_CAPITAL_VERSUS = Expression(
    r"(?<=[\d%)\]\p{Han}] ?|\p{Latin} )V[Ss](?=\. ?[\d\p{Han}]| ?[\d\p{Han}(]| ?[-−+]\d|\.? \p{Latin})|"
    r"(?<=[\d%)\]月周天年] ?)(?:vS|[Uu][Ss])(?=\.? ?[(\[]?-?\d)"
)
#: the lower stroke of an equals sign that a scan has lost: OR＾2.31
_OCR_EQUAL = Expression(r"(?<=(?<![\p{L}\p{N}])(?:[HOR]R|[Pp]) ?)\^(?= ?\d+\.\d)")
#: a range's ~ that the conversion of a page has raised: 95%CI:10^23
_RAISED_RANGE = Expression(
    r"(?<=CI ?[:=]? ?-?\d{1,4}(?:\.\d{1,3})?)\^(?=-?\d)|(?<=\d\.\d{1,3})\^(?=-?\d{1,3}\.\d)"
)
#: a raised 2 that the conversion of a page has put in brackets: I [2 ] = 0%
_SQUARED = Expression(r"(?<=(?<!\p{L})I ?)\[2 ?\](?= ?[=<>≤(])")
_OR_EQUAL = Expression(r"[<>] ?or ?=|(?<=\d ?)\+ ?(?:or ?|/)?[-−](?= ?\d)")
#: a word that sets two numbers against each other, printed without a space before the second one
_VERSUS_GLUED = Expression(
    r"(?<![\p{Latin}-])[vV][sS]\.?(?=\d|[(\[]\d)|(?<=\d ?(?:d|h|min|s|w|mL|ml|mm|cm|g|mg|L|kg|mmol/L|mg/dL|g/L|IU/mL))vs\.?(?= ?\d)"
)
#: what closes a number, so that a letter before it is a digit
_CLOSES_NUMBER = r"(?:[\dOo]{0,2}(?:\.[\dOolI]{1,3})?\s?(?:%|个?月|周|年|天|例|mmHg|months?\b|weeks?\b|years?\b|[-~]\s?\d)|\.\d)"
#: the digits of a number before a letter that is one of them (no H2O, no N2O)
_WITHIN_NUMBER = r"(?<=(?<![\p{Latin}\d.])\d[\dOo]{0,2}(?:\.[\dOo]{0,2})?)"
#: a letter O for a 0: O.79, 1O.5%, 2O%, 0.5O-0.91
_OCR_ZERO = Expression(
    r"(?<![A-Za-z\d])[Oo](?=\.\d)|(?<=\d\.)[Oo](?=\d)|(?<=\d\.\d)[Oo](?=[\d%,;)\s])|"
    rf"{_WITHIN_NUMBER}[Oo](?={_CLOSES_NUMBER})"
)
#: a letter l or I for a 1: l2.5%, 6l.2%, 1I%
_OCR_ONE = Expression(
    rf"{_WITHIN_NUMBER}[lI](?={_CLOSES_NUMBER})|(?<![\p{{Latin}}\d.-])[lI](?=\d{{0,2}}\.\d{{1,2}}\s?(?:%|个?月))"
)
_BULLET = Expression(
    r"[ ]*(?:[-*+•●·▪◆]\s|\#{1,6}\s|>\s|\||\(?\d{1,2}[.、)](?!\s?\d)|[①-⑳]|"
    r"[一二三四五六七八九十]{1,3}、|\[\d{1,3}\]\s?\p{L}|(?:表|图|Table|Fig(?:ure|\.)?)\s?\d)"
)
_STOPS = "。!?.…|"
_ENDS = _STOPS + ";:"


_TIE = Expression(r"\$[^$\n~]{0,200}~[^$\n]{0,200}\$")
_TIED = Expression("\x1f")
_ANY_TIE = Expression("~")
#: where the text has no sign for a range in its formulas, a ~ between two numbers may be one
_WORD_TIE = Expression(r"(?<!\d ?)~|~(?! ?[-+]?\d)")
#: italics around a short word: _p_, *P*, *BRCA1*
_ITALIC = Expression(
    r"(?<![\p{L}\p{N}_\\])_(?=[\p{L}\d-]{1,12}_(?![\p{L}\p{N}]))|"
    r"(?<=(?<![\p{L}\p{N}_])_[\p{L}\d-]{1,12})_(?![\p{L}\p{N}])|"
    r"(?<![\p{L}\p{N}*)])\*(?=\p{L}[\p{L}\d-]{0,11}\*(?!\*))|"
    r"(?<=(?<![\p{L}\p{N}*])\*\p{L}[\p{L}\d-]{0,11})\*(?!\*)"
)
#: a word broken off at the end of a line; words that keep their hyphen are left to :func:`_glue`
_HYPHEN = Expression(
    r"(?<=(?<!\p{L})(?!(?:follow|long|short|non|placebo|double|single|open|progression|disease|event|"
    r"relapse|recurrence|metastasis|failure|first|"
    r"second|third|fourth|one|two|three|four|log|dose|high|low|mid|well|self|time|end|health|quality|"
    r"intention|per|anti|week|month|year|day|pre|post|"
    r"co|multi|sub|up|cross|head|treatment|drug|hormone|platinum|all|cancer|life|half|"
    r"non)-)\p{Ll}{2,})-(?=[ ]*\n[ ]*\p{Ll}{2})"
)
#: stands for the hyphen of a word broken off at a line's end (folding leaves no other)
_BROKEN = "\u2010"
_BROKEN_MARK = Expression(_BROKEN)


def _unlinked(match: Any) -> str:
    """Nothing, or a space between two numbers."""
    before, after = (
        match.string[match.start() - 1 : match.start()],
        match.string[match.end() : match.end() + 1],
    )
    return " " if before and before in "0123456789%" and after.isdigit() else ""


def _math(match: Any) -> str:
    return str(
        _COMMAND.sub(lambda m: _COMMANDS.get(m[1], "") if m[1] else (m[2] or "").strip(), match.group())
    )


def fold(text: str, edges: Edges | None = None) -> Folded:
    """Fold a text for matching. ``len(folded.text) == len(folded.starts) == len(folded.ends)``.

    ``edges`` tells the words of a Chinese text; without it no word is put together over a line's end.
    """
    n = len(text)
    folded = Folded(text.translate(_table()), array("I", range(n)), array("I", range(1, n + 1)))
    if len(folded.text) != n:  # a table may only map one to one
        raise AssertionError("folding moved an offset")
    if "&" in text or "t;" in text:
        folded.replace(
            _ENTITY, lambda m: html.unescape(f"&{m.group().removeprefix('&')}").translate(_table())
        )
    folded.replace(_INVISIBLE, lambda m: "")
    if "\r" in folded.text:
        folded.replace(_RETURN, lambda m: "\n")
    if '"' in text or "'" in text:
        folded.replace(_CONCATENATED, lambda m: "")
    if "\\" in text:
        folded.replace(_ESCAPED, lambda m: "\n" if m[1] == "n" else " ")
        folded.replace(_ESCAPED_TILDE, lambda m: "~")
        folded.replace(_ESCAPED_BRACKET, lambda m: m[1])
    if "^" in text or "<sup>" in text:
        folded.replace(_FOOTNOTE, lambda m: "")
        folded.replace(_CITED, lambda m: f"[{m['n'].replace(' ', '')}]")
    if len(_LOST_RAISED.findall(folded.text)) > 1:
        folded.replace(_LOST_RAISED, lambda m: f"[{m['n']}]")
    if "$" in text or "\\(" in text:
        folded.replace(_VERSUS, lambda m: "对")
        ties = _ANY_TIE if "\\sim" in text else _WORD_TIE  # a formula's bare ~ is a space that doesn't break
        folded.replace(_TIE, lambda m: ties.sub("\x1f", m.group()))
        folded.replace(_MATH, _math)
        folded.replace(_TIED, lambda m: " ")
        folded.replace(_DEGREE_PERCENT, lambda m: "")
        folded.replace(_TWICE, lambda m: m[1])
    if "_" in text:
        folded.replace(_LOWERED, lambda m: "")
    folded.replace(_PINYIN, lambda m: "")
    if "](" in folded.text:
        folded.replace(_IMAGE, lambda m: "")
        folded.replace(_LINK, lambda m: m[1])
    if "://" in folded.text or "www." in folded.text:
        folded.replace(_URL, lambda m: "")
    if "<" in text:
        folded.replace(_BLOCK, lambda m: "\n")
        folded.replace(_ANCHOR, _unlinked)
    if any(c in folded.text for c in "*_<"):
        folded.replace(_BOLD, lambda m: "")
        folded.replace(_ITALIC, lambda m: "")
    if len(set(_RUN_TOGETHER.findall(folded.text))) > 2:
        folded.replace(_RUN_TOGETHER, lambda m: f"{m.group()}. ")
    folded.replace(_ROMANS, lambda m: _ROMAN[m.group()])
    folded.replace(_RAISED, lambda m: m.group().translate(_SUPER))
    if "人" in text:
        folded.replace(_IN, lambda m: "入")
    folded.replace(_POINT, lambda m: ".")
    folded.replace(_OCR_ZERO, lambda m: "0")
    folded.replace(_OCR_ONE, lambda m: "1")
    folded.replace(_CAPITAL_VERSUS, lambda m: "vs")
    folded.replace(_OCR_EQUAL, lambda m: "=")
    folded.replace(_RAISED_RANGE, lambda m: "~")
    folded.replace(_SQUARED, lambda m: "2")
    folded.replace(_OR_EQUAL, lambda m: {"<": "≤", ">": "≥", "+": "±"}[m.group()[0]])
    folded.replace(
        _VERSUS_GLUED, lambda m: " " * m.string[m.start() - 1 : m.start()].isalpha() + m.group() + " "
    )
    folded.replace(_HYPHEN, lambda m: _BROKEN)
    if pipes := columns(folded.text):
        folded.replace(GAP, lambda m: pipes.get(m.start()))
    if "[" in text:
        folded.replace(_SPACED_CITATION, lambda m: "")
    _join_lines(folded, edges)
    folded.replace(_BROKEN_MARK, lambda m: "")
    if _LETTER_SPACED.search(folded.text):
        folded.replace(_SPACED_OUT, _closed_up)
    folded.replace(_SPACE_CJK, lambda m: "")
    if len(_HAN.findall(folded.text)) * 8 > len(folded.text):
        folded.replace(_SPACED_UNIT, lambda m: m[1])
        folded.replace(_SPACED_NUMBER, lambda m: m.group().replace(" ", ""))
    else:
        folded.replace(_SPACED_DECIMAL, lambda m: m.group().replace(" ", ""))
        folded.replace(_THOUSANDS, lambda m: m.group().replace(" ", ""))
    folded.replace(_SPACED_MINUS, lambda m: "-")
    if "cent" in folded.text:
        folded.replace(_PERCENT, lambda m: "%")
    folded.replace(_QUOTED_GROUP, lambda m: m["n"])
    folded.replace(_ZERO_POINT, lambda m: m.group().replace(" ", ""))
    folded.replace(_BLANKS, lambda m: " ")
    folded.text = _ENDLESS.sub(lambda m: "□" * len(m.group()), folded.text)
    return folded


#: what no step after the translation of single characters changes
_PLAIN = Expression(r"[\p{Han}A-Za-z\d-]*")


def fold_words(text: str) -> str:
    """``fold(text).text``, and much faster where the text is a word or two without marks."""
    folded = text.translate(_table())
    return folded if _PLAIN.fullmatch(folded) else fold(text).text


_ROMANS = Expression("[Ⅰ-Ⅻ]")
#: a unit that a page's letters have come apart in: (353.2±48.4)m L
_SPACED_UNIT = Expression(r"(?<=[\d)] ?)([mμukdn]) (?=(?:L|g|mol|Pa|m|Gy|IU)(?![\p{Latin}\p{Han}]))")
#: a lowered number: FEV_1, PaO_2
_LOWERED = Expression(r"(?<=\p{Latin})_(?=\d)|(?<=\p{Latin})_\{(?=\d{1,2}\})|(?<=\p{Latin}_\{\d{1,2})\}")
#: how a character is spoken, as some pages print it behind the traditional one: 手術(shù)
_PINYIN = Expression(
    r"(?<=\p{Han})\([a-z]{0,5}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]{0,5}\)"
)
#: 人 that a page's letters have been read as for 入
_IN = Expression(
    r"(?<=[纳介植置吸摄嵌侵插输])人(?=\p{Han}|\d|[,。;、:()])(?!员|口|士|群|工|民|体|才|类|次|均)|(?<![一两二三四五六七八九十\d本他家病老成个每某候])人(?=选标准|选患者|选的|选及|选和排|院[后时前]|院治疗|组后|组患者|组标准)|(?<=共纳|均纳)人"
)
#: the marks around the name that a group is called by: “双艾”组
_QUOTED_GROUP = Expression(r'"(?P<n>[\p{Han}\p{Latin}\d+/-]{1,12})"(?=(?:治疗|联合)?组(?![合织成]))')
_HAN = Expression(CJK)
_SPACE_CJK = Expression(
    rf"(?<=[{_CJK_SIDE}]) +(?=\S)|(?<=\S) +(?=[{_CJK_SIDE}])|(?<=[(\[<>=≤≥~±]) +(?=[\d(\[.])|"
    rf"(?<=\d) +(?=[%)\]])"
)
_SPACED_NUMBER = Expression(
    r"(?<![\d.])\d{1,4}\. \d{1,3}(?!\d|[.、])|(?<![\d.])\d{1,3} \.\d+|(?<![\d.]|\d,)\d{1,3}(?: \d{3})+(?!\d)"
)
#: the same right behind a Chinese word, in a text of few of them: ``PFS为9. 4%``
#: a minus apart from its number: ``decreased by - 15.2``, ``(- 0.4``
_SPACED_MINUS = Expression(
    r"(?<=[(\[=]|[,;:=]\s|\b(?:was|were|of|by|to|and|versus|vs\.?|than)\s)-\s(?=\d{1,3}\.\d)"
)
#: what parts a citation from the stop before it or from the next one: ``was rare. [6][,][20] Fever``
_SPACED_CITATION = Expression(
    r"(?<=[\p{L}\d)\]%]\.) (?=\[\d{1,3}(?:[,\-~ ]{1,2}\d{1,3}){0,6}\](?:\[|\s+[\p{Lu}(]|\s*$))|(?<=\d\])\[[,\-;]\](?=\[\d)"
)
#: the sign in words: ``12 percent``, ``95 per cent confidence interval``
_PERCENT = Expression(r"(?<=\d) ?per ?cent(?![\p{Latin}-]| points?\b)")
_SPACED_DECIMAL = Expression(r"(?<=\p{Han})\d{1,3}\. \d{1,2}(?!\d|[.、])")
#: a space for the thousands, in English only where people or their share follow: 14 332 [61%] of 23 364 participants
_THOUSANDS = Expression(
    r"(?<![\d.,-]|\d )(?<!\b(?:[Gg]roup|[Aa]rm|[Cc]ohort|[Tt]able|[Ff]igure|[Pp]hase|[Dd]ay|[Ww]eek|[Mm]onth|[Yy]ear|[Ss]tage|[Tt]ype|[Gg]rade|[Ss]tudy|[Tt]rial) )"
    rf"\d{{1,3}}(?: \d{{3}})+(?!\d|[.,]\d)(?= ?(?:[\[(]\d|of \d|out of \d|[)\]]| (?:\p{{Ll}}[\p{{Ll}}-]* )?(?:{PEOPLE}|deaths|events|cases|person)))"
)
_ZERO_POINT = Expression(r"(?<![\d.])0 ?\. ?\d+(?: \d{1,2}(?=[%),;和与及、]))?")
_LETTER_SPACED = Expression(r"\p{Han} \p{Han} \p{Han} \p{Han} \S(?!\S)")
#: single characters with a space between each two: a line that is spaced out over its width
_SPACED_OUT = Expression(r"(?<!\S)\S(?: \S(?!\S)){6,}+")
#: more digits than any number has: rules would try each of them as a number's beginning and end
_ENDLESS = Expression(r"\d{31,}|\d{1,3}(?:,\d{3}){10,}")
_BLANKS = Expression(r" {2,}")
#: display columns of the widest printed line of a page; a longer one is a paragraph
_WIDEST = 140
_OPEN = Expression(r"\([^()\n]{0,40}$")
_CLOSES = Expression(r"[^()\n]{0,40}\)")
_NUMBER_GOES_ON = Expression(r"[%.]|\d")
_BESIDE_CJK = Expression(rf"[{_CJK_SIDE}]")
_BREAK = Expression(r"[ ]*\n[ \n]*")
#: a number that may go on behind a break, told by the word before it; the rest of a number with its unit
_OPEN_NUMBER = Expression(
    r"(?:[为是达到至约近对、和与率期]|\b(?:was|were|is|of|to|and|vs\.?|with|about)\s)\s?(?P<n>\d{1,3})(?P<point>\.)?$"
)
_REST_OF_NUMBER = Expression(
    r"(?P<n>\d{1,2})(?:\.\d{1,2})?\s?(?:(?P<percent>%)|(?:个?月|周|年|天)|(?:months?|weeks?|years?|days?)\b)"
)
#: a number without its unit, or with half of it, behind a word; the rest of the unit
_NO_UNIT = Expression(r"[^\s\d.,].*\d\s?(?P<half>个)?$")
_UNIT = Expression(r"(?P<half>月|周|星期)|个(?:月|周|星期)|(?:天|年|例|%|mm ?Hg)(?=[,;。、()和与及vV]|\s*$)")
_BARE_UNIT = Expression(r"[月周](?=[,;。、()和与及vV]|\s*$)")
#: a word that neither a sentence nor a heading ends with; one that none begins with
_NO_END = Expression(
    r"(?:(?<!目)的|(?<!行)为|(?<!参)与|(?<![饱缓])和|(?<![存现潜])在|(?<!表)达|(?<!合)并|[及于或是至被而且]|"
    r"(?<=\p{Ll} )(?:was|were|is|are|of|to|and|with|the|an?|in|for|by|than|or|vs|from|on|at))$"
)
_NO_START = Expression(
    r"[的了]\p{Han}|(?:分别)?(?:为|是|达)(?:约|近)?\d|(?:达到|高于|低于|优于|劣于|长于|短于)"
)
#: a sentence's end with what it cites
_CITED_STOP = Expression(r"[。!?.](?:\[\d[\d,\-~ ]*\])+$")
_SMALL = Expression(r"[\p{Ll},]$")
#: a line of prose that no mark ends
_PROSE_OPEN = Expression(r"^(?!#)(?:[^\s]+ ){6,}[^\s]*[\p{Ll},]$")
_SMALL_WORD = Expression(r"\p{Ll}{2,}[ ,]")


#: a line that opens with a label and the number it is of: ``Patients without prior failure: 35% vs 9%``
_LABELLED = Expression(
    r"[ ]*(?:(?=\p{Lu})(?:[\p{Latin}\d≥≤<>=%/()-]+[ ]){1,9}[\p{Latin}\d≥≤<>=%/()-]+|(?=\p{Han})[^\s:;,。]{2,24}(?:患者|人群|亚组|者|组))[ ]?:[ ]?[^\n:]{0,40}?\d"
)


def _closed_up(match: Any) -> str | None:
    text = str(match.group())
    return text.replace(" ", "") if _LETTER_SPACED.search(text) else None


def _broken_off(before: str, after: str, edges: Edges | None) -> str | None:
    """What joins a line to the next one where it breaks off within a number, a word or a clause; None where it doesn't.

    Whatever the rest of the page looks like: a heading ends with no such word, a paragraph begins with none.
    """
    number, rest = _OPEN_NUMBER.search(before), _REST_OF_NUMBER.match(after)
    if number and rest and (number["point"] or not rest["percent"] or int(number["n"] + rest["n"]) <= 100):
        return ""
    unit = _UNIT.match(after)
    whole = _NO_UNIT.search(before[-40:]) if unit else None
    if unit and whole and (whole["half"] is None) == (unit["half"] is None):
        return ""
    if whole and not whole["half"] and _BARE_UNIT.match(after):
        return ""
    if _HAN.match(before[-1]) and _HAN.match(after) and edges and _cut_word(before[-8:], after[:8], edges):
        return ""
    if _NO_END.search(before) or (_BESIDE_CJK.match(before[-1]) and _NO_START.match(after)):
        return _glue(before, after)
    if " " in before and _SMALL.search(before) and _SMALL_WORD.match(after):
        return _glue(before, after)
    return None


def _cut_word(before: str, after: str, edges: Edges) -> bool:
    """Whether a word stands over the place where two Chinese lines meet, and is no chance meeting of two words."""
    text, at = before + after, len(before)
    found = edges(text, 0, len(text))
    if at in found:
        return False
    start, end = max(e for e in found if e < at), min(e for e in found if e > at)
    return end - start > 4 or min(at - start, end - at) < 2


def _join_lines(folded: Folded, edges: Edges | None) -> None:
    """Join the lines of a hard-wrapped text (a PDF's) into paragraphs; leave a page's paragraphs alone.

    A text is hard-wrapped where most of its longer lines break off without punctuation. There a break is
    soft unless the line before ends a sentence, is much shorter than the others, or a list item follows.
    """
    width = cache(_width)
    lines = [line.strip() for line in folded.text.split("\n")]
    full = [line for line in lines if width(line) >= 24]
    open_ended = sum(1 for line in full if line[-1] not in _ENDS and line[-1] not in ',，、"')
    widths = sorted(width(line) for line in full)
    wrapped = len(full) >= 4 and open_ended > 0.45 * len(full) and widths[int(len(widths) * 0.9)] <= _WIDEST
    usual = widths[int(len(widths) * 0.6)] if widths else 0

    def soft(match: Any) -> str:
        before = folded.text[folded.text.rfind("\n", 0, match.start()) + 1 : match.start()].rstrip()
        after = folded.text[match.end() : match.end() + 12]
        if not before or not after:
            return "\n"
        behind = folded.text[match.end() : match.end() + 400].partition("\n")[0]
        if ("|" in before and "|" in behind) or before.count("|") > 1 or behind.count("|") > 1:
            return match.group().replace(" ", "") if "|" in match.group() else "\n"  # rows of a table
        if before[-1] == _BROKEN:
            return ""
        inside = _OPEN.search(before, max(0, len(before) - 41)) and _CLOSES.match(
            folded.text[match.end() : match.end() + 41]
        )
        bullet = _BULLET.match(after) or (
            before[-1] != "-" and _LABELLED.match(folded.text, match.end(), match.end() + 140)
        )
        cut = (
            before[-1] in "(/=<>≤≥~,、" or (before[-1].isdigit() and _NUMBER_GOES_ON.match(after))
        ) and not bullet
        if inside or (wrapped and cut):
            return _glue(before, after)
        if (
            not bullet
            and match.group().count("\n") == 1
            and not before.startswith("#")
            and (glue := _broken_off(before, folded.text[match.end() : match.end() + 24], edges)) is not None
        ):
            return glue
        if not bullet and _PROSE_OPEN.search(before) and _SMALL_WORD.match(after):
            return " "  # over an empty line
        if not wrapped or bullet or (_BULLET.match(before) and width(before) < 0.6 * usual):
            return "\n"
        short = width(before) < 0.6 * usual
        cited = match.group().count("\n") > 1 and _CITED_STOP.search(before, max(0, len(before) - 24))
        if short or cited or before[-1] in _STOPS or (before[-1] in _ENDS and width(before) < 0.8 * usual):
            return "\n"
        return _glue(before, after)

    folded.replace(_BREAK, soft)


def _glue(before: str, after: str) -> str:
    if before[-1] == "-" and len(before) > 1 and before[-2].isalnum():
        return ""
    if _BESIDE_CJK.match(before[-1]) or _BESIDE_CJK.match(after):
        return ""
    if before[-1] in "(/~" or (before[-1].isdigit() and after[0] in "%.)"):
        return ""
    return " "


def _width(line: str) -> int:
    """Display width: a Chinese character counts two."""
    return len(line) + (0 if line.isascii() else len(_HAN.findall(line)))
