"""What ``trialmine explain`` shows: each result, what was weighed for it, and what stands in its sentence."""

from __future__ import annotations

from collections.abc import Sequence

from trialmine.core.records import arm_name, study_name
from trialmine.find.quantity import Quantity
from trialmine.link.armphrase import ArmPhrase
from trialmine.link.confidence import Confidence
from trialmine.link.view import Record, Result, View
from trialmine.read.segment import Page

Rows = list[dict[str, str]]
#: features shown of a result's confidence
_MOST = 6


def explained(
    page: Page, results: Sequence[Result], record: Record, confidence: Confidence
) -> dict[str, Rows]:
    """Title -> rows of each table of an explanation; offsets are into the page's source text."""
    return {
        "results": [_result(page, r, confidence) for r in results],
        "what was weighed": _weighed(page, results, record, confidence),
        "what stands in the sentences": [_sentence(view, numbers) for view, numbers in record.sentences],
    }


def _printed(page: Page, sentence: int, q: Quantity) -> tuple[str, str]:
    a, b = page.original(sentence + q.start, sentence + q.end)
    return page.source_text[a:b], str(a)


def _result(page: Page, r: Result, confidence: Confidence) -> dict[str, str]:
    number, start = _printed(page, r.sentence.start, r.quantity)
    return {
        "number": number, "start": start, "end": str(int(start) + len(number)), "rule": r.quantity.rule, "kind": r.quantity.kind,
        "row": "analysis" if r.compares else "measurement",
        "outcome": r.outcome.concept if r.outcome else "", "arm": arm_name(r.arm),
        "comparator": arm_name(r.comparator), "study": study_name(r.study) if r.study else "",
        "timepoint": r.time, "population": r.population, "assertion": r.assertion, "confidence": f"{confidence.of(r.features):.3f}", "why": "; ".join(r.why),
    }  # fmt: skip


def _weighed(page: Page, results: Sequence[Result], record: Record, confidence: Confidence) -> Rows:
    """One row a number that was or could have been a result."""
    became = {(r.sentence.start, r.quantity.start): r for r in results}
    rows = []
    for view, numbers in record.sentences:
        for q in numbers:
            key = view.key(q)
            r = became.get(key)
            if r is None and key not in record.refused:
                continue
            outcomes = sorted(record.outcomes.get(key, ()), key=lambda x: -x[1])
            rows.append(
                {
                    "number": _printed(page, view.sentence.start, q)[0],
                    "axes": "; ".join(record.axes.get(key, ())),
                    "outcomes": "; ".join(f"{name} {score:.1f}" for name, score in outcomes),
                    "arms": "; ".join(_candidate(view, q, p) for p in view.phrases),
                    "taken": _taken(r) if r is not None else f"no row: {record.refused[key]}",
                    "what speaks for (+) and against it": "; ".join(
                        confidence.told(r.features).split("; ")[:_MOST]
                    )
                    if r is not None
                    else "",
                }
            )
    return rows


def _taken(r: Result) -> str:
    """What won."""
    arms = arm_name(r.arm) or "no arm"
    if r.compares:
        arms += f" against {arm_name(r.comparator) or 'none'}"
    return f"{r.outcome.concept if r.outcome else ''}, {arms}"


def _candidate(view: View, q: Quantity, p: ArmPhrase) -> str:
    """An arm phrase, the arm that it means, and how far it stands from a number."""
    own = ", ".join(dict.fromkeys(arm_name(a) for a in view.arms.get(id(p), ()))) or "no arm"
    away = f"{q.start - p.end} before" if p.end <= q.start else f"{p.start - q.end} after"
    return f"{phrase_name(view.text, p)} = {own}, {away}"


def _sentence(view: View, numbers: Sequence[Quantity]) -> dict[str, str]:
    """A sentence's numbers by kind, and the candidates for them."""
    text = view.text
    return {
        "sentence": text,
        "numbers": "; ".join(f"{text[q.start : q.end]} {q.kind}" for q in numbers),
        "outcomes": "; ".join(o.concept for o in view.outcomes),
        "arms": "; ".join(phrase_name(text, p) for p in view.phrases),
        "times": "; ".join(t.value for t in view.times),
        "populations": "; ".join(p.text for p in view.populations),
    }


def phrase_name(text: str, p: ArmPhrase) -> str:
    """An arm phrase as printed, with what keeps it from being the arm described."""
    note = " (reference)" if p.reference else " (background)" if p.background else ""
    return text[p.start : p.end].strip() + note
