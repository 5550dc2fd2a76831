"""What a page has told so far and holds on: what is in force from one sentence to the next."""

from __future__ import annotations

from dataclasses import dataclass, field

from trialmine.core.lazy import Expression
from trialmine.core.records import Arm, Study
from trialmine.find.outcomephrase import OutcomePhrase
from trialmine.link.studies import StudyTracker

#: characters over which the treatment spoken of last can be the one that a new study tests
TOPIC_REACH = 1200
#: characters over which an outcome holds that a sentence named without a number
ANNOUNCE_REACH = 400
#: says that a study's results are out: 公布了A治疗B的最新临床数据
DATA_TOLD = Expression(
    r"(?:公布|发布|发表|披露|报告|汇报|展示|宣布|读出)[^。;]{0,80}(?:数据|结果)|(?:研究|试验|临床|最新|疗效)(?:数据|结果)[^。;,]{0,40}(?:公布|发布|发表|披露|亮相|出炉)|"
    r"\b(?:announced|reported|presented|published|released|unveiled)\b[^.;]{0,80}\b(?:data|results|findings)\b"
)


@dataclass
class InForce:
    """What the sentences of a page before the one that is read have told; offsets are into the page's text."""

    tracker: StudyTracker
    #: whether the page tells of people by what they have in a way that a later sentence can point to
    such: bool = False
    #: the sentence behind the one that is read
    following: str = ""
    #: the treatment spoken of last, where, and whether a heading named it or its results were told to be out
    topic: tuple[str, ...] = ()
    topic_at: int = 0
    titled: bool = False
    #: paragraph and treatment by which it tells people apart who had it anyway
    had: tuple[int, frozenset[str]] = (-1, frozenset())
    #: where the last record or row of words began
    row_at: int = -1
    #: paragraph, study and outcome of the last result
    last: tuple[int, Study | None, OutcomePhrase | None] = (-1, None, None)
    #: kind and unit of the last number of one group
    told_as: tuple[str, str] = ("", "")
    #: the first outcome of the study that the last result is of
    first: tuple[Study | None, OutcomePhrase | None] = (None, None)
    #: where an outcome was named without a number, which, and whether numbers are listed under it
    announced: tuple[int, OutcomePhrase | None, bool] = (0, None, False)
    #: where a sentence without numbers ended with a subgroup, of which study, and the subgroup
    crowd: tuple[int, Study | None, str] = (0, None, "")
    #: the time told ahead for an outcome, by study (or paragraph, where no study is in force) and outcome
    foretold: dict[tuple[int, str], str] = field(default_factory=dict)
    #: outcome -> time told by the line that opens the list of labels being read, None outside of such a list
    listed: dict[str, str] | None = None
    #: the study of the last line that has no label
    opener: Study | None = None
    #: the outcome that a study set out to measure, by study (or paragraph)
    aims: dict[int, OutcomePhrase] = field(default_factory=dict)
    #: paragraph and text of the people named last
    people: tuple[int, str] = (-1, "")
    #: where the line ends that announces groups, or the last of their lines
    groups_end: int = -1
    #: what several trials compare with, and where that was told
    versus: tuple[str, ...] = ()
    versus_at: int = 0
    #: study, arm and comparator of the last effect estimate
    pair: tuple[Study | None, Arm | None, Arm | None] = (None, None, None)
