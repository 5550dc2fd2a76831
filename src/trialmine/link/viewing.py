"""What was found in a sentence, put together: of two finds of the same words one gives way."""

from __future__ import annotations

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.core.records import Study
from trialmine.find.adjusted import not_adjusted_for
from trialmine.find.endpoints import Endpoints
from trialmine.find.labels import label_of
from trialmine.find.lexicon import Hit, Lexicon, Name
from trialmine.find.names import INTERVENTIONS, Anchor, NameFinder
from trialmine.find.needed import as_events
from trialmine.find.numbers import NumberFinder
from trialmine.find.outcomephrase import OutcomePhrase, snake
from trialmine.find.outcomes import OutcomeFinder
from trialmine.find.populations import Population, PopulationFinder
from trialmine.find.quantity import Quantity
from trialmine.find.rows import Rows
from trialmine.find.subjects import Subjects
from trialmine.find.times import TimeFinder, TimePoint
from trialmine.link.armphrase import ArmPhrase
from trialmine.link.choose import OVER_TIME
from trialmine.link.crowds import as_phrases, crowds, groups_of_people, shared_by
from trialmine.link.inforce import InForce
from trialmine.link.inuse import in_use
from trialmine.link.lasted import CHANGED_BY
from trialmine.link.people import strata_of
from trialmine.link.phrases import PhraseFinder
from trialmine.link.strata import strata_by_treatment
from trialmine.link.studies import StudyTracker
from trialmine.link.told import TOLD, Told
from trialmine.link.view import Record, View
from trialmine.read.segment import HAN, Sentence

#: behind those to whom something happened, how many they are and their share: ``缓解者12例(30%)``
_SO_MANY = Expression(r"者(?:共|各|有|为)*\s?\d+\s?(?:例|人|名|眼)\s?\(\s?\d+(?:\.\d+)?\s?%")
#: right before how long something took: 中位时间为移植后
_TOOK = Expression(
    r"(?:时间|天数)(?:\([^()]*\))?(?:分别|均|各|约)*(?:为|是|:)(?:约|第)*(?:(?:移植|手术|术|回输|输注)后第?)?(?:\d[\d.]*(?:\s?\([^()]*\))?\s?(?:d|天|周|个?月|h|小时)?\s?(?:、|和|与|及)\s?(?:(?:移植|手术|术|回输|输注)后第?)?)*(?:(?:移植|手术|术|回输|输注)后第?)?$"
)
#: people by what they got are a group
_WHO_GOT = ("接受", "使用", "应用", "服用", "采用", "口服", "经", "行")
#: a group that is called by a threshold: ``甲≥5 ng/mL组``
_THRESHOLD = Expression(r"[≥≤<>]\s?\d.*组$")
#: a dose that is a length of treatment
_TERM = Expression(r"(?:周|月|天|年|日|\dd|\d\sd|weeks?|months?|days?|years?)$")
#: behind those of whom it is told how large a share they are
_MAKE_UP = Expression(
    r"(?:者|患者|(?<=者))(?:分别|均|仅|约|共)?占\s?(?:到|比|了|总数的?)?\s?(?:约|近)?\s?\d+(?:\.\d+)?\s?%"
)
#: the name of a subgroup ends so
_SUBGROUP = Expression(
    r"亚[组群]$|\b(?:subgroup|stratum|quartile|tertile|category)$|^(?:high|low|middle|intermediate|upper|poor|better|old|young)\p{Ll}*[\s-].*group$"
)
_CROWD = Expression(r"亚组|亚群|人群|患者中|者中|\b(?:subgroup|subset|among|patients with)\b")
_DIGIT = Expression(
    r"\d|[一二两三四五六七八九十半]\s?(?:例|名|人|位|成|个|年|天|周|小时)|\b(?:[Nn]one|[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even|[Ee]ight|[Nn]ine|[Tt]en|[Ee]leven|[Tt]welve|[Hh]alf)\b|\b(?:[Tt]wenty|[Tt]hirty|[Ff]orty|[Ff]ifty|[Ss]ixty|[Ss]eventy|[Ee]ighty|[Nn]inety|[Tt]hirteen|[Ff]ourteen|[Ff]ifteen|[Ss]ixteen|[Ss]eventeen|[Ee]ighteen|[Nn]ineteen)\b|半数|一半|未达到|not reached|尚未达到|\bNR\b|分之"
)
_FIRST_DIGIT = Expression(r"\d")
#: what has a length
_LASTING = Expression(
    r"\b(?:stays?|durations?|times?|lengths?|courses?|illness|delays?|survival|recovery|ICU|hospitali[sz]ation|days|hours)\b"
)
#: a share of people who had something, and what they went on to do
_SHARE_WITH = (
    r"\d\s?%\s?(?:\([^()]{1,30}\)\s?)?of\s(?:\p{Latin}+\s){0,4}?(?P<who>(?i:{{people_noun}}|those)\s(?:with|without|who had|having)\s"
    r"(?:(?!achieved|reached|had\b|reported|developed)[^,.;%])*)$"
)
_THEY_THEN = Expression(
    r"(?P<who>[^,.;:%]{0,80}?)\s(?:achieved|reached|attained|reported|experienced|developed|showed|had|remained|survived|improved|"
    r"relapsed|completed|became|(?:re)?gained|maintained|required|needed|underwent|died|recovered|responded|progressed|discontinued|stopped|"
    r"converted|returned|went\son|met|were\s(?:able|alive|free|still)|obtained|got|saw|suffered|lost|kept|resumed)\b(?!\sbeen\b)"
)
#: from such people to what they got
_GIVEN_WHAT = Expression(r"\s(?:given|receiving|treated|taking|on|after|who|in)\s")
_SHARE_OF = Expression(r"\d\s?%\s?(?:\([^()]{1,30}\)\s?)?的\s?(?P<who>[^,;。%\d]{0,14})$")
_WHO_THEN = Expression(
    r"(?P<who>[^,;。%\d的]{0,8}的?(?:患者|病人|婴儿|患儿|儿童|受试者|女性|男性|病例|产妇|新生儿))[^,;。%]{0,24}?(?:实现|达到|获得|出现|发生|报告|取得|恢复|完成|存活|死亡)"
)


def _subgroups(text: str, found: list[Population], outcomes: list[OutcomePhrase]) -> list[Population]:
    """The subgroups without people who are called by an outcome whose number and share follow.

    Behind others that are so counted they are one more kind of people: ``吸烟者8例(20%),缓解者12例(30%)``.
    """
    kept: list[Population] = []
    for p in found:
        if _SO_MANY.match(text, p.end - (text[p.end - 1] == "者")):
            if any(p.start <= o.start and p.end - 1 <= o.end <= p.end for o in outcomes):
                continue
            return kept + [x for x in found if x.start >= p.start]
        kept.append(p)
    return kept


def _kept_share(p: Population) -> OutcomePhrase:
    """The outcome of which a share is told: ``肌酐清除率<60 ml/min者占57%``."""
    return OutcomePhrase(p.start, p.end, snake(p.text), "rate", p.text)


def _lasts(text: str, t: TimePoint) -> bool:
    """Whether a time is how much shorter or longer something lasted: ``shortened the stay by 1.8 days``."""
    number = _FIRST_DIGIT.search(text, t.start, t.end)
    changed = CHANGED_BY.search(text, max(0, t.start - 90), number.start()) if number else None
    return changed is not None and bool(_LASTING.search(changed.group()) or "." in text[t.start : t.end])


def _is_value(text: str, t: TimePoint) -> bool:
    """Whether a time is what a time took: ``植入时间分别为移植后13 d和16 d``."""
    marked = text[t.end - 1 : t.end + 1].strip("0123456789 ").startswith(("时", "末", "内"))
    return (
        t.value[0].isdigit() and not marked and _TOOK.search(text, max(0, t.start - 60), t.start) is not None
    )


def _is_who_got(name: str) -> bool:
    """Whether people are named by what they got or had: a treatment in the name makes them its group."""
    return name.startswith(_WHO_GOT)


def _treated(segments: list[tuple[int, int, Study | None]]) -> bool:
    """Whether the study at the beginning of a sentence has groups that got something."""
    study = segments[0][2] if segments else None
    return study is not None and any(a.interventions for a in study.arms)


class Viewer:
    """Finds what stands in the sentences of a page; ``now`` is what the page has told so far."""

    def __init__(self, patterns: Patterns, outcomes: OutcomeFinder, subjects: Subjects) -> None:
        self.outcomes, self.subjects = outcomes, subjects
        self.numbers = NumberFinder(patterns)
        self.names = NameFinder(patterns)
        self.times = TimeFinder(patterns)
        self.populations = PopulationFinder(patterns)
        self.endpoints = Endpoints(patterns, outcomes)
        self.phrases = PhraseFinder(patterns)
        self.told = Told(patterns)
        #: the abbreviation of a regimen, where a group is called by it
        self._regimens = {
            short: Name("regimen", e["concept"], e["parts"]) for short, e in patterns.short_regimens().items()
        }
        self.rows = Rows(patterns, self.names.outcome)
        self.now: InForce
        self.record: Record | None = None
        self._interval_word = patterns.compile(r"CIs?|CrIs?|{{confidence}}")
        self._share_with = patterns.compile(_SHARE_WITH)

    def begin(self, now: InForce, told: str, record: Record | None) -> None:
        """A new page begins, with the text of all its sentences; what was read goes to ``record``."""
        self.now, self.record = now, record
        self.told.forget()
        self.phrases.forget()
        self.subjects.read(told)

    def view(
        self,
        sentence: Sentence,
        lexicon: Lexicon,
        tracker: StudyTracker,
        anchors: list[Anchor],
        ahead: list[Anchor],
        own: Study | None = None,
    ) -> View:
        """What was found in a sentence; ``own`` is the study of a table's cell."""
        text = sentence.text
        numeric = bool(_DIGIT.search(text))
        hits = not_adjusted_for(text, in_use(text, self.names.names(sentence, lexicon)))
        quantities = read = self.numbers.find(text) if numeric else []
        told = as_events(text, hits, quantities)
        known = [h for h, as_told in zip(hits, told, strict=True) if h is as_told]
        named_studies = [(a.start, a.end) for a in anchors]
        treatments = self._treatments(text, known, named_studies, quantities)
        phrases = self.phrases.phrases(text, treatments, self.told.leads)
        label = label_of(text) if numeric else None
        labelled = label.end if label is not None else 0
        if label is not None and self.now.listed is not None:
            # all lines of a list are of the study that opens it
            anchors = [a for a in anchors if a.kind != "citation"]
        segments, named = (
            ([(0, len(text), own)], [])
            if own is not None
            else tracker.segments(
                sentence,
                anchors,
                ahead,
                {frozenset(p.interventions) for p in phrases if p.interventions and p.start >= labelled},
                [
                    q.start
                    for q in quantities
                    if q.kind in ("percent", "level", "estimate:HR", "number", "count")
                ],
            )
        )
        if own is None and tracker.pointed:
            phrases = [p for p in phrases if p.kind not in ("former", "latter")]
        if tracker.opens and not self.now.titled:
            self.now.topic = ()  # that of the abstract before
        if tracker.row:
            if 0 <= self.now.row_at <= self.now.topic_at:
                self.now.topic = ()  # that of the record or the row before
            self.now.row_at = sentence.start
        phrases = self._without_subgroups(text, phrases, segments, quantities)
        strata = strata_of(phrases, [s for _, _, s in segments if s is not None])
        if phrases:
            phrases, had, self.now.had = self._had_anyway(sentence, phrases, segments)
            strata += had
        lengths = [
            p
            for p in phrases
            if (p.labels and p.kind == "interventions") or p.kind in ("both", "all") or _TERM.search(p.dose)
        ]
        titles = [a for a in anchors if a.kind in ("study", "registry_id")]
        given = [h for h in hits if h.name.kind in INTERVENTIONS]
        quantities = [
            q
            for q in quantities
            if not any(a.start <= q.start < a.end for a in titles)
            and not any(h.start < q.start and q.end <= h.end for h in given)
        ]
        times = self.times.find(text, hits) if numeric else []
        times = [t for t in times if not any(p.start <= t.start < p.end for p in lengths)]
        quantities = [q for q in quantities if not any(p.start <= q.start < p.end for p in lengths)]
        times = [t for t in times if not _lasts(text, t) and not _is_value(text, t)]
        quantities = [
            q for q in quantities
            if q.kind != "size" and not any(t.start <= q.start < t.end or (q.start <= t.start < q.end and q.kind == "time") for t in times)
        ]  # fmt: skip
        found = self.rows.outcomes(text, self.outcomes.find(text, told, quantities), hits, quantities)
        found = [o for o in found if not self._interval_word.fullmatch(o.text)]
        whom = {id(o): p for o in found if (p := self._of_whom(text, o)) is not None}
        found = [o for o in found if id(o) not in whom]
        if label is not None and not (label.text == "" or self.now.listed is not None or _treated(segments)):
            label = None
        if label is not None:
            found = [o for o in found if o.start >= label.end]
            phrases = [p for p in phrases if p.start >= label.end]
        outcomes = self.endpoints.resolve(text, found)
        populations = self.populations.find(text) if numeric or self.now.such or _CROWD.search(text) else []
        populations = [
            p for p in populations if not any(w.start < p.end and p.start < w.end for w in whom.values())
        ]
        populations = [p for p in populations if not any(s.start < p.end and p.start < s.end for s in strata)]
        populations = sorted(
            [*populations, *strata, *{w.start: w for w in whom.values()}.values()], key=lambda p: p.start
        )
        if label is not None:
            populations = [label, *(p for p in populations if p.start >= label.end)]
        if self.now.people[0] != sentence.paragraph:
            self.now.people = (sentence.paragraph, "")
        people_before = self.now.people[1]
        if populations and populations[-1].text:
            self.now.people = (sentence.paragraph, populations[-1].text)
        if not numeric and not _CROWD.search(text):
            populations = []
        people = [
            (p.start, p.end)
            for p in phrases
            if (p.kind == "people" and p.told) or (p.kind == "label" and _THRESHOLD.search(p.label))
        ]
        times = [t for t in times if not any(a <= t.start and t.end <= b for a, b in people)]
        outcomes = [o for o in outcomes if not any(a <= o.start < b for a, b in people)]
        taken = [(p.start, p.end) for p in phrases if p.kind == "interventions" and not p.background] + people
        taken += [(o.start, o.end) for o in outcomes]
        called = [(p.start, p.end) for p in phrases if p.kind == "label" and p.is_group]
        populations = [
            p for p in populations if p.listed or not any(a <= p.start and p.end <= b and b - a > p.end - p.start for a, b in called)
        ]  # fmt: skip
        populations = [
            p
            for p in populations
            if not any(
                a < p.end and p.start < b
                for a, b in (
                    people
                    if p.sure and not p.loose and p.text[:1] not in "≤≥<>" and not _is_who_got(p.text)
                    else taken
                )
            )
        ]
        # how bad an event was is no subgroup: moderate or severe exacerbations
        populations = [
            p
            for p in populations
            if not (p.listed and any(o.start <= p.start and p.end < o.end for o in outcomes))
        ]
        populations = _subgroups(text, populations, outcomes)
        shares = [p for p in populations if p.text and _MAKE_UP.match(text, p.end)]
        populations = [p for p in populations if p not in shares]
        outcomes = sorted([*outcomes, *map(_kept_share, shares)], key=lambda o: o.start)
        # a treatment in the name of a subgroup is no group: 同步放化疗亚组15.7个月
        apart = [
            p for p in populations
            if p.sure and not p.loose and _SUBGROUP.search(p.text)
        ]  # fmt: skip
        phrases = [x for x in phrases if not any(p.start <= x.start and x.end <= p.end for p in apart)]
        outcomes = [o for o in outcomes if not any(p.start < o.end and o.start < p.end for p in populations)]
        quantities = [
            q
            for q in quantities
            if not any(o.start <= q.start and q.end <= o.end and q.kind != "not_reached" for o in outcomes)
            and not any(
                p.start < q.start + (p.listed or p.text.endswith("组")) and q.end <= p.end
                for p in populations
            )
        ]
        populations = [  # 0.8 moderate or severe relapses a year: what was counted, not in whom
            p
            for p in populations
            if not any(q.end <= p.start and p.end < q.outer_end for q in quantities if q.rule in OVER_TIME)
        ]
        if own is None and quantities:
            studies = [s for _, _, s in segments if s is not None]
            groups = crowds(text, populations, phrases, quantities, studies)
            populations = [
                p for p in populations if not any(g.start < p.end and p.start < g.end for g in groups)
            ]
            crowd = as_phrases(text, groups)
            shared_by(crowd, phrases)
            phrases = sorted([*phrases, *crowd], key=lambda p: p.start)
        if quantities and not sentence.heading:
            spans = [(p.start, p.end) for p in phrases] + [(t.start, t.end) for t in times]
            spans += [(p.start, p.end) for p in populations] + [(a.start, a.end) for a in anchors]
            outcomes = self.subjects.find(text, outcomes, hits, spans, quantities)
        view = View(sentence, hits, quantities, times, populations, outcomes, phrases, segments, named)
        view.people_before, view.tells_of_some = people_before, bool(whom)
        view.label, view.label_end = (label.text if label is not None else ""), labelled
        view.opens_list = text.rstrip(" *").endswith(":") or label_of(self.now.following) is not None
        view.anchored, view.numeric, view.record = bool(anchors), numeric, self.record
        if view.record is not None and read:
            view.record.sentences.append((view, read))
        return view

    def _of_whom(self, text: str, o: OutcomePhrase) -> Population | None:
        """The people who had an event of whom the sentence goes on to tell: ``54% of infants with X achieved Y``; else None."""
        if "%" not in text[: o.start]:
            return None
        chinese = HAN.search(o.text) or HAN.search(text[o.end : o.end + 1])
        share, then = (_SHARE_OF, _WHO_THEN) if chinese else (self._share_with, _THEY_THEN)
        of = share.search(text, max(0, o.start - 120), o.start)
        goes_on = then.match(text, o.end) if of else None
        if of is None or goes_on is None:
            return None
        start, end = of.start("who"), goes_on.end("who")
        given = _GIVEN_WHAT.search(text, o.end, end)
        end = given.start() if given else end
        return Population(start, end, text[start:end].strip())

    def _had_anyway(
        self, sentence: Sentence, phrases: list[ArmPhrase], segments: list[tuple[int, int, Study | None]]
    ) -> tuple[list[ArmPhrase], list[Population], tuple[int, frozenset[str]]]:
        """The phrases less those who are told apart by a treatment that they had anyway, and these as subgroups."""
        paragraph, before = self.now.had
        given = {frozenset(a.key) for _, _, s in segments if s is not None for a in s.arms}
        phrases, found, by = strata_by_treatment(
            sentence.text, phrases, given, before if paragraph == sentence.paragraph else frozenset()
        )
        return phrases, found, (sentence.paragraph, by)

    def _without_subgroups(
        self,
        text: str,
        phrases: list[ArmPhrase],
        segments: list[tuple[int, int, Study | None]],
        quantities: list[Quantity],
    ) -> list[ArmPhrase]:
        """A sentence's phrases less the people who are parts of the groups of a trial, not groups of their own."""
        people = [p for p in phrases if p.kind == "people" and p.generic]
        studies = [s for _, _, s in segments if s is not None]
        if not people or groups_of_people(text, people, phrases, quantities, studies):
            shared_by(people, phrases)
            return phrases
        return [p for p in phrases if p not in people]

    def _treatments(
        self, text: str, hits: list[Hit], studies: list[tuple[int, int]], quantities: list[Quantity]
    ) -> list[Hit]:
        """The names of a sentence, with those of groups that the text tells by definition."""
        self.told.leads = {}
        if not self.told.worth(text):
            return hits
        known = [(h.start, h.end) for h in hits if h.name.kind in INTERVENTIONS]
        others = [(h.start, h.end) for h in hits if h.name.kind not in INTERVENTIONS]
        found = self.told.find(text, [*known, *self.phrases.pointers(text)], [*others, *studies], quantities)
        if not found:
            return hits
        named = [
            Hit(a, b, self._regimens.get(text[a:b]) or Name("procedure", first, TOLD))
            for a, b, first in found
        ]
        return sorted([*hits, *named], key=lambda h: (h.start, h.end))
