"""What a number is of where nothing beside it says so: what the text told last, announced, or tells of alone."""

from __future__ import annotations

from trialmine.core.lazy import Expression
from trialmine.find.outcomephrase import OutcomePhrase
from trialmine.find.quantity import RATIOS, Quantity
from trialmine.link.cells import Cells
from trialmine.link.choose import MEASURE, REACH, can_report, fit, is_estimate
from trialmine.link.inforce import ANNOUNCE_REACH, InForce
from trialmine.link.view import View, near

#: a number that another one is set against is a result, whatever it is of
_SET_AGAINST = Expression(r"\s?(?:对比?|vs\.?|比)\s?\d")
#: words that tell of an event of their own
_OWN_EVENT = Expression(r"\b(?:had|experienced|developed|died|events?|deaths?)\b|发生|出现|事件|死亡")
#: numbers of a sentence that is no table
_FEW = 12
#: what only says that another study found the same as the one before
_SAME_AGAIN = Expression(
    r"\b(?:same|similar|comparable|corresponding|consistent)\s(?:picture|pattern|stor(?:y|ies)|findings?|results?|trends?|figures|rates|numbers|values)\b[^.;%\d]{0,30}$"
)
#: from the number in a bracket of its time over those of further times to their outcome: ``术后3 d(10%)和7 d(2%)认知障碍发生率``
_SHARED_BEHIND = Expression(
    r"\s?[)\]](?:\s?(?:、|,|和|与|及|以及)[^,;。()\[\]%]{0,12}[(\[][^()\[\]]{1,40}[)\]])+的?"
)


def still_told(now: InForce, view: View, q: Quantity) -> OutcomePhrase | None:
    """The outcome that holds for a number beside which none stands: announced, still in force, or its sentence's only one."""
    return _announced(now, view, q) or _still(now, view, q) or _only(view, q) or _carried(now, view, q)


def last_resort(now: InForce, view: View, cells: Cells, q: Quantity) -> OutcomePhrase | None:
    """What a number is of that is surely a result, though nothing says so: the outcome of its sentence that goes with
    its kind and stands nearest, else the one that the page spoke of last."""
    surely = (is_estimate(q) and q.kind != "p") or cells.paired or q.interval is not None
    if not surely or q.kind in ("mean", "count", "not_reached"):
        return None
    told = near(view.outcomes, cells.start - REACH, cells.end + REACH)
    named = [o for o in told if not o.generic and view.study_at(o.start) is view.study_at(q.start)]
    fits = [o for o in named if fit(q, o) >= 0]
    if fits:
        return min(
            fits, key=lambda o: cells.start - o.end if o.end <= cells.start else 2 * (o.start - q.start)
        )
    paragraph, _, outcome = now.last
    if named or outcome is None or view.sentence.paragraph - paragraph > 1:
        return None
    kind, unit = now.told_as
    if is_estimate(q) or fit(q, outcome) >= 0 or (kind, unit) == (q.kind, q.unit):
        return outcome
    if q.kind != "number" or kind not in ("time", "percent", "level") or not cells.paired:
        return None
    q.kind, q.unit = kind, unit  # 2.1 v 2.4, of what was 1.7 v 2.2%/yr before
    return outcome


def _only(view: View, q: Quantity) -> OutcomePhrase | None:
    """The only outcome that a sentence names, for a group's number that nothing else speaks of."""
    named = {o.concept: o for o in reversed(view.outcomes) if not o.generic}
    if len(named) != 1 or len(view.quantities) > _FEW or is_estimate(q):
        return None
    (only,) = named.values()
    if only.start > q.start and not _SHARED_BEHIND.fullmatch(view.text, q.outer_end, only.start):
        return None
    level = q.kind in ("level", "mean", "number")
    fits = (
        only.measure in ("level", "") if level else q.kind in ("percent", "events") and only.measure != "time"
    )
    return only if fits or (q.kind == "time" == only.measure) else None


def _announced(now: InForce, view: View, q: Quantity) -> OutcomePhrase | None:
    """The outcome that the sentences before named without a number, for the numbers listed under it."""
    at, outcome, opens = now.announced
    if outcome is None or not 0 <= view.sentence.start - at <= ANNOUNCE_REACH:
        return None
    if q.kind.startswith("estimate:"):
        return outcome if outcome.measure in ("time", "rate") else None
    counted = q.kind in ("count", "events") and outcome.measure in ("rate", "event", "")
    level = q.kind in ("mean", "level") and outcome.measure == "level" and q.relation == "="
    fits = opens and (can_report(q, outcome) or ((counted or level) and view.sentence.start > at))
    return outcome if fits else None


def _carried(now: InForce, view: View, q: Quantity) -> OutcomePhrase | None:
    """The outcome of the paragraph's last result, for a ratio with limits whose sentence names none: it is of
    a subgroup, a dose or a model."""
    paragraph, _, outcome = now.last
    if q.kind not in RATIOS or q.interval is None or paragraph != view.sentence.paragraph:
        return None
    if _OWN_EVENT.search(view.text, max(0, q.start - 60), q.start):
        return None
    return outcome


def _still(now: InForce, view: View, q: Quantity) -> OutcomePhrase | None:
    """The outcome of the paragraph's last result, where another study's sentence names none: ``[8]中A组为19%``."""
    paragraph, study, outcome = now.last
    if study is not None and study is now.first[0]:
        outcome = now.first[1]  # what it was about, before its harms
    moved = study is not None and view.study_at(q.start) is not study
    silent = (not view.outcomes and not MEASURE.search(view.text)) or _SAME_AGAIN.search(view.text[: q.start])
    near = view.sentence.paragraph - (1 if _SET_AGAINST.match(view.text[q.outer_end :]) else 0)
    same = moved and silent and paragraph >= near
    if not same or outcome is None:
        return None
    return outcome if q.kind == "percent" and can_report(q, outcome) else None
