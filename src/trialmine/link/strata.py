"""Parts of a trial's people by a treatment that they had anyway: ``无论基线是否使用X(X组HR 0.8,不使用X组HR 0.7)``.

The treatment is none that the trial gave; who had it and who had not are subgroups of its groups.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from trialmine.core.lazy import Expression
from trialmine.find.populations import Population
from trialmine.link.armphrase import ArmPhrase

_USE = r"(?:使用|接受|应用|服用|联用|合用|合并使用|联合使用|加用|用过?)"
_USE_EN = r"(?:use|therapy|treatment|background)"
#: right before a treatment by which people are told apart, whatever they were given in the trial
_BY = Expression(
    rf"(?:无论|不论|不管|按照?|根据|依据|以)[^,。;:()\d]{{0,12}}?(?:是否|有无|有没有)[^,。;:()\d]{{0,8}}?{_USE}(?:了|过)?$|"
    rf"(?:是否|有无)(?:同时|既往|基线)?{_USE}(?:了|过)?$|"
    r"(?:按照?|根据|依据|(?<!予)以)(?:基线时?|既往|背景)?(?:使用|应用|接受|联用)?(?:的)?$|"
    r"\b(?:[Rr]egardless|[Ii]rrespective|[Ii]ndependent(?:ly)?)\sof\s(?:[\p{Ll}-]+\s){0,4}$|"
    r"\b(?:[Ss]tratified|[Bb]roken down|[Aa]nalysed|[Aa]nalyzed|[Cc]onsistent)\s(?:by|according to|across)\s(?:[\p{Ll}-]+\s){0,4}$"
)
#: right behind it, where the words before it alone don't say so
_STATE = Expression(
    rf"(?:类药物)?(?:治疗)?的?(?:背景)?{_USE}?(?:的?情况|的?状态|史|与否)?(?:进行|作|做)?(?:分层|分组|亚组|的不同)|\s(?:[\p{{Ll}}-]+\s){{0,2}}?{_USE_EN}\b"
)
_SURE = Expression(r"(?:是否|有无|有没有)|(?i:regardless|irrespective|independent)")
#: those who had it and those who had not, around its name
_HAD = Expression(
    r"(?:(?:基线时?|既往|同时|曾|已|正在)?(?:不|未|没有|无|非)?(?:曾|再|同时)?(?:合并使用|联合使用|使用|接受|应用|服用|联用|合用|加用|用)?(?:了|过)?|"
    r"\b(?:with(?:out)?|(?:not\s)?(?:on|taking|using|receiving))\s(?:baseline\s|background\s|concomitant\s)?)$"
)
_WENT_WITHOUT = Expression(rf"(?:未|不|没有|无|非)(?:曾|再|同时)?{_USE}(?!组$)|\bnon-?users\b")


def strata_by_treatment(
    text: str, phrases: Sequence[ArmPhrase], given: Collection[frozenset[str]], before: frozenset[str]
) -> tuple[list[ArmPhrase], list[Population], frozenset[str]]:
    """The phrases less those who are told apart by a treatment that they had anyway, those as subgroups, and the treatment.

    ``given`` is what the groups of the study got, ``before`` the treatment by which the paragraph told its people apart.
    """
    by = before
    for p in phrases:
        if p.kind == "interventions" and frozenset(p.interventions) not in given and _tells(text, p):
            by = frozenset(p.interventions)
    if not by or by in given:
        return list(phrases), [], frozenset()
    kept: list[ArmPhrase] = []
    found: list[Population] = []
    for p in phrases:
        if p.kind in ("label", "people") and _WENT_WITHOUT.match(p.label):
            found.append(Population(p.start, p.end, text[p.start : p.end]))
            continue
        if p.kind != "interventions" or frozenset(p.interventions) != by:
            kept.append(p)
            continue
        start, end = p.start, p.end
        if (had := _HAD.search(text, max(0, start - 30), start)) is not None:
            start = had.start()
        named = text[start:end].rstrip().endswith(("组", "者", "患者")) or text.startswith("with", start)
        if named and not _tells(text, p):
            found.append(Population(start, end, text[start:end].strip()))
        elif before and by == before and not _tells(text, p):
            kept.append(p)
            continue
        p.background = True
    return kept, found, by


def _tells(text: str, p: ArmPhrase) -> bool:
    """Whether the words around a treatment say that people are told apart by it."""
    m = _BY.search(text, max(0, p.start - 60), p.start)
    if m is None:
        return False
    return _SURE.search(m.group()) is not None or _STATE.match(text, p.end) is not None
