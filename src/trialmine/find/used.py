"""What share of people used a treatment beside those that a trial compares: ``77%服用X,83%服用Y``, ``43% were on X``."""

from __future__ import annotations

from trialmine.core.lazy import Expression
from trialmine.find.lexicon import Hit, Name
from trialmine.find.outcomes import snake

#: what people are or have, whenever it is told: it is so at baseline
TRAIT = "trait"
_KINDS = ("drug", "class", "regimen")
#: between a share and what so many used
_SHARE_USING = Expression(
    r"\d\s?%\s?(?:的?(?:患者|受试者|病例|参与者|人))?(?:同时|背景|基线时?|目前|正在|既往|曾|都|均|仅)*(?:服用|使用|应用|合用|联用|口服)(?:过|了)?\s?$|"
    r"\d\s?(?:%|per\s?cent)\s(?:of\s(?:the\s)?(?:patients|participants|subjects|them|whom)\s)?(?:were\s|was\s|already\s|currently\s|also\s){1,3}(?:taking|using|on)\s(?:an?\s|background\s)?$"
)
#: right behind it: nothing more is told of those people
_ENDS = Expression(
    r"(?:类药物|类|药物|治疗)?\s?(?:[,;。)、]|$)|\s?(?:/|或|和|及|、)\s?[\p{Latin}\p{Han}]{2,8}\s?(?:[,;。)]|$)|\s(?:therapy|treatment|at baseline)?\s?[,.;)]|[.]|\sand\s\d"
)


def used_by_share(text: str, h: Hit) -> Hit | None:
    """A treatment as the outcome that a share of people used it, or None."""
    if h.name.kind not in _KINDS or ("%" not in text[: h.start] and "cent" not in text[: h.start]):
        return None
    if not _SHARE_USING.search(text, max(0, h.start - 60), h.start) or not _ENDS.match(text, h.end):
        return None
    return Hit(h.start, h.end, Name("outcome", f"{snake(h.name.concept)}_use", TRAIT))
