"""Studies that a text only likens another one to: ``Unlike A (drug) and B, the curves parted early``, ``与A研究(药)不同,…``.

Nothing is told of them there, nor of what they gave.
"""

from __future__ import annotations

from trialmine.core.lazy import Expression
from trialmine.core.sieve import possible

#: before the name of such a study, as far as its name
_LIKE = (
    r"(?:(?<![\p{L}-])(?i:unlike|(?:similar(?:ly)?|analogous|akin|identical|contrary|comparable) to|"
    r"in (?:sharp |marked |stark |apparent |general |close )?(?:contrast|agreement|accordance|accord|keeping|common|line) (?:to|with)|"
    r"(?:in)?consistent with|as opposed to|at (?:odds|variance) with)|^\s?(?i:just )?(?:[Ll]ike|[Aa]s (?:in|with)))"
    r"(?:\s(?:the|an?|that|those|what|was|were|had been|results?|findings?|data|observations?|outcomes?|of|in|from|with|by|reported|seen|observed|found|"
    r"obtained|noted|earlier|previous|prior|larger|smaller|recent|subsequent|pivotal|original|similar|double-blind|open-label|placebo-controlled|"
    r"randomi[sz]ed|controlled|phase|[23]|I{2,3}|both|trials?|study|studies|cohorts?))*+\s"
)
#: what is told in a clause of a number is told of its study
_REST = r"(?:[^.,;:%=()]|\([^()%=]{1,60}\)){0,60}?(?=[.;]|$|,(?!\s(?:(?:in|of|by|for|from|with)\s)?(?:which|where|whose|who)\b)(?!\s?\d))"
_NEXT = r"(?:\set al\.?)?(?:\s?\([^()%=]{1,40}\))?(?:\s?/\s?|,?\sand\s(?:the\s)?|\s(?:or|nor)\s(?:the\s)?)"
_ENGLISH = Expression(_LIKE)
_MAY_BE = possible(_ENGLISH)
#: a name beside that of a study
_SHAPE = Expression(r"[A-Z][A-Z\d]{2,}(?:[ -]\d{1,4})?(?![\p{L}\d-])")
_NAME_BEHIND = Expression(_NEXT)
_BEHIND = Expression(_REST)
#: the same in Chinese: the results that are like, or the study at the head of its clause
_BEFORE = Expression(
    r"(?:(?:结果|结论|数据|疗效|获益|发现|获益趋势|安全性)[^,。;()\d]{0,10}(?:与|和|同)[^,。;()]{0,10}|"
    r"(?:^|[,。;:])(?:但|而|且|并|这|此|上述|该)?(?:一?(?:结果|结论|发现))?(?:不同于|有别于|类似于|(?:与|和|同)(?:此前|既往|之前|先前|前述|上述|早期)?的?))$"
)
_CHINESE = Expression(
    r"(?:\s?\([^()%=]{1,40}\))?(?:研究|试验)?(?:\s?\([^()%=]{1,40}\))?(?:[^,。;()\d]{0,10}?)(?:结论|结果|数据|报道|发现|报告)?的?(?:基本|大致|高度|保持|总体)?"
    r"(?:相?一致|相似|类似|相仿|相符|吻合|接近|(?:截然|有所|明显)?不同(?!组|剂|的?患者)|相反|不一致|一样)"
)
_UNLIKE = Expression(
    r"(?:\s?\([^()%=]{1,40}\))?(?:研究|试验)?(?:\s?\([^()%=]{1,40}\))?(?:中?的?(?:结果|结论|数据))?(?=,)"
)
_FAR = 24
_MAY_BE_CHINESE = possible(_CHINESE)


def may_liken(text: str) -> bool:
    """Whether a sentence has the words for it."""
    return _MAY_BE(text) or _MAY_BE_CHINESE(text) or "于" in text


def likened(text: str, studies: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The parts of a sentence that name such studies, whose names are given from left to right."""
    found: list[tuple[int, int]] = []
    for a, b in studies:
        if before := _BEFORE.search(text, max(0, a - _FAR), a):
            than = before.group().endswith("于")
            if like := (_UNLIKE if than else _CHINESE).match(text, b):
                found.append((a, like.end()))
    starts = dict(studies)
    for m in _ENGLISH.finditer(text) if studies else ():
        end, named = _name(text, m.end(), starts)
        while (
            end and (more := _NAME_BEHIND.match(text, end)) and (behind := _name(text, more.end(), starts))[0]
        ):
            end, named = behind[0], named or behind[1]
        if named and (rest := _BEHIND.match(text, end)):
            found.append((m.start(), rest.end()))
    return found


def _name(text: str, at: int, studies: dict[int, int]) -> tuple[int, bool]:
    """Where the name at a place ends, or 0, and whether it is known to be a study's."""
    if at in studies:
        return studies[at], True
    shape = _SHAPE.match(text, at)
    return (shape.end() if shape else 0), False
