"""Outcomes that no lexicon holds, named from the words before or after a number.

Arms, studies, times and other numbers are masked first, so that a phrase never runs across them; the frames
are those of ``patterns/frames.toml``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns, iter_rules
from trialmine.core.sieve import Sieve
from trialmine.core.words import PEOPLE
from trialmine.find.outcomephrase import OutcomePhrase, snake
from trialmine.read.segment import HAN
from trialmine.read.tokens import Tokenizer

#: stands for every character of what a phrase can't run across
MASK = "□"
#: how surely each frame names an outcome, on the scale of the known ones (see link/choose.py)
SCORES = {
    "ratio": 12.0, "timed": 11.0, "graded": 11.2, "share": 11.5, "where": 11.6, "who": 11.2, "copula": 11.0, "rate": 11.0, "rates": 11.0, "seen": 11.0, "object": 11.0, "light": 10.8,
    "state": 11.2, "said": 10.3, "people": 10.4, "less": 10.4, "bracket": 10.0, "abbreviation": 10.1, "of": 9.6, "judged": 10.2, "apposed": 9.5, "subject": 9.5, "verb": 9.9, "changed": 11.0, "had": 10.0,
}  # fmt: skip
#: verbs that tell of a change themselves: "improved fibrosis" is the outcome, not "fibrosis"
_TELLING = {"improved", "resolved", "cleared", "normalized", "normalised", "prevented", "eliminated"}
_GROUP = Expression(r"[\p{Latin}+-]{0,12}(?:治疗)?(?:组|队列)|\s(?:group|arm)s?\b")
_GROUPED = ("组", "队列", "group", "arm")
_DOSED = Expression(r"\d\s?(?:mg|[μu]g|mL|ml|IU|次|例|名|个月|周|年|岁)(?!\p{Latin})")
_ARMS = Expression(
    r"\b(?:those|that|who|which|whether|than|versus|vs|treated|receiving|received|compared|therapy|recipients|"
    r"assigned|against|switched|(?:re-?)?randomi[sz]ed)\b"
)
#: "whereas that for placebo was 20%"
_THAT = Expression(r"\b(?:that|those|it)\s(?:for|of|in|with)\s(?:the\s)?$")
#: words that stand for a name or join clauses: no name holds them
_JOINS = Expression(
    r"\b(?:it|they|them|we|there|because|although|whereas|this|these|those|which|who|if|when)\b"
)
#: people, not what happened to them
_PEOPLE_END = Expression(rf"(?<!\bof )\b(?:{PEOPLE}|those)$")
_ONLY_GROUP = Expression(r".*组|.*(?:group|arm)s?|.*\b(?:[Aa]rm|[Gg]roup|[Cc]ohort)\s[A-Z\d].*")
_WORDS = Expression(r"\p{Han}{2}|\p{Latin}{2}")
_RATE = Expression(r"率|比例|rate|incidence|proportion")
_TIME = Expression(r"时间|时长|duration|\btime\b")
#: the longest phrase, in characters
_LONGEST_HAN, _LONGEST_LATIN = 26, 70
_MEAN_OF = Expression(r"\b(?:an?|the)\s(?:mean|median|average)(?:\snumber)?\sof\s$")
#: the end of what is measured, right before the bracket with its mean: MDA(3.1±0.4)
_ENDS_NAME = Expression(
    r"[\p{Latin}\p{Greek}]\d{0,2}[+%]?\s?$|(?:水平|浓度|含量|活性|评分|积分|时间|用?量|指数|[率数度值])\s?$"
)
#: things counted and what became of them: ``four (8%) stents closed``
_PREDICATE = Expression(
    r"(?:\p{Latin}[\p{Latin}-]*\s){1,3}(?:failed|ruptured|(?:were|was)\s\p{Latin}+ed|required\s\p{Latin}+|needed\s\p{Latin}+|progressed|recurred|healed|died|survived)"
)
#: what became of a treatment itself, in people counted: ``9例未用药``, ``4例不再接受放疗``
_ARM_EVENT = Expression(r"(?:术后|治疗后|停药后|用药后)?(?:未|不再|无法|不能|拒绝|继续)")
#: frames that name a new subject, whatever the number before told of
_BOUND = {"where", "who", "timed", "state"}
#: what opens the name of an efficacy, and the score of an outcome that nothing else can be
_PREVENTED, SURE = "预防", 15.0
#: before an item of a list of events with their numbers in brackets
_ITEM = Expression(
    r"(?:主要|最?常见|多)(?:的)?(?:为|是|有)\s?$|(?:包括|依次为|分别为|其中|\)、|\)和|\)及)\s?$"
)
#: from the number of an item, in its bracket, to the next item: ``心脏(0.9%对1.9%),肺脏(``
_NEXT_ITEM = Expression(
    r"[^()\[\]]{0,60}[)\]]\s?(?:[,;、]|和|与|及|以及|,?\sand\s)\s?(?:和|及|以及|and\s|the\s)?"
)
#: a class of people and how many are in it; some are explained by a bracket: 优(≥90分)18例,良(80~89分)10例
_IN_CLASS = r"(?:其中|有|(?:分别|依次|主要)?(?:为|是|包括|有))?(?P<n>(?!分别|依次)(?!其中|入[选组]|纳入|收[治集]|选[取择]|本组)(?:(?![组臂型男女])\p{Han}){1,10}?)(?:者|的?患者)?(?:\s?\([^()%]{0,24}\))?(?:各|有|共|为|计)?\s?"
_COUNTED = r"\d+\s?(?:例|人|名|眼)(?:\s?\(\d[\d.]*\s?%\))?"
CLASSES = Expression(
    rf"(?<![\p{{Han}}\p{{Latin}}\d]){_IN_CLASS}{_COUNTED}(?:\s?[,、;]\s?(?:和|及)?{_IN_CLASS}{_COUNTED})+"
)
_CLASS = Expression(rf"(?:^|[,;、:。]\s?){_IN_CLASS}$")
#: lists of numbers whose outcome is kept
_REMEMBERED = 50


class UnseenFinder:
    """Names outcomes from the sentence itself."""

    def __init__(self, patterns: Patterns, tokenizer: Tokenizer) -> None:
        self._named: dict[tuple[Any, ...], OutcomePhrase | None] = {}
        self._tokenizer = tokenizer
        rules = list(iter_rules(patterns, "frames"))
        self._rules: dict[str, Any] = {r.kind: r.regex for r in rules}
        #: per language the frames with their expressions
        self._frames = {
            language: Sieve(
                ((r.name.partition("_")[0], r.regex), r.regex) for r in rules if r.kind in (language, "any")
            )
            for language in ("zh", "en")
        }
        self._less = next(r.regex for r in rules if r.name == "less_en")
        self._changes = [
            (r.name.partition("_")[0], r.regex)
            for r in rules
            if r.name in ("object_en", "changed_en", "next_en")
        ]
        self._units = {e.form.lower() for e in patterns.lexicons["units"]} | {"ci", "sd", "se", "iqr"}
        self._not = patterns.compile(r"^(?:{{not_outcome}})$")
        self._graded = patterns.compile(r"(?:^|[,;:、。□组中者])\s?(?P<n>{{graded}})(?:者|有|共)?\s?$")
        self._happened = patterns.compile(
            r"(?:^|[,;:、。□()]|并发|合并|出现|发生|其中|包括|另有|另|组|后)(?P<n>(?!并发|合并|出现|发生|其中|包括)[\p{Han}\p{Latin}\d-]{0,12}?"
            r"(?:{{event_head}}|{{happened}})|死于[^,;。\d]{1,14})(?:者|的)?(?:仅|只|共|就|患者)?(?:有|各|为|达)?\s?$"
        )
        self._unfit = patterns.compile(r"(?:{{unfit}})")
        self._told_by = patterns.compile(r".*(?:{{told_by}})(?:了|出)?")

    def mask(self, text: str, spans: Iterable[tuple[int, int]]) -> str:
        """The text with these spans blotted out (and the 组 or arm after them), its length kept."""
        chars = list(text)
        grouped = any(word in text for word in _GROUPED)
        for a, b in spans:
            tail = _GROUP.match(text[b : b + 20]) if grouped else None
            end = min(len(chars), b + (tail.end() if tail else 0))
            chars[a:end] = MASK * (end - a)
        return "".join(chars)

    def name(
        self, text: str, masked: str, loose: str, span: tuple[int, int], stop: int, counted: bool
    ) -> OutcomePhrase | None:
        """The outcome named beside a list of numbers at ``span``; nothing before ``stop`` is used.

        ``loose`` leaves the arms unmasked, for what follows the numbers; ``counted`` for a bare count, which
        takes an outcome only from a clear frame.
        """
        key = (text, masked, loose, span, stop, counted)
        if key not in self._named:  # the numbers of a list ask for the same
            if len(self._named) >= _REMEMBERED:
                self._named.clear()
            self._named[key] = self._name(*key)
        found = self._named[key]
        return replace(found) if found else None

    def _name(
        self, text: str, masked: str, loose: str, span: tuple[int, int], stop: int, counted: bool
    ) -> OutcomePhrase | None:
        start, end = span
        chinese = bool(HAN.search(text))
        before = masked[stop:start]
        said = self._rules["said_zh"].search(before) if chinese else None
        if said is not None:
            before = before[: said.start()] + "("
        if chinese and said is None and text[start : start + 1] in ("(", "[") and _ENDS_NAME.search(before):
            before += "("  # MDA(3.1±0.4)
        printed = text[stop:start]
        frames = self._frames["zh" if chinese else "en"]
        of = self._rules["counted_en"].match(masked[end:]) if _MEAN_OF.search(before) else None
        if of is not None and (found := self._phrase(text, end + of.start("n"), end + of.end("n"), "copula")):
            return found
        for frame, rule in () if counted else frames.passing(before + printed):
            m = rule.search(printed if frame == "share" else before)
            if m is None or (frame == "apposed" and not self._rules["ends"].match(masked[end:])):
                continue
            a, b = m.span("o" if frame == "object" and m["v"].strip() not in _TELLING else "n")
            if frame == "subject" and m["p"] in ("in", "among"):
                b = m.end("v")
            if found := self._phrase(text, stop + a, stop + b, frame):
                found.bound = (
                    frame in _BOUND
                    or (frame == "bracket" and bool(_ITEM.search(text, 0, found.start)))
                    or (frame == "bracket" and bool(_NEXT_ITEM.fullmatch(text, stop, found.start)))
                    or (frame == "apposed" and text[stop : found.start].strip() == "、")
                    or (said is not None and frame == "bracket")
                )
                return found
        graded = self._graded.search(before) if counted else None
        if counted and not graded and any(x.start() <= start < x.end() for x in CLASSES.finditer(text)):
            graded = _CLASS.search(printed)
            if graded is not None:
                a, b = stop + graded.start("n"), stop + graded.end("n")
                return OutcomePhrase(
                    a, b, text[a:b], "rate", text[a:b], False, score=SCORES["graded"], bound=True
                )
        if counted and (m := graded or self._happened.search(before)):
            a, b = stop + m.start("n"), stop + m.end("n")
            a, b = (a, b) if graded else self._trim(text, a, b)
            return OutcomePhrase(a, b, text[a:b], "rate", text[a:b], known=False, score=SCORES["graded"])
        m = self._rules["after_zh" if chinese else "after_en"].match((loose if chinese else masked)[end:])
        if m is not None and self._rules["event_zh" if chinese else "event"].match(m["n"]):
            a, b = end + m.start("n"), end + m.end("n")
            event = self._phrase(text, a, b, "light")
            if event is None and chinese and counted and _ARM_EVENT.match(m["n"]):
                event = OutcomePhrase(a, b, text[a:b], "event", text[a:b], score=SCORES["light"])
            if event is not None:
                event.known = not chinese and " " not in event.text
            return event
        failed = m is not None and not chinese and _PREDICATE.fullmatch(m["n"])
        if m is None or not (m["v"] or m["who"] or failed) or (counted and not m["v"]):
            m = None if chinese else self._rules["across_en"].match(masked[end:])
            if m is None:
                return None
        return self._phrase(text, end + m.start("n"), end + m.end("n"), "light" if m["v"] else "verb")

    def compared(self, text: str, masked: str, span: tuple[int, int], stop: int) -> OutcomePhrase | None:
        """The outcome of an effect estimate, where its own words name it ("hazard ratio for stroke", "SMD 0.4 for grip
        strength"), or what was said of it does ("X显著低于B组(P=0.02)")."""
        start, end = span
        before = masked[stop:start]
        if m := self._rules["ratio"].search(before):
            return self._phrase(text, stop + m.start("n"), stop + m.end("n"), "ratio")
        if HAN.search(before) and self._rules["said_zh"].search(before):
            return self.name(text, masked, masked, (start, start), stop, False)
        if m := self._rules["ratio_for"].match(masked[end:]):
            found = self._phrase(text, end + m.start("n"), end + m.end("n"), "ratio")
            if found is not None:
                found.bound = True
            return found
        return None

    def item(self, text: str, masked: str, start: int, stop: int) -> OutcomePhrase | None:
        """The next item of a list of events whose numbers stand right behind them, from the end of the number before."""
        m = self._rules["item_zh"].match(masked[stop:start])
        found = self._phrase(text, stop + m.start("n"), stop + m.end("n"), "who") if m else None
        if found is not None:
            found.bound = True
        return found

    def changed(self, text: str, masked: str, start: int, stop: int) -> OutcomePhrase | None:
        """What a difference is of: "shortened the stay by 2 days", "an absolute increase in bleeding of 0.6%"."""
        for name, rule in self._changes:
            if m := rule.search(masked[stop:start]):
                a, b = m.span("o" if name == "object" else "n")
                if found := self._phrase(text, stop + a, stop + b, "ratio"):
                    return found
        return None

    def efficacy(self, text: str, masked: str, start: int, end: int) -> OutcomePhrase | None:
        """What a vaccine's percentage is of: "72% efficacy against dengue", "efficacy was 91%"."""
        m = self._rules["efficacy_behind"].match(masked[end:])
        at = end
        if m is None:
            m, at = self._rules["efficacy_before"].search(masked[:start]), 0
        if m is None:
            return None
        a, b = at + m.start("n"), at + m.end("n")
        return OutcomePhrase(a, b, snake(text[a:b]), "efficacy", text[a:b], score=SCORES["ratio"])

    def called(self, text: str, start: int, end: int) -> OutcomePhrase | None:
        """The outcome that a stretch names."""
        return self._phrase(text, start, end, "light")

    def chosen(self, text: str) -> OutcomePhrase | None:
        """What a study chose as its outcome ("The primary outcome was a negative culture")."""
        m = self._rules["chosen"].search(text)
        return self._phrase(text, m.start("n"), m.end("n"), "share") if m else None

    def less(self, text: str, masked: str, start: int, stop: int) -> OutcomePhrase | None:
        """What there was less or more of, before the bracket of an estimate that ends at ``start``."""
        m = self._less.search(masked[stop:start])
        return self._phrase(text, stop + m.start("n"), stop + m.end("n"), "less") if m else None

    def rarer(
        self, text: str, masked: str, span: tuple[int, int], stop: int, counted: bool
    ) -> OutcomePhrase | None:
        """The outcome of a reduction, from the words behind it ("38% lower risk of falls") or before it
        ("跌倒的风险降低38%"); those of a count stand behind it ("减少5例骨折")."""
        start, end = span
        behind = self._rules["rarer_after_zh" if HAN.search(text) else "rarer"].match(masked[end:])
        ahead = self._rules["rarer_zh"].search(masked[stop:start]) if HAN.search(text) else None
        for m, at in ((behind, end), (ahead, stop)) if counted else ((ahead, stop), (behind, end)):
            if m is None:
                continue
            a, b = at + m.start("n"), at + m.end("n")
            if m["n"].startswith(_PREVENTED):  # an efficacy, of what it prevents
                return OutcomePhrase(a, b, text[a:b], "rate", text[a:b], False, score=SURE, bound=True)
            if found := self._phrase(text, a, b, "ratio"):
                found.bound = ahead is not None or counted
                return found
        return None

    def _phrase(self, text: str, start: int, end: int, frame: str) -> OutcomePhrase | None:
        """Trim a stretch to a noun phrase on token edges."""
        chinese = bool(HAN.search(text[start:end]))
        if _THAT.search(text[max(0, start - 12) : start]):
            return None
        if chinese and (m := _FROM_BASELINE.search(text, start, end)):
            if m.start() <= start + 1:
                return None  # only the change of what the lexicon knows before it
            end = m.start()
        if chinese and (m := _SHARE_OF_PEOPLE.search(text, start + 2, end)):
            end = m.start()
        if chinese and (m := _INCIDENCE_OF.search(text, start + 2, end)):
            end = m.start()
        if frame not in ("light", "verb"):
            start = _cut(text, start, end, chinese)
        if chinese:
            told = self._told_by.match(text, start, end)
            start = told.end() if told and told.end() < end - 1 else start
            edges = self._tokenizer.edges(text, start, end)
            while start < end and start not in edges:
                start += 1
            while end > start and end not in edges and frame in ("light", "verb"):
                end -= 1
        if chinese and _MORE_THAN.match(text, end - 1):
            end = _HOW_MUCH_MORE.search(text, start, end - 1).start()
        start, end = self._trim(text, start, end)
        if not chinese and (m := self._rules["into"].search(text[start:end])):
            start, end = self._trim(text, start, start + m.start())
        printed = text[start:end].strip(" -'\"")
        if not self._fit(printed, chinese):
            return None
        measure = "rate" if _RATE.search(printed) else "time" if _TIME.search(printed) else ""
        return OutcomePhrase(start, end, snake(printed), measure, printed, known=False, score=SCORES[frame])

    def _trim(self, text: str, start: int, end: int) -> tuple[int, int]:
        """Without the words that open or close a phrase and are no part of it."""
        while True:
            rest = text[start:end]
            lead = len(rest) - len(rest.lstrip(" '\""))
            m = self._rules["strip"].match(rest[lead:])
            step = lead + (m.end() if m else 0)
            if not step or step >= end - start:
                break
            start += step
        while (m := self._rules["tail"].search(text[start:end])) and m.start() > 1:
            end = start + m.start()
        return start, end

    def _fit(self, printed: str, chinese: bool) -> bool:
        """Whether a phrase can be an outcome."""
        if not 2 <= len(printed) <= (_LONGEST_HAN if chinese else _LONGEST_LATIN):
            return False
        if (
            printed.lower() in self._units
            or self._not.match(printed.lower())
            or not _WORDS.search(printed)
            or _DOSED.search(printed)
        ):
            return False
        if chinese and (self._unfit.search(printed) or _STAGE.search(printed)):
            return False
        if _SPAN_OF.match(printed) or _POINTS_BACK.search(printed):
            return False
        if self._rules["hollow"].search(printed) or (
            not chinese and (_ARMS.search(printed) or _PEOPLE_END.search(printed) or _JOINS.search(printed))
        ):
            return False
        return not (_ONLY_GROUP.fullmatch(printed) or self._rules["code"].match(printed))


#: what was said of a phrase that reaches into it: 疗效(优于…), 评分均明显(低于…)
_MORE_THAN = Expression(r"[高低优长短多少大小好早晚劣快慢差]于")
_HOW_MUCH_MORE = Expression(r"(?:均|都|也|亦|则|又|仍|皆|为|要|显著|明显|更|略|较|稍|远)*$")
#: a span of time and no outcome: ``the first 5 days of the disease``
_SPAN_OF = Expression(r"(?i:minutes|hours|days?|weeks?|months?|years?)\s(?:of|after|before|from|since)\b")
#: to what was told before: ``saw this improvement``
_POINTS_BACK = Expression(r"\b(?:this|these|such)\s\p{Latin}|^(?:这[一种些个]|该|此[种类])")
#: how far a disease has gone: ``II～IIIA期``
_STAGE = Expression(r"(?:I{1,3}|IV|(?<!\d)[0-4]|[A-D])[A-C]?\d?期$")
#: the change of what stands before it: ``靶皮损面积较基线下降``
_FROM_BASELINE = Expression(
    r"(?:较|与|比|自|从)(?:基线期?|治疗前|用药前|入院时)(?:值|水平|时)?(?:相比|比较)?(?:平均|显著|明显|均|分别|平$)*(?:下降|降低|减少|减轻|升高|上升|增加|提高|改善|变化)?$"
)
#: how many had it, at the end of a phrase: ``溃疡的患者占比``
_SHARE_OF_PEOPLE = Expression(
    r"的?(?:患者|病例|病人|受试者|参与者|患儿|人群|者|人)(?:的|所)?(?:占比|百分比|百分率|比例|比率|构成比)$"
)
#: how often it happened, at the end of a phrase: ``涎腺肿胀的发生率``
_INCIDENCE_OF = Expression(
    r"(?<!患者|病例|病人|受试者|参与者|患儿|人群|[组者人其]|研究|试验|期间|之后)的(?:总|累积|累计)?(?:发生率|发病率|患病率|发生比例|出现率)$"
)
#: whom a phrase is told of, before it: ``A组中``, ``B组``
_AMONG = Expression(
    r"(?:组|者|例|人|人群|研究|试验|队列|其|病例|亚组)中(?!位|度|性)|(?<=[观对治试实疗照验察术除法药全])组(?![织合成间])"
)


def _cut(text: str, start: int, end: int, chinese: bool) -> int:
    """The start of the last part of a stretch: after its last mark, its last 在 or 中, its last 的."""
    cut = max((text.rfind(c, start, end) for c in (",、:;在较者" if chinese else ",、:;")), default=-1)
    if chinese:
        cut = max([cut, *(m.end() - 1 for m in _AMONG.finditer(text, start, end))])
    if start <= cut < end - 2:
        start = cut + 1
    if chinese:
        cut = text.rfind("的", start, end)
        if start < cut < end - 3 and not _RATE.search(text[start:cut]):
            start = cut + 1
    return start
