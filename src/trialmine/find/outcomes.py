"""Outcomes of a sentence that the lexicon knows, with the grade, threshold or range that makes them one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import regex

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns, iter_rules
from trialmine.core.sieve import Sieve, possible
from trialmine.find.freed import freed
from trialmine.find.graded import RATE_AFTER, ROMAN, graded
from trialmine.find.heads import headless
from trialmine.find.joined import all_had, composites, in_rows
from trialmine.find.lexicon import Hit
from trialmine.find.outcomephrase import OutcomePhrase, snake
from trialmine.find.quantity import RATIOS, Quantity
from trialmine.read.segment import HAN

#: outcomes' texts of which is kept whether they are anaphoric
_REMEMBERED = 2000
_OWN_THRESHOLD = Expression(r"\s?(?:≥|>=|≤|<=|[<>])\s?-?\d+(?:\.\d+)?\s?(?:%|\p{Latin}+(?:/\p{Latin}+)?)?$")
#: between a quantity and its change: ``体重平均减少``
_CHANGED = Expression(
    r"(?:的)?(?:平均|显著|明显|分别|均|较基线|相对|总体|进一步|已|也|都)+(?P<v>减少|下降|降低|减轻|增加|升高|上升)"
)
#: forms of an outcome that say how it changed: ``体重减少``
_OF_CHANGE = Expression(r"(?:减少|下降|降低|减轻|增加|升高|上升)$")
#: an event's own number before what is said of it: ``rash (50%) was the most common adverse event``
_NUMBER_FIRST = Expression(r"^\s?(?:[(\[][^()\[\]]{0,40}[)\]]|\d[\d.]*\s?%)")
_ABBREVIATED = Expression(r"^[率期]?\s?[(\[]?(?:[\p{Latin}\s-]{0,40},\s?)?$")
_LISTED = Expression(r"^(?:、|,\s?)$")
#: right before a word for what was told before
_POINTS_BACK = Expression(r"(?:这[一种些个]|该|此[种类])$")
#: right before a time that only says when something happened
_DURING = Expression(r"\b(?:[Dd]uring|[Tt]hroughout)\s(?:the\s|their\s|index\s|initial\s)*$")
_OR = Expression(
    r"^(?:、?\s?或(?:者|因)?|(?:\s(?:for|from|due\sto)\s(?:any|all)[\s-]causes?)?,?\sor\s(?:an?\s|the\s|first\s|new\s|any\s|recurrent\s)?(?:hospitali[sz]ation for\s)?)$"
)
_OF_A_TIME = Expression(r"的?\s?(?:第?\d+\s?(?:年|周|个月|天))?(?:的)?\s?")
_OPENS = Expression(
    r"率?(?:(?:较基线)?(?:至少)?(?:改善|下降|降低|减少|缓解)(?:≥|至少|达)?\s?\d{2,3}\s?%(?:以上)?)?\s?[(]"
)
_SIGN = {"≤": "<=", "≥": ">=", "低于": "<", "小于": "<", "高于": ">", "大于": ">", "不足": "<", "超过": ">", "至少": ">=",
         "不低于": ">=", "不高于": "<=", "降至": "<=", "below": "<", "under": "<", "above": ">", "less than": "<",
         "greater than": ">", "of less than": "<", "at least": ">=", "of at least": ">=", "more than": ">",
         "达": ">=", "达到": ">=", "以上": ">=", "更多": ">=", "以下": "<=", "or more": ">=", "or less": "<=",
         "or higher": ">=", "or greater": ">=", "or longer": ">=", "or above": ">=", "or lower": "<=", "or below": "<="}  # fmt: skip


#: behind a name that tells how something was worked out: "sensitivity analysis"
_METHOD = Expression(r"\sanaly[sz]\p{Latin}+\b")
#: right before what people died of
_OF_WHICH_DIED = Expression(r"死于(?:了)?$|\bdied (?:of|from) (?:an? |the )?$")
#: around a name by whose level people are parted: 按基线eGFR分层, stratified by baseline eGFR
_PARTED_BY = Expression(
    r"(?:按|依|根据|依据)(?:照)?(?:基线|治疗前|入组时)?(?:的)?$|\b(?:[Ss]tratified|[Gg]rouped|[Dd]ivided|[Cc]ategori[sz]ed|[Ss]plit) (?:by|according to) (?:(?:baseline|median|the|patients?'?) )*$"
)
_INTO_PARTS = Expression(r"(?:的?(?:水平|高低|值|中位数))?(?:进行)?(?:分层|分组|分为|分成|分亚组|亚组)")
#: whose time it is, and its statistic, before the name of a time
_OWNER = Expression(
    r"(?:.*(?:组|患者|受试者)(?:中|的)?)?(?:中位|平均)?(?:[Tt]he\s)?(?:(?:[Mm]edian|[Mm]ean|[Aa]verage)\s)?"
)


#: a time that ends with an event, not one that an event lasts
_UNTIL = Expression(r"\p{Han}|\b(?:to|until)\b")


def _died_of(text: str, found: list[OutcomePhrase], death: str) -> list[OutcomePhrase]:
    """An event of which people are said to have died is the death from it: ``3例死于心衰``, ``two died of sepsis``."""
    for p in found:
        if p.measure == "event" and (m := _OF_WHICH_DIED.search(text, max(0, p.start - 20), p.start)):
            p.concept = f"{death}_from_{p.concept.removesuffix('_event')}"
            p.start, p.text, p.generic = m.start(), text[m.start() : p.end], False
            found = [x for x in found if x is p or x.end <= p.start or p.end <= x.start]
    return found


#: the bracket with the numbers of what stands before it, from its opening to a count in it
_COUNTED_IN = Expression(r"[(\[](?:[^()\[\]]*\D)?\d[\d,]*\s$")


def _deaths_of(text: str, found: list[OutcomePhrase], deaths: Sequence[str]) -> None:
    """Deaths that a bracket counts are of the kind that was told before it: ``cardiovascular mortality was lower (265 deaths vs 298 deaths``."""
    of = None
    for p in found:
        died = any(x in p.concept for x in deaths)
        if died and of is not None and p.text.lower().rstrip("s") in deaths:
            if _COUNTED_IN.search(text, max(of.end, p.start - 120), p.start):
                p.concept = of.concept
        elif died and "_" in p.concept and " or " not in p.text:
            of = p


def _parts_people(text: str, h: Hit) -> bool:
    """Whether people are parted by what a name means, so that it is no outcome there."""
    if _PARTED_BY.search(text, max(0, h.start - 40), h.start) is None:
        return False
    return text[h.start - 1 : h.start] == " " or _INTO_PARTS.match(text, h.end) is not None


def _ratio(text: str, h: Hit, quantities: list[Quantity]) -> bool:
    """Whether an abbreviation opens an estimate, or explains one in its bracket: ``the IRR was 0.79``, ``(IRR) 0.79``."""
    return text[h.start : h.end].isupper() and any(
        q.kind in RATIOS
        and q.outer_start <= h.start < q.start
        and (h.start == q.outer_start or text[h.start - 1] == "(")
        for q in quantities
    )


#: a sentence with a grade
_GRADED = Expression(r"\d\s?[级度]|I[VI]*\s?[级度]|[Gg]rade")
_MAY_BE_GRADED = possible(_GRADED)


#: behind an event, what it came from: ``hospitalization for cardiac causes``, ``death from cardiovascular causes``
_OF_CAUSES = Expression(
    r"\s(?:from|for|due to|of|because of|owing to|with)\s(?:an?\s)?(?P<x>(?!any\b|all\b|other\b|unknown\b|natural\b|these\b|such\b|which\b|the\b)\p{Ll}+(?:[\s-]\p{Ll}+)?)\s(?:causes?|reasons?)\b"
)
#: behind a substance that a drug acts on, or is
_A_TARGET = Expression(
    r"\s?(?:受体)?(?:抑制剂|拮抗剂|激动剂|阻断剂|单抗|类似物)|[\s-](?:receptor\s)?(?:inhibitors?|antagonists?|agonists?|blockers?)\b"
)
_CAUSE = Expression(r"(?:因|由于|死因为)[^,;。]{0,6}$")


def _effects(text: str, found: list[OutcomePhrase], came_to: Any) -> list[OutcomePhrase]:
    """``因感染死亡``: what happened, not what it came from."""
    kept = [
        p
        for p, following in zip(found, [*found[1:], None], strict=False)
        if following is None
        or following.start - p.end > 3
        or "event" not in (p.measure, following.measure)
        or not _CAUSE.search(text[max(0, p.start - 9) : p.start])
        or not _EFFECT.fullmatch(text[p.end : following.start])
    ]
    if "因" in text:
        kept = [
            p
            for p in kept
            if p.measure != "event"
            or not _CAUSE.search(text[max(0, p.start - 9) : p.start])
            or not came_to.match(text, p.end)
        ]
    return kept if len(kept) < len(found) else found


_EFFECT = Expression(r"(?:等|而|并发症)*")


#: what may stand within the name of an outcome
_BRIDGE = Expression(r"(?:的|年|每年|年度|累[积计]|总|自发性?|持续|早期|血清|平均|完全|部分|中位|水平)+")
_INCIDENCE = Expression(r"(?:发生率|发病率)$")
#: what happened, a time, and the word for how often
_PARTED = Expression(
    r"(?P<head>[\p{Han}\p{Latin}]{2,10})(?:的|在)?\d{1,3}\s?(?:年|个月|月|周|天)(?:内|时)?的?(?P<tail>(?:累[积计])?(?:发生率|发病率))"
)


#: what a sentence may tell of that is no outcome
_NO_TOPIC = Expression(
    r"(?:组|者|人|人群|患者|病例|儿童|女性|男性|治疗|疗法|用药|给药|试验|研究|分析|方案|药物|制剂|手术|安全性?|毒性|疗效|有效性|方法|基线|整体|总体|结果|结局|终点|指标|亚组|目前|临床|年|月|周|天|期|中国|国内|国外|机制|诊断|预后|剂量|特征|比较)$|"
    r"^(?:一|这|该|此|本|其|上述|以上|不同|后|前)|"
    r"^(?i:the|this|that|these|those|all|both|each|some|most|more|many|comparison|example|instance|safety|efficacy|effectiveness|tolerability|treatment|therapy|outcomes?|results?|example|harms?|benefits?)$|"
    r"\b(?:patients?|participants?|people|women|men|adults|children|groups?|arms?|trials?|stud(?:y|ies)|therap(?:y|ies)|treatments?|weeks?|months?|years?|days?|end\s?points?|outcomes?|disease|cancer|safety|efficacy)$"
)
#: a name that joins two events, and what says that each has its own number
_JOINED_NAME = Expression(r"(?P<a>\p{Han}{2,8})(?:和|及|与|、)(?P<b>\p{Han}{2,10})")
_EACH = Expression(r"(?:的?发生率)?(?:分别|依次)")


def _tables(
    patterns: Patterns,
) -> tuple[list[str], list[str], dict[str, str], dict[str, tuple[str, str]], dict[str, str], dict[str, str]]:
    """Concepts that are a time; endpoints; incidences, names, what a survival is free of, changes: these by their form."""
    outcomes = patterns.lexicons["outcomes"]
    return (
        sorted({e["concept"] for e in outcomes if e["measure"] == "time"}),
        sorted({e["concept"] for e in outcomes if e["concept"].endswith("_endpoint")}),
        {e.form: e["concept"] for e in outcomes if _INCIDENCE.search(e.form)},
        {
            e.form if HAN.search(e.form) else e.form.lower(): (e["concept"], e["measure"])
            for e in outcomes
            if e["kind"] == "name" and (HAN.search(e.form) or " " in e.form)
        },
        {e.form.removesuffix(_FREE_OF_IT): e["concept"] for e in outcomes if e.form.endswith(_FREE_OF_IT)},
        {e.form: e["concept"] for e in outcomes if _OF_CHANGE.search(e.form)},
    )


class OutcomeFinder:
    """Reads the known outcomes of sentences."""

    def __init__(self, patterns: Patterns) -> None:
        self._rules: dict[str, list[Any]] = {}
        #: what something led to: ``因皮疹停药``
        self._came_to = patterns.compile(
            r"(?:等|而|并发症|导致|反应)*(?:提前|永久|暂时|再次)?(?:需要?)?(?:{{came_to}})"
        )
        #: whether names are anaphoric; the same ones come again and again
        self._anaphoric: dict[str, bool] = {}
        for rule in iter_rules(patterns, "outcomes"):
            self._rules.setdefault(rule.kind, []).append(rule.regex)
        self._implied = [(r.name, r.regex) for r in iter_rules(patterns, "outcomes") if r.kind == "implied"]
        self._sieves = {
            kind: Sieve((r, r) for r in self._rules.get(kind, []))
            for kind in ("time_name", "responder", "topic")
        }
        self._sieves["implied"] = Sieve((x, x[1]) for x in self._implied)
        kinds = [r for r in iter_rules(patterns, "outcomes") if r.kind == "qualifier"]
        self._sieves["qualifier"] = Sieve(((r.name, r.regex), r.regex) for r in kinds)
        self._whole = [(r.name, r.regex) for r in iter_rules(patterns, "outcomes") if r.kind == "composite"]
        tables = patterns.table("outcomes", Path(__file__).read_bytes(), lambda: _tables(patterns))
        timed, endpoints, self._incidences, self._named, self._survivals, self._changes = tables
        #: concepts that are a survival or another time in at least one form
        self.timed = set(timed)
        self.endpoints = set(endpoints)
        #: what people are, not what is measured of them
        self._traits = set(patterns.cues.get("baseline_outcome", ()))
        #: words for it in the names of concepts, that of a cause first
        self._deaths = tuple(patterns.cues["death_concept"])

    def find(self, text: str, hits: list[Hit], quantities: list[Quantity]) -> list[OutcomePhrase]:
        """Known outcomes of a sentence, left to right; an abbreviation in brackets joins its name."""
        found: list[OutcomePhrase] = []
        for h in hits:
            if h.name.kind != "outcome":
                continue
            if any(q.start <= h.start and h.end <= q.end and q.kind != "not_reached" for q in quantities):
                continue
            if _A_TARGET.match(text, h.end):
                continue
            if (found and h.start < found[-1].end) or self._statistic(text, h) or _ratio(text, h, quantities):
                continue
            if found and h.name.detail == "event" and _POINTS_BACK.search(text, max(0, h.start - 3), h.start):
                continue  # the event told before: 最常见的为疼痛,16%的人出现了这一不良反应
            if _METHOD.match(text, h.end) or _parts_people(text, h):
                continue
            if (
                h.name.detail == "level"
                and found
                and any(
                    x.measure == "rate" and _JUDGED_BY.fullmatch(text, x.end, h.start) for x in found[-2:]
                )
            ):
                continue  # the response rate on a scale
            if (
                h.name.detail == "event"
                and found
                and found[-1].measure == "rate"
                and _RATE_IN.fullmatch(text, found[-1].end, h.start)
                and _JUDGED_ON.match(text, h.end)
            ):
                continue  # response rates in a disease on a scale
            if h.name.detail == "time" and _DURING.search(text, max(0, h.start - 24), h.start):
                continue  # complications during the hospital stay
            if found and self._joins(text, found[-1], h):
                found += self._threshold(text, found[-1])
                continue
            phrase = OutcomePhrase(h.start, h.end, h.name.concept, h.name.detail, text[h.start : h.end])
            phrase.generic = self.anaphoric(phrase.text)
            self.grade(text, phrase)
            self._better(text, phrase)
            changed = _CHANGED.match(text, phrase.end) if phrase.measure == "level" else None
            if changed is not None and (concept := self._changes.get(phrase.text + changed["v"])):
                phrase.concept, phrase.end = concept, changed.end()
            self._rate(text, phrase)
            found.append(phrase)
            found += self._threshold(text, phrase)
        found = self._bridged(text, found)
        found += self._parted(text, found)
        found = [x for p in found for x in self._apart(text, p)]
        found += self._headless(text, found)
        found.sort(key=lambda p: p.start)
        found = self._responders(
            text, self._composites(text, self._times(text, _effects(text, found, self._came_to)))
        )
        for name, r in self._sieves["implied"].passing(text):
            for m in r.finditer(text):
                if not any(p.start < m.end() and m.start() < p.end for p in found):
                    measure = "time" if name in self.timed else "rate" if name in self._traits else "level"
                    found.append(OutcomePhrase(m.start(), m.end(), name, measure, m.group().strip()))
        found.sort(key=lambda p: p.start)
        found = _died_of(text, found, self._deaths[0])
        found = all_had(text, found, hits)
        found = self._predicates(text, in_rows(text, composites(text, found)))
        if _MAY_BE_GRADED(text) and _GRADED.search(text):
            found = graded(text, found)
        for p in found:
            self._qualify(text, p)
        _deaths_of(text, found, self._deaths)
        found = self._topics(text, found, hits)
        return freed(text, found, self._survivals) if "free" in text.lower() else found

    def _topics(self, text: str, found: list[OutcomePhrase], hits: list[Hit]) -> list[OutcomePhrase]:
        """What a sentence says first that it tells of: ``在X方面,``, ``As for X,``; known or not."""
        for r in self._sieves["topic"].passing(text):
            for m in r.finditer(text):
                a, b = m.span("n")
                inside = [p for p in found if a <= p.start and p.end <= b]
                for p in inside[-1:]:
                    p.topic = True
                named = inside or _NO_TOPIC.search(m["n"])
                if named or any(h.start < b and a < h.end for h in hits):
                    continue
                if not any(p.start < b and a < p.end for p in found):
                    name = snake(m["n"])
                    found.append(OutcomePhrase(a, b, name, "", m["n"], known=False, topic=True))
        return sorted(found, key=lambda p: p.start)

    def _bridged(self, text: str, found: list[OutcomePhrase]) -> list[OutcomePhrase]:
        """Names whose parts a word for how it was counted or came about holds apart: ``HBsAg年自发清除率``."""
        kept: list[OutcomePhrase] = []
        for p in found:
            last = kept[-1] if kept else None
            if last is not None and _BRIDGE.fullmatch(text, last.end, p.start):
                name = text[last.start : last.end] + text[p.start : p.end]
                known = self._named.get(name) or self._named.get(name.removesuffix("率"))
                if known is not None:
                    kept[-1] = replace(
                        p, start=last.start, concept=known[0], text=text[last.start : p.end], generic=False
                    )
                    continue
            kept.append(p)
        return kept

    def _parted(self, text: str, found: list[OutcomePhrase]) -> list[OutcomePhrase]:
        """Names of an incidence that a time parts: ``某病5年累积发生率``."""
        more = []
        for m in _PARTED.finditer(text) if "发" in text else ():
            starts = range(m.start("head"), m.end("head") - 1)
            at = next((i for i in starts if text[i : m.end("head")] + m["tail"] in self._incidences), None)
            if at is None or any(p.start < m.end() and at < p.end for p in found):
                continue
            name = text[at : m.end("head")] + m["tail"]
            more.append(OutcomePhrase(at, m.end(), self._incidences[name], "rate", name))
        return more

    def _apart(self, text: str, p: OutcomePhrase) -> list[OutcomePhrase]:
        """The two events of a name that joins them, where each has its own number: ``恶心和呕吐发生率分别为``."""
        m = _JOINED_NAME.fullmatch(text, p.start, p.end)
        if m is None or not _EACH.match(text, p.end):
            return [p]
        first, second = (self._named.get(m[x].removesuffix("发生率")) for x in ("a", "b"))
        if first is None or second is None or first[0] == second[0]:
            return [p]
        return [
            OutcomePhrase(m.start("a"), m.end("a"), *first, m["a"]),
            OutcomePhrase(m.start("b"), p.end, *second, m["b"]),
        ]

    def _headless(self, text: str, found: list[OutcomePhrase]) -> list[OutcomePhrase]:
        """Outcomes in a row before one of ``found`` whose head is theirs, too."""
        more: list[OutcomePhrase] = []
        for p in [x for x in found if x.end - x.start > 3]:
            for a, b, concept, measure in headless(text, p.start, p.end, p.concept, self._named):
                if any(x.start < b and a < x.end and not x.generic for x in found):
                    break
                more.append(OutcomePhrase(a, b, concept, measure, text[a:b]))
        return more

    def anaphoric(self, text: str) -> bool:
        """Whether words say only "rate" or "proportion", of what was told before."""
        if text not in self._anaphoric:
            if len(self._anaphoric) >= _REMEMBERED:
                self._anaphoric.clear()
            self._anaphoric[text] = self._match("anaphor", text) is not None
        return self._anaphoric[text]

    def _match(self, kind: str, text: str) -> regex.Match[str] | None:
        return next((m for r in self._rules.get(kind, []) if (m := r.search(text))), None)

    def _statistic(self, text: str, h: Hit) -> bool:
        """Whether an abbreviation is one of statistics here (SD for standard deviation)."""
        if h.end - h.start > 3:
            return False
        lo = max(0, h.start - 14)
        around = text[lo : h.end + 12]
        return any(
            m.start("s") + lo == h.start for r in self._rules.get("statistic", []) for m in r.finditer(around)
        )

    def _joins(self, text: str, last: OutcomePhrase, h: Hit) -> bool:
        """An abbreviation after its name, and a head that says only "rate" after what it is the rate of."""
        gap = text[last.end : h.start]
        if _OF_A_TIME.fullmatch(gap) and self._match("anaphor", text[h.start : h.end]):
            last.end, last.measure = h.end, "rate"
            return True
        if _OPENS.fullmatch(gap) and text[h.end : h.end + 1] == ")" and h.name.concept != last.concept:
            last.concept, last.measure, last.text, last.end = (
                h.name.concept,
                h.name.detail,
                text[h.start : h.end],
                h.end + 1,
            )
            return True
        same = last.concept == h.name.concept and _ABBREVIATED.match(gap) is not None and len(gap) < 44
        head = gap in ("", " ", "的") and self._match("generic", text[h.start : h.end]) is not None
        if not same and not head:
            return False
        last.end = h.end + (1 if same and "(" in gap and text[h.end : h.end + 1] == ")" else 0)
        if head:
            last.text, last.measure = text[last.start : h.end], "rate"
        last.measure = last.measure or h.name.detail
        return True

    def grade(self, text: str, p: OutcomePhrase) -> None:
        """Give an event the grade that stands before it."""
        if p.measure != "event" or p.concept.startswith("grade"):
            return
        m = self._match("grade", text[max(0, p.start - 40) : p.start])
        if m is None:
            return
        low = next(g for g in m.captures("g") if g)
        low = ROMAN.get(low, low)
        sign = "" if m.re.pattern == self._rules["grade"][-1].pattern else ">="
        p.concept = f"grade{sign or ' '}{low} {p.concept}"
        p.start = max(0, p.start - 40) + m.start() + (len(m.group()) - len(m.group().lstrip()))
        p.text = text[p.start : p.end]
        p.generic = False

    def _qualify(self, text: str, p: OutcomePhrase) -> None:
        """An event of one kind is told apart from the event: ``致死性出血``, ``non-fatal stroke``."""
        if p.generic or p.measure not in ("event", "rate") or p.concept in self.timed:
            return
        if p.concept.startswith("grade") or text[p.start : p.end] != p.text:
            return
        if (m := _OF_CAUSES.match(text, p.end)) is not None:
            known = self._named.get(f"{m['x']} {p.text.lower()}")
            p.concept = known[0] if known else f"{snake(m['x'])}_{p.concept}"
            p.end = m.end()
            p.text = text[p.start : p.end]
            return
        before = text[max(0, p.start - 20) : p.start]
        if (m := _RELATED.search(before)) is not None and not self._match("drug_related", m["x"]):
            p.start -= len(m.group())
            p.concept, p.text = f"{snake(m['x'])}_related_{p.concept}", text[p.start : p.end]
            return
        for name, r in self._sieves["qualifier"].passing(text):  # of which it is known what stands in it
            m = r.search(before)
            if m is not None and not p.concept.startswith(name):
                p.start -= len(m.group())
                p.concept, p.text = f"{name}_{p.concept}", text[p.start : p.end]
                return

    def _better(self, text: str, p: OutcomePhrase) -> None:
        if p.measure != "rate":
            return
        name = p.text.removesuffix("率")
        short = name.isascii() and name.rstrip("s").isupper() and len(name) <= 5
        if short and (m := self._match("prefix", text[max(0, p.start - 14) : p.start])):
            p.start -= len(m.group())
            p.concept = p.concept.removesuffix("率")
        elif m := self._match("suffix", text[p.end : p.end + 30]):
            p.end += m.end()
        else:
            return
        p.concept += "_or_better"
        p.text = text[p.start : p.end]

    def _rate(self, text: str, p: OutcomePhrase) -> None:
        if not RATE_AFTER.match(text[p.end : p.end + 8]):
            return
        if p.measure == "time":
            p.measure = "rate"
        if text[p.end : p.end + 1] == "率":
            p.end += 1
        p.text = text[p.start : p.end]

    def _threshold(self, text: str, p: OutcomePhrase) -> list[OutcomePhrase]:
        """Makes a measured quantity with a threshold a share of patients; further thresholds of a list follow."""
        own = _OWN_THRESHOLD.search(p.text)
        if own:
            return self._more(text, _OWN_THRESHOLD.sub("", p.concept), p.text[: own.start()], p.end)
        if p.measure != "level":
            return []
        base, head = p.concept, p.text
        m = self._match("score", text[p.end : p.end + 40])
        if m:
            between = "/" if regex.search(r"[/或]|or", m.group()) else "-"
            p.end += m.end()
            p.concept, p.measure, p.text = f"{base}_{m['a']}{between}{m['b']}", "rate", text[p.start : p.end]
            return []
        m = self._match("threshold", text[p.end : p.end + 60])
        if not m:
            return self._reached(text, p)
        p.end += m.end()
        p.concept, p.measure, p.text = _bound(base, m), "rate", text[p.start : p.end]
        return self._more(text, base, head, p.end)

    def _reached(self, text: str, p: OutcomePhrase) -> list[OutcomePhrase]:
        """The same where the threshold stands before the change: "至少5%、10%、15%减重"."""
        lo = max(0, p.start - 40)
        m = self._match("threshold_before", text[lo : p.start]) if HAN.match(text, p.start) else None
        if not m:
            return []
        base, whole, end = p.concept, p.text, p.end
        p.start, p.measure, p.concept = lo + m.start("r"), "rate", _bound(base, m)
        spans = [m.span("u"), *m.spans("w")]
        p.end = lo + spans[0][1] if len(spans) > 1 else end
        p.text = text[p.start : p.end] + whole * (len(spans) > 1)
        sign = _SIGN.get(m["r"], m["r"])
        return [
            OutcomePhrase(lo + a, end if i == len(spans) - 1 else lo + b + 1, f"{base}{sign}{text[lo + a : lo + b]}%", "rate", f"{m['r']}{text[lo + a : lo + b]}%{whole}")
            for i, (a, b) in enumerate(spans)
            if i
        ]  # fmt: skip

    def _more(self, text: str, base: str, head: str, at: int) -> list[OutcomePhrase]:
        """The further thresholds of a list: "减重≥5%、≥10%、≥15%", and those set behind numbers: "减重≥5%(80% vs 24%)和≥10%(60% vs 12%)"."""
        more: list[OutcomePhrase] = []
        while m := self._match("threshold_more", text[at : at + 60]):
            start, end = at + m.start("r"), at + m.end()
            more.append(OutcomePhrase(start, end, _bound(base, m), "rate", head + text[start:end]))
            at = end
        for r in self._rules.get("threshold_later", ()):
            for m in r.finditer(text, at):
                start, end = m.span("t")
                more.append(OutcomePhrase(start, end, _bound(base, m), "rate", head + text[start:end]))
        return more

    def _times(self, text: str, found: list[OutcomePhrase]) -> list[OutcomePhrase]:
        """Times to an event, or how long one lasts, that the lexicon doesn't hold."""
        for p in found if _MAY_BE_AFTER(text) else ():
            if p.measure in ("rate", "event") and (m := _AFTER_SO_LONG.match(text, p.end)):
                before = m["n"].strip()
                p.concept, p.measure = f"time_to_{snake(f'{p.concept} {before}')}", "time"
                p.end += len(m["n"])
                p.text = text[p.start : p.end]
        for r in self._sieves["time_name"].passing(text):
            for m in r.finditer(text):
                a, b = m.span("n")
                a += _OWNER.match(text[a:b]).end()
                inside = [p for p in found if p.start < b and a < p.end]
                if any(p.measure == "time" or p.end > b for p in inside):
                    continue
                event = [p.concept for p in inside if p.measure in ("rate", "event")]
                until = len(event) == 1 and _UNTIL.search(text[a:b])
                concept = f"time_to_{event[-1]}" if until else snake(text[a:b])
                phrase = OutcomePhrase(a, b, concept, "time", text[a:b])
                found = sorted([p for p in found if p not in inside] + [phrase], key=lambda p: p.start)
        return found

    def _responders(self, text: str, found: list[OutcomePhrase]) -> list[OutcomePhrase]:
        """Shares of patients with a change of at least so much ("体重下降≥5%者")."""
        for r in self._sieves["responder"].passing(text):
            for m in r.finditer(text):
                a, b = m.span("n")
                inside = [p for p in found if a <= p.start and p.end <= b]
                base = _OWN_THRESHOLD.sub("", inside[0].concept) if inside else snake(m["h"])
                if "loss" in r.groupindex:  # lost at least 10% of their weight
                    base = self._named.get(f"{m['h']} loss", (base,))[0]
                if any(p.start < b and a < p.end and p not in inside for p in found):
                    continue
                phrase = OutcomePhrase(a, b, f"{base}>={m['v']}%", "rate", text[a:b], known=bool(inside))
                found = sorted([p for p in found if p not in inside] + [phrase], key=lambda p: p.start)
        return found

    def _composites(self, text: str, found: list[OutcomePhrase]) -> list[OutcomePhrase]:
        """Events that "or" joins are one outcome, with those that commas list before them."""
        kept: list[OutcomePhrase] = []
        for p in found:
            last = kept[-1] if kept else None
            if (
                last
                and _OR.match(text[last.end : p.start])
                and not {last.measure, p.measure} & {"time", "level"}
            ):
                parts = [p, kept.pop()]
                while (
                    kept
                    and {kept[-1].measure, parts[-1].measure} <= {"event", "rate"}
                    and _LISTED.match(text[kept[-1].end : parts[-1].start])
                ):
                    parts.append(kept.pop())
                parts.reverse()
                first = parts[0]
                concept = self.composite(parts)
                kept.append(
                    OutcomePhrase(first.start, p.end, concept, first.measure, text[first.start : p.end])
                )
                continue
            kept.append(p)
        return kept

    def composite(self, parts: Sequence[OutcomePhrase]) -> str:
        """What the composite of these outcomes is called: its own name, or theirs joined."""
        named = " + ".join(sorted({c for x in parts for c in x.concept.split("_or_")}))
        whole = next((name for name, r in self._whole if r.search(named)), None)
        return whole or "_or_".join(("_".join(x.concept for x in parts[:-1]), parts[-1].concept))

    def _said_of(self, gap: str) -> bool:
        """Whether what stands between two events makes the later one the class of the earlier."""
        gap = _NUMBER_FIRST.sub("", gap)
        m = self._match("predicate", gap)
        return (
            m is not None
            and regex.fullmatch(
                r"(?!\s?(?:是|为|有|包括|分别|依次|was\b|were\b|includ))[^,;。:]{0,14}", gap[m.end() :]
            )
            is not None
        )

    def _predicates(self, text: str, found: list[OutcomePhrase]) -> list[OutcomePhrase]:
        """In "diarrhoea was the most common adverse event" diarrhoea is the outcome."""
        kept: list[OutcomePhrase] = []
        for p in found:
            last = kept[-1] if kept else None
            if last and last.measure == p.measure == "event" and self._said_of(text[last.end : p.start]):
                if p.concept.startswith("grade") and not last.concept.startswith("grade"):
                    last.concept = f"{p.concept.rpartition(' ')[0]} {last.concept}"
                continue
            kept.append(p)
        return kept


#: when an event came, right behind its name: ``ROP reactivation occurred at a mean of 7.5 weeks``
_AFTER_SO_LONG = Expression(
    r"(?P<n>(?:\s(?!occurred|developed|appeared|was|were|at|after)\p{Ll}{4,}){0,2})\s(?:occurred|developed|appeared|recurred|resolved|"
    r"(?:was|were)\s(?:seen|observed|noted|achieved|reached|detected|diagnosed))\s(?:at|after|in|within)\s(?:an?\s)?"
    r"(?:(?:mean|median|average)(?:\stime)?(?:\sof)?\s(?=\d)|(?=\d[\d.]*\s?(?:±|\(\s?±)[\d.\s]+\)?\s?(?:days|weeks|months|years|hours|minutes|min)\b))"
)
_MAY_BE_AFTER = possible(_AFTER_SO_LONG)


def _bound(base: str, m: regex.Match[str]) -> str:
    bound = m["v"].replace(",", "").removesuffix(".0")  # <7.0% is the same outcome as <7%
    return f"{base}{_SIGN.get(m['r'], m['r'])}{bound}{(m['u'] or '').strip()}"


#: from a share of people to the scale by which they were judged: ``response rates in depression on the HAM-D``
_JUDGED_BY = Expression(
    r"(?:\srates?)?(?:\s(?:in|of|for|among)\s[^,.;:()\d]{2,60}?)?\s(?:on|by|in|using|per|according to|based on|(?:as )?(?:measured|assessed|judged|rated|defined) (?:by|with|on|using))\s(?:the\s)?"
)
#: from a rate to the disease in which it was one, and behind that
_RATE_IN = Expression(r"(?:\srates?)?\s(?:in|of|for)\s(?:\p{Ll}+\s){0,2}")
_JUDGED_ON = Expression(
    r"(?:\s\p{Ll}+){0,2}\s(?:on|by|in|using|per|according to|based on|(?:as )?(?:measured|assessed|judged|rated|defined) (?:by|with|on|using))\s"
)
#: what an event is told to go back to, right before it: ``导管相关感染``
_RELATED = Expression(r"(?:(?<!\p{Han})|(?<=[组中的例和与及]))(?P<x>(?:(?![组的])\p{Han}){2,8})相关性?的?$")
#: the end of the name of a survival by what it is free of
_FREE_OF_IT = "-free survival"
