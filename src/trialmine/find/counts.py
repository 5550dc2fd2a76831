"""Counts of people: which bare numbers are such, and whom each is of."""

from __future__ import annotations

from trialmine.core.lazy import Expression
from trialmine.find.quantity import Quantity
from trialmine.find.units import IN_GROUP, TO_NEXT_GROUP

_LISTED_WITH = Expression(r"^\s?(?:and|or|vs?\.?|versus|,)\s?$")
_IN_OR_OF = Expression(r"\b(?:in|by|among|for|with|only)\s$|[(:,]\s?$")
_VERSUS = Expression(r"^\s?(?:vs?\.?|versus|against|compared with)\s?$")
#: from a count to its share
_ITS_SHARE = Expression(
    r"(?:患者|病例|患[者儿])?\s?[,、(]\s?(?:共)?(?:占|占比|发生率|比例)(?:约|比|总数的?)?(?:为|是)?\s?"
)
#: behind people of whom a part is counted next
_OUT_OF = Expression(
    r"\s?(?:\p{Han}{0,8}?)(?:患者|受试者|病例|病人|患儿|参与者|者)?(?:(?:中|里|内|之中|当中)(?!心)|,?(?:其中)?(?:仅|只|共|已|就)?有\s?\d+\s?(?:例|名|人|位))"
)
_OUT_OF_EN = Expression(r"\b[Oo]f\s(?:the\s|these\s|those\s|all\s)?$")
_ALL_OF_THEM = Expression(
    r"\s?(?:患者|受试者|病例|病人|患儿|者)?(?:全部|全都|均|都)(?!未|无|不|没|为(?:男|女)|有效率|来自|接受|采用|给予|使用|经|按|符合|在|行|随机|签)"
)
_PASSED = Expression(r"[。;]|组")


def counted_beside(text: str, q: Quantity, before: list[Quantity]) -> None:
    """A whole number is a count beside that of another group: ``5 deaths in A and 12 in B``, ``two v four``."""
    last = next((x for x in reversed(before) if x.kind != "size"), None)
    if last is None or {last.kind, q.kind} != {"count", "number"}:
        return
    if last.kind == "number":  # in 2 and 7 patients
        last, q = q, last
        if _LISTED_WITH.match(text[q.outer_end : last.start]) and _IN_OR_OF.search(text[: q.start]):
            q.kind, q.rule, q.unit = "count", "counted_beside", "participants"
            last.rule = "counted_beside"
        return
    if not float(q.value or 0).is_integer():
        return
    if "." in text[q.start : q.end] or q.lower is not None:
        return
    gap = text[last.outer_end : q.start]
    if _VERSUS.match(gap) or (TO_NEXT_GROUP.match(gap) and IN_GROUP.match(text, q.end)):
        q.kind, q.rule, q.unit = "count", "counted_beside", "participants"


def denominator(q: Quantity, before: list[Quantity]) -> None:
    """n (x%) takes its N from the same sentence, where x is n/N to the printed decimals."""
    if q.kind != "percent" or q.events is None or q.participants is not None or not q.value:
        return
    for other in reversed(before):
        if (
            other.kind in ("count", "size")
            and other.value
            and other.value >= q.events
            and other.outer_end <= q.outer_start
        ):
            share = 100 * q.events / other.value
            if abs(share - q.value) <= (0.5 if float(q.value).is_integer() else 0.06):
                q.participants = int(other.value)
                return


def told_again(text: str, q: Quantity, following: Quantity) -> bool:
    """Whether the share that follows holds a count already: ``12例,占44.4%(12/27)``."""
    if q.kind != "count" or following.kind != "percent" or following.events != q.value:
        return False
    return _ITS_SHARE.fullmatch(text, q.outer_end, following.start) is not None


def of_whom(text: str, quantities: list[Quantity]) -> None:
    """Counts of people take the number of those they are of: ``12例均缓解``, ``of 40 patients, 9 relapsed``, ``3例中有1例``."""
    base: Quantity | None = None
    for q in quantities:
        if base is not None and _PASSED.search(text, base.outer_end, q.start):
            base = None
        if (
            q.kind not in ("count", "size")
            or not q.value
            or q.rule not in ("count", "sample_size", "word_count", "graded_count", "count_of_whom")
        ):
            continue
        if base is not None and q.kind == "count" and q.value <= (base.value or 0) and q.participants is None:
            q.participants = int(base.value or 0)
            base.flags.add("base")
        elif _ALL_OF_THEM.match(text, q.outer_end) and q.kind == "count":
            q.participants = int(q.value)
        elif _OUT_OF.match(text, q.outer_end) or _OUT_OF_EN.search(
            text[max(0, q.outer_start - 16) : q.outer_start]
        ):
            base = q
