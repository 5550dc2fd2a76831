"""Lines that open with whom their numbers are of: ``Patients without prior failure: 35% vs 9%``, ``总人群：26%对5%``."""

from __future__ import annotations

from trialmine.core.lazy import Expression
from trialmine.core.sieve import Sieved
from trialmine.find.populations import Population

#: everybody, in a word
_ALL = (
    r"(?:(?:[Tt]he\s)?(?:[Tt]otal|[Oo]verall|[Ww]hole|[Ee]ntire|[Ff]ull|ITT|[Ii]ntent(?:ion)?[\s-]to[\s-]treat)\s(?:study\s|analysis\s|trial\s)?(?:population|cohort|sample|set|group)|"
    r"[Oo]verall|[Aa]ll (?:randomi[sz]ed |treated )?(?:patients|participants|subjects|comers)|(?:总体|全部|全体|所有|整体|总|ITT|意向治疗)(?:人群|患者|受试者))"
)
_PEOPLE = r"(?:[Pp]atients|[Pp]articipants|[Ss]ubjects|[Ww]omen|[Mm]en|[Aa]dults|[Cc]hildren|[Tt]hose|[Ii]ndividuals|[Pp]eople)"
_LABEL = Sieved(
    Expression(
        rf"\s?(?:[-*•·–]\s?)?(?P<who>(?P<all>{_ALL})|{_PEOPLE}\s(?:with|without|who|aged|not|previously|whose|on|in|of)\b[^:;.%]{{2,80}}?|"
        r"(?=\p{Lu})(?:(?!\s(?:in|of|among|for)\s)[^:;.,%]){2,50}?\s(?:patients|participants|sub-?group|(?:sub-?)?population|cohort)|(?!发生|出现)[^:;。,%\s][^:;。,%]{1,26}?(?:患者|人群|亚组|者))"
        r"(?:\^[a-z]\^|\s[a-z])?\s?:(?=[^:]{0,60}\d)"
    )
)


def label_of(text: str) -> Population | None:
    """The people that a line's label names, or None; the text of everybody is empty."""
    m = _LABEL.match(text)
    if m is None:
        return None
    return Population(m.start("who"), m.end(), "" if m["all"] else m["who"].strip())
