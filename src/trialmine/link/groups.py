"""Which arm a number belongs to: the arms of a list of numbers, of a single number and of a comparison."""

from __future__ import annotations

from collections.abc import Iterable

import regex

from trialmine.core.lazy import Expression
from trialmine.core.records import Arm, Study
from trialmine.find.quantity import Quantity
from trialmine.find.times import TimePoint
from trialmine.link.armphrase import ArmPhrase
from trialmine.link.cells import Cell, Cells, family
from trialmine.link.choose import is_estimate
from trialmine.link.view import View
from trialmine.read.segment import HAN

_BRACKET_BEFORE_ARM = Expression(r"^(?:\s?\([^()]{0,24}\))?\s?[(\[]\s?$")
#: between a number and the arm that follows it
_TO_ARM_AFTER = Expression(
    r"^[)\]]?\s?(?:\([^()]*\)\s?)?(?:of\s(?:the\s|all\s)?(?:\d+\s)?(?:patients|participants|subjects|those|recipients|people|adults|children|infants|women|men|cases|eyes)\s(?:with\s(?:(?!(?:than|versus|vs|and|but|compared|on|in|given|taking|receiving|who|whereas|while)\b)[\p{Latin}-]+\s){1,4}?(?=given|taking|receiving|who|treated|on\b))?)?(?:(?!(?:than|versus|vs|and|but|compared|whereas|while|whilst|although|though)\b)\p{Latin}+\s){0,2}?"
    r"(?:(?:in|with|w/|for|on|at|among|receiving|who (?:had )?(?:received|took|got|underwent|were given|were treated with)|treated with|assigned(?: to)?|allocated to|randomi[sz]ed to|given|taking|undergoing|of|from(?: baseline (?:in|with|on|for|under))?|after|following|undergoing|under|using|to)\s)(?:the\s|patients\s|those\s|participants\s|people\s|women\s|men\s|children\s|receiving\s|treated\s|with\s|who\s|received\s|took\s|taking\s|had\s|got\s|were\s|given\s|in\s|on\s|an?\s|assigned\s|allocated\s|randomi[sz]ed\s|to\s|both\s)*(?:(?!(?:and|or|than|versus|vs|but|compared|to|by|whereas|while)\b)(?:[\p{Ll}-]+|\p{Lu}{1,4})\s)?$"
)
#: between an arm and the number that follows it
_RESPECTIVELY = Expression(r"\s?,?\s?respectively\b")
_TO_NUMBER = Expression(
    r"^(?:患者|受试者|者|人群|中|的|则|为|是|仅|只有|有|达|\s|:|,|=|\([^()]{0,40}\)|was|were|at|had|is|of|with|a|an|and|only|just|merely|it|about|approximately|nearly|some|reached|achieved|showed|reported|experienced)*(?:[\p{Han}\p{Latin}≥≤<>\d/+\s-]{0,14}(?:为|是|达|:|=|was|were))?\s?$"
)


#: behind a group whose number stands before it: ``12% of those given A and 31%``
_AND_ON = Expression(r",?\s(?:and|versus|vs\.?)\s")
#: from a number to that of the group that it is set against: ``18% stopping it versus 4% on B``
_VERSUS_NEXT = Expression(
    r"[^.;:()%\d]{0,80}\b(?:versus|vs\.?|(?:as\s)?compared (?:with|to)|as against)(?:\s(?:only|just|about))?\s?"
)
#: between a group and the number that opens the bracket right behind it
_RIGHT_BEHIND = Expression(r"\s?(?:组|患者|groups?|arms?|patients|eyes)?\s?[(\[]")
#: between a group and a number of the bracket that opens right behind it
_IN_ITS_BRACKET = Expression(r"^\s?(?:组|患者|groups?|arms?|patients|eyes)?\s?[(\[][^()\[\]]*$")
#: the same without a copula, in Chinese: A组有效率92%
_IN_CLAUSE = Expression(r"^(?=\p{Han})[^,;。:()\d]{1,24}$")
#: right before a number that is set against one told before
_AGAINST = Expression(
    r"(?:compared (?:with|to)|versus|vs\.?|against|as opposed to)(?:\s(?:about|only|just))?\s?$"
)


#: the same in Chinese, before the group or behind it
_MORE_IN_HAN = Expression(r"(?:多见于|常见于|好发于|集中于|发生于|见于|(?<![\p{Han}])以)$")
_MORE_HERE = Expression(
    r"^(?:患者|中)*的?[^,。;\d()]{0,10}?(?:更|较|偏|明显|显著|相对|稍|略)*(?:高|低|多|少|长|短|好|差|优|大|小|快|慢|常见|多见|突出|明显|为著|为主|居多|为多|为甚)(?:些|见)?\s?[:(\[,]\s?[(\[]?\s?$"
)
#: right before the group that has more or less of something than the other
_MORE_IN = Expression(
    r"\b(?:higher|lower|greater|smaller|more|less|fewer|longer|shorter|better|worse|increased|reduced|decreased|improved|commoner|superior|inferior)\b"
    r"[^.;,%\d]{0,40}\b(?:in|with|for|among|after|on)\s(?:the\s|patients\s|those\s|receiving\s|on\s|in\s|given\s|treated\s|with\s|assigned\s|to\s)*$"
)
#: what changed is a share of people
_SHARE_OF = Expression(r"率|比例|\b(?:rates?|proportion|percentage)\b")
#: from a treatment to its own number: 高于A的12%
_ITS = Expression(r"^(?:治疗|单药|患者|者)*的\s?(?:约|仅|仅为)?[(\[]?$")
_OPENED = Expression(r"^\s?[:(\[,]\s?$")
#: from the group that another one outdid by so much to its own number: 较B组延长3.2个月(
_LONGER_BY = Expression(
    r"(?:延长|缩短|提高|降低|增加|减少|多|少)了?(?:约|近)?\d[\d.]*\s?(?:%|个月|年|天|周|分)\("
)
#: from a group to what its own bracket lists; no comparison of two
_OWN_LIST = Expression(r"\s?(?:组|患者)?\s?[(\[](?![^()\[\]]*(?:vs|对|比))")
#: around the number of the group that others are then compared with: 与B组(61.3%)比较,
_ITS_BRACKET, _THEN_COMPARED = Expression(r"\s?[(\[]?"), Expression(r"[)\]](?:相比较?|比较|相较|对比)")
_CLAUSE_ENDS = Expression(r"[,;。:%\d]")
#: before the number of all groups together, where their own follow
_OVERALL = Expression(
    r"^\s?(?:[Oo]verall|[Ii]n total|(?:Out )?[Oo]f (?:the |all )?[\d,]+ \p{Latin}+),[^.;]*$"
)
#: from a group to its number alone in the bracket behind it: 与对照组(3.4)相比
_ITS_BRACKET = Expression(r"\s?[(\[]\s?")
#: right before the number of several groups together
_IN_TOTAL = Expression(r"(?:共|合计|总计|共计)(?:有|计)?\s?$|\b(?:in total|a total of)\s?$")
#: all who took part
_EVERYONE = Expression(
    r"(?:全组|全部|所有|总体|整体|全体|整个队列)(?:\d+\s?[例名])?(?:入组|可评估|可评价|纳入)?的?(?:患者|病例|受试者|人群|病人)?(?:中|里)?|全部|(?<![组中的])患者总(?=体?\p{Han}{1,6}率)|"
    r"(?<![\d组中])(?P<n>\d[\d ]*)\s?[例名](?:可评估|可评价)?(?:患者|病例|受试者|病人)中(?!位)"
)
#: from the number of all to that of a group among them: 115例(77%)存活,其中A组38例
_AMONG = Expression(r"[^,;。\d]{0,16}[,;(:]其中(?!有?\d)[^,;。\d]{1,12}组")
_CLAUSE_END = Expression(r"[,;。]")
_PEOPLE = Expression(r"受试者|患者|\b(?:participants|patients|subjects)\b")


#: characters from a number to the arm that closes its run
_RUN = 400
_RUN_WORDS = r"(?:[\s,]|\b(?:and|or|at|by|of|to|after|from|respectively|eyes|patients|months?|weeks?|years?|days?|was|were|it)\b|\([^()]*\))*"
#: right behind the number of all groups before their treatments
_AT_BASELINE = Expression(r"\s?(?:[(\[][^()\[\]]*[)\]]\s?)?(?:at\s)?baseline\s?[,;]")
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


#: behind an arm that stands right behind its number
_ENDS_NUMBER = Expression(
    r"\s?[,;.)]|\s?$|\s(?:vs|versus|v|and|or|compared|than|had|were|was|died|developed|experienced|achieved|reached|reported|showed)\b|\s(?:eyes|implants|patients|subjects|participants|knees|hips|teeth|recipients|users|women|men|children|\p{Ll}{4,}s)\b"
)


#: estimates that no group has by itself, and from a number to one of its bracket
_RATIOS = ("estimate:HR", "estimate:OR", "estimate:RR")
_TO_RATIO = Expression(r"\s?[(\[,][^()\[\]。;]{0,30}")
#: characters from a change to the group that it is compared with
_SET_BEHIND = 26
#: characters before the first number of a change where its time stands
_FROM_TIME = 10
#: why a number has the group named right beside it
BESIDE = "arm beside the number"
#: the time of the earlier value of a change, where it is of something that people had before
#: from a number to the only group that is named, which is another one's
_SET_LATER = Expression(r"\b(?:compared (?:with|to)|versus|vs\.?|as against)\s")
BEFORE = TimePoint(0, 0, "baseline", False)


#: from a group that is a clause's subject to the pair of numbers in its bracket: EIS组发热患者多(64% vs 26%
_ITS_PAIR = Expression(
    r"(?:患者|病人|患儿|产妇)?的?(?!与|和|较|比|相|低于|高于)(?=\p{Han})[^,;。:()\d]{2,20}\("
)
#: from the only group of a clause to a list of its numbers at several times
_ITS_LIST = Expression(
    r"(?=\s?\p{Han})[^,;。:]{0,12}\d+\s?(?:[hd]|min|分钟|小时|天|周|个?月|年)?\s?(?:、|和|与|及)[^,;。:]{0,40}?(?:分别|依次)?(?:为|是)?\s?[(\[]?"
)
_ENDS = Expression(r"[;。]")


def _of_each_in_order(view: View, start: int, cells: Cells) -> bool:
    """Whether a list behind the last group is told in the order of the groups: ``and the DCR was 8% and 6%, respectively``.

    It opens a bracket there, or a new outcome stands before it.
    """
    named = any(start <= o.start and o.end <= cells.start and not o.generic for o in view.outcomes)
    opens = view.text[start : cells.start].strip() == "("
    return (named or opens) and _RESPECTIVELY.match(view.text, cells.end) is not None


class Grouper:
    """Assigns arms to the cells of a sentence; ``inactive`` are the names of what those get who go without."""

    def __init__(self, inactive: Iterable[str]) -> None:
        self._inactive = frozenset(inactive)

    def bracketed(self, view: View, laid: list[Cell]) -> None:
        """71%(A组)、73%(B组): the arm stands in brackets after its number."""
        for cell in laid:
            q = cell.quantity
            for p in self._known(view):
                if not q.end <= p.start <= q.end + 26:
                    continue
                gap = view.text[q.end : p.start]
                told = [
                    x for x in view.quantities if p.end <= x.start <= p.end + 3 and family(x) == family(q)
                ]
                if told and ")" not in view.text[p.end : told[0].start]:
                    continue  # 58%(B 39%): the bracket tells another number's arm
                beside = view.text[q.outer_end : p.start] == " " and (
                    p.is_group or view.text[q.end : q.outer_end] == ")"
                )
                bare = (gap == " " or beside) and _ENDS_NUMBER.match(view.text, p.end)
                if bare or _BRACKET_BEFORE_ARM.match(gap):
                    cell.arm = view.arms[id(p)][0]
                    cell.why.append(
                        "arm right after the number" if bare else "arm in brackets after the number"
                    )

    def of_list(self, view: View, cells: Cells, laid: list[Cell], stop_before: int) -> None:
        """Arms of the numbers of one list that no axis has given."""
        self.beside(view, laid)
        missing = [c for c in laid if c.arm is None]
        first = laid[: len(missing)]
        if len(laid) > 2 and 1 < len(missing) < len(laid) and all(c.arm is None for c in first):
            # A and B had 43% and 41%, and C 12%
            before = [p for p in self._known(view) if p.end <= cells.start and not p.reference]
            told = list(dict.fromkeys(view.arms[id(p)][0] for p in before))
            for cell, own in zip(first, told, strict=True) if len(told) == len(first) else ():
                cell.arm = own
                cell.why.append("arms in the order of the text")
            return
        if len(laid) > 2 and missing == laid[:1]:
            # A组改善≥4分者占56%,B组41%,C组12%: the first number's group is the one told before it
            told = [
                view.arms[id(p)][0]
                for p in self._known(view)
                if stop_before <= p.start and p.end <= cells.start and not p.reference
            ]
            if told and not any(c.arm is told[-1] for c in laid):
                laid[0].arm = told[-1]
                laid[0].why.append("arm before the list")
            return
        if not missing or (len(missing) < len(laid) and len(laid) != 2):
            return
        if len(laid) == 2 and len(missing) == 1:
            other = laid[0].arm if laid[1] is missing[0] else laid[1].arm
            missing[0].arm = self._partner(view, cells.start, other)
            missing[0].why.append("the other arm of the pair")
            return
        k = len(laid)
        theirs = self._of_reference(view, cells.quantities[0], stop_before) if not cells.paired else None
        if theirs is not None:
            for cell in missing:
                cell.arm = theirs
                cell.why.append("the reference's own numbers")
            return
        study = view.study_at(cells.start)
        phrases = [p for p in self._known(view) if view.study_at(p.start) is study and p.end <= cells.start]
        compared = any(p.reference for p in phrases)
        if k == 2 and (compared or cells.paired or cells.armed):
            focus, reference = self.pair(view, cells.start)
            measured = not is_estimate(laid[0].quantity)
            if study is not None and focus is not None and reference is None and cells.paired and measured:
                reference = self._without(view, study, focus, cells.start) or _unnamed(study)
            for cell, arm in zip(laid, (focus, reference), strict=True):
                cell.arm = arm
                cell.why.append("pair of arms: focus first, reference second")
            return
        sequence = list(dict.fromkeys(a for p in phrases if not p.reference for a in _meant(view, p)))
        local = list(
            dict.fromkeys(
                a for p in phrases if not p.reference and p.start >= stop_before for a in _meant(view, p)
            )
        )
        tied = [p for p in phrases if p.start >= stop_before and not p.reference]
        if (
            len(local) == 1
            and not cells.paired
            and tied
            and stop_before > 0
            and not (len(sequence) == k and _of_each_in_order(view, tied[-1].end, cells))
            and _TO_NUMBER.match(view.text[tied[-1].end : cells.quantities[0].outer_start])
        ):
            for cell in laid:  # …;B组依次为76%和80%
                cell.arm = local[0]
                cell.why.append("arm right before the list")
            return
        order = view.order(study, cells.start) if study is not None else []
        if len(local) == k:
            sequence = local
        elif len(order) == k and len(local) <= 1 and len(sequence) != k:
            only = tied[-1] if len(local) == 1 else None
            if only is not None and only.is_group and _ITS_LIST.fullmatch(view.text, only.end, cells.start):
                order = local * k  # A组术后1 h、2 h的X分别为8和9: at two times
            sequence = order
        elif not phrases and len(order) > k:  # …分别为51%和44%,均高于安慰剂组的12%
            told_of = {a.key for p in self._known(view) for a in view.arms[id(p)]}
            others = [a for a in order if a.key not in told_of]
            sequence = others if len(others) == k else sequence
        if len(sequence) != k and phrases and compared:
            told = list(dict.fromkeys(view.arms[id(p)][0] for p in phrases))
            sequence = told if len(told) == k else sequence
        if len(sequence) == k:
            for cell, arm in zip(laid, sequence, strict=True):
                cell.arm = arm
                cell.why.append("arms in the order of the text")
        elif k % 2 == 0 and cells.paired:
            pair = self.pair(view, cells.start)
            for i, cell in enumerate(laid):
                cell.arm = pair[i % 2]
                cell.why.append("pairs of arms")

    def _without(self, view: View, study: Study, arm: Arm, position: int) -> Arm | None:
        """What a group is compared with of which the text says what was added to what: the addition of A to B, B."""
        added = [
            p for p in self._known(view) if p.base and p.end <= position and arm in view.arms.get(id(p), ())
        ]
        if not added or frozenset(added[-1].base) == arm.key:
            return None
        return study.find(frozenset(added[-1].base)) or study.add(Arm(added[-1].base, role="comparator"))

    def changed(self, view: View, laid: list[Cell]) -> None:
        """From a to b: the reference arm and the focus where two are compared, else before and after."""
        first = laid[0].quantity
        study = view.study_at(first.start)
        half = len(laid) // 2
        if half > 1 and all(c.outcome is c.arm is c.time is None for c in laid):
            # from a and b to c and d: each group before, and each after
            before = [
                p for p in self._known(view) if p.end <= first.start and view.study_at(p.start) is study
            ]
            groups = list(dict.fromkeys(a for p in before for a in _meant(view, p)))
            if len(groups) != half and study is not None:
                groups = next((x for x in (study.order, study.arms) if len(x) == half), [])
            for i, cell in enumerate(laid if len(groups) == half else ()):
                cell.arm = groups[i % half]
                cell.time = BEFORE if i < half and first.kind != "percent" else None
                cell.why.append("the groups' values before and after")
            if len(groups) == half:
                return
        between = [
            p for p in self._known(view) if first.outer_end <= p.start and p.end <= laid[-1].quantity.start
        ]
        if (
            len(between) == 1 and len(laid) == 2
        ):  # from a with B to c: B's number, and that of the other group
            theirs = view.arms[id(between[0])][0]
            mine = self.after(view, laid[-1].quantity) or next(
                (
                    view.arms[id(p)][0]
                    for p in reversed(self._known(view))
                    if p.end <= first.start and not p.reference and view.arms[id(p)][0] is not theirs
                ),
                None,
            )
            for cell, arm in zip(laid, (theirs, mine), strict=True):
                cell.arm, cell.why = arm, [*cell.why, "from the number of one group to that of another"]
            return
        compared = [p for p in self._known(view) if p.reference and p.end <= first.start]
        last = laid[-1].quantity
        events = first.kind in ("percent", "time") or last.unit.startswith(("per ", "每"))
        if (
            not compared
            and events
            and not any(o.measure == "level" for o in view.outcomes if o.end <= first.start)
        ):
            # from a to b compared with B
            compared = [
                p for p in self._known(view) if p.reference and 0 <= p.start - last.outer_end < _SET_BEHIND
            ]
        rate = (
            first.kind in ("percent", "time")
            and study is not None
            and None not in study.pair
            and len({id(a) for p in self._known(view) for a in view.arms[id(p)]}) != 1
        )
        clause = 1 + max(view.text.rfind(c, 0, first.start) for c in ",;。")
        own_clause = any(p.is_group and clause <= p.start < first.start for p in self._known(view))
        named = [o for o in view.outcomes if o.end <= first.start]
        level = bool(named) and named[-1].measure == "level"
        rate = (
            rate and not own_clause and not level
        )  # X组HbA1c由8.2%降至6.9%: the group's own, before and after
        own = self.after(view, laid[-1].quantity)
        added = [p for p in self._known(view) if p.base and p.end <= first.start and not p.reference]
        happens = bool(named) and named[-1].measure in ("rate", "event", "time")
        share = added and (
            _SHARE_OF.search(view.text[added[-1].end : first.start])
            or (not level and (happens or self._ratio_behind(view, laid[-1].quantity)))
        )
        if share and study is not None and not compared and (rate or None in study.pair):
            # B on top of A raised it from a to b: without B, and with it
            base = frozenset(added[-1].base)
            less = study.find(base) or study.add(Arm(added[-1].base, role="comparator"))
            for i, cell in enumerate(laid):
                cell.arm = less if i < len(laid) // 2 else view.arms[id(added[-1])][0]
                cell.why.append("without and with what was added")
            return
        focus, reference = self.pair(view, first.start) if (compared or rate) and not own else (None, None)
        if focus is not None and reference is not None and not compared:
            focus, reference = self.orient(study, focus, reference)
        if (
            focus is None
            and study is not None
            and not compared
            and self._ratio_behind(view, laid[-1].quantity)
        ):
            # A raised it from a to b (HR 0.7): a ratio is of two groups, though the text names one
            focus, reference = self.pair(view, first.start)
            if focus is not None and reference is None and len(laid) == 2:
                reference = _unnamed(study)
                study.pair = (focus, reference) if study.pair[1] is None else study.pair
        if focus is not None and reference is not None:
            for i, cell in enumerate(laid):
                cell.arm = reference if i < len(laid) // 2 else focus
                cell.why.append("change from the reference arm to the focus")
        elif not any(c.time for c in laid) and _apart(view, laid) < 2:
            for cell in laid[: len(laid) // 2]:
                cell.time = BEFORE

    @staticmethod
    def _ratio_behind(view: View, q: Quantity) -> bool:
        """Whether a ratio of two groups opens the bracket right behind a number."""
        ratio = next((x for x in view.quantities if x.start >= q.outer_end), None)
        return (
            ratio is not None
            and ratio.kind in _RATIOS
            and _TO_RATIO.fullmatch(view.text, q.outer_end, ratio.start) is not None
        )

    def pair(self, view: View, position: int) -> tuple[Arm | None, Arm | None]:
        """(focus, reference) of the comparison that holds at a place of a sentence."""
        study = view.study_at(position)
        phrases = [
            p
            for p in self._known(view)
            if view.study_at(p.start) is study and not self._glosses(view, p, position)
        ]
        if study is not None:  # what a later clause sets against each other doesn't hold yet
            place = view.pairs_before.get(id(study), (0, ()))[0]
            phrases = [p for p in phrases if position >= place or p.start < place]
        before = [p for p in phrases if p.end <= position]
        several = next(
            (
                view.arms[id(p)]
                for p in reversed(view.phrases)
                if p.start < position and len(view.arms.get(id(p), [])) == 2
            ),
            None,
        )
        use = before or phrases
        references = [view.arms[id(p)][0] for p in use if p.reference]
        focus = list(dict.fromkeys(view.arms[id(p)][0] for p in use if not p.reference))
        if (
            len(focus) < 2 or not before
        ):  # what a later clause sets against another one doesn't hold for two named before
            references = references or [view.arms[id(p)][0] for p in phrases if p.reference]
        if (
            before
            and not before[-1].reference
            and study is not None
            and (
                (
                    _MORE_IN.search(view.text[: before[-1].start])
                    and _OPENED.match(view.text[before[-1].end : position])
                )
                or _more_here(view.text, before[-1], position)
            )
        ):
            # more frequent in the placebo group (12% vs 7%): the first number is that group's
            first = view.arms[id(before[-1])][0]
            return first, self._other(view, position, study, first)
        if references:
            reference = references[-1]
            last = [view.arms[id(p)][0] for p in use if not p.reference]
            others = [a for a in last if a is not reference] or [
                view.arms[id(p)][0]
                for p in phrases
                if not p.reference and view.arms[id(p)][0] is not reference
            ]
            return (others[-1] if others else self._other(view, position, study, reference)), reference
        if several and not focus:
            return several[0], several[1]
        if len(focus) >= 2:
            return focus[-2], focus[-1]
        if study is None:
            return (focus[0] if focus else None), None
        if len(focus) == 1:
            if before and before[-1].is_group and _ITS_PAIR.fullmatch(view.text, before[-1].end, position):
                return focus[0], self._other(view, position, study, focus[0])
            if (
                study.pair[1] is focus[0]
                or focus[0].role == "comparator"
                or "placebo" in focus[0].interventions
            ):
                return self._other(view, position, study, focus[0]), focus[0]
            return focus[0], self._other(view, position, study, focus[0])
        if view.pair(study, position) != (None, None):
            return view.pair(study, position)
        if len(study.order) == 2:
            return study.order[0], study.order[1]
        if len(study.arms) == 2:
            return study.arms[0], study.arms[1]
        return (study.arms[0] if len(study.arms) == 1 else None), None

    def single(
        self, view: View, q: Quantity, stop_before: int, stop_after: int, last: Quantity | None = None
    ) -> tuple[Arm | None, str]:
        """The arm of a number that stands alone, and why; ``last`` is the number that it changed to."""
        text = view.text
        study = view.study_at(q.start)
        phrases = [p for p in self._known(view) if view.study_at(p.start) is study]
        after = self.after(view, last or q, stop_after)
        if after is not None:
            return after, "arm after the number"
        closing = self.closing(view, q, last or q)
        if closing is not None:
            return closing, "arm that closes the run"
        following = next(
            (x for x in view.quantities if x.start >= q.outer_end and family(x) == family(q)), None
        )
        if (
            study is not None
            and last is None
            and following is not None
            and not any(p.start < following.start and not p.reference for p in phrases)
            and _VERSUS_NEXT.fullmatch(text, q.outer_end, following.outer_start)
            and (theirs := self.after(view, following)) is not None
            and (other := self._other(view, q.start, study, theirs)) is not None
        ):
            return other, "the other arm than the next number's"
        if study is not None and _AGAINST.search(text[: q.outer_start]):
            told_before = [view.arms[id(p)][0] for p in phrases if p.end <= q.start and not p.reference]
            focus = told_before[-1] if told_before else study.pair[0]
            if focus is not None and (other := self._other(view, q.start, study, focus)) is not None:
                return other, "set against the number before"
        between = [p for p in phrases if stop_before <= p.start and p.end <= q.start]
        if (
            not between
            and _AT_BASELINE.match(text, q.outer_end)
            and any(self.after(view, x) for x in view.quantities if x.start > q.start)
        ):
            return None, "before the groups"
        told = between and (
            _TO_NUMBER.match(text[between[-1].end : q.outer_start])
            or not regex.search(r"[,;。]", text[between[-1].end : q.start])
        )
        if study is not None and len(study.arms) > 1 and not told and _AMONG.match(text, q.outer_end):
            return _all_of(study, "全部"), "all participants, before those of each group"
        if study is not None and not told:
            # 39% of them, but only 8% of the placebo group: the next number's group stands right before it
            following = next((x for x in view.quantities if x.start >= stop_after), None)
            answer = [
                p
                for p in phrases
                if stop_after - 40 <= p.start
                and q.outer_end <= p.start
                and p.end <= stop_after
                and (
                    (
                        _TO_NUMBER.match(text[p.end : stop_after])
                        and not _AND_ON.match(text, p.end)
                        and p.start >= stop_after - 26
                    )
                    or _IN_CLAUSE.match(text[p.end : stop_after])
                )
            ]
            parallel = following is not None and family(following) == family(q)
            own = view.arms[id(answer[-1])][0] if answer else None
            if (
                own is not None
                and answer[-1].reference
                and any(
                    p.end <= q.start and not p.reference and view.arms[id(p)][0] is not own for p in phrases
                )
            ):
                own = None  # A in this trial, 71%, more than the 63% of B
            if own is not None and (
                own in study.order or (parallel and not any(p.end <= q.start for p in phrases))
            ):
                if len(study.arms) > 1 and (whole := _of_everybody(view, study, q, between)):
                    return _all_of(study, whole), "all participants of the study"
                other = self._other(view, q.start, study, own)
                if other is not None:
                    return other, "the other arm than the next number's"
        if (
            between
            and between[-1].reference
            and _TO_NUMBER.match(text[between[-1].end : q.outer_start])
            and (
                between[-1].is_group
                or text[between[-1].end : q.start] == " at "
                or _ITS.match(text[between[-1].end : q.start])
            )
        ):
            return view.arms[id(between[-1])][0], "arm right before the number"
        if (own := self._of_reference(view, q, stop_before)) is not None:
            return own, "the reference's own number"
        if (
            between
            and between[-1].reference
            and _ITS_BRACKET.fullmatch(text, between[-1].end, q.outer_start)
            and _THEN_COMPARED.match(text, q.outer_end)
        ):
            return view.arms[id(between[-1])][0], "in the bracket of the reference"
        if (
            between
            and between[-1].reference
            and _IN_ITS_BRACKET.match(text[between[-1].end : q.start])
            and any(x.start < between[-1].start and x.kind == q.kind for x in view.quantities)
        ):
            return view.arms[id(between[-1])][0], "in the bracket of its arm"
        between = [p for p in between if not p.reference and not _in_closed_bracket(view, p, q)]
        total = _IN_TOTAL.search(text[max(0, q.start - 16) : q.start])
        pooled = [
            p for p in view.phrases
            if (p.kind == "label" or (total and p.kind in ("both", "all"))) and len(view.arms.get(id(p), ())) > 1
            and (stop_before <= p.start or total) and p.end <= q.start
        ]  # fmt: skip
        if study is not None and pooled and (not between or between[-1].end <= pooled[-1].start):
            return _pooled(
                study, view.arms[id(pooled[-1])], text[pooled[-1].start : pooled[-1].end]
            ), "groups taken together"
        if between:
            return view.arms[id(between[-1])][0], "nearest arm before the number"
        before = [
            p for p in phrases if p.end <= q.start and not p.reference and not _in_closed_bracket(view, p, q)
        ]
        if study is not None and len(study.arms) > 1 and (whole := _of_everybody(view, study, q, before)):
            return _all_of(study, whole), "all participants of the study"
        if before:
            return view.arms[id(before[-1])][0], "arm before in the sentence"
        if any(p.reference for p in phrases):
            focus = self.pair(view, q.start)[0]
            if focus is not None:
                return focus, "focus of the comparison"
        behind = {id(view.arms[id(p)][0]) for p in phrases if p.start > q.end}
        single = study is not None and len(study.arms) == 1
        if _OVERALL.search(text[: q.start]) and behind and not (single and len(behind) == 1):
            return None, "all groups together"
        later = [p for p in phrases if p.start >= q.end and not p.reference]
        if later and (study is None or not study.recent):
            return view.arms[id(later[0])][0], "arm later in the sentence"
        if study is None:
            return None, "no study"
        if (
            single
            and behind == {id(study.arms[0])}
            and _SET_LATER.search(text, (last or q).outer_end, later[0].start if later else None)
        ):
            return None, "the group that the one told behind is compared with"
        if len(study.arms) == 1:
            return study.arms[0], "only arm of the study"
        if len(study.recent) == 1:
            return study.recent[0], "arm in force"
        if study.pair[0] is not None and (not study.recent or study.pair[0] in study.recent):
            return study.pair[0], "focus in force"
        people = _PEOPLE.search(text, max(0, q.start - 30), min(len(text), q.outer_end + 30))
        if people is not None and not view.phrases and len(study.arms) > 1:
            study.recent = [_pooled(study, [*study.arms, Arm()], people.group())]
            return study.recent[0], "all participants of the study"
        return None, "several arms in force"

    def _of_reference(self, view: View, q: Quantity, stop_before: int) -> Arm | None:
        """The group that others are compared with, where numbers of its own follow: ``短于B组的7天和9天``, ``低于B组患者的X(5.1)``.

        Their outcome stands before the group, too, with the numbers of the other one.
        """
        before = [p for p in self._known(view) if p.end <= q.start]
        if not before or not before[-1].reference:
            return None
        ref, gap = before[-1], view.text[before[-1].end : q.outer_start]
        listed = _in_bracket_behind(view.text, ref.end, q.start) or _LONGER_BY.fullmatch(
            gap
        )  # 均低于B组[5.1 g、(3.2±0.4)mL]
        told = {o.concept for o in view.outcomes if o.end <= ref.start}
        if before[-1].start < stop_before and not listed:
            return view.arms[id(ref)][0] if self._in_turn(view, ref, q, told) else None
        again = any(ref.end <= o.start and o.end <= q.start and o.concept in told for o in view.outcomes)
        parallel = any(x.end <= ref.start and family(x) == family(q) for x in view.quantities)
        its = listed or gap in ("", "[") or _ITS.match(gap) or (again and not _CLAUSE_ENDS.search(gap))
        return view.arms[id(ref)][0] if parallel and its and not is_estimate(q) else None

    @staticmethod
    def _in_turn(view: View, ref: ArmPhrase, q: Quantity, told: set[str]) -> bool:
        """Whether a number is of the next outcome of the reference, where each has its own name: ``均少于B组住院时间(8 d)、引流量(90 mL)``."""
        named = [o for o in view.outcomes if ref.end <= o.start and o.end <= q.start]
        first = next((x for x in view.quantities if x.start >= ref.end), None)
        if len(named) < 2 or first is None or not HAN.search(view.text) or named[0].start > first.start:
            return False
        own = len({o.concept for o in named}) == len(named) and all(o.concept in told for o in named)
        return own and not _ENDS.search(view.text, ref.end, q.start)

    def orient(self, study: Study | None, a: Arm | None, b: Arm | None) -> tuple[Arm | None, Arm | None]:
        """(described arm, comparator): the one that looks like a control goes second."""
        if a is None or b is None:
            return a, b
        score = self._control(a, b) - self._control(b, a)
        if abs(score) < 2 and study is not None and study.pair in ((a, b), (b, a)):
            return study.pair
        return (b, a) if score >= 2 else (a, b)

    def _control(self, arm: Arm, other: Arm) -> int:
        """How much an arm looks like the control of the other."""
        score = 3 if arm.role == "comparator" else 0
        score += 3 if "placebo" in arm.interventions and "placebo" not in other.interventions else 0
        went_without = arm.key and arm.key <= self._inactive and not other.key & self._inactive
        score += 3 if went_without else 0
        # a name that nothing is known of is no smaller set
        smaller = arm.key < other.key and (arm.key or arm.role) and not (other.key <= self._inactive)
        return score + (2 if smaller else 0)

    def own_clause(self, view: View, q: Quantity) -> Arm | None:
        """The only group of a Chinese clause whose risk went down: ``A组为40%,B组为34%,后者风险下降17%``."""
        if q.kind != "estimate:risk_reduction":
            return None
        clause = 1 + max(view.text.rfind(c, 0, q.start) for c in ",;。(")
        told = [p for p in self._known(view) if p.start >= clause and p.start < q.end]
        if len(told) != 1 or told[0].start != clause or told[0].reference:
            return None
        return view.arms[id(told[0])][0]

    def against(self, view: View, q: Quantity, arm: Arm) -> Arm | None:
        """The arm that the text sets against ``arm`` at a number."""
        study = view.study_at(q.start)
        return None if study is None else self._other(view, q.start, study, arm)

    def after(self, view: View, q: Quantity, stop: int = 10**9) -> Arm | None:
        """The arm that a preposition ties to the number before it: ``12% of patients on A``."""
        for p in self._known(view):
            if q.outer_end <= p.start <= min(stop, q.outer_end + 80) and _TO_ARM_AFTER.match(
                view.text[q.outer_end : p.start]
            ):
                return view.arms[id(p)][0]
        return None

    def closing(self, view: View, first: Quantity, last: Quantity) -> Arm | None:
        """The arm that closes a run of numbers at several times, where the next run has its own.

        ``7% at 3 months and 9% at 6 months in the A group and 4% and 5%, respectively, in the B group``
        """
        text, phrases = view.text, self._known(view)
        after = [p for p in phrases if p.start >= last.outer_end]
        before = [p for p in phrases if p.end <= first.outer_start]
        at_start = any(t.value == "baseline" and last.outer_end <= t.start for t in view.times)
        if not after or after[0].start - last.outer_end > _RUN or at_start:
            return None
        p, own = after[0], view.arms[id(after[0])][0]
        if any(
            x.kind == "dose" and 0 <= x.start - p.end <= 1 and len(view.arms.get(id(x), ())) > 1
            for x in view.phrases
        ):
            return None  # its doses are the groups
        apart = text[p.end : after[1].start] if len(after) > 1 else "."
        parallel = [
            x for x in phrases
            if view.arms[id(x)][0] is not own and any(min(p.end, x.end) <= q.start < max(p.start, x.start) and family(q) == family(last) for q in view.quantities)
        ]  # fmt: skip
        if (
            not parallel
            or _JOINS.fullmatch(apart)
            or not _RUN_TO_ARM.fullmatch(self._bare(view, last.outer_end, p.start))
        ):
            return None
        if before:
            told = [
                q for q in view.quantities if q.outer_end <= before[-1].start and family(q) == family(last)
            ]
            tied = told and _TO_ARM_AFTER.match(text[told[-1].outer_end : before[-1].start])
            if not tied and not (
                told and _RUN_TO_ARM.fullmatch(self._bare(view, told[-1].outer_end, before[-1].start))
            ):
                return None
            if not _TURNS.fullmatch(self._bare(view, before[-1].end, first.outer_start).rstrip(" ([") + " "):
                return None
        return own

    def _bare(self, view: View, start: int, end: int) -> str:
        """A stretch of a sentence without its numbers and times."""
        spans = [(t.start, t.end) for t in view.times] + [(o.start, o.end) for o in view.outcomes]
        spans += [(q.outer_start, q.outer_end) for q in view.quantities]
        bare = view.text[start:end]
        for a, b in sorted(spans, reverse=True):
            if start <= a and b <= end:
                bare = bare[: a - start] + " " + bare[b - start :]
        return bare

    # ----------------------------------------------------------------------------------------------

    def _known(self, view: View) -> list[ArmPhrase]:
        """The phrases that mean one arm."""
        return [p for p in view.phrases if len(view.arms.get(id(p), ())) == 1]

    def _glosses(self, view: View, p: ArmPhrase, position: int) -> bool:
        """Whether a phrase only says, in brackets, whose number stands before it: ``12 vs 9 months (B)``."""
        opened = p.end < position and view.text[p.start - 1 : p.start] == "(" and not p.reference
        return opened and any(p.start - 3 <= q.outer_end < p.start for q in view.quantities)

    def beside(self, view: View, laid: list[Cell]) -> None:
        """Arms that stand right beside their numbers: ``A组为7%,B组为3%``; ``12% on A and 3% on B``."""
        text = view.text
        taken: set[int] = set()
        for i, cell in enumerate(laid):
            if cell.arm is not None:
                continue
            q = cell.quantity
            start = laid[i - 1].quantity.outer_end if i else max(0, q.start - 60)
            stop = laid[i + 1].quantity.start if i + 1 < len(laid) else min(len(text), q.outer_end + 60)
            known = self._known(view)
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
                    or _TO_NUMBER.match(text[p.end : q.outer_start])
                    or _RIGHT_BEHIND.fullmatch(text, p.end, q.start)
                    or (p.is_group and _IN_CLAUSE.match(text[p.end : q.start]))
                )
            ]
            chosen = after[0] if after else (before[-1] if before else None)
            if (
                chosen is not None
                and (
                    i
                    or not chosen.reference
                    or after
                    or _ITS_BRACKET.fullmatch(text, chosen.end, q.outer_start)
                )
                and not (i == 0 and len(laid) > 1 and not after and self._gap_has_no_arm(view, laid))
            ):
                cell.arm = view.arms[id(chosen)][0]
                cell.why.append(BESIDE)
                taken.add(id(chosen))

    def _gap_has_no_arm(self, view: View, laid: list[Cell]) -> bool:
        """Whether no arm stands between the first two numbers nor after the second."""
        a, b = laid[0].quantity.outer_end, laid[1].quantity.start
        stop = laid[1].quantity.outer_end
        return not any(
            (a <= p.start and p.end <= b)
            or (stop <= p.start and _TO_ARM_AFTER.match(view.text[stop : p.start]))
            for p in self._known(view)
        )

    def _partner(self, view: View, position: int, arm: Arm | None) -> Arm | None:
        study = view.study_at(position)
        near = [
            view.arms[id(p)][0]
            for p in self._known(view)
            if view.study_at(p.start) is study and p.end <= position
        ]
        others = [a for a in near if a is not arm]
        return others[-1] if others else (self._other(view, position, study, arm) if study and arm else None)

    def _other(self, view: View, position: int, study: Study | None, arm: Arm) -> Arm | None:
        """The arm that a study sets against ``arm``."""
        if study is None:
            return None
        for known in (view.pair(study, position), study.order if len(study.order) == 2 else ()):
            if arm in known:
                return next((a for a in known if a is not arm), None)
        rest = [a for a in study.arms if a is not arm]
        return rest[0] if len(rest) == 1 else (study.pair[0] if study.pair[1] is None else None)


def _meant(view: View, p: ArmPhrase) -> list[Arm]:
    """The groups of a phrase in a list of groups: each of several doses, else one."""
    return view.arms[id(p)] if p.kind == "dose" else view.arms[id(p)][:1]


def _apart(view: View, laid: list[Cell]) -> int:
    """How many times a change names beside its numbers: ``由第4周的9%降至第12周的7%``."""
    start, end = laid[0].quantity.start - _FROM_TIME, laid[-1].quantity.outer_end
    return sum(start < t.start < end for t in view.times)


def _more_here(text: str, p: ArmPhrase, position: int) -> bool:
    """Whether a Chinese text says that a group has more, or less, right before its number: ``多见于A组(``, ``A组更高(``."""
    gap = text[p.end : position]
    return bool(_MORE_HERE.match(gap) or (_OPENED.match(gap) and _MORE_IN_HAN.search(text[: p.start])))


def _in_bracket_behind(text: str, start: int, end: int) -> bool:
    """Whether a bracket that opens right at ``start``, behind a group, holds what stands at ``end``, among other numbers."""
    opened = _OWN_LIST.match(text, start)
    if opened is None or opened.end() > end:
        return False
    depth = 1
    for c in text[opened.end() : end]:
        depth += (c in "([") - (c in ")]")
        if depth < 1 or c in "。;":
            return False
    return True


def _in_closed_bracket(view: View, p: ArmPhrase, q: Quantity) -> bool:
    """Whether a group stands with its own number in a bracket that was closed before ``q``: ``97% (B 88%), 13%``."""
    if view.text[p.start - 1 : p.start] not in "([" or p.start == 0:
        return False
    end = min((i for c in ")]" if (i := view.text.find(c, p.end)) >= 0), default=len(view.text))
    return end < q.start and any(p.end <= x.start <= p.end + 3 and x.end <= end for x in view.quantities)


def _all_of(study: Study, label: str) -> Arm:
    """The arm of all who took part in a study, whatever it is called."""
    known = [a for a in study.arms if a.labels and all(_EVERYONE.fullmatch(x) for x in a.labels)]
    if not known:
        return _pooled(study, list(study.arms), label)
    known[0].call(label)
    return known[0]


def _of_everybody(view: View, study: Study, q: Quantity, before: list[ArmPhrase]) -> str:
    """The words that say that a number is of all who took part: ``全部患者的ORR为…``, ``150例患者中…`` of a study of 150."""
    at = before[-1].end if before else 0
    for m in _EVERYONE.finditer(view.text, at, q.start):
        named = any(o.start <= m.start() < o.end for o in view.outcomes)  # 总体生存率
        if m["n"] and int(m["n"].replace(" ", "")) != study.enrollment:
            continue
        if not named and (m["n"] or not _CLAUSE_END.search(view.text, m.end(), q.start)):
            return str(m.group()).rstrip("中里的,")
    return ""


def _unnamed(study: Study) -> Arm:
    """The comparator of a study whose text sets numbers against each other and never says what it got."""
    known = [a for a in study.arms if not a.interventions and not a.labels and a.role == "comparator"]
    if not known:
        known = [Arm(role="comparator", guessed=True)]
        study.arms.append(known[0])
    return known[0]


def _pooled(study: Study, arms: list[Arm], label: str) -> Arm:
    """The arm that several groups make together; it has the treatment that all of them have."""
    arm = study.labelled(label)
    if arm is None:
        same = all(a.key == arms[0].key for a in arms)
        arm = Arm(arms[0].interventions if same else (), [label])
        study.arms.append(arm)
    return arm
