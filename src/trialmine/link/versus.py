"""Which two groups an effect estimate or a p-value compares."""

from __future__ import annotations

import regex

from trialmine.core.lazy import Expression
from trialmine.core.records import Arm
from trialmine.find.quantity import Quantity
from trialmine.link.alone import arm_of_clause
from trialmine.link.armphrase import ArmPhrase
from trialmine.link.beside import arm_after
from trialmine.link.cells import Cell
from trialmine.link.groups import Grouper
from trialmine.link.nopair import first_of_list, of_no_pair
from trialmine.link.pairs import against_behind, listed_alone, other_arm, pair_at
from trialmine.link.since import Since
from trialmine.link.view import Result, View

#: tells what an outcome depends on, whatever the groups got
_FACTOR = Expression(
    r"(?<!(?:治疗|用药|方案|疗法|组)(?:也|均|同样|仍)?)(?:是|为|属于?|作为)(?:影响|与)?[^,。;()]{0,24}?(?:危险|保护|预后|风险|预测|影响|不良)性?(?:因素|因子|指标)|"
    r"\b(?:independent|significant)(?:ly)?\s(?:\p{L}+\s){0,2}?(?:predictors?|(?:risk|prognostic) factors?|associated)\b"
)
#: right before the group with whose bracket an estimate stands, and from that group to its bracket
_SET_TO = Expression(
    r"\b(?:than|to|over|versus|vs\.?|compared with|that (?:of|with))\s(?:(?:in|with|for|on|either|both|the|that|those|of|patients|on)\s){0,4}(?:\p{Latin}+-)?$|"
    r"\b(?:than|compared (?:with|to))\s[^.;()]{0,60}\([^()]*\)\s?,?\s(?:or|and)\s(?:(?:in|with|for|on|the|than)\s){0,3}(?:\p{Latin}+-)?$"
)
#: from the numbers of several groups to the p-value of them all
_ONE_P = Expression(r"[^.;。]{0,80}[(\[,，]\s?(?:\p{Latin}+\s){0,3}[Pp]?\s?(?:values?|值)?\s?[=<>:]?\s?")
_UP_TO_BRACKET = Expression(r"(?:\s(?:group|arm|patients|recipients|users))?\s?")
#: the same in a list; a page's reader prints a bracket twice: ``A( [OR=…``
_UP_TO_ITS_BRACKET = Expression(r"组?\s?(?:\(\d{0,2}\s?)?")
#: from one group of a list over its bracket to the next
_NEXT_IN_LIST = Expression(
    r"组?\s?(?:\(\d{0,2}\s?)?[(\[](?:[^()\[\]。;]|[(\[][^()\[\]。;]*[)\]])*+[)\]]\s?(?:[、,]|和|与|及|以及|且|也|\b(?:and|or)\s(?:(?:with|in|the|both)\s)*)*(?:优于|高于|低于|长于|短于|多于|少于)?\s?"
)
#: from the last group of a list over its bracket to the one that all of them are set against
_BRACKET_THEN = Expression(
    r"组?\s?[(\[](?:[^()\[\]。;]|[(\[][^()\[\]。;]*[)\]])*+[)\]][^。;()\[\]\d]{0,24}(?:(?:均|都|皆|明显|显著)[^。;()\[\]\d]{0,6}[于较比]|\b(?:than|compared|versus|vs)\b[^.;()\[\]\d]{0,16})"
)
#: between two estimates of a list
_NEXT_ESTIMATE = Expression(r"\s?(?:[、,;]|,?\s?\band\b|和|与|及)\s?")
#: from one group to the next that another is set against as well
_OR_NEXT = Expression(r"(?:、|或|和|与|及|\s(?:or|and|nor)\s(?:with\s|in\s|the\s)*)")
#: between the numbers of two arms that are listed, not set against each other
_LISTED = Expression(
    r"^(?!.*\b(?:vs|versus|compared|than|against|and|while|whereas|but)\b)[^,;\p{Han}]*,[^,;\p{Han}]*$"
)
#: opens a clause that sets groups of its own against each other
_CONTRAST = Expression(r";(?![^()]*\))|,\s(?:whereas|while|whilst|but|although)\s|,(?:而|但|然而)")


def laid_against(view: View, cell: Cell) -> tuple[Arm, Arm] | None:
    """The group that a list of groups was laid over an estimate of, and the one that all of them are set against: ``A at 5, 10
    and 20 mg lowered X by 11%, 23% and 31% relative to placebo``."""
    if cell.arm is None or not any(w.startswith("axis of") and w.endswith("arms") for w in cell.why):
        return None
    against = {
        id(a): a
        for p in view.phrases
        if p.reference and len(view.arms.get(id(p), ())) == 1
        for a in view.arms[id(p)]
    }
    (other,) = against.values() if len(against) == 1 else (None,)
    study = view.study_at(cell.quantity.start)
    if not against and cell.arm.dose and study is not None:  # the control that the text told before
        told = [a for a in study.arms if a.role == "comparator" or "placebo" in a.interventions]
        other = told[0] if len(told) == 1 else None
    return (cell.arm, other) if other is not None and other is not cell.arm else None


def _control_of_doses(view: View, q: Quantity, last: Result) -> Arm | None:
    """The placebo group that each of several doses with an estimate of its own is set against: ``23% at 25 mg (P=0.01) and 18% at 10 mg (P=0.04)``."""
    study, arm = view.study_at(q.start), last.arm
    behind = view.text[last.quantity.end : q.start]
    if study is None or arm is None or not arm.dose or behind.count("(") != 1 or ")" in behind:
        return None
    if not any(a.key == arm.key and a.dose not in ("", arm.dose) for a in study.arms):
        return None
    return next((a for a in study.arms if "placebo" in a.interventions), None)


#: between the two
_VERSUS_BEHIND = Expression(r"\s(?:vs?\.?|versus|compared with|relative to)\s|\s?(?:对比?|比)\s?")


def _told_behind(view: View, q: Quantity) -> tuple[Arm, Arm] | None:
    """The two that the bracket of an estimate tells behind it: ``B was better than A (HR 1.25, 1.10-1.41, A v B)``."""
    closed = view.text.find(")", q.outer_end)
    if view.text.rfind("(", 0, q.start) < 0 or closed < 0:
        return None
    told = [
        p
        for p in view.phrases
        if q.outer_end <= p.start and p.end <= closed and len(view.arms.get(id(p), ())) == 1
    ]
    if len(told) != 2 or not _VERSUS_BEHIND.fullmatch(view.text, told[0].end, told[1].start):
        return None
    return view.arms[id(told[0])][0], view.arms[id(told[1])][0]


def _in_bracket_of(view: View, q: Quantity) -> tuple[Arm, Arm] | None:
    """The two of several groups that an estimate in the bracket of one compares: ``higher with A (44%) than with B (31%; OR 1.9)``."""
    opened = view.text.rfind("(", 0, q.start)
    if opened < 0 or ")" in view.text[opened : q.start]:
        return None
    study = view.study_at(q.start)
    named = [
        p
        for p in view.phrases
        if p.end <= opened and len(view.arms.get(id(p), ())) == 1 and view.study_at(p.start) is study
    ]
    for m in _CONTRAST.finditer(view.text, 0, opened):  # a clause that tells its own two groups
        own = [p for p in named if m.end() <= p.start]
        named = own if own and not own[0].reference else named
    if len({id(view.arms[id(p)][0]) for p in named}) < 2 or not _UP_TO_BRACKET.fullmatch(
        view.text, named[-1].end, opened
    ):
        return None
    first, last = view.arms[id(named[0])][0], view.arms[id(named[-1])][0]
    if len({id(a) for told in view.arms.values() for a in told}) < 3 or first is last or named[0].reference:
        return None
    return (first, last) if _SET_TO.search(view.text, 0, named[-1].start) else None


def _beside_its_number(view: View, q: Quantity, previous: list[Result]) -> tuple[Arm, Arm] | None:
    """The group whose own number stands before an estimate in its bracket, and the one that the text told before.

    ``C had 74%. The rates were higher with A (87%; HR 0.4) or B (88%; HR 0.4)``: both are set against C.
    """
    study, opened = view.study_at(q.start), view.text.rfind("(", 0, q.start)
    own = [r for r in previous if opened < r.quantity.start and not r.compares and r.arm is not None]
    if study is None or opened < 0 or len(own) != 1 or ")" in view.text[own[0].quantity.end : q.start]:
        return None
    here = {id(a) for told in view.arms.values() for a in told}
    before = [a for a in study.arms if a.used and id(a) not in here and (a.interventions or a.role)]
    if len(here) < 2 or len(before) != 1 or any(p.reference for p in view.phrases):
        return None
    return (own[0].arm, before[0]) if own[0].arm is not None else None


#: opens a clause that tells of the other group, and right before that group
_TURNS_TO = Expression(r",\s(?:while|whereas|but|although)\s")
_MORE_IN = Expression(
    r"\b(?:higher|lower|greater|less|more|fewer|longer|shorter|better|worse|increased|reduced)\b(?:(?!\bthan\b)[^.;,()%\d]){0,60}\s(?:in|with|for|among|on)\s(?:(?:the|patients|those|participants|people|who|had|were|received|receiving|treated|with|taking|given|on)\s){0,6}$"
)


def _more_in(view: View, q: Quantity) -> tuple[Arm, Arm] | None:
    """The only group of an English clause in which something was more or less: ``while pain was higher in those on B (P = 0.02)``."""
    study = view.study_at(q.start)
    starts = [m.end() for m in _TURNS_TO.finditer(view.text, 0, q.start)]
    told = [p for p in view.known() if starts and starts[-1] <= p.start and p.end <= q.start]
    if study is None or len(told) != 1 or told[0].reference:
        return None
    if not _MORE_IN.search(view.text, starts[-1], told[0].start):
        return None
    arm = view.arm(told[0])
    other = None if arm is None else other_arm(view, q.start, study, arm)
    return (arm, other) if arm is not None and other is not None else None


def _in_list_against(view: View, q: Quantity) -> tuple[Arm, Arm] | None:
    """The two groups that an estimate in the bracket of one of a list compares: ``A优于B[OR=1.4,…]、C[OR=1.9,…]和D[…]``."""
    text = view.text
    opened = max(text.rfind("(", 0, q.start), text.rfind("[", 0, q.start))
    if opened < 0 or regex.search(r"[)\]]", text[opened : q.start]):
        return None
    named = [p for p in view.phrases if p.end <= opened and len(view.arms.get(id(p), ())) == 1]
    if not named or not _UP_TO_ITS_BRACKET.fullmatch(text, named[-1].end, opened):
        return None
    own = first = named.pop()
    if (other := _set_below(view, own)) is not None and other is not view.arms[id(own)][0]:
        return view.arms[id(own)][0], other
    while named and not first.reference and _NEXT_IN_LIST.fullmatch(text, named[-1].end, first.start):
        first = named.pop()
    focus = next((p for p in reversed(named) if not p.reference), None)
    if focus is None or first is own or not first.reference:
        return None
    arm, other = view.arms[id(focus)][0], view.arms[id(own)][0]
    return (arm, other) if arm is not other else None


def _each_in_turn(view: View, q: Quantity) -> tuple[Arm, Arm] | None:
    """The groups of the n-th of as many estimates as groups are set against one: ``A和B均低于C(P值分别为0.01和0.03)``.

    The same for one group that is set against several: ``longer with A than with B or C (P = .01 and .03)``.
    """
    alike = [x for x in view.quantities if x.kind == q.kind]
    first = last = next(i for i, x in enumerate(alike) if x is q)
    while first and _NEXT_ESTIMATE.fullmatch(view.text, alike[first - 1].outer_end, alike[first].outer_start):
        first -= 1
    while last + 1 < len(alike) and _NEXT_ESTIMATE.fullmatch(
        view.text, alike[last].outer_end, alike[last + 1].outer_start
    ):
        last += 1
    n = last + 1 - first
    if n < 2:
        return None
    start = alike[first].outer_start
    at = max((x.outer_end for x in view.quantities if x.outer_end <= start), default=0)
    named = [p for p in view.phrases if at <= p.start and p.end <= start and view.arms.get(id(p))]
    sides: tuple[list[Arm], list[Arm]] = ([], [])
    below = False
    for i, p in enumerate(named):
        below = p.reference or bool(below and _OR_NEXT.fullmatch(view.text, named[i - 1].end, p.start))
        sides[below].extend(a for a in view.arms[id(p)] if a not in sides[below])
    if {len(sides[0]), len(sides[1])} != {1, n} or set(map(id, sides[0])) & set(map(id, sides[1])):
        return None
    place = next(i for i, x in enumerate(alike) if x is q) - first
    focus, reference = (side[place if len(side) > 1 else 0] for side in sides)
    return focus, reference


def _set_below(view: View, own: ArmPhrase) -> Arm | None:
    """The group that a list of groups, each with its bracket, is set against: ``A组(P=0.02)、B组(P=0.04)的X均低于C组``."""
    last = own
    listed = any(
        _NEXT_IN_LIST.fullmatch(view.text, p.end, own.start) for p in view.phrases if p.end <= own.start
    )
    for p in view.phrases:
        if p.start < last.end or len(view.arms.get(id(p), ())) != 1:
            continue
        if (
            p.reference
            and (listed or last is not own)
            and _BRACKET_THEN.fullmatch(view.text, last.end, p.start)
        ):
            return view.arms[id(p)][0]
        if not _NEXT_IN_LIST.fullmatch(view.text, last.end, p.start):
            return None
        last = p
    return None


#: what was said of one group against the next
_MORE_THAN = Expression(
    r"[高低优长短多少大小好差快慢早晚]于\p{Han}{0,4}$|\bthan\s(?:(?:in|with|the|those|that|of|for|on|patients|receiving)\s)*$"
)


def _of_all_pairs(previous: list[Result]) -> tuple[Arm | None, Arm | None]:
    """The groups of a trend or interaction: over subgroups the two that each of them compared, over groups only the one they are set against."""
    pairs = [(r.arm, r.comparator) for r in previous if r.quantity.kind.startswith("estimate")]
    if not pairs or len({id(b) for _, b in pairs}) > 1:
        return None, None
    arm, comparator = pairs[-1]
    return (arm if len({id(a) for a, _ in pairs}) == 1 else None), comparator


def _against_next(view: View, q: Quantity) -> tuple[Arm, Arm] | None:
    """The group that an estimate is said to be against right behind it, and the one last told that isn't such a one."""
    behind = against_behind(view, q)
    if behind is None or len(view.arms.get(id(behind), ())) != 1:
        return None
    study = view.study_at(q.start)
    below = {id(view.arm(p)) for p in view.known() if p.reference}
    told = [view.arm(p) for p in view.known() if p.end <= q.start][::-1]
    told += study.arms if study is not None else []
    focus = next((a for a in told if id(a) not in below), None)
    return (focus, view.arm(behind)) if focus is not None else None


class Versus:
    """Tells the groups of the numbers that compare."""

    def __init__(self, groups: Grouper, since: Since) -> None:
        self._groups, self._since = groups, since

    def of(
        self, view: View, q: Quantity, previous: list[Result], arm: Arm | None
    ) -> tuple[Arm | None, Arm | None]:
        """The arms of an effect estimate: those of the numbers just before it, else the sentence's pair."""
        within = self._since.within(view, q, previous) if q.kind == "p" else None
        view.within = within is not None
        if within is not None:
            return within[0], None
        if q.kind == "p" and of_no_pair(view.text, q):
            return _of_all_pairs(previous)
        if not any(view.arms.get(id(p)) for p in view.phrases) and _FACTOR.search(view.text):
            return None, None  # X是OS的独立危险因素(HR=2.1): of those with and without X
        if (pair := _each_in_turn(view, q) or listed_alone(view, q)) is not None:
            return pair
        if (pair := _against_next(view, q)) is not None:
            return pair
        own = arm_of_clause(view, q)
        if own is not None:
            study = view.study_at(q.start)
            against = [view.arm(p) for p in view.known() if p.reference and view.study_at(p.start) is study]
            other = against[0] if len(against) == 1 and against[0] is not own else None
            if (other := other or other_arm(view, q.start, study, own)) is not None:
                return own, other
        if (
            pair := _told_behind(view, q)
            or _beside_its_number(view, q, previous)
            or _in_bracket_of(view, q)
            or _in_list_against(view, q)
            or _more_in(view, q)
        ) is not None:
            return pair
        near = [
            r
            for r in previous
            if r.arm is not None and r.quantity.outer_end <= q.start and r.comparator is None
        ]
        arms = list(dict.fromkeys(r.arm for r in near if r.arm is not None))
        gap = view.text[near[-1].quantity.outer_end : q.start] if near else ""
        if near and (control := _control_of_doses(view, q, near[-1])) is not None:
            return near[-1].arm, control
        several = len({id(a) for told in view.arms.values() for a in told}) > 2
        listed = several and view.text[q.outer_start - 1 : q.outer_start] == "("
        others = [
            a
            for p in view.phrases
            if near and near[-1].quantity.outer_end <= p.start and p.end <= q.start
            for a in view.arms.get(id(p), ())
            if a not in arms
        ]
        if len(arms) == 2 and not others and not regex.search(r"[。]", gap) and len(gap) < 60:
            between = view.text[near[-2].quantity.outer_end : near[-1].quantity.start]
            if listed and _LISTED.match(between):
                # 2% on A, 3% on B (RR 1.5) and 4% on C (RR 2.0): the bracket tells of B
                return arms[1], arms[0]
            if q.kind == "p" and _says_which(view, near[-2], near[-1]):
                return arms[0], arms[1]  # A had more than B (9 vs 4, P=0.01): it is told of A
            return self._groups.orient(view.study_at(q.start), arms[0], arms[1])
        if listed and len(arms) == 1 and view.against not in (None, arms[0]) and len(gap) < 60:
            return arms[0], view.against
        if q.kind == "p" and len(arms) > 2 and not others and _ONE_P.fullmatch(gap):
            return None, None  # of all the groups at once
        named = arm_after(view, q)
        focus, reference = pair_at(view, q.start)
        if not any(
            p.reference for p in view.phrases if p.start < q.start or (focus, reference) == (None, None)
        ):
            told = {
                id(a)
                for p in view.phrases
                if p.end <= q.start
                for a in view.arms.get(id(p), ())
                if len(view.arms[id(p)]) == 1
            }
            listed = {id(focus), id(reference)} <= told
            focus, reference = self._groups.orient(
                None if listed else view.study_at(q.start), focus, reference
            )
        if named is not None and named is not focus:
            if named is reference and any(
                p.reference and named in view.arms.get(id(p), []) for p in view.phrases
            ):
                return focus, named
            return named, (reference if reference is not named else focus)
        if focus is None and reference is None:
            return arm, None
        focus = first_of_list(view, q, focus, reference)
        return focus, (reference if reference is not focus else None)


def _says_which(view: View, first: Result, second: Result) -> bool:
    """Whether the words right before two numbers say of the first one's group that it had more or less than the other."""
    told = [p for p in view.known() if p.end <= first.quantity.start][-1:]
    if not told or not told[0].reference or view.arm(told[0]) is not second.arm or first.arm is second.arm:
        return False
    return _MORE_THAN.search(view.text, max(0, told[0].start - 10), told[0].start) is not None
