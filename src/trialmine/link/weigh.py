"""What hangs on a number besides its group: is it a result, of which outcome, when, in whom, and is it so."""

from __future__ import annotations

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.core.records import Arm, Study
from trialmine.find.outcomephrase import OutcomePhrase
from trialmine.find.outcomes import OutcomeFinder
from trialmine.find.quantity import RATIOS, Quantity
from trialmine.find.unseen import UnseenFinder
from trialmine.link.cells import Cells
from trialmine.link.choose import OutcomeChooser
from trialmine.link.plausible import is_result
from trialmine.link.setting import Setting
from trialmine.link.view import Result, View
from trialmine.read.segment import HAN
from trialmine.read.tokens import Tokenizer

#: estimates that are a study's result whatever they are of
_COMPARING = (*RATIOS, "estimate:MD", "estimate:SMD", "estimate:RD")
#: the rule of so many times a risk, and all rules of how a risk changed
MULTIPLIED = "risk_multiplied"
RISKS = ("risk_increased", "risk_reduc", MULTIPLIED)
#: what a nation's people have a share of, or a mean level of
_SHARES = ("percent", "fraction", "level", "part")
#: what people were given or took
_EXPOSED = Expression(
    r"使用|服用|用药|接受|治疗|接种|剂量|疗程|暴露|\d\s?mg|\b(?:us(?:e|ers?|ing)|tak(?:e|ing)|exposed|treated|treatment|therapy|doses?)\b"
)
#: a disease as the subject of a sentence, or whose fate a rate is
_IN_GENERAL_ZH = (
    r"^[^,;。\d%]{0,16}?(?:{{disease_noun}})(?:\([^()]{1,12}\))?(?:约?占|是(?!否)|居|位居|位列|系|预后|恶性程度|侵袭性|起病|早期症状)|"
    r"(?:{{disease_noun}})(?:病死率|(?=患|病|的|,?其|预后|总体|自然|\d)(?:患者|病人)?(?:的|,?其|的?预后[^,;。]{0,6},)?(?:总体?|整体|自然|平均)?(?:\d+\s?年)?(?:相对|总)?(?:生存|存活|病死|死亡|致死|复发)率)"
)
_IN_GENERAL = (
    r"^(?:(?!(?:[Ii]n|[Ww]ith|[Ff]or|[Oo]f|[Aa]fter|[Aa]mong|from|treated)\b)[\p{Latin}-]+\s){0,4}?(?i:{{disease_noun}})s?(?:\s\([\p{Latin}-]+\))?\s"
    r"(?:accounts?|is|are|remains?|carr(?:y|ies)|has|have|represents?|causes?|affects?|kills?|constitutes?)\b|"
    r"\b(?:survival|mortality|fatality|recurrence|death)(?:\s\p{Latin}+){0,2}\s(?:of|for|in|from)\s(?:(?:patients|people|those)\swith\s)?"
    r"(?:[\p{Latin}-]+\s){0,4}?(?i:{{disease_noun}})\b[^.;]{0,40}?\s(?:is|are|remains?)\b"
)
#: behind a limit: those who keep to it may take part
_ADMITTED = (
    r"[^.;]{0,100}?\b(?:was|were|are|is)\s(?:considered\s|judged\s)?(?:{{admitted}})\b|"
    r"[^;。,]{0,24}?(?:患者|成人|成年人|受试者|儿童|女性|男性|人群|者)[^;。,%]{0,6}?(?:{{admitted}})"
)
#: before it: people with, aged or who have something, and nothing told of them yet
_PEOPLE_WITH = r"(?i:{{people_noun}})\s(?:(?!\b(?:was|were)\b)[^.;])*$"


class Weigher:
    """Weighs the candidates for a number within its sentence."""

    def __init__(self, patterns: Patterns, outcomes: OutcomeFinder, tokenizer: Tokenizer) -> None:
        self.unseen = UnseenFinder(patterns, tokenizer)
        self._chooser = OutcomeChooser(patterns, outcomes, self.unseen)
        self._setting = Setting(patterns, outcomes.timed)
        self.is_trait = self._setting.is_trait
        self._epidemiology = patterns.compile(r"(?:{{epidemiology}})")
        self._nations = patterns.compile(
            r"(?:美国|我国|中国|全国|全球|全港|全台|欧洲|日本|英国|世界)的?(?:约|有|每)?[^,;。、%\d]{0,6}?(?:成年人|成人|居民|人口|国人|女性|男性|老年人|儿童|新症)(?!患者|受试者|参与者)|"
            r"\b(?:US|American|British|European|Chinese|Japanese|global)\s(?:adults|population|women|men|children)\b"
        )
        self._in_general = [patterns.compile(x) for x in (_IN_GENERAL_ZH, _IN_GENERAL)]
        self._own = patterns.compile(r"(?:{{told_of_people}})")
        self._admitted = patterns.compile(_ADMITTED)
        self._people_with = patterns.compile(_PEOPLE_WITH)
        self._no_outcome = set(patterns.cues.get("no_outcome", ()))
        self._medium = patterns.compile(r"\s?(?:的)?(?:{{medium}})(?![\p{Latin}])")

    def plausible(self, view: View, q: Quantity) -> bool:
        """Whether a number can be a result at all: not a margin, a dose, a follow-up, a solution's strength."""
        strength = q.kind == "percent" and self._medium.match(view.text[q.end : q.end + 20])
        return not strength and not self._criterion(view, q) and is_result(view, q)

    def _criterion(self, view: View, q: Quantity) -> bool:
        """Whether a range or limit is what people had to have to be enrolled: ``HbA1c 7.0-10.5% … were eligible``."""
        if q.kind not in ("percent", "level", "number", "time"):
            return False
        bounded = "range" in q.flags or q.relation in ("<", ">", "<=", ">=")
        if not bounded or not self._admitted.match(view.text, q.end):
            return False
        return bool(HAN.search(view.text) or self._people_with.search(view.text, 0, q.start))

    def _of_a_disease(self, view: View, q: Quantity) -> bool:
        """Whether a sentence speaks of a disease as such: ``X癌的5年生存率仅为9%``, no study, group or treatment in it."""
        return (
            q.kind in ("percent", "time")
            and q.interval is None
            and q.events is None
            and not view.phrases
            and not view.anchored
            and any(x.search(view.text) for x in self._in_general)
            and not self._own.search(view.text)
        )

    def outcome(
        self, view: View, cells: Cells, q: Quantity, previous: Result | None
    ) -> tuple[OutcomePhrase | None, float]:
        """The outcome of a number and how well it fits."""
        return self._chooser.choose(view, cells, q, previous)

    def chosen(self, view: View) -> OutcomePhrase | None:
        """What a sentence says that the study chose as its outcome."""
        return self._chooser.chosen(view)

    def closing(self, view: View) -> dict[int, OutcomePhrase]:
        """The outcomes that stand behind the brackets of their estimates."""
        return self._chooser.closing(view)

    def time(self, view: View, q: Quantity, outcome: OutcomePhrase, end: int) -> str:
        """The timepoint of a number, or an empty text."""
        return self._setting.time(view, q, outcome, end)

    def remember(self, view: View, study: Study | None, outcome: OutcomePhrase, time: str) -> None:
        """Keep what holds on for the study's next results."""
        if study is not None:
            self._setting.remember(view, study, outcome, time)

    def foretold(self, view: View) -> dict[str, str]:
        """Outcome -> the time at which a sentence says that a study would measure it."""
        return self._setting.foretold(view)

    def lasting(self, outcome: OutcomePhrase) -> bool:
        """Whether an outcome is a time until an event."""
        return self._setting.lasting(outcome)

    def population(self, view: View, q: Quantity, end: int) -> str:
        """The subgroup of a number whose list ends at ``end``, or an empty text."""
        return self._setting.population(view, q, end)

    def assertion(self, view: View, q: Quantity) -> str:
        """reported, planned, speculated or not_reached."""
        return self._setting.assertion(view, q)

    def accept(
        self,
        view: View,
        cells: Cells,
        q: Quantity,
        outcome: OutcomePhrase,
        study: Study | None,
        arm: Arm | None,
    ) -> bool:
        """Whether enough is known of a number to report it: not epidemiology, not a stray value."""
        if outcome.concept in self._no_outcome:
            return False
        compared = cells.paired or cells.changed or q.kind in _COMPARING or q.kind in ("count", "events")
        if q.kind in ("number", "level") and not outcome.known and study is None and not compared:
            return False
        if q.kind == "percent" and arm is None and self._epidemiology.search(view.text):
            return False
        if (
            q.kind in _SHARES
            and (arm is None or not (view.arms or view.anchored))
            and self._nations.search(view.text)
        ):
            return False
        compared = compared or q.rule.startswith(RISKS)
        bare = study is None and not view.arms and q.interval is None and q.p is None
        if q.rule == MULTIPLIED and bare and not _EXPOSED.search(view.text):
            return False  # how much a disease adds to a risk
        if study is None and arm is None and self._of_a_disease(view, q):
            return False
        known = outcome.known or compared or view.tells_of_some or q.events is not None
        return not (study is None and arm is None and not known)
