"""What a kind of treatment was, where the text spells it out for one group: ``A+化疗(B+C)或安慰剂+化疗``, both with B and C."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from trialmine.core.lazy import Expression
from trialmine.find.lexicon import Hit
from trialmine.link.armphrase import ArmPhrase

#: from a kind of treatment into the bracket that tells what it was
_OPENS = Expression(r"(?:方案|治疗|药物|\s(?:regimen|therapy))?\s?[(\[]\s?")
#: between two drugs that all got
_AND = Expression(
    r"[^()\[\]]{0,24}?(?:\+|/|、|,|[和与加及]|联合|\b(?:plus|and|with)\b)[^()\[\]或]{0,14}?|\s?"
)


def spell_out(text: str, hits: Sequence[Hit], phrases: Sequence[ArmPhrase]) -> None:
    """Give every group of a sentence that had a kind of treatment the drugs that the sentence spells out for it once."""
    parts: dict[str, tuple[str, ...]] = {}
    for p in phrases:
        for kind in p.kinds:
            if found := _parts(text, hits, p, kind):
                parts.setdefault(kind, found)
    for p in phrases if parts else ():
        kinds = [k for k in p.interventions if k in parts]
        if not kinds or p.untreated:
            continue
        names = (n for k in p.interventions for n in (parts[k] if k in kinds else (k,)))
        p.interventions = tuple(dict.fromkeys(names))
        p.kinds |= frozenset(kinds)
        p.generic = False


def _parts(text: str, hits: Sequence[Hit], p: ArmPhrase, kind: str) -> tuple[str, ...]:
    """The drugs in the bracket behind a kind of treatment in a phrase."""
    for i, h in enumerate(hits):
        if h.name.concept != kind or not p.start <= h.start < p.end:
            continue
        opened = _OPENS.match(text, h.end)
        if opened is None:
            continue
        closed = min((at for c in ")]" if (at := text.find(c, opened.end())) >= 0), default=len(text))
        inside = [x for x in hits[i + 1 :] if x.end <= closed and x.name.kind in ("drug", "regimen")]
        if not inside or inside[0].start > opened.end():
            continue
        if any(not _AND.fullmatch(text, a.end, b.start) for a, b in pairwise(inside)):
            continue
        return tuple(
            n
            for x in inside
            for n in (
                [y.strip() for y in x.name.detail.split(" + ")]
                if x.name.kind == "regimen"
                else [x.name.concept]
            )
        )
    return ()
