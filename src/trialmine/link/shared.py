"""One number that several groups have: a row for each of them (``两组均为40%``)."""

from __future__ import annotations

from dataclasses import replace

from trialmine.core.lazy import Expression
from trialmine.core.records import Arm
from trialmine.core.sieve import possible
from trialmine.core.words import PEOPLE
from trialmine.link.cells import coordinate
from trialmine.link.view import Result, View

#: from the words for both groups to the number that each of them has
_TO_EACH = Expression(
    r"^(?:患者|受试者)?(?:的)?[^,;。\d%]{0,24}?(?:(?:均|都|皆)(?!(?:具?有|无|没有)?(?:统计|显著|明显|差异)|较|[高低优长短多少]于)|同为|各为|各(?!期))[^,;。\d%]{0,16}$|^(?:\s(?:each|had|was|were))+\s?$"
)
#: from a number to the words for both groups that have it
_IN_EACH = Expression(
    rf"\)?(?:\sof\s(?:the\s)?(?:{PEOPLE}|cases|eyes))?\s(?:in|for|with)\s(?:each\s(?:of the\s)?)?$"
)


#: the same before two groups by their names
_IN_BOTH = Expression(rf"(?:\sof\s(?:the\s)?(?:{PEOPLE}|cases))?\s(?:in|for|with|on)\sboth\s(?:the\s)?")
_AND = Expression(r"(?:\s(?:groups?|arms?))?\sand\s(?:in\s|for\s|with\s)?(?:the\s)?")
#: right before a number that all groups of the sentence have, though it doesn't name them again
_ALL_SAME = Expression(r"(?:^|[,;。])[^,;。\d%组、]{2,24}(?:均|都|皆|同为|各为)(?:为|是|约|达|在|仅)*\s?$")
_MAY_BE_ALL_SAME = possible(_ALL_SAME)
#: right behind a number that each of the two groups of an English sentence has: ``sepsis (3% each)``
_EACH_BEHIND = Expression(
    r"\s?(?:patients|participants|events|deaths|cases)?\s?(?:in\s|for\s)?(?:each|both)(?=\s?[),;.]|\sin\sthe\b)"
)
#: that each has the number
_SAME = Expression(r"均|都|皆|同为|各为")
#: from a number to the next one of a list: each group has its own
_NEXT_IN_LIST = Expression(r"\s?(?:,\s?(?:and\s)?|、|和|与|及|\sand\s)\s?[<>=≤≥]?\d")
#: groups that a sentence sets beside each other
_MOST = 4


def _set_beside(view: View, r: Result) -> list[Arm]:
    """The groups of the sentence's numbers before this one: those of its study's last list."""
    named = [a for p in view.phrases if p.end <= r.quantity.start for a in view.arms.get(id(p), ())]
    order = r.study.order if r.study is not None else []
    arms = [a for a in order if a in named] or list(order)
    before = any(x.outer_end < r.quantity.start and x.kind != "p" for x in view.quantities)
    return arms if before and 2 <= len(arms) <= _MOST else []


def _told_beside(view: View, at: int) -> list[Arm]:
    """The groups that are listed right before a number that each of them has: ``A组与B组的中位EFS均为``."""
    if not _SAME.search(view.text, max(0, at - 24), at):
        return []
    named = [p for p in view.phrases if p.end <= at and len(view.arms.get(id(p), ())) == 1]
    lists = coordinate(
        view.text, named, lambda p: (p.start, p.end), lambda a, b: view.arms[id(a)] == view.arms[id(b)]
    )
    if not lists or not _TO_EACH.match(view.text[lists[-1][-1].end : at]) or lists[-1][-1] is not named[-1]:
        return []
    return [a for p in lists[-1] for a in view.arms[id(p)]] if 2 <= len(lists[-1]) <= _MOST else []


def _told_behind(view: View, at: int) -> list[Arm]:
    """The groups that are listed right behind a number that each of them has: ``40% in both the A and B arms``."""
    named = [p for p in view.phrases if p.start >= at and len(view.arms.get(id(p), ())) == 1][:2]
    if len(named) < 2 or not _IN_BOTH.fullmatch(view.text[at : named[0].start]):
        return []
    return (
        [a for p in named for a in view.arms[id(p)]]
        if _AND.fullmatch(view.text[named[0].end : named[1].start])
        else []
    )


def _two_named(view: View, r: Result) -> list[Arm]:
    """The two groups that a sentence names, where each of them has a number: ``sepsis (3% each) with A and B``."""
    if not _EACH_BEHIND.match(view.text, r.quantity.outer_end):
        return []
    named = dict.fromkeys(a for p in view.phrases for a in view.arms.get(id(p), ()))
    order = r.study.order if r.study is not None else []
    arms = list(named) or list(order)
    return arms if len(arms) == 2 else []


def for_each(view: View, r: Result) -> list[Result]:
    """The further rows of a result whose number both (or all) groups have; the result itself becomes the first group's."""
    if r.compares:
        return []
    q, text = r.quantity, view.text
    several = [p for p in view.phrases if p.kind in ("both", "all") and len(view.arms.get(id(p), ())) > 1]
    before = [p for p in several if p.end <= q.start]
    after = [p for p in several if q.outer_end <= p.start]
    arms: list[Arm] = []
    listed = _NEXT_IN_LIST.match(text, q.outer_end) and not _SAME.search(text, 0, q.start)
    if before and not listed and _TO_EACH.match(text[before[-1].end : q.outer_start]):
        arms = view.arms[id(before[-1])]
    elif after and _IN_EACH.match(text[q.outer_end : after[0].start]):
        arms = view.arms[id(after[0])]
    if not arms and not several:
        arms = _told_beside(view, q.outer_start)
    if not arms and not several:
        arms = _told_behind(view, q.outer_end)
    if not arms:
        arms = _two_named(view, r)
    if not arms and not several and _MAY_BE_ALL_SAME(text) and _ALL_SAME.search(text[: q.outer_start]):
        arms = _set_beside(view, r)
    for arm in arms:
        arm.used = True
    r.arm = arms[0] if arms else r.arm
    return [replace(r, arm=a, why=[*r.why, "each of the groups has it"], shared=True) for a in arms[1:]]
