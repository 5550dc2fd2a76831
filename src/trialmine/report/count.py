"""How much gold there is: texts, studies, arms and rows, by language, style, set and half."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from trialmine.report.gold import Gold
from trialmine.report.manifest import TextInfo

#: what is counted; ``rows`` are measurements and analyses together
COUNTED = ("texts", "studies", "arms", "measurements", "analyses", "rows")

#: the groupings, in order
GROUPINGS = ("total", "by_language", "by_style", "by_language_and_style", "by_set", "by_half")

Numbers = dict[str, int]


def count_gold(
    golds: Iterable[Gold], infos: Mapping[str, TextInfo], halves: Mapping[str, str]
) -> dict[str, dict[str, Numbers]]:
    """Grouping -> group -> counts, JSON-ready; a group of two names has ' / ' between.

    ``infos`` maps a doc_id to what the manifests say of its text, ``halves`` to its half (or ``open``). A text
    whose language or style nobody says is ``unknown``; ``by_set`` and ``by_half`` have only texts that are in one.
    """
    found: dict[str, dict[str, Numbers]] = {name: {} for name in GROUPINGS}
    for gold in golds:
        info = infos.get(gold.doc_id, TextInfo())
        language, style = gold.language or "unknown", info.style or "unknown"
        groups = ("all", language, style, f"{language} / {style}", info.set, halves.get(gold.doc_id, ""))
        numbers = _numbers(gold)
        for name, group in zip(GROUPINGS, groups, strict=True):
            if group:
                total = found[name].setdefault(group, dict.fromkeys(COUNTED, 0))
                for key, number in numbers.items():
                    total[key] += number
    return {name: dict(sorted(groups.items())) for name, groups in found.items()}


def told_texts(
    golds: Iterable[Gold], infos: Mapping[str, TextInfo], halves: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    """doc_id -> what is told of the text and how much of each there is, JSON-ready."""
    found = {}
    for gold in sorted(golds, key=lambda g: g.doc_id):
        info = infos.get(gold.doc_id, TextInfo())
        told = {"language": gold.language, "style": info.style, "set": info.set, "source": info.source}
        found[gold.doc_id] = {**told, "half": halves.get(gold.doc_id, ""), **_numbers(gold)}
        del found[gold.doc_id]["texts"]
    return found


def _numbers(gold: Gold) -> dict[str, int]:
    sizes = {key: len(getattr(gold, key)) for key in COUNTED[1:-1]}
    return {"texts": 1, **sizes, "rows": sizes["measurements"] + sizes["analyses"]}
