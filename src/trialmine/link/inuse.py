"""What shares of people were on when a study began: ``80% were on an ACE inhibitor``, ``were on an MRA (37%)``."""

from __future__ import annotations

from collections.abc import Sequence

from trialmine.core.lazy import Expression
from trialmine.core.sieve import possible
from trialmine.find.lexicon import Hit, Name
from trialmine.find.names import INTERVENTIONS
from trialmine.find.outcomephrase import IN_USE, snake

_ON = r"(?:were|was|are)\s(?:already\s|also\s|still\s|being\s)?(?:on|taking|receiving|using|treated with|prescribed)\s"
_AN = r"(?:an?\s|the\s|any\s|concomitant\s|background\s|concurrent\s)*"
_SHARE = r"\d[\d.]*\s?%"
_N = r"(?P<n>\p{L}[^.;,()%\d]{1,40}?)"
_ENDS = r"(?=\s?(?:[,.;)]|$)|\s(?:and|or|but)\s\d|\sat\s(?:baseline|entry|enrol|screening|randomi))"
#: a share of people and what they were on, and the same of the next ones in the list
_SHARE_FIRST = Expression(
    rf"{_SHARE}\)?\s(?:of\s[^.;,()]{{2,30}}\s)?{_ON}{_AN}{_N}{_ENDS}(?:,?\s?(?:and\s|,\s){_SHARE}\s(?:{_ON}|on\s|taking\s|receiving\s|using\s){_AN}{_N}{_ENDS})*"
)
#: what people were on, with the share of each in its bracket
_NAME_FIRST = Expression(
    rf"{_ON}{_AN}{_N}\s?\({_SHARE}\)(?:,?\s(?:and\s)?(?:{_ON}|on\s)?{_AN}{_N}\s?\({_SHARE}\))*"
)
#: the same in Chinese: ``85%服用X``
_SHARE_HAN = Expression(
    rf"{_SHARE}\s?(?:的?(?:患者|受试者|病例|参与者|人))?(?:同时|背景|基线时?|目前|正在|既往|曾|都|均|仅)*(?:服用|使用|应用|合用|联用|口服)(?:过|了)?\s?"
    r"(?P<n>[^,;。、()%]{2,24}?)(?:治疗)?(?=\s?(?:[,;。)、]|$))"
)
_MAY_BE = possible(_SHARE_FIRST, _NAME_FIRST, _SHARE_HAN)


def in_use(text: str, hits: Sequence[Hit]) -> list[Hit]:
    """The names of a sentence, with treatments that shares of people were on as outcomes of their own."""
    if not _MAY_BE(text):
        return list(hits)
    used: list[Hit] = []
    for rule in (_SHARE_FIRST, _NAME_FIRST, _SHARE_HAN):
        for m in rule.finditer(text):
            for a, b in m.spans("n"):
                inside = [h for h in hits if a <= h.start and h.end <= b and h.name.kind in INTERVENTIONS]
                if inside and not any(x.start < b and a < x.end for x in used):
                    whole = len(inside) == 1 and (inside[0].start, inside[0].end) == (a, b)
                    name = snake(inside[0].name.concept if whole else text[a:b])
                    used.append(Hit(a, b, Name("outcome", f"{name}_use", IN_USE)))
    if not used:
        return list(hits)
    kept = [h for h in hits if not any(u.start < h.end and h.start < u.end for u in used)]
    return sorted([*kept, *used], key=lambda h: (h.start, h.end))
