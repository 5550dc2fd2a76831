"""How sure a result is: features of how it was linked, weighed by a log-linear model.

The weights stand in ``patterns/weights.toml``; ``benchmarks/learn_confidence.py`` learns them from gold. A feature
is a name that holds or doesn't; one without a weight counts nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.core.records import Arm, Study
from trialmine.core.words import ENDS_GROUP
from trialmine.find.outcomephrase import OutcomePhrase
from trialmine.link.cells import Cells
from trialmine.link.view import Result, View, near
from trialmine.read.segment import HAN

#: the weight that every result gets
BIAS = "always"
#: characters around a number that count as its surroundings
_AROUND = 120
_COUNT = Expression(r"\b\d+ ")
_GROUP = Expression(rf"组{ENDS_GROUP}|\b(?:group|arm|cohort|recipient)s?\b")
_CLAUSE = Expression(r"[,;:。]")


class Confidence:
    """Turns the features of a result into the share of such results that are right."""

    def __init__(self, patterns: Patterns) -> None:
        self._weights = patterns.weights

    def of(self, features: Sequence[str]) -> float:
        """Within 0 and 1, to three decimals; 0.5 where no feature has a weight."""
        total = self._weights.get(BIAS, 0.0) + sum(self._weights.get(f, 0.0) for f in features)
        return round(1 / (1 + math.exp(-max(-30.0, min(30.0, total)))), 3)

    def told(self, features: Sequence[str]) -> str:
        """The features that have a weight, the heaviest first: ``+0.81 study: named in the sentence``."""
        known = [(f, self._weights[f]) for f in (BIAS, *features) if self._weights.get(f)]
        return "; ".join(f"{w:+.2f} {f}" for f, w in sorted(known, key=lambda x: -abs(x[1])))


def features_of(view: View, cells: Cells, r: Result, score: float | None) -> tuple[str, ...]:
    """The features of a result of a sentence; ``score`` is that of its outcome, where one was weighed."""
    view.features = view.features or tuple(_sentence(view))
    names = (
        *view.features,
        *_number(cells, r),
        *_outcome(view, cells, r, score),
        *_arms(view, r),
        *_study(view, r),
        *_setting(view, r),
    )
    return tuple(dict.fromkeys(names))


def features_of_cell(r: Result) -> tuple[str, ...]:
    """The features of a result of a table's cell."""
    known = "known" if r.outcome is not None and r.outcome.known else "only in the text"
    return (
        "table: cell",
        f"number: {r.quantity.kind}",
        f"outcome: {known}",
        *_of_arm(r),
        *_of_study(r.study),
    )


@lru_cache(4096)
def _bin(n: int, *edges: int) -> str:
    """``0``, ``1-3``, ``4+``: the range of whole numbers that holds ``n``, each beginning at an edge."""
    low = max((e for e in (0, *edges) if e <= n), default=0)
    high = min((e for e in edges if e > n), default=0)
    return f"{low}+" if not high else str(low) if high == low + 1 else f"{low}-{high - 1}"


def _sentence(view: View) -> Iterator[str]:
    """What holds for all results of a sentence."""
    yield f"sentence: {_bin(len(view.quantities), 1, 3, 6, 11, 21)} numbers"
    yield f"sentence: {_bin(len(view.text), 60, 120, 240, 480)} characters"
    yield "language: zh" if HAN.search(view.text) else "language: en"
    yield f"outcomes: {_bin(len({x.concept for x in view.outcomes}), 1, 2, 3, 5)} in the sentence"
    known = {id(a) for p in view.phrases for a in view.arms.get(id(p), ())}
    yield f"arms: {_bin(len(known), 1, 2, 3, 5)} in the sentence"
    open_groups = sum(
        1
        for m in _GROUP.finditer(view.text)
        if not any(p.start <= m.start() < p.end + 8 for p in view.phrases)
    )
    yield f"arms: {_bin(open_groups, 1, 2)} words for a group that mean no arm"
    dropped = sum(1 for p in view.phrases if not view.arms.get(id(p)))
    yield f"arms: {_bin(dropped, 1, 2, 4)} phrases that mean no arm"
    yield "study: told in the sentence" if view.anchored else "study: told before"
    if len({id(s) for _, _, s in view.segments}) > 1:
        yield "study: one of several in the sentence"


def _number(cells: Cells, r: Result) -> Iterator[str]:
    q = r.quantity
    yield f"number: {q.kind}"
    if q.interval is not None or "range" in q.flags:
        yield "number: with an interval"
    if q.participants is not None:
        yield "number: with its n of N"
    if q.relation != "=":
        yield "number: with a relation"
    yield f"list: of {_bin(len(cells.quantities), 1, 2, 3, 5)}"
    if cells.paired:
        yield "list: set against each other"


def _outcome(view: View, cells: Cells, r: Result, score: float | None) -> Iterator[str]:
    o, q = r.outcome, r.quantity
    if o is None:
        return
    yield "outcome: known" if o.known else "outcome: only in the text"
    if o.measure:
        yield f"outcome: a {o.measure}"
    if score is not None:
        yield f"outcome: weight {_bin(max(0, int(score)), 4, 8, 10, 12, 14, 20)}"
    if not _here(view, o):
        yield "outcome: from before the sentence"
        return
    gap = view.text[o.end : cells.start] if o.end <= cells.start else view.text[q.end : o.start]
    yield f"outcome: {'before' if o.start < q.start else 'after'} the number"
    yield f"outcome: {_bin(len(gap), 5, 15, 40, 80)} characters away"
    yield f"outcome: {_bin(len(_CLAUSE.findall(gap)), 1, 2, 4)} clauses away"


def _here(view: View, o: OutcomePhrase) -> bool:
    return o.end > o.start and view.text[o.start : o.end] == o.text


def _arms(view: View, r: Result) -> Iterator[str]:
    yield from _of_arm(r)
    for why in r.why:
        if not why.startswith("outcome "):
            yield f"by: {_COUNT.sub('', why)}"
    known = {id(a) for p in view.phrases for a in view.arms.get(id(p), ())}
    if r.arm is not None:
        yield "arm: named in the sentence" if id(r.arm) in known else "arm: from before the sentence"
    if r.comparator is not None and id(r.comparator) not in known:
        yield "arm: comparator from before the sentence"
    yield from _phrase(view, r)
    around = near(view.phrases, r.quantity.start - _AROUND, r.quantity.end + _AROUND)
    yield f"arms: {_bin(len(around), 1, 2, 3, 5)} phrases near"
    if r.study is not None:
        yield f"study: {_bin(len(r.study.arms), 1, 2, 3, 4, 6)} arms"
        if None not in r.study.pair:
            yield "study: compares a pair"


def _phrase(view: View, r: Result) -> Iterator[str]:
    """How the phrase nearest to the number that means its arm stands to it."""
    if r.arm is None:
        return
    q = r.quantity
    own = [p for p in view.phrases if any(a is r.arm for a in view.arms.get(id(p), ()))]
    if not own:
        return
    p = min(own, key=lambda p: max(p.start - q.end, q.start - p.end))
    gap = view.text[p.end : q.start] if p.end <= q.start else view.text[q.end : p.start]
    yield f"arm: its phrase is {'a ' + p.kind if p.kind != 'interventions' else 'its interventions'}"
    yield f"arm: its phrase {_bin(len(gap), 8, 25, 60, 120)} characters {'before' if p.end <= q.start else 'after'}"
    yield f"arm: {_bin(len(_CLAUSE.findall(gap)), 1, 2, 4)} clauses to its phrase"
    if p.reference:
        yield "arm: its phrase is a reference"
    if p.is_group:
        yield "arm: its phrase is marked as a group"
    others = {
        id(a)
        for x in view.phrases
        if min(p.end, q.end) <= x.start < max(p.start, q.start)
        for a in view.arms.get(id(x), ())
    }
    yield f"arm: {_bin(len(others - {id(r.arm)}), 1, 2)} other arms between"


def add_page(results: Sequence[Result]) -> None:
    """Add to the results of a page what all of them together tell."""
    n = len(results)
    shares = {
        "without an arm": sum(r.arm is None for r in results),
        "whose arm is known by a label only": sum(
            r.arm is not None and not r.arm.interventions for r in results
        ),
        "whose study is not identified": sum(r.study is None or not r.study.identified for r in results),
        "whose outcome only the text names": sum(
            r.outcome is not None and not r.outcome.known for r in results
        ),
    }
    studies = {id(r.study): r.study for r in results if r.study is not None}.values()
    told = (
        [f"page: {_bin(100 * m // n, 1, 10, 25, 50)}% of results {name}" for name, m in shares.items()]
        if n
        else []
    )
    told.append(f"page: {_bin(n, 1, 10, 20, 40)} results")
    told.append(f"page: {_bin(len(studies), 1, 2, 4, 8)} studies")
    groups: dict[int, list[Result]] = {}
    for r in results:
        groups.setdefault(id(r.study), []).append(r)
    for group in groups.values():
        arms = len({id(r.arm) for r in group if r.arm is not None})
        own = (
            f"study: {_bin(len(group), 1, 2, 4, 8, 16)} results",
            f"study: results of {_bin(arms, 1, 2, 3, 4)} arms",
        )
        for r in group:
            r.features = (*r.features, *told, *own)


def _of_arm(r: Result) -> Iterator[str]:
    kind = "analysis" if r.compares else "measurement"
    yield f"row: {kind}"
    yield f"arm: {_described(r.arm)}"
    if r.compares:
        yield f"comparator: {_described(r.comparator)}"


def _described(a: Arm | None) -> str:
    if a is None:
        return "none"
    if not a.interventions:
        return "known by a label only"
    return "supposed" if a.guessed else f"of {_bin(len(a.interventions), 1, 2, 3)} interventions"


def _of_study(s: Study | None) -> Iterator[str]:
    if s is None:
        yield "study: none"
        return
    yield (
        "study: known by its name" if s.names else "study: known by its registry number" if s.registry_ids
        else "study: known by its authors" if s.authors else "study: known by a citation only" if s.citations
        else "study: not identified"
    )  # fmt: skip


def _study(view: View, r: Result) -> Iterator[str]:
    yield from _of_study(r.study)
    if r.study is not None:
        away = view.sentence.start - r.study.born
        yield f"study: begun {_bin(max(0, away), 1, 200, 600, 1500)} characters before"
        if r.study.enrollment is not None:
            yield "study: its size is known"


def _setting(view: View, r: Result) -> Iterator[str]:
    if r.assertion != "reported":
        yield f"assertion: {r.assertion}"
    yield f"time: {'told' if r.time else 'none'}, {_bin(len({t.value for t in view.times}), 1, 2, 3)} in the sentence"
    yield f"population: {'told' if r.population else 'none'}, {_bin(len(view.populations), 1, 2)} in the sentence"
