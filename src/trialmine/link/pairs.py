"""The two groups that a comparison at a place of a sentence is of."""

from __future__ import annotations

from trialmine.core.lazy import Expression
from trialmine.core.records import Arm, Study
from trialmine.find.quantity import RATIOS, Quantity
from trialmine.link.armphrase import ArmPhrase
from trialmine.link.view import Result, View

#: the words for more or less in Chinese, before the group or behind it
_MORE_IN_HAN = Expression(r"(?:多见于|常见于|好发于|集中于|发生于|见于|(?<![\p{Han}])以)$")
_MORE_HERE = Expression(
    r"^(?:患者|中)*的?[^,。;\d()]{0,10}?(?:更|较|偏|明显|显著|相对|稍|略)*(?:高|低|多|少|长|短|好|差|优|大|小|快|慢|常见|多见|突出|明显|为著|为主|居多|为多|为甚)(?:些|见)?\s?[:(\[,]\s?[(\[]?\s?$"
)
#: right before the group that has more or less of something than the other
_MORE_IN = Expression(
    r"\b(?:higher|lower|greater|smaller|more|less|fewer|longer|shorter|better|worse|increased|reduced|decreased|improved|commoner|superior|inferior)\b"
    r"[^.;,%\d]{0,40}\b(?:in|with|for|among|after|on)\s(?:the\s|patients\s|those\s|receiving\s|on\s|in\s|given\s|treated\s|with\s|assigned\s|to\s)*$"
)
#: from a phrase into its bracket, and on to the first number of it
_BEHIND = Expression(r"(?:组|治疗|类?药物|\s(?:therapy|treatment|use|users))?\s?[(\[]")
_TO_RATIO = Expression(r"[^()\[\]\d。;]{0,40}(?:[(\[][^()\[\]\d]{0,20}[)\]][^()\[\]\d。;]{0,10})?")
_AGAINST = Expression(
    r"(?:[与和同较比跟]|对比|vs\.?|\b(?:versus|than|against|(?:compared|comparison|relative|superior|inferior|similar|comparable)\s(?:with|to)))\s?(?:the\s)?$"
)
#: a word that sets one group against another, anywhere between
_SETS = Expression(
    r"相比|对比|比较|[较比](?!例|值|率|为|多|少)|(?:高|低|优|劣|短|长|多|少)于|\b(?:vs?\.?|versus|than|against|compar\w+|relative to|(?:super|infer)ior)(?!\w)"
)
#: characters that are looked at for the part of a sentence
_LONGEST_PART = 600
_OPENED = Expression(r"^\s?[:(\[,]\s?$")
#: from an estimate over what hangs on it to the group that it is against
_VERSUS_IT = Expression(
    r"\s?(?:%|\p{Latin}{1,6}(?:/\p{Latin}{1,4})?)?\s?(?:[(\[](?:[^()\[\]]|[(\[][^()\[\]]*[)\]]){0,80}+[)\]])?[)\]]?\s?,?\s?(?:(?:vs\.?|versus|compared (?:with|to)|relative to|over|against)\s?|对比?|相[对较比]于?|(?<=[)\]])较)(?:the\s)?"
)
#: from a group that is a clause's subject to the pair of numbers in its bracket: EIS组发热患者多(64% vs 26%
_ITS_PAIR = Expression(
    r"(?:患者|病人|患儿|产妇)?的?(?!与|和|较|比|相|低于|高于)(?=\p{Han})[^,;。:()\d]{2,20}\("
)


def in_its_bracket(view: View, p: ArmPhrase) -> Quantity | None:
    """The ratio of two groups that the bracket right behind a phrase holds: ``statins (hazard ratio 0.75; …) and aspirin (…)``."""
    m = _BEHIND.match(view.text, p.end)
    first = next((q for q in view.quantities if q.start >= m.end()), None) if m is not None else None
    if m is None or first is None or first.kind not in RATIOS:
        return None
    return first if _TO_RATIO.fullmatch(view.text, m.end(), first.start) else None


def against_behind(view: View, q: Quantity) -> ArmPhrase | None:
    """The group that an estimate is said to be against right behind it: ``HR 0.62(0.57-0.68) vs X,HR 0.81对Y``."""
    if not q.kind.startswith("estimate"):
        return None
    at = next((p for p in view.phrases if p.start >= q.end), None)
    if at is None or at.kind not in ("interventions", "control", "label") or at.background:
        return None
    told = any(_VERSUS_IT.fullmatch(view.text, end, at.start) for end in (q.end, q.outer_end))
    return at if told else None


def _part(text: str, end: int) -> int:
    """Where the part of a sentence begins in which a place stands: behind the last semicolon outside of brackets."""
    part, depth = max(0, end - _LONGEST_PART), 0
    for i in range(part, end):
        depth = max(0, depth + (text[i] in "([") - (text[i] in ")]"))
        part = i + 1 if text[i] in ";。" and not depth else part
    return part


def listed_alone(view: View, q: Quantity) -> tuple[Arm, Arm | None] | None:
    """The group of a ratio in its own bracket, one of a list of such groups that a sentence sets against nothing; and the study's control."""
    study = view.study_at(q.start)
    if q.kind not in RATIOS or study is None:
        return None
    part = _part(view.text, q.start)
    told = [p for p in view.known() if p.start >= part]
    own = [(p, x) for p in told if (x := in_its_bracket(view, p)) is not None]
    if len({id(view.arm(p)) for p, _ in own}) < 2:
        own = _by_clause(view, study, told, part)
    mine = next((p for p, x in own if x.start == q.start), None)
    if mine is None or len({id(view.arm(p)) for p, _ in own}) < 2:
        return None
    arm = view.arm(mine)
    if _AGAINST.search(view.text, 0, own[0][0].start):  # A与B(RR=1.0)及与C(RR=1.1)
        earlier = [view.arm(p) for p in view.known() if not p.reference and p.start < part]
        first = next((view.arm(p) for p in told if p.end <= own[0][0].start), None)
        first = first or (earlier[0] if earlier else study.pair[0])
        return (first, arm) if first is not None and first is not arm else None
    if any(p.reference for p in told):
        return None
    control = [a for a in study.arms if a.role == "comparator" or "placebo" in a.interventions]
    return arm, (control[0] if len(control) == 1 and control[0] is not arm else None)


def _by_clause(
    view: View, study: Study, told: list[ArmPhrase], part: int
) -> list[tuple[ArmPhrase, Quantity]]:
    """The ratios in brackets of which each stands behind the one group that is told between it and the number before."""
    values = (q for q in view.quantities if q.start >= part and q.kind in _VALUES)
    if any(a.role for a in study.arms) or next(values, None) is not None:
        return []
    own: list[tuple[ArmPhrase, Quantity]] = []
    start = part
    for q in view.quantities:
        if q.start < part:
            continue
        if q.kind in RATIOS and (opened := _OPENS.search(view.text, start, q.start)) is not None:
            if _SETS.search(view.text, start, opened.start()):
                return []
            here = [p for p in told if start <= p.start and p.end <= opened.start()]
            if len({id(view.arm(p)) for p in here}) == 1:
                own.append((here[-1], q))
        start = max(start, q.outer_end)
    return own


#: what is a group's own
_VALUES = ("percent", "time", "count", "events", "mean", "level", "number")
#: the bracket of an estimate, which says first what it is
_OPENS = Expression(r"[(\[][^()\[\]\d。;]{0,40}$")


def pair_at(view: View, position: int) -> tuple[Arm | None, Arm | None]:
    """(focus, reference) of the comparison that holds at a place of a sentence."""
    study = view.study_at(position)
    phrases = [p for p in view.known() if view.study_at(p.start) is study and not _glosses(view, p, position)]
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
    references = [view.arm(p) for p in use if p.reference]
    focus = list(dict.fromkeys(view.arm(p) for p in use if not p.reference))
    # what a later clause sets against another one doesn't hold for two named before
    if len(focus) < 2 or not before:
        references = references or [view.arm(p) for p in phrases if p.reference]
    if before and not before[-1].reference and study and _more_here(view.text, before[-1], position):
        # more frequent in the placebo group (12% vs 7%): the first number is that group's
        first = view.arm(before[-1])
        return first, other_arm(view, position, study, first)
    if references:
        reference = references[-1]
        last = [view.arm(p) for p in use if not p.reference]
        others = [a for a in last if a is not reference] or [
            view.arm(p) for p in phrases if not p.reference and view.arm(p) is not reference
        ]
        return (others[-1] if others else other_arm(view, position, study, reference)), reference
    if several and not focus:
        return several[0], several[1]
    if len(focus) >= 2:
        return focus[-2], focus[-1]
    if study is None:
        return (focus[0] if focus else None), None
    if len(focus) == 1:
        other = other_arm(view, position, study, focus[0])
        subject = before and before[-1].is_group and _ITS_PAIR.fullmatch(view.text, before[-1].end, position)
        control = focus[0].role == "comparator" or "placebo" in focus[0].interventions
        second = not subject and (control or study.pair[1] is focus[0])
        return (other, focus[0]) if second else (focus[0], other)
    if view.pair(study, position) != (None, None):
        return view.pair(study, position)
    if len(study.order) == 2:
        return study.order[0], study.order[1]
    if len(study.arms) == 2:
        return study.arms[0], study.arms[1]
    return (study.arms[0] if len(study.arms) == 1 else None), None


def _more_here(text: str, p: ArmPhrase, position: int) -> bool:
    """Whether a text says that a group has more, or less, right before its number: ``多见于A组(``, ``A组更高(``."""
    gap, before = text[p.end : position], text[: p.start]
    told = _OPENED.match(gap) and (_MORE_IN.search(before) or _MORE_IN_HAN.search(before))
    return bool(told or _MORE_HERE.match(gap))


def _glosses(view: View, p: ArmPhrase, position: int) -> bool:
    """Whether a phrase only says, in brackets, whose number stands before it: ``12 vs 9 months (B)``."""
    opened = p.end < position and view.text[p.start - 1 : p.start] == "(" and not p.reference
    return opened and any(p.start - 3 <= q.outer_end < p.start for q in view.quantities)


def other_arm(view: View, position: int, study: Study | None, arm: Arm) -> Arm | None:
    """The arm that a study sets against ``arm``."""
    if study is None:
        return None
    for known in (view.pair(study, position), study.order if len(study.order) == 2 else ()):
        if arm in known:
            other = next((a for a in known if a is not arm), None)
            against = study.pair[1]
            if other is study.pair[0] and against not in (None, arm) and against.role == "comparator":
                return against  # A and B, each compared with C
            return other
    rest = [a for a in study.arms if a is not arm]
    listed = study.order if arm in study.order and study.pair[1] in study.order else ()
    control = [a for a in listed if a.role == "comparator" or "placebo" in a.interventions]
    if len(listed) > 2 and control == [study.pair[1]] and control[0] is not arm:
        return control[0]  # each of several that were told to be compared with one
    return rest[0] if len(rest) == 1 else (study.pair[0] if study.pair[1] is None else None)


def partner(view: View, position: int, arm: Arm | None) -> Arm | None:
    """The arm that stands last before a place beside ``arm``, else the one that the study sets against it."""
    study = view.study_at(position)
    near = [view.arm(p) for p in view.known() if view.study_at(p.start) is study and p.end <= position]
    others = [a for a in near if a is not arm]
    return others[-1] if others else (other_arm(view, position, study, arm) if study and arm else None)


def unnamed(study: Study) -> Arm:
    """The comparator of a study whose text sets numbers against each other and never says what it got."""
    known = [a for a in study.arms if not a.interventions and not a.labels and a.role == "comparator"]
    if not known:
        known = [Arm(role="comparator", guessed=True)]
        study.arms.append(known[0])
    return known[0]


#: from a treatment's verb to the first of two survivals
_IMPROVED = Expression(
    r"\b(?:improved|prolonged|extended|increased|raised|lengthened|doubled)\b[^.;()]*\bfrom\s$|(?:使|将|把)[^,;。()]{2,24}(?:由|从)\s?$"
)


def from_the_other(view: View, done: list[Result]) -> None:
    """Give the first of two survivals the group that a treatment is set against: ``A improved median OS from 7.9 to 10.7 months``.

    Nobody has one survival before and another after a treatment; which group it is stays open where none was told.
    """
    first, second = done
    if first.arm is None or first.arm is not second.arm or first.compares or second.compares:
        return
    if _IMPROVED.search(view.text, max(0, first.quantity.start - 90), first.quantity.start):
        first.arm = other_arm(view, first.quantity.start, first.study, first.arm)
        first.why = [*first.why, "a survival that the treatment made another one"]
