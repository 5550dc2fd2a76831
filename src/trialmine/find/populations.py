"""Populations: the subgroups that a sentence sets apart within an arm."""

from __future__ import annotations

from dataclasses import dataclass, replace

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns, iter_rules
from trialmine.core.sieve import Sieve

#: a subgroup's name is at most this long
LONGEST = 32
#: longer in Latin letters
LONGEST_LATIN = 70
#: words that set a subgroup apart
_TOLD = Expression(r"亚组|总体人群|整体人群|全人群|subgroup|overall population")

#: between the parts of one name: ``RAS突变型不可切除肝转移患者`` are one kind of people
_ONE_NAME = Expression(r"(?!.*[者群组于比较中率为的和与及或而是占])\p{Han}{1,8}")

#: the study whose subgroup it is
_OF_STUDY = Expression(r"^[\p{Latin}\d -]{3,24}(?:研究|试验)(?:中|里)?的?(?=\p{Han}{2})")
#: a group's people
_GROUP = Expression(r"组的?(?:患者|病例|病人|受试者|人群|者|孕产?妇|产妇|患儿|新生儿|儿童|女性|妇女)$")


@dataclass(frozen=True, slots=True)
class Population:
    """A subgroup, as the text names it, at ``[start, end)`` of a sentence; ``sure`` wherever it stands.

    The ``text`` of everybody is empty.
    """

    start: int
    end: int
    text: str
    sure: bool = True
    #: only one of a list of numbers can be of it
    listed: bool = False
    #: no subgroup where the words are an outcome's or a treatment's, even if ``sure``
    loose: bool = False


class PopulationFinder:
    """Reads populations by the rules of ``populations.toml``."""

    def __init__(self, patterns: Patterns) -> None:
        self._rules = Sieve((r, r.regex) for r in iter_rules(patterns, "populations"))
        #: who a trial took in is no subgroup of it
        self._enrolled = patterns.compile(
            r"(?:{{took_in}}|\d\s?(?:例|名|位|人)(?!\)(?:、|,|和|与|及)))[^,;。]{0,14}$|\d\s(?:patients|adults|participants)\swith[^,;。]{0,14}$|"
            r"\b(?:[Tt]rials?|[Ss]tud(?:y|ies)|[Cc]ohorts?|evaluated|compar(?:ed|ing)|assessed|tested|investigated|enroll?ed|recruited|randomi[sz]ed)\b(?:(?!\d\s?%)[^.;:]){0,60}$"
        )
        self._tested = patterns.compile(r"(?:中|里)?[^,。;\d]{0,14}(?:{{tested_in}}|由\s?(?=\p{Lu}))")
        self._took_in = patterns.compile(r"(?:{{took_in}})|^本|全部|全都|均为")

    def find(self, text: str) -> list[Population]:
        """The subgroups of one folded sentence, left to right, none inside another."""
        found: list[Population] = []
        for rule in self._rules.passing(text):
            for match in rule.regex.finditer(text):
                told = match.groupdict()
                spans = match.spans("n") if told.get("n") else [match.span()]
                lead, head = (told.get("p") or "").rstrip(), told.get("h") or ""
                unsure = rule.kind in ("state", "loose")
                a, b = match.start("p") if lead else spans[0][0], spans[-1][1] + len(head)
                apart = lead and text[spans[0][0] - 1] == " "
                names = [
                    f"{lead}{' ' if apart or (lead and text[x].isdigit()) else ''}{text[x:y].strip()}{head}".strip()
                    for x, y in spans
                ]
                names = [_OF_STUDY.sub("", name) for name in names]
                if unsure and any(_GROUP.search(name) for name in names):
                    continue  # 非手术组患者 are a group
                if any(
                    len(name) > (LONGEST_LATIN if name.isascii() else LONGEST) for name in names
                ) or self._describes(text, a, b, unsure):
                    continue
                if any(p.start < b and a < p.end for p in found):
                    continue
                for i, ((x, y), name) in enumerate(zip(spans, names, strict=True)):
                    found.append(
                        Population(
                            x if i else a,
                            y if i + 1 < len(spans) else b,
                            "" if rule.kind == "whole" else name,
                            not unsure,
                            rule.kind in ("axis", "turn"),
                            rule.kind in ("loose", "turn"),
                        )
                    )
        return _apart(sorted(found, key=lambda p: p.start), text)

    def _describes(self, text: str, start: int, end: int, unsure: bool) -> bool:
        """Whether the words tell whom a trial took in, or in whom it tested what."""
        return bool(
            self._enrolled.search(text[max(0, start - 84) : start])
            or (self._tested.match(text, end) and not _TOLD.search(text[start:end]))
            or (unsure and self._took_in.search(text[start:end]))
        )


def _apart(found: list[Population], text: str) -> list[Population]:
    """Two subgroups of one sentence set each other apart, as does the word."""
    if not found:
        return found
    named = [p for p in found if p.text and not p.listed]
    heads = [
        p for i, p in enumerate(named) if not i or not _ONE_NAME.fullmatch(text, named[i - 1].end, p.start)
    ]
    told = len({p.text for p in heads}) > 1 or bool(_TOLD.search(text))
    return [replace(p, sure=True) for p in found] if told else found
