"""The arm of a number that stands alone, and why it is that one."""

from __future__ import annotations

import regex

from trialmine.core.lazy import Expression
from trialmine.core.records import Arm, Study
from trialmine.core.sieve import Sieved
from trialmine.find.quantity import Quantity
from trialmine.find.totals import PART
from trialmine.link.armphrase import ArmPhrase
from trialmine.link.beside import IN_CLAUSE, ITS_BRACKET, TO_NUMBER, arm_after, arm_closing
from trialmine.link.cells import family
from trialmine.link.choose import is_estimate
from trialmine.link.pairs import other_arm, pair_at
from trialmine.link.view import View
from trialmine.read.segment import HAN

#: behind a group whose number stands before it: ``12% of those given A and 31%``
_AND_ON = Expression(r",?\s(?:and|versus|vs\.?)\s")
#: from a number to that of the group that it is set against: ``18% stopping it versus 4% on B``
_VERSUS_NEXT = Expression(
    r"[^.;:()%\d]{0,80}\b(?:versus|vs\.?|(?:as\s)?compared (?:with|to)|as against)(?:\s(?:only|just|about))?\s?"
)
#: between a group and a number of the bracket that opens right behind it
_IN_ITS_BRACKET = Expression(r"^\s?(?:组|患者|groups?|arms?|patients|eyes)?\s?[(\[][^()\[\]]*$")
#: right before a number that is set against one told before
_AGAINST = Expression(
    r"(?:compared (?:with|to)|versus|vs\.?|against|as opposed to)(?:\s(?:about|only|just))?\s?$"
)
#: from a treatment to its own number: 高于A的12%
_ITS = Expression(r"^(?:治疗|单药|患者|者)*的\s?(?:约|仅|仅为)?[(\[]?$")
#: from the group that another one outdid by so much to its own number: 较B组延长3.2个月(
_LONGER_BY = Expression(
    r"(?:延长|缩短|提高|降低|增加|减少|多|少)了?(?:约|近)?\d[\d.]*\s?(?:%|个月|年|天|周|分)\("
)
#: from a group to what its own bracket lists; no comparison of two
_OWN_LIST = Expression(r"\s?(?:组|患者)?\s?[(\[](?![^()\[\]]*(?:vs|对|比))")
#: behind the bracket of a group that others are then compared with: 与B组(61.3%)比较,
_THEN_COMPARED = Expression(r"[)\]](?:相比较?|比较|相较|对比)")
_CLAUSE_ENDS = Expression(r"[,;。:%\d]")
#: before the number of all groups together, where their own follow
_OVERALL = Expression(
    r"^\s?(?:[Oo]verall|[Ii]n total|[Ii]n the (?:whole|entire|overall) (?:cohort|population|sample|group)|(?:Out )?[Oo]f (?:the |all )?[\d,]+ (?:\p{Ll}+ )?\p{Latin}+|(?:Out )?[Oo]f (?:the|all|all the) (?:patients|participants|people|women|men|children)(?: (?:enrolled|included|randomi[sz]ed|studied))?),[^.;]*$"
)
#: right before the number of several groups together
_IN_TOTAL = Expression(r"(?:共|合计|总计|共计)(?:有|计)?\s?$|\b(?:in total|a total of)\s?$")
#: all who took part
_EVERYONE = Expression(
    r"(?:全组|全部|所有|总体(?![重积质])|整体|全体|整个队列)(?:\d+\s?[例名])?(?:入组|可评估|可评价|纳入)?的?(?:患者|病例|受试者|人群|病人)?(?:中|里)?|全部|(?<![组中的])患者总(?=体?\p{Han}{1,6}率)|"
    r"(?<![\d组中])(?P<n>\d[\d ]*)\s?[例名](?:可评估|可评价)?(?:患者|病例|受试者|病人)中(?!位)"
)
_EVERYONE_HERE = Sieved(_EVERYONE)
#: from the number of all to that of a group among them: 115例(77%)存活,其中A组38例
_AMONG = Expression(r"[^,;。\d]{0,16}[,;(:]其中(?!有?\d)[^,;。\d]{1,12}组")
_CLAUSE_END = Expression(r"[,;。]")
_PEOPLE = Expression(r"受试者|患者|\b(?:participants|patients|subjects)\b")
#: that a sentence tells who took part
_WHO_THEY_ARE = Expression(
    r"(?:平均|中位)年龄|基线(?:特征|资料|情况)|\b(?:(?:mean|median|average) age|baseline characteristics)\b"
)
#: right behind the number of all groups before their treatments
_AT_BASELINE = Expression(r"\s?(?:[(\[][^()\[\]]*[)\]]\s?)?(?:at\s)?baseline\s?[,;]")
#: from a number to the only group that is named, which is another one's
_SET_LATER = Expression(r"\b(?:compared (?:with|to)|versus|vs\.?|as against)\s")
_ENDS = Expression(r"[;。]")
_EACH = Expression(r"(?:分别|依次)(?:仅|约|为|是|达到?|高达|:)*\s?$")
#: from the number of a group that another one is set against to the next outcome
_NEXT_OUTCOME = Expression(
    r"(?:患者|治疗)?(?:\s?[(\[][^()\[\]]*[)\]])?,\s?(?:(?:and|with|while)\s)?(?:the\s|an?\s)?(?:\p{Han}{0,4}|\d+\s?(?:年|个月|周)(?:的|时)?)"
)
#: an arm and why it is that one
_Found = tuple[Arm | None, str]


def arm_alone(
    view: View, q: Quantity, stop_before: int, stop_after: int, last: Quantity | None = None
) -> tuple[Arm | None, str]:
    """The arm of a number that stands alone, and why; ``last`` is the number that it changed to."""
    study = view.study_at(q.start)
    phrases = [p for p in view.known() if view.study_at(p.start) is study]
    between = [p for p in phrases if stop_before <= p.start and p.end <= q.start]
    return (
        _tied(view, q, stop_after, last, study, phrases)
        or _before_the_next(view, q, stop_after, study, phrases, between)
        or _of_a_reference(view, q, stop_before, between)
        or _after_an_aside(view, q, study, phrases)
        or _told_before(view, q, stop_before, study, phrases, between)
        or _in_force(view, q, last, study, phrases)
    )


def _tied(
    view: View,
    q: Quantity,
    stop: int,
    last: Quantity | None,
    study: Study | None,
    phrases: list[ArmPhrase],
) -> _Found | None:
    """The arm that the words behind a number give it, or those that set it against the number before or behind."""
    text = view.text
    after = arm_after(view, last or q, stop)
    if after is not None:
        return after, "arm after the number"
    closing = None if _shared_out(view, q) else arm_closing(view, q, last or q)
    if closing is not None:
        return closing, "arm that closes the run"
    following = next((x for x in view.quantities if x.start >= q.outer_end and family(x) == family(q)), None)
    if (
        study is not None
        and last is None
        and following is not None
        and not any(p.start < following.start and not p.reference for p in phrases)
        and _VERSUS_NEXT.fullmatch(text, q.outer_end, following.outer_start)
        and (theirs := arm_after(view, following)) is not None
        and (other := other_arm(view, q.start, study, theirs)) is not None
    ):
        return other, "the other arm than the next number's"
    if study is not None and _AGAINST.search(text[: q.outer_start]):
        told_before = [view.arm(p) for p in phrases if p.end <= q.start and not p.reference]
        focus = told_before[-1] if told_before else study.pair[0]
        if focus is not None and (other := other_arm(view, q.start, study, focus)) is not None:
            return other, "set against the number before"
    return None


def _shared_out(view: View, q: Quantity) -> bool:
    """Whether a count is of all groups, and those behind it say how many fell to each."""
    return q.kind == "count" and PART not in q.flags and any(PART in x.flags for x in view.quantities)


def _before_the_next(
    view: View,
    q: Quantity,
    stop: int,
    study: Study | None,
    phrases: list[ArmPhrase],
    between: list[ArmPhrase],
) -> _Found | None:
    """Whose a number is that no group stands right before, by the groups of the numbers behind it: ``39%, but only 8% of the placebo group``."""
    text = view.text
    if (
        not between
        and _AT_BASELINE.match(text, q.outer_end)
        and any(arm_after(view, x) for x in view.quantities if x.start > q.start)
    ):
        return None, "before the groups"
    told = between and (
        TO_NUMBER.match(text[between[-1].end : q.outer_start])
        or not regex.search(r"[,;。]", text[between[-1].end : q.start])
    )
    if study is None or told:
        return None
    if len(study.arms) > 1 and (_shared_out(view, q) or _AMONG.match(text, q.outer_end)):
        return None, "all participants, before those of each group"
    answer = [
        p
        for p in phrases
        if max(q.outer_end, stop - 40) <= p.start
        and p.end <= stop
        and (
            IN_CLAUSE.match(text[p.end : stop])
            or (
                p.start >= stop - 26
                and TO_NUMBER.match(text[p.end : stop])
                and not _AND_ON.match(text, p.end)
            )
        )
    ]
    if not answer:
        return None
    own = view.arm(answer[-1])
    before = [p for p in phrases if p.end <= q.start]
    if answer[-1].reference and any(not p.reference and view.arm(p) is not own for p in before):
        return None  # A in this trial, 71%, more than the 63% of B
    following = next((x for x in view.quantities if x.start >= stop), None)
    parallel = following is not None and family(following) == family(q)
    if own not in study.order and (before or not parallel):
        return None
    if len(study.arms) > 1 and (whole := _of_everybody(view, study, q, between)):
        return _all_of(study, whole), "all participants of the study"
    other = other_arm(view, q.start, study, own)
    return None if other is None else (other, "the other arm than the next number's")


def _of_a_reference(view: View, q: Quantity, stop: int, between: list[ArmPhrase]) -> _Found | None:
    """The group that others are compared with, where the number is its own."""
    text, ref = view.text, between[-1] if between and between[-1].reference else None
    if ref is not None and TO_NUMBER.match(text[ref.end : q.outer_start]):
        gap = text[ref.end : q.start]
        # A lasted shorter than B, the ORR was 9%: that of A
        of_other = gap.startswith(",") and any(p.end <= ref.start and not p.reference for p in view.known())
        if (ref.is_group and not of_other) or gap == " at " or _ITS.match(gap):
            return view.arm(ref), "arm right before the number"
    if (own := of_reference(view, q, stop)) is not None:
        return own, "the reference's own number"
    if ref is None:
        return None
    if ITS_BRACKET.fullmatch(text, ref.end, q.outer_start) and _THEN_COMPARED.match(text, q.outer_end):
        return view.arm(ref), "in the bracket of the reference"
    parallel = any(x.start < ref.start and x.kind == q.kind for x in view.quantities)
    if parallel and _IN_ITS_BRACKET.match(text[ref.end : q.start]):
        return view.arm(ref), "in the bracket of its arm"
    return None


def _after_an_aside(view: View, q: Quantity, study: Study | None, phrases: list[ArmPhrase]) -> _Found | None:
    """The group of which a sentence goes on to tell another outcome after the number of the one that it is set against.

    ``A组的PFS为9个月,B组为5个月(HR 0.5),ORR为60%``: the clause of B named no outcome of its own.
    """
    before = [p for p in phrases if p.end <= q.start]
    numbers = [
        x for x in view.quantities if x.outer_end <= q.outer_start and not is_estimate(x) and x.kind != "p"
    ]
    if study is None or not before or before[-1].reference or any(p.start > q.end for p in phrases):
        return None
    behind = [x for x in numbers if x.start >= before[-1].end]
    for listed in zip(behind[-2::-1], behind[:0:-1], strict=True):
        if _EACH.search(view.text, max(0, listed[0].start - 14), listed[0].start):
            return _after_both(view, q, study, listed)
    aside, against = before[-1], view.arm(before[-1])
    second = next(
        (
            x
            for x in numbers
            if x.start >= aside.end and TO_NUMBER.match(view.text[aside.end : x.outer_start])
        ),
        None,
    )
    second = second or next((x for x in reversed(numbers) if arm_after(view, x) is against), None)
    first = next(
        (x for x in reversed(numbers) if second is not None and x.outer_end <= second.outer_start), None
    )
    if first is None or second is None or family(first) != family(second):
        return None
    end = max(second.outer_end, aside.end)
    named = [o for o in view.outcomes if first.outer_end <= o.start and o.end <= q.start and not o.generic]
    if not named or named[0].start < end or not _NEXT_OUTCOME.fullmatch(view.text, end, named[0].start):
        return None
    told = [view.arm(p) for p in phrases if p.end <= first.start or arm_after(view, first) is view.arm(p)]
    told = [a for a in told if a is not None and a is not against]
    focus = told[-1] if told else other_arm(view, q.start, study, against)
    controls = focus is None or focus.role == "comparator" or "placebo" in focus.interventions
    return None if controls else (focus, "goes on with the group that the one before was set against")


def _after_both(view: View, q: Quantity, study: Study, listed: tuple[Quantity, Quantity]) -> _Found | None:
    """The group that a sentence is about, for a single number behind those of both groups: ``两组OS分别为9和5个月(HR 0.6),pCR率为29%``."""
    focus, against = study.pair
    if focus is None or against is None or family(listed[0]) != family(listed[1]):
        return None
    named = [
        o for o in view.outcomes if listed[1].outer_end <= o.start and o.end <= q.start and not o.generic
    ]
    if not named or not _NEXT_OUTCOME.fullmatch(view.text, listed[1].outer_end, named[0].start):
        return None
    return (focus, "the group that the sentence is about") if focus.role != "comparator" else None


def _told_before(
    view: View,
    q: Quantity,
    stop: int,
    study: Study | None,
    phrases: list[ArmPhrase],
    between: list[ArmPhrase],
) -> _Found | None:
    """The group or the groups that stand before a number in its sentence."""
    text = view.text
    between = [p for p in between if not p.reference and not _in_closed_bracket(view, p, q)]
    total = _IN_TOTAL.search(text[max(0, q.start - 16) : q.start])
    pooled = [
        p for p in view.phrases
        if (p.kind == "label" or (total and p.kind in ("both", "all"))) and len(view.arms.get(id(p), ())) > 1
        and (stop <= p.start or total) and p.end <= q.start
    ]  # fmt: skip
    if study is not None and pooled and (not between or between[-1].end <= pooled[-1].start):
        return _pooled(
            study, view.arms[id(pooled[-1])], text[pooled[-1].start : pooled[-1].end]
        ), "groups taken together"
    if between:
        return view.arm(between[-1]), "nearest arm before the number"
    before = [
        p for p in phrases if p.end <= q.start and not p.reference and not _in_closed_bracket(view, p, q)
    ]
    if study is not None and len(study.arms) > 1 and (whole := _of_everybody(view, study, q, before)):
        return _all_of(study, whole), "all participants of the study"
    if before:
        return view.arm(before[-1]), "arm before in the sentence"
    if any(p.reference for p in phrases):
        focus = pair_at(view, q.start)[0]
        if focus is not None:
            return focus, "focus of the comparison"
    return None


def _in_force(
    view: View, q: Quantity, last: Quantity | None, study: Study | None, phrases: list[ArmPhrase]
) -> _Found:
    """The arm that the sentences before have told of, or one that stands later in the sentence."""
    text = view.text
    behind = {id(view.arm(p)) for p in phrases if p.start > q.end}
    single = study is not None and len(study.arms) == 1
    if _OVERALL.search(text[: q.start]) and behind and not (single and len(behind) == 1):
        return None, "all groups together"
    later = [p for p in phrases if p.start >= q.end and not p.reference]
    if later and (study is None or not study.recent):
        return view.arm(later[0]), "arm later in the sentence"
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
    several = len([a for a in study.arms if a.interventions or a.role]) > 1
    if several and not view.phrases and _OVERALL.search(text[: q.start]):
        return None, "all groups together"
    if not view.phrases and _WHO_THEY_ARE.search(text):
        return None, "what all participants were at the start"
    if len(study.recent) == 1:
        return study.recent[0], "arm in force"
    if study.pair[0] is not None and (not study.recent or study.pair[0] in study.recent):
        return study.pair[0], "focus in force"
    people = _PEOPLE.search(text, max(0, q.start - 30), min(len(text), q.outer_end + 30))
    if people is not None and not view.phrases and len(study.arms) > 1:
        study.recent = [_pooled(study, [*study.arms, Arm()], people.group())]
        return study.recent[0], "all participants of the study"
    return None, "several arms in force"


def arm_of_clause(view: View, q: Quantity) -> Arm | None:
    """The only group of a Chinese clause whose risk went down: ``A组为40%,B组为34%,后者风险下降17%``."""
    if q.kind != "estimate:risk_reduction":
        return None
    clause = 1 + max(view.text.rfind(c, 0, q.start) for c in ",;。(")
    told = [p for p in view.known() if p.start >= clause and p.start < q.end]
    if len(told) != 1 or told[0].start != clause or told[0].reference:
        return None
    return view.arm(told[0])


def of_reference(view: View, q: Quantity, stop_before: int) -> Arm | None:
    """The group that others are compared with, where numbers of its own follow: ``短于B组的7天和9天``, ``低于B组患者的X(5.1)``.

    Their outcome stands before the group, too, with the numbers of the other one.
    """
    before = [p for p in view.known() if p.end <= q.start]
    if not before or not before[-1].reference:
        return None
    ref, gap = before[-1], view.text[before[-1].end : q.outer_start]
    listed = _in_bracket_behind(view.text, ref.end, q.start) or _LONGER_BY.fullmatch(
        gap
    )  # 均低于B组[5.1 g、(3.2±0.4)mL]
    told = {o.concept for o in view.outcomes if o.end <= ref.start}
    if before[-1].start < stop_before and not listed:
        return view.arm(ref) if _in_turn(view, ref, q, told) else None
    again = any(ref.end <= o.start and o.end <= q.start and o.concept in told for o in view.outcomes)
    parallel = any(x.end <= ref.start and family(x) == family(q) for x in view.quantities)
    its = listed or gap in ("", "[") or _ITS.match(gap) or (again and not _CLAUSE_ENDS.search(gap))
    return view.arm(ref) if parallel and its and not is_estimate(q) else None


def _in_turn(view: View, ref: ArmPhrase, q: Quantity, told: set[str]) -> bool:
    """Whether a number is of the next outcome of the reference, where each has its own name: ``均少于B组住院时间(8 d)、引流量(90 mL)``."""
    named = [o for o in view.outcomes if ref.end <= o.start and o.end <= q.start]
    first = next((x for x in view.quantities if x.start >= ref.end), None)
    if len(named) < 2 or first is None or not HAN.search(view.text) or named[0].start > first.start:
        return False
    own = len({o.concept for o in named}) == len(named) and all(o.concept in told for o in named)
    return own and not _ENDS.search(view.text, ref.end, q.start)


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
    for m in _EVERYONE_HERE.finditer(view.text, at, q.start):
        named = any(o.start <= m.start() < o.end for o in view.outcomes)  # 总体生存率
        if m["n"] and int(m["n"].replace(" ", "")) != study.enrollment:
            continue
        if not named and (m["n"] or not _CLAUSE_END.search(view.text, m.end(), q.start)):
            return str(m.group()).rstrip("中里的,")
    return ""


def _pooled(study: Study, arms: list[Arm], label: str) -> Arm:
    """The arm that several groups make together; it has the treatment that all of them have."""
    arm = study.labelled(label)
    if arm is None:
        same = all(a.key == arms[0].key for a in arms)
        arm = Arm(arms[0].interventions if same else (), [label])
        study.arms.append(arm)
    return arm
