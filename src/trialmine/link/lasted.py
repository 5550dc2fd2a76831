"""Whether a time is a result, how long something lasted, or only a course, a visit or the follow-up."""

from __future__ import annotations

import regex

from trialmine.core.lazy import Expression
from trialmine.find.quantity import Quantity
from trialmine.link.view import View
from trialmine.read.segment import HAN

_GAIN = Expression(
    r"(?:寿命|生存期|时间|时长|天数)(?:显著|平均|可)?(?:增加|减少)(?:了|约|近)?\s?$|(?:延长|缩短|推迟|提前|差异|改善|多|少|相差|longer by|shorter by|prolonged by|extended by|increased by|"
    r"delayed by|gain of|benefit of|improvement of)(?:了|约|近|至少)?\s?$"
)
_COURSE_AFTER = Expression(
    r"\s?(?:的)?(?:治疗|疗程|随访|用药|给药|辅助|维持治疗|诱导|洗脱|of (?:treatment|therapy|"
    r"follow)|treatment|therapy|"
    r"follow-?up|course)"
)
_POINT_AFTER = Expression(
    r"\s?(?:时(?!间)|后|内|末|以后|的?(?:中位|累[计积]|总|无)?[\p{Han}\p{Latin}+-]{0,8}(?:生存|"
    r"复发|转移|进展)?率|\s?-?\p{Lu}{2,4}\s?(?:rate|率))"
)
#: the rate at a time, not the time: ``5年OS率``
_OF_A_RATE = Expression(
    r"\s?-?(?:的)?(?:中位|累[计积]|总|无)?[\p{Han}\p{Latin}+-]{0,8}?(?:率(?!为?中位)|\s(?:survival|OS|PFS|DFS|EFS) rates?)"
)
_COURSE = Expression(
    r"随访|疗程|每|间隔|给药|用药|持续给|\b(?:follow|every|for up to|treated for|treatment for|at|"
    r"after|within|week|"
    r"month|year|day)\s?$|第$"
)
_LISTED = Expression(
    r"^[\s,;、()/]*(?:以?及|和|与|而|对比?|比|vs\.?|versus|and|to|compared (?:with|to)|with|in|"
    r"for|or|at|但|其)?"
)
_DURATION = Expression(
    r"(?<!随访|治疗|给药|观察|用药|潜伏|暴露|输注|follow-up |treatment |exposure )(?:时间|天数|"
    r"时长|持续期|住院日|(?:duration|time)(?!s?\s(?:of\s|on\s)?(?:the\s)?(?:therapy|treatment|follow|exposure|study|trial|dosing|infusion|observation)|s\b)|"
    r"stay|length of [\p{Latin}\s-]{2,30})(?:\([^()]{0,30}\))?[^,;。%\d]{0,36}$"
)


def is_told_of(view: View, q: Quantity, depth: int = 0) -> bool:
    """A time is a result where an outcome that is a time holds at it; a course, a date of a visit is none."""
    text = view.text
    if "shared_unit" in q.flags and q.rule == "number":
        return True
    if _DASHED.search(text[q.start : q.end]):
        return False
    before, after = text[: q.start], text[q.outer_end : q.outer_end + 24]
    if _COURSE_AFTER.match(after) or _OF_A_RATE.match(after):
        return False
    if _of_change(view, q):
        return True
    named = max((o.end for o in view.outcomes if o.end <= q.start and o.measure == "time"), default=-1)
    if named >= 0:
        gap = text[named : q.start]
        others = any(named <= o.start < q.start and not _beside_times(o) for o in view.quantities)
        far = not HAN.search(gap) and not _VISIT.search(gap)
        if (others and _LISTED_LAST.match(gap)) or _MEDIAN_OF_IT.search(before):
            return True
        if (
            not others
            and (not _STOP.search(gap) or _STATED.fullmatch(gap))
            and len(gap) < (160 if far else 60)
        ):
            return True
    if _GAIN.search(before) or CHANGED_BY.search(before[-140:]) or _DURATION.search(before[-70:]):
        return True
    against = _AGAINST.match(text, q.outer_end) or _AGAINST_IT.search(text, max(0, q.start - 48), q.start)
    if against and HAN.search(text) and not _NO_SURVIVAL.search(text, max(0, q.start - 40), q.start):
        return True
    if _PAIRED.match(text[q.outer_end :]) or _PAIR_OF.search(before):
        return named >= 0 or bool(_COMPARATIVE.search(before[-160:]))
    if (
        depth < 30
        and (_follows(view, q, depth) or _repeats(view, q, depth) or _set_again(view, q, depth))
        and not _POINT_AFTER.match(after)
    ):
        return True
    if _of_group(view, q) and any(
        x is not q and x.kind in ("time", "number") and _of_group(view, x) not in ("", _of_group(view, q))
        for x in view.quantities
    ):
        return True
    return any(
        o.measure == "time"
        and q.outer_end <= o.start <= q.outer_end + 24
        and _AFTERWARDS.match(text[q.outer_end : o.start])
        for o in view.outcomes
    )


#: from a time to the group that it was measured in, and before a time that is no course or visit
_IN_ITS_GROUP = Expression(
    r"\s?(?:to\s\p{Ll}+(?:\s\p{Ll}+){0,3}\s)?(?:in|with|for|on|among)\s(?:the\s|patients\s|those\s|who\s|received\s|receiving\s|given\s|treated\s|with\s)*"
)
_NO_COURSE = Expression(
    r"(?:\b(?:[Ii]t took|was|were|took|averaged|lasted|and|versus|vs?\.?|than|with|to|but|only|of|whereas|while)|[(:,;]|\b(?:[Mm]edian|[Mm]ean)s?(?: of)?)\s?$"
)


def _of_group(view: View, q: Quantity) -> str:
    """The name of the group whose time a number tells: ``8.1 h with placebo``; empty for a course or a visit."""
    text = view.text
    if HAN.search(text) or not _NO_COURSE.search(text[: q.outer_start]):
        return ""
    if _VISIT.search(text[: q.start]) or _COURSE.search(text[max(0, q.start - 40) : q.start]):
        return ""
    for p in view.phrases:
        if q.outer_end <= p.start and view.arms.get(id(p)):
            return p.label or "?" if _IN_ITS_GROUP.fullmatch(text, q.outer_end, p.start) else ""
    return ""


#: right before the median of a group in a bracket: ``longer with A (median, 12.1 months) than with B (median, 9.3 months)``
_MEDIAN_OF_IT = Expression(r"[(\[]\s?(?:[Mm]edian|中位(?:数|值|时间)?)\s?(?:,|:|of|为)?\s?$")
#: from the last outcome of a list to its number: ORR和PFS分别为40%和6个月
_LISTED_LAST = Expression(
    r"^(?:[^\d,;。]{0,16}?|\s?(?:in|of|with|for|在|于)[^\d;。]{2,60}?(?:为|was|were)\s?)(?:\d[\d.]*(?:\([^()]*\))?\s?(?:%|[\p{Latin}μ/]{1,10})\s?(?:\([^()]*\))?\s?(?:、|,\s?(?:and)?|和|与|及|以及|and)\s?)+$"
)
#: a time by which a course became shorter or longer
CHANGED_BY = Expression(
    r"\b(?:reduc|shorten|prolong|lengthen|extend|delay|decreas|increas|cut|improv)\p{Latin}*\b(?:[^.;()\d]|\([^()\d]{0,20}\)){0,110}?\bby\s"
    r"(?:an?\s|about\s|around\s|approximately\s|only\s|nearly\s|average\s|mean\s|median\s|of\s|almost\s){0,4}$"
)
#: a time set against another one: ``鳞癌29.7 vs 11.0个月``; before and behind it
_AGAINST = Expression(r"\s?(?:\([^()]{1,30}\))?\s?(?:vs\.?|versus|比|对)\s?\d+\.\d")
_AGAINST_IT = Expression(
    r"\d\.\d+\s?(?:个?月|年|天|周|d)?\s?(?:\([^()]{1,30}\))?\s?(?:vs\.?|versus|比|对)\s?$"
)
_NO_SURVIVAL = Expression(r"随访|疗程|年龄|(?:治疗|用药|给药|暴露|病程)(?:持续)?时间|间隔")
#: a pair of times in a bracket, after the word that sets the groups against each other: ``was shorter with A (3 days vs 5 days)``
_PAIRED = Expression(r"\s?(?:vs?\.?|versus|compared with|against)\s?\d")
_PAIR_OF = Expression(r"[(\[][^()\[\]]*\d[^()\[\]]*\b(?:vs?\.?|versus|compared with|against)\s?$")
_COMPARATIVE = Expression(
    r"\b(?:shorter|longer|fewer|less|more|earlier|later|sooner|faster|slower|lower|higher|reduced|decreased|increased|"
    r"shortened|prolonged|differ\p{Latin}*|similar)\b[^.;()]*\([^()]*$"
)
#: words right before a time that is no result: of a visit, a follow-up, a course
_VISIT = Expression(
    r"\b(?:follow-?up|at|after|within|by|over|every|during|through|for|until|first|last|past|previous|treated|treatment|"
    r"duration)\s(?:(?:of|the|a|an|about|approximately|median|least|up to)\s){0,4}$"
)
_STATED = Expression(r"\s?;\s(?:median|mean)\s")
_AFTERWARDS = Expression(
    r"^(?:\s?\([^()]{0,60}\))?\s?(?:的)?(?:患者)?(?:的|在)?\s?(?:中位|median )?(?:for |in |of |a |an |the )?$|"
    r"^的?时间[里内]?,?(?:其|患者)?(?:肿瘤|疾病|病情|病灶)?(?:都|均|一直)?$"
)
#: from a group's time to that of the other one: ``with A compared with B at 11.1 months``
_OTHER_AT = Expression(
    r"[^.;()\d]{0,40}\b(?:compared (?:with|to)|versus|vs\.?|than)\s[^.,;()\d]{2,30}\sat\s?"
)


def _follows(view: View, q: Quantity, depth: int) -> bool:
    """Whether a time is listed with one before it that is a result: 3.7个月,对照组为2.0个月."""
    text = view.text
    earlier = [
        o for o in view.quantities if o.start < q.start and o is not q and o.kind in ("time", "not_reached")
    ]
    if not earlier:
        return False
    last = earlier[-1]
    if not any(o.measure == "time" for o in view.outcomes) and not _DURATION.search(
        text[max(0, last.start - 70) : last.start]
    ):
        return False
    gap = regex.sub(r"\([^()]*\)", "", text[last.outer_end : q.start])
    gap = _LISTED.sub("", gap)
    other = _OTHER_AT.fullmatch(gap) and (q.interval is not None or "." in text[q.start : q.end])
    if not other and (len(gap) > 40 or _STOP.search(gap) or _COURSE.search(gap)):
        return False
    between = [o for o in view.quantities if last.start < o.start < q.start and not _beside_times(o)]
    if any(not (o.kind == "count" and text[o.start - 1] == "(") for o in between):
        return False
    return last.kind == "not_reached" or is_told_of(view, last, depth + 1)


def _repeats(view: View, q: Quantity, depth: int) -> bool:
    """Whether a time stands where one stood in the block before: ``ORR and PFS were 30% and 6 months on A, 12% and 4 months on B``.

    The blocks are as long as the list of outcomes that they are of, and of the same kinds in the same order.
    """
    told = [x for x in view.quantities if x.kind == "time" and x.start < q.start]
    if not told:
        return False
    start = max((o.end for o in view.outcomes if o.end <= told[-1].start), default=-1)
    numbers = [
        x for x in view.quantities if x.start >= start and x.kind != "p" and not x.kind.startswith("estimate")
    ]
    if start < 0 or told[-1] not in numbers or q not in numbers:
        return False
    at = numbers.index(q)
    length = at - numbers.index(told[-1])
    kinds = [x.kind for x in numbers[: at - at % length + length]]
    named = {o.concept for o in view.outcomes if o.end <= start}
    if length < 2 or len(named) < length or len(kinds) % length:
        return False
    return kinds == kinds[:length] * (len(kinds) // length) and is_told_of(view, told[-1], depth + 1)


#: around the first and before the second of two times from which and to which something changed: ``从10.8天降至6.3天``
_FROM = Expression(r"(?:从|由|\bfrom)\s?(?:基线|治疗前)?(?:的)?\s?$")
_TO_THEN = Expression(
    r"(?:\([^()]*\))?\s?(?:,)?(?:显著|明显)?(?:降|减|升|增|缩短|延长|下降|减少|增加|升高)[^,;。\d]{0,4}?(?:至|到|为)|(?:\s\([^()]*\))?\sto\s\d"
)
_FROM_THEN = Expression(
    r"(?:从|由|\bfrom)\s?(?:基线|治疗前)?(?:的)?\s?\d+(?:\.\d+)?\s?\p{L}{0,7}(?:\s?\([^()]*\))?\s?,?(?:(?:显著|明显)?(?:降|减|升|增|缩短|延长|下降|减少|增加|升高)[^,;。\d]{0,4}?(?:至|到|为)|to)\s?$"
)
_NEAR_NAME = 24
_CLAUSE = Expression(r"[,;。]")


def _of_change(view: View, q: Quantity) -> bool:
    """Whether a time is one of the two between which a known outcome changed, right behind its name."""
    text = view.text
    first = _FROM.search(text, 0, q.start) if _TO_THEN.match(text, q.outer_end) else None
    start = first or _FROM_THEN.search(text, max(0, q.start - 60), q.start)
    if start is None:
        return False
    gaps = [text[o.end : start.start()] for o in view.outcomes if 0 <= start.start() - o.end <= _NEAR_NAME]
    return bool(gaps) and not _CLAUSE.search(gaps[-1])


#: between two times set against each other
_SET_AGAINST = Expression(r"\s?(?:vs?\.?|versus|比|对)\s?")


def _set_again(view: View, q: Quantity, depth: int) -> bool:
    """Whether a time is of a further pair that a ratio or a p-value closes: ``(202 min比178 min,P=0.03;265 min比199 min,P<0.001)``."""
    at = next(i for i, x in enumerate(view.quantities) if x is q)
    for i in (at, at - 1):
        if i < 0 or i + 2 >= len(view.quantities):
            continue
        first, second, closing = view.quantities[i : i + 3]
        if (
            first.kind != "time"
            or second.kind != "time"
            or closing.kind.split(":")[0] not in ("p", "estimate")
        ):
            continue
        if closing.outer_start - second.outer_end > _NEAR_PAIR or first.unit != second.unit:
            continue
        if not _SET_AGAINST.fullmatch(view.text, first.outer_end, second.outer_start):
            continue
        told = [x for x in view.quantities[:i] if x.kind == "time"]
        return len(told) > 1 and told[-1].unit == first.unit and is_told_of(view, told[-1], depth + 1)
    return False


#: characters from a pair of times to what compares them
_NEAR_PAIR = 6
_STOP = Expression(r"[。;]")
_DASHED = Expression(r"\d-\p{Latin}")


def _beside_times(q: Quantity) -> bool:
    return q.kind in ("time", "p", "not_reached") or q.kind.startswith("estimate")
