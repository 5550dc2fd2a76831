"""Numbers in words: shares of people (a half, a third, 三成) and values not reached."""

from __future__ import annotations

from typing import Any

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.core.sieve import Sieve
from trialmine.core.words import PEOPLE
from trialmine.find.quantity import DIGIT, WORD, Quantity, number

_HALF = Expression(
    r"(?P<over>超过?|过|逾|[Mm]ore than |[Oo]ver )?(?:一?半数?(?:以上)?(?=的?(?:患者|受试者|病例|"
    r"病人|人(?!群)))|半数(?=患者|"
    r"受试者|病例)|(?<!\p{Latin})[Hh]alf (?=(?:of )?(?:the |these |those |all )?(?:[\p{Latin}-]+ )?(?:"
    rf"{PEOPLE}|cases)\b))"
)
_PART = Expression(
    r"(?P<over>超过?|逾)?(?:(?P<total>[二三四五六七八九十])分之(?P<n>[一二两三四五六七八九])|"
    r"(?P<tenth>[一二两三四五六七八九])成(?P<one>[半一二三四五六七八九])?(?=的|以上|左右|多|患者|受试者|病例|病人|[,。;)])|"
    r"(?<=近|约|超|逾|过|有|达|到|仅|只|足|低|少|降|高|加|(?<!占)了|是|为|,)(?P<tenth>[一二两三四五六七八九])成(?P<one>[半一二三四五六七八九])?"
    r"(?![为功立分本果熟就长员绩套型活瘾不人因交品像都])|"
    r"(?<=近|约|过|逾|超|到|足|低|少|降|缩|减|短|了|有|达)(?P<whole>一半)(?=[,。;)多的以左]|$))|"
    r"(?<![\p{Latin}-])(?i:(?P<over>over |more than )?(?P<some>one|an?|two|three|"
    r"four)[\s-](?P<part>third|quarter|fifth|half)s?)(?= of (?:the |these |those |all |"
    rf"our )?(?:\p{{Latin}}[\p{{Latin}}-]*\s){{0,3}}?(?:{PEOPLE}|"
    r"cases|responders|recipients)\b)|"
    r"(?<![\p{Latin}-])(?i:one in (?P<of>two|three|four|five|six|seven|eight|nine|ten|twenty|\d{1,3}))\b(?!\s?(?:%|years?|months?|weeks?|days?|of))|"
    r"(?<=\b(?:[Rr]educ|[Ll]ower|[Dd]ecreas|[Cc]ut|[Ff]ell|[Dd]eclin)(?:[^.;]|\.\d){0,120}\bby\s(?:about\s|around\s|nearly\s|almost\s|roughly\s|more than\s|over\s)?)(?P<some>an?|one|two|three)?[\s-]?(?P<part>half|third|quarter|fifth)s?\b(?!\s(?:an?|of|the)\b)"
)
#: 近半数患者(48.5%): the number says it
_SAID_EXACTLY = Expression(r"的?\p{Han}{0,6}\s?\(\s?(?:\d+\s?/\s?\d+[,;]\s?)?\d+(?:\.\d+)?\s?%")
_PARTS = {"third": 3, "quarter": 4, "fifth": 5, "half": 2}
#: around what is told again in a bracket
_IN_BRACKET = Expression(r"\s?[(\[]\s?")
_BRACKET_END = Expression(r"\s?[)\],;]")
#: what can't be reached but is no value: a significance, an aim
_NO_GOAL = Expression(
    r"\s?(?:到)?(?:统计|显著|标|主要|次要|预设|预期|预定|目标|终点|标准|临床|要求|该|这|上述|非劣|"
    r"优效|交互|异质|事先|校正|多重|预先|完全|深度|病理|缓解|应答|部分|(?:s?CR|PR|VGPR|MR|ORR|MRD|MMR|SVR|pCR|MPR|DCR|EMR)(?!\p{Latin})|statistical|significan|the )"
)
_GOAL_BEFORE = Expression(
    r"(?:终点|目标|入组|招募|样本量|显著性|界值|标准)(?:均|仍|尚|都|也)?$|"
    r"\b(?:end ?points?|enrol\w+|recruitment|targets?|sample size|significance|criteri\w+|goals?|dose)"
    r"(?:\s(?:of|for|in)(?:\s[\p{Latin}\d-]+){1,5}?)?\s(?:was|were|is|are|had|has|have)?\s?$"
)


class WordedNumbers:
    """Finds the numbers in words of sentences."""

    def __init__(self, patterns: Patterns) -> None:
        c = patterns.compile
        self._not_reached = c(r"(?<!\p{Latin}(?=\p{Latin}))(?:{{not_reached}})(?!(?<=\p{Latin})\p{Latin})")
        self._in_words = Sieve((e, e) for e in (self._not_reached, _HALF, _PART))
        self._risk_reduced = c(
            r"(?:{{risk_of}})[^\d。;,]{0,24}?(?:{{reduced}}|降|减|少)(?:了|将?近|约|逾|超过?|达|不足){0,3}$"
        )

    def find(self, text: str, taken: list[tuple[int, int]]) -> list[Quantity]:
        """The numbers in words outside the spans that are ``taken``, to which those found are added."""
        found: list[Quantity] = []
        worth = set(self._in_words.passing(text))

        def add(match: Any, kind: str, rule: str, **fields: Any) -> None:
            a, b = match.span()
            if not any(start < b and a < end for start, end in taken):
                taken.append((a, b))
                if kind == "percent" and self._risk_reduced.search(text[max(0, a - 48) : a]):
                    kind = "estimate:risk_reduction"
                found.append(Quantity(kind, a, b, a, b, rule, **fields))

        for match in self._not_reached.finditer(text) if self._not_reached in worth else ():
            aim = _GOAL_BEFORE.search(text[max(0, match.start() - 80) : match.start()])
            again = (  # 未达到(NR)
                bool(found)
                and _IN_BRACKET.fullmatch(text, found[-1].end, match.start())
                and _BRACKET_END.match(text, match.end())
            )
            if not aim and not again and not _NO_GOAL.match(text[match.end() : match.end() + 8]):
                add(match, "not_reached", "not_reached")
        for expression, rule in ((_HALF, "half"), (_PART, "part")):
            for match in expression.finditer(text) if expression in worth else ():
                share = 50.0 if expression is _HALF else _share(match)
                if share is None or _SAID_EXACTLY.match(text, match.end()):
                    continue
                relation = ">" if match["over"] else "~"
                add(match, "percent", rule, value=share, unit="%", relation=relation, flags={"word"})
        return found


def _share(match: Any) -> float | None:
    """Percent that a match of ``_PART`` stands for."""
    if match["whole"]:
        n, total = 1, 2
    elif match["of"]:
        n, total = 1, int(number(match["of"]) or 0)
    elif match["n"]:
        n, total = DIGIT[match["n"]], DIGIT[match["total"]]
    elif match["tenth"]:
        ones = match["one"] or ""
        n, total = 10 * DIGIT[match["tenth"]] + (5 if ones == "半" else DIGIT.get(ones, 0)), 100
    else:
        n, total = WORD.get((match["some"] or "").lower(), 1), _PARTS[match["part"].lower()]
    return round(100 * n / total, 1) if n < total else None
