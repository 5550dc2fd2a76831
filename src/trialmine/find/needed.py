"""Treatments that are told as what happened to people, not as what a group was given: ``Fewer needed surgery (8% v 14%)``."""

from __future__ import annotations

from trialmine.core.lazy import Expression
from trialmine.core.words import FUNCTION
from trialmine.find.lexicon import Hit, Name
from trialmine.find.names import INTERVENTIONS
from trialmine.find.outcomephrase import snake
from trialmine.find.quantity import Quantity

#: around a treatment of which it is told how many had it: 使用X的患者比例, X使用率
_USING = Expression(r"(?:使用|应用|接受|合用|服用|加用|需要|联用)(?:过|了)?$")
_USED_BY = Expression(
    r"(?:类药物|药物)?(?:治疗)?(?:的(?:患者|受试者|病例|人)?的?(?:比例|占比|百分比)|(?:使用|应用|合用)(?:率|比例))"
)
_USE = Expression(r"(?:类药物|药物)?(?:使用|应用|合用)(?:率|比例)")
#: right before a procedure that people came to need, or had less often
_NEEDED = Expression(
    r"\b(?:need(?:ed|ing|s)?(?:\sfor)?|requir(?:ed|ing|es|ements?\sfor)|underwent|(?<!assigned\s|allocated\s|randomi[sz]ed\s)to\sbe\s(?:treated\swith|given)|likely\sto\s(?:receive|undergo)|(?:risks?|rates?|odds|incidence|frequency|use|likelihood|probability)\sof|"
    r"(?:reduc|decreas|increas)\w+(?:\sin)?|fewer|less|more|and|or|,)\s(?:an?\s|the\s|emergency\s|urgent\s|further\s|repeat\s|additional\s|blood\s|any\s|rescue\s|therapeutic\s|invasive\s|non-?invasive\s|acute\s|unplanned\s|subsequent\s|surgical\s|systemic\s|later\s|new\s|supplemental\s|supplementary\s|extra\s)*$"
)
#: right behind a drug: how much of it people needed; right before one that they were given again
_HOW_MUCH = Expression(
    r"的?(?:药物|类药物)?(?:追加|补充|补救|使用|给药|应用|消耗|需求|累计|累积|平均|日均|总|每日|静脉|术中|术后|围术期|24\s?h|48\s?h)*(?:次数|用量|总量|消耗量?|需要量|需求量|使用量|使用率|用药量|补救率|追加率)(?!组)"
)
#: right behind a treatment: how long its tube stayed, or until it was out
_TUBE_TIME = Expression(r"(?:导?管|管道|支架|尿管)(?:拔除|留置|置入|放置|拔出|保留)(?:的)?(?:时间|天数|时长)")
#: around a treatment of which it is told how many used it: ``The use of antibiotics was lower``
_USE_OF = Expression(
    r"\b[Uu]se of\s(?:(?:an?|the|any|all|systemic|oral|rescue|additional|postoperative|concomitant|inhaled|intravenous|prescribed)\s){0,2}$"
)
_USE_CHANGED = Expression(
    r"\s(?:medications?\s|drugs\s|therapy\s)?(?:(?:was|were)\s(?:(?:\p{Ll}+ly|not|also)\s){0,2}(?:lower|higher|less|more|reduced|similar|reported|recorded|\d)|(?:fell|rose|declined|dropped|differed|did not differ)\b|(?:decreased|increased)\s(?:from|to|by|in)\b)"
)
#: around a drug of which it is told how often it was given
_NUMBER_OF = Expression(r"\b[Nn]umbers?\sof\s(?:\p{Ll}[\p{Ll}-]*\s){0,2}$")
_TIMES_GIVEN = Expression(
    r"\s(?:injections|doses|infusions|treatments|tablets|capsules|puffs|inhalations|applications|courses|rescue doses|sessions|boluses)\b"
)
_GIVEN_AGAIN = Expression(r"(?:追加|补救性?|额外)(?:使用|给予|应用|静注|静脉注射)?$")
_AS_GROUP = Expression(r"(?:治疗)?组|联合|\+")
#: between two events of a composite, and from one to the last
_OR_EVENT = Expression(
    rf"\s?(?:\([^()]{{1,30}}\))?(?:,?\s(?P<or>or|and/or)|,)\s(?:(?:an?|the|need for|receipt of|initiation of|(?!(?:{FUNCTION})\b)\p{{Ll}}[\p{{Ll}}-]{{3,}})\s){{0,3}}"
)
_OR_NEXT = Expression(r"(?:\s\p{Ll}+)?,?\s(?:or|and/or)\s")
#: right before any treatment that people came to need, known to be no group's by what follows
_NEED_FOR = Expression(
    r"\b(?:[Nn]eed\s(?:for|of)|[Nn]eeds\sfor|[Rr]equirements?\s(?:for|of)|[Tt]ime\sto|(?:[Rr]ates?|[Ii]ncidence|[Uu]se)\sof\s(?:rescue|additional|supplementa(?:l|ry)|further|extra))\s(?:an?\s|the\s|any\s|additional\s|further\s|rescue\s|therapeutic\s|intravenous\s|oral\s|supplemental\s|postoperative\s|concomitant\s|systemic\s|inhaled\s)*$"
)
#: the same in Chinese, behind how many they were: 8%需要托珠单抗干预
_NEED_ZH = Expression(
    r"(?:\d\s?%|\d\s?[例人名])\)?的?(?:患者|受试者|病例|病人|患儿|者)?(?:因[^,;。]{1,10})?(?:最终|仍|才|还|均|仅)*(?:需要?|须)(?:接受|使用|行|给予|进行|应用)?(?:\p{Han}{2})?$"
)
#: right behind it
_MEASURED = Expression(
    r"^\s?[(\[]\s?(?:\d|(?:adjusted\s)?(?:[aA]?(?:OR|RR|HR)|MD|SMD|[Oo]dds|[Rr]isk|[Hh]azard|[Rr]elative)\b)|^\s(?:was|were)\s(?:lower|higher|reduced|needed|required|less|more|\d)|^\s(?:in|by)\s\d"
)
#: between two events of a Chinese list, and behind its last one
_ONE_MORE = Expression(r"[者率]?(?:、|和|与|及|以及)")
_RATE_BEHIND = Expression(r"的?总?(?:发生率|率|风险|比例|例数|事件)")
#: right behind a procedure that was an aim or came to be needed
_ACHIEVED = Expression(
    r"^\s(?:was|were)\s(?:achieved|required|needed|performed|possible|obtained|avoided|necessary)\s(?:in|by|for)\s(?:only\s)?\d|"
    r"^\s(?:was|were)\s(?:used|given|administered|started|begun|initiated|prescribed|delivered|undertaken|carried out)\s(?:in|to|by|for)\s(?:only\s)?\d(?:[^.;]|\.(?=\d)){0,60}\b(?:groups?|arms?)\b|"
    r"^\s(?:was|were)\s(?:used|given|administered|started|begun|initiated|prescribed|delivered|undertaken|carried out)\s(?:in|to|by|for)\s(?:only\s)?\d[\d.]*\s?%(?:[^.;]|\.(?=\d)){0,80}?\d\s?%"
)

#: right behind a procedure that was rarer or more frequent in one of two groups: ``Caesarean section was less likely in``
_RARER = Expression(
    r"\s(?:was|were)\s(?:(?:significantly|also|not|markedly|slightly|much|far|therefore|however)\s){0,2}"
    r"(?:(?:less|more)\s(?:likely|frequent|common)(?:ly)?(?!\sto\s(?!be\s(?:needed|required|performed)))|(?:less|more)\soften\s(?:needed|required|performed|necessary)|rarer|commoner|(?:reduced|increased|lower|higher)\s(?=with\b|in\s(?:the|those|patients|women)\b|by\s\d))"
)
#: the same of any treatment: ``insulin was needed less often``
_NEEDED_LESS = Expression(
    r"\s(?:was|were)\s(?:(?:significantly|also|markedly)\s){0,2}(?:needed|required|necessary)\s(?:significantly\s)?(?:less|more)\s(?:often|frequently|commonly)|\s(?:was|were)\s(?:less|more)\s(?:often|frequently|commonly)\s(?:needed|required|necessary)"
)


def _became_outcome(text: str, h: Hit) -> bool:
    """Whether a procedure is told as what happened to people, not as what a group was given."""
    if h.name.kind not in INTERVENTIONS:
        return False
    if _USED_BY.match(text, h.end) and (
        _USING.search(text, max(0, h.start - 6), h.start) or _USE.match(text, h.end)
    ):
        return True
    if _NEED_ZH.search(text, max(0, h.start - 40), h.start) and not _AS_GROUP.match(text, h.end):
        return True
    if _NEED_FOR.search(text[: h.start]) and (_MEASURED.match(text[h.end :]) or h.name.kind != "drug"):
        return True
    if _NEEDED_LESS.match(text, h.end):
        return True
    if h.name.kind not in ("procedure", "class"):
        return False
    if h.name.kind == "procedure" and _RARER.match(text, h.end):
        return True
    needed = h.name.kind == "procedure" and _NEEDED.search(text[: h.start])
    return bool(_ACHIEVED.match(text[h.end :]) or (needed and _MEASURED.match(text[h.end :])))


def _used_up(text: str, h: Hit) -> Hit | None:
    """A drug of which it is told how much of it people needed, as that outcome: ``追加吗啡次数``, ``A总用量``; ``引流管拔除时间``."""
    if h.name.kind in ("procedure", "class") and (lasted := _TUBE_TIME.match(text, h.end)):
        return Hit(h.start, lasted.end(), Name("outcome", snake(text[h.start : lasted.end()]), "time"))
    if h.name.kind in INTERVENTIONS and _USE_CHANGED.match(text, h.end):
        use = _USE_OF.search(text, max(0, h.start - 40), h.start)
        if use is not None:
            return Hit(use.start(), h.end, Name("outcome", f"{snake(h.name.concept)}_use", "event"))
    times = _TIMES_GIVEN.match(text, h.end) if h.name.kind in INTERVENTIONS else None
    led = _NUMBER_OF.search(text, max(0, h.start - 60), h.start) if times is not None else None
    if times is not None and led is not None:
        name = f"number_of_{snake(times.group().strip())}"
        return Hit(led.start(), times.end(), Name("outcome", name, "level"))
    if h.name.kind != "drug":
        return None
    if much := _HOW_MUCH.match(text, h.end):
        measure = "rate" if much.group().endswith("率") else "level"
        return Hit(h.start, much.end(), Name("outcome", f"{snake(h.name.concept)}_consumption", measure))
    if _GIVEN_AGAIN.search(text, max(0, h.start - 10), h.start) and not _AS_GROUP.match(text, h.end):
        return Hit(h.start, h.end, Name("outcome", f"{snake(h.name.concept)}_consumption", "event"))
    return None


def _in_composite(text: str, h: Hit, hits: list[Hit]) -> bool:
    """Whether a procedure is told as one event of several: ``doubling of creatinine, dialysis, or renal death``."""
    if h.name.kind != "procedure":
        return False
    events = [x for x in hits if x.name.kind == "outcome"]
    before = [x for x in events if x.end <= h.start]
    after = [x for x in events if x.start >= h.end]
    listed = bool(before) and _ONE_MORE.fullmatch(
        text, before[-1].end, h.start
    )  # 早产、剖宫产及产后出血的发生率
    goes_on = bool(after) and _ONE_MORE.fullmatch(text, h.end, after[0].start)
    if listed and (goes_on or _RATE_BEHIND.match(text, h.end)):
        return True
    follows = bool(before) and _OR_EVENT.fullmatch(text, before[-1].end, h.start)
    leads = bool(after) and _OR_EVENT.fullmatch(text, h.end, after[0].start)
    if not (follows or leads):
        return False
    return any(m and m["or"] for m in (follows, leads)) or bool(follows and _OR_NEXT.match(text, h.end))


def as_events(text: str, hits: list[Hit], quantities: list[Quantity]) -> list[Hit]:
    """The names of a sentence, with procedures as outcomes where they are what happened to people.

    ``Fewer patients needed surgery (8% v 14%)``, ``the risk of transfusion (OR 0.34)``: no group had them.
    """
    if not quantities:
        return hits
    return [
        Hit(
            h.start,
            h.end,
            Name("outcome", snake(h.name.concept) + "_use" * bool(_USED_BY.match(text, h.end)), "event"),
        )
        if _became_outcome(text, h) or _in_composite(text, h, hits)
        else _used_up(text, h) or h
        for h in hits
    ]
