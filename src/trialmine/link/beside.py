"""The arms of numbers that the words right beside them give: ``A组为7%``, ``12% of patients on A``, ``71%(A组)``."""

from __future__ import annotations

from trialmine.core.lazy import Expression
from trialmine.core.records import Arm
from trialmine.core.words import PEOPLE
from trialmine.find.quantity import Quantity
from trialmine.link.cells import Cell, family
from trialmine.link.view import View

_BRACKET_BEFORE_ARM = Expression(r"^(?:\s?\([^()]{0,24}\))?\s?[(\[]\s?$")
#: between a number and the arm that follows it
_TO_ARM_AFTER = Expression(
    rf"^[)\]]?\s?(?:\([^()]*\)\s?)?(?:of\s(?:the\s)?\d+\s(?=who|in|on|given|receiving|assigned|allocated|randomi|treated|taking)|of\s(?:the\s|all\s)?(?:\d+\s)?(?:{PEOPLE}|those|recipients|cases|eyes)\s(?:with\s(?:(?!(?:than|versus|vs|and|but|compared|on|in|given|taking|receiving|who|whereas|while)\b)[\p{{Latin}}-]+\s){{1,4}}?(?=given|taking|receiving|who|treated|on\b))?)?(?:(?!(?:than|versus|vs|and|but|compared|whereas|while|whilst|although|though)\b)\p{{Latin}}+\s){{0,2}}?"
    r"(?:(?:(?!(?:than|versus|vs|and|but|compared|whereas|while|in|with|on|for)\b)\p{Latin}[\p{Latin}-]*\s){1,5}?(?:(?:was|were|had\sbeen)\s(?:reported|recorded|seen|observed|noted|documented|found)|occurred|happened)\s(?=in|with|on|among))?"
    r"(?:(?:in|with|w/|for|on|at|among|receiving|who (?:had )?(?:received|took|got|underwent|(?:were|had been) (?:given|treated with|(?:re-?)?randomi[sz]ed|assigned|allocated|switched|maintained|kept|started)|continued|switched|remained|stayed|crossed over|started|began|initiated)|treated with|assigned(?: to)?|allocated to|randomi[sz]ed to|given|taking|undergoing|of|from(?: baseline (?:in|with|on|for|under))?|after|following|undergoing|under|using|to)\s)(?:the\s|patients\s|those\s|participants\s|people\s|women\s|men\s|children\s|receiving\s|treated\s|with\s|who\s|received\s|took\s|taking\s|had\s|got\s|were\s|given\s|in\s|on\s|an?\s|assigned\s|allocated\s|randomi[sz]ed\s|switched\s|continued\s|receive\s|receiving\s|take\s|treatment\s|therapy\s|to\s|both\s)*(?:(?:\d{1,2}|\p{Ll}{1,8})\s(?:\p{Ll}+\s)?(?:cycles?|courses?|doses?|rounds|sessions?|injections?|weeks|months|years|days)\sof\s)?(?:(?!(?:and|or|than|versus|vs|but|compared|to|by|whereas|while)\b)(?:[\p{Ll}-]+|\p{Lu}{1,4})\s)?$"
)
#: between an arm and the number that follows it
TO_NUMBER = Expression(
    r"^(?:患者|受试者|者|人群|中|的|则|为|是|仅|只有|有|达|\s|:|,|=|\([^()]{0,40}\)|was|were|at|had|is|of|with|a|an|and|only|just|merely|it|about|approximately|nearly|some|reached|achieved|showed|reported|experienced)*(?:[\p{Han}\p{Latin}≥≤<>\d/+\s-]{0,14}(?:为|是|达|:|=|was|were))?\s?$"
)
#: the same without a copula, in Chinese: A组有效率92%
IN_CLAUSE = Expression(r"^(?=\p{Han})[^,;。:()\d]{1,24}$")
#: between a group and the number that opens the bracket right behind it
_RIGHT_BEHIND = Expression(r"\s?(?:组|患者|groups?|arms?|patients|eyes)?\s?[(\[]")
#: from a group to its number alone in the bracket behind it: 与对照组(3.4)相比
ITS_BRACKET = Expression(r"\s?[(\[]\s?")
#: behind an arm that stands right behind its number
_ENDS_NUMBER = Expression(
    rf"\s?[,;.)]|\s?$|\s(?:vs|versus|v|and|or|compared|than|had|were|was|died|developed|experienced|achieved|reached|reported|showed)\b|\s(?:{PEOPLE}|eyes|implants|knees|hips|teeth|recipients|users|\p{{Ll}}{{4,}}s)\b"
)
#: why a number has the group named right beside it
BESIDE = "arm beside the number"
#: characters from a number to the arm that closes its run
_RUN = 400
_RUN_WORDS = r"(?:[\s,]|\b(?:and|or|at|by|of|to|after|from|respectively|eyes|patients|months?|weeks?|years?|days?|was|were|it)\b|\([^()]*\))*"
#: from a number over the others of its run to the arm that closes it, numbers and times taken out
_RUN_TO_ARM = Expression(
    r"[)\]]?"
    + _RUN_WORDS
    + r"\b(?:in|with|for|on|among|after)\s(?:the\s|patients\s|those\s|eyes\s|receiving\s|treated\s|with\s|given\s|in\s|on\s)*"
)
#: from the arm that closes one run to the numbers of the next
_TURNS = Expression(
    r"(?:\s?\([^()]*\))?\s?[,;]?\s?(?:and|versus|vs\.?|(?:as )?compared (?:with|to)|while|whereas|but)?\s(?:in\s|with\s|for\s|from\s)?"
    + _RUN_WORDS
)
_JOINS = Expression(r"\s?(?:,|and|or|vs\.?|versus|, and)\s?(?:the\s|in\s|with\s|for\s|in the\s|patients\s)?")


def arms_bracketed(view: View, laid: list[Cell]) -> None:
    """71%(A组)、73%(B组): the arm stands in brackets after its number; 31 placebo recipients: within it."""
    for cell in laid:
        q = cell.quantity
        for p in view.known():
            if q.start < p.start < q.end:
                cell.arm = view.arm(p)
                cell.why.append(BESIDE)
            if not q.end <= p.start <= q.end + 26:
                continue
            gap = view.text[q.end : p.start]
            told = [x for x in view.quantities if p.end <= x.start <= p.end + 3 and family(x) == family(q)]
            if told and ")" not in view.text[p.end : told[0].start]:
                continue  # 58%(B 39%): the bracket tells another number's arm
            beside = view.text[q.outer_end : p.start] == " " and (
                p.is_group or view.text[q.end : q.outer_end] == ")"
            )
            bare = (gap == " " or beside) and _ENDS_NUMBER.match(view.text, p.end)
            if bare or _BRACKET_BEFORE_ARM.match(gap):
                cell.arm = view.arm(p)
                cell.why.append("arm right after the number" if bare else "arm in brackets after the number")


def arms_beside(view: View, laid: list[Cell]) -> None:
    """Arms that stand right beside their numbers: ``A组为7%,B组为3%``; ``12% on A and 3% on B``."""
    text = view.text
    taken: set[int] = set()
    for i, cell in enumerate(laid):
        if cell.arm is not None:
            continue
        q = cell.quantity
        start = laid[i - 1].quantity.outer_end if i else max(0, q.start - 60)
        stop = laid[i + 1].quantity.start if i + 1 < len(laid) else min(len(text), q.outer_end + 60)
        known = view.known()
        after = [
            p
            for p in known
            if q.outer_end <= p.start < stop
            and (
                _TO_ARM_AFTER.match(text[q.outer_end : p.start])
                or (p.is_group and text[q.outer_end : p.start] == "的")
            )
        ]
        before = [
            p
            for p in known
            if start <= p.start
            and p.end <= q.start
            and id(p) not in taken
            and (
                i
                or TO_NUMBER.match(text[p.end : q.outer_start])
                or _RIGHT_BEHIND.fullmatch(text, p.end, q.start)
                or (p.is_group and IN_CLAUSE.match(text[p.end : q.start]))
            )
        ]
        chosen = after[0] if after else (before[-1] if before else None)
        if (
            chosen is not None
            and (i or not chosen.reference or after or ITS_BRACKET.fullmatch(text, chosen.end, q.outer_start))
            and not (i == 0 and len(laid) > 1 and not after and _gap_has_no_arm(view, laid))
        ):
            cell.arm = view.arm(chosen)
            cell.why.append(BESIDE)
            taken.add(id(chosen))


def _gap_has_no_arm(view: View, laid: list[Cell]) -> bool:
    """Whether no arm stands between the first two numbers nor after the second."""
    a, b = laid[0].quantity.outer_end, laid[1].quantity.start
    stop = laid[1].quantity.outer_end
    return not any(
        (a <= p.start and p.end <= b) or (stop <= p.start and _TO_ARM_AFTER.match(view.text[stop : p.start]))
        for p in view.known()
    )


def arm_after(view: View, q: Quantity, stop: int = 10**9) -> Arm | None:
    """The arm that a preposition ties to the number before it: ``12% of patients on A``."""
    for p in view.known():
        if q.outer_end <= p.start <= min(stop, q.outer_end + 80) and _TO_ARM_AFTER.match(
            view.text[q.outer_end : p.start]
        ):
            return view.arm(p)
    return None


def arm_closing(view: View, first: Quantity, last: Quantity) -> Arm | None:
    """The arm that closes a run of numbers at several times, where the next run has its own.

    ``7% at 3 months and 9% at 6 months in the A group and 4% and 5%, respectively, in the B group``
    """
    text, phrases = view.text, view.known()
    after = [p for p in phrases if p.start >= last.outer_end]
    before = [p for p in phrases if p.end <= first.outer_start]
    at_start = any(t.value == "baseline" and last.outer_end <= t.start for t in view.times)
    if not after or after[0].start - last.outer_end > _RUN or at_start:
        return None
    p, own = after[0], view.arm(after[0])
    if any(
        x.kind == "dose" and 0 <= x.start - p.end <= 1 and len(view.arms.get(id(x), ())) > 1
        for x in view.phrases
    ):
        return None  # its doses are the groups
    apart = text[p.end : after[1].start] if len(after) > 1 else "."
    parallel = [
        x for x in phrases
        if view.arm(x) is not own and any(min(p.end, x.end) <= q.start < max(p.start, x.start) and family(q) == family(last) for q in view.quantities)
    ]  # fmt: skip
    if (
        not parallel
        or _JOINS.fullmatch(apart)
        or not _RUN_TO_ARM.fullmatch(_bare(view, last.outer_end, p.start))
    ):
        return None
    if before:
        told = [q for q in view.quantities if q.outer_end <= before[-1].start and family(q) == family(last)]
        tied = told and _TO_ARM_AFTER.match(text[told[-1].outer_end : before[-1].start])
        if not tied and not (
            told and _RUN_TO_ARM.fullmatch(_bare(view, told[-1].outer_end, before[-1].start))
        ):
            return None
        if not _TURNS.fullmatch(_bare(view, before[-1].end, first.outer_start).rstrip(" ([") + " "):
            return None
    return own


def _bare(view: View, start: int, end: int) -> str:
    """A stretch of a sentence without its numbers and times."""
    spans = [(t.start, t.end) for t in view.times] + [(o.start, o.end) for o in view.outcomes]
    spans += [(q.outer_start, q.outer_end) for q in view.quantities]
    bare = view.text[start:end]
    for a, b in sorted(spans, reverse=True):
        if start <= a and b <= end:
            bare = bare[: a - start] + " " + bare[b - start :]
    return bare
