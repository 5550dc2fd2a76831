"""Lists of what one group got: behind its name with a word for giving, or in the bracket behind it.

``A组给予甲、乙、丙及丁``, ``the intensive group (A, B and C)``, ``化放疗组(甲同步放疗+乙/丙辅助化疗)``: all that such a list holds is the group's.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

from trialmine.core.lazy import Expression
from trialmine.core.words import PEOPLE
from trialmine.link.armphrase import DOSE, ArmPhrase

_GROUPS = frozenset({"label", "control", "experimental", "combination", "mono"})
#: what opens the bracket behind a group's name, and what may close it behind the list
_OPENS = Expression(
    r"(?:\s(?:groups?|arms?))?\s?\((?:\s?(?:[nN]\s?=\s?)?\d+\s?[例名人]?\s?[,;:]|(?:即|为|包括|given|receiving|received|consisting of)\s?)?\s?"
    r"(?:[\p{Latin}-]+\s){0,2}$"
)
_CLOSES = Expression(
    r"[^()、%]{0,12}?(?:[,;]\s?(?:[nN]\s?=\s?)?\d+\s?[例名人]?|,?\s?[A-Z][A-Z\d-]{2,})?\s?\)"
)
#: between two members of a list
_BETWEEN = Expression(
    rf"(?:\s?\((?![^()]*\d\s?%)[^()]{{0,24}}\)|\s?(?:{DOSE}))?(?:(?!分别|对比|组|其中)[\p{{Han}}]){{0,6}}?\s?(?:、|\+|/|以?及|和|与|并|加用?|联合|联用|配合|结合|同步|序贯|续以|后续|,(?=\s\p{{Latin}}))\s?(?:(?!分别|组)[\p{{Han}}]){{0,5}}?|"
    rf"(?:\s?\([^()%]{{0,24}}\)|\s{DOSE}(?:\s(?:once|twice|daily|weekly))*)?\s?(?:,|,?\s(?:and|plus|with|then)|\+|,?\s(?:followed by|combined with|together with))\s(?:(?:then|also|oral|intravenous|adjuvant|concurrent|low-dose|high-dose|the|a|an|{DOSE})\s){{0,2}}"
)
_ON_TOP = Expression(r"基础之?上")
_CLAUSE_END = Expression(r"[.;。](?!\d)|\d")
_SHARE = Expression(r"\d\s?(?:%|个月|\s(?:months|weeks|years)\b)")
_EACH_OF = Expression(r"分别|各(?!种|类)|\b(?:each|respectively)\b")
#: the people that a sentence says all got a list of treatments, up to the first of them
_PEOPLE_GOT = Expression(
    r"(?:患者|受试者|病人|患儿|病例|\d\s?[例名])(?:\([^()]*\))?,?(?P<gap>(?:(?!随机|分为|两组|各组|或|患者|受试者|病人|患儿|\d[例名])[^.。;:%]){0,24})$|"
    rf"\b(?:{PEOPLE})(?:\swith\s[^.,;:%]{{3,50}}?)?(?P<gap>\s(?:(?!either\b|random|assigned|allocated|or\b|who\b)[^.;:%]){{3,30}})$"
)


def whole_lists(text: str, phrases: list[ArmPhrase], gave: Callable[[str], bool]) -> list[ArmPhrase]:
    """The phrases of a sentence, in which all that is listed for one group is one phrase.

    ``gave`` says of the words between a group's name and a treatment whether they tell that the group got it.
    """
    dropped: set[int] = set()
    for i, g in enumerate(phrases):
        if not (g.kind in _GROUPS or (g.kind == "interventions" and g.is_group)) or len(g.labels) > 1:
            continue
        told = _told_from(phrases, i + 1)
        if len(told) < 2 or id(told[0]) in dropped:
            continue
        gap = text[g.end : told[0].start]
        inside = _OPENS.fullmatch(gap) is not None
        if _EACH_OF.search(gap):
            continue
        if not inside and (g.kind == "interventions" or not gave(gap)):
            continue
        members = _in_a_row(text, told)
        if inside and not _CLOSES.match(text, members[-1].end):
            continue
        dropped |= _join(text, members)
    for i, p in enumerate(phrases):
        alone = (
            p.kind == "interventions"
            and not (p.is_group or p.background or p.labels)
            and id(p) not in dropped
        )
        if alone and _people_got(text, p, gave):
            members = _in_a_row(text, _told_from(phrases, i))
            if not _a_number_each(text, members):
                dropped |= _join(text, members)
        elif p.base and _ON_TOP.search(text, p.start, p.end):
            ground = [q for q in phrases[:i] if q.kind == "interventions" and not q.is_group]
            members = ground[-1:] if ground and _BETWEEN.fullmatch(text, ground[-1].end, p.start) else []
            while (
                members
                and len(ground) > len(members)
                and _BETWEEN.fullmatch(text, ground[-len(members) - 1].end, members[0].start)
            ):
                members = ground[-len(members) - 1 :]
            if members and text.endswith(("在", "于"), 0, members[0].start):
                more = tuple(n for m in members for n in m.interventions if n not in p.interventions)
                p.interventions, p.base, p.start = (
                    (*more, *p.interventions),
                    (*more, *p.base),
                    members[0].start,
                )
                p.label = text[p.start : p.end]
                dropped |= {id(m) for m in members}
    return [p for p in phrases if id(p) not in dropped]


def _told_from(phrases: list[ArmPhrase], at: int) -> list[ArmPhrase]:
    """The treatments that stand there before anything else is told."""
    return list(
        itertools.takewhile(
            lambda q: q.kind == "interventions" and not (q.is_group or q.background), phrases[at:]
        )
    )


def _people_got(text: str, p: ArmPhrase, gave: Callable[[str], bool]) -> bool:
    """Whether people are told before a treatment who all got what begins with it."""
    people = _PEOPLE_GOT.search(text, max(0, p.start - 100), p.start)
    return people is not None and gave(people["gap"]) and not _EACH_OF.search(people["gap"])


def _a_number_each(text: str, members: list[ArmPhrase]) -> bool:
    """Whether as many numbers follow as there are treatments, one each: they are groups."""
    each = _EACH_OF.search(text, members[-1].end)
    if each is not None and not _CLAUSE_END.search(text, members[-1].end, each.start()):
        return True  # 14% and 9% of those who got A and B, respectively
    return each is not None and len(_SHARE.findall(text, members[-1].end)) == len(members)


def _in_a_row(text: str, told: list[ArmPhrase]) -> list[ArmPhrase]:
    """The first treatments between which nothing but a list's marks stands."""
    last = 0
    while last + 1 < len(told) and _BETWEEN.fullmatch(text, told[last].end, told[last + 1].start):
        last += 1
    return told[: last + 1]


def _join(text: str, members: list[ArmPhrase]) -> set[int]:
    """Make the first treatment the whole list, if all of it is one group's; the others, which it holds now."""
    names = [n for m in members for n in m.interventions]
    if len(members) < 2 or len(set(names)) < len(names) or any(m.labels for m in members):
        return set()
    if len({m.reference for m in members}) > 1:
        return set()
    first = members[0]
    first.interventions = tuple(names)
    first.end, first.label = members[-1].end, text[first.start : members[-1].end]
    first.generic = all(m.generic for m in members)
    return {id(m) for m in members[1:]}
