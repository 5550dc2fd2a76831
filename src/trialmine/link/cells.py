"""A sentence as a small table: its numbers are the cells, its lists are the axes.

Numbers that stand in one list (``7%、3%、18%``, ``15.0个月对8.2个月``) are read together: the axes whose sizes
multiply to the number of cells are laid over them, outer list first; what else there is one of applies
to all.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import regex

from trialmine.core.lazy import Expression
from trialmine.core.words import PEOPLE
from trialmine.find.limits import STATISTIC
from trialmine.find.outcomephrase import OutcomePhrase
from trialmine.find.populations import Population
from trialmine.find.quantity import Quantity
from trialmine.find.times import TimePoint
from trialmine.link.armphrase import ArmPhrase

T = TypeVar("T")

#: what is left between two numbers where an arm stands between them
_SETS_BESIDE = Expression(
    r"^[\s,;、()]*(?:而|和|与|及|对比?|vs\.?|versus|and|but|compared|to|while|whereas|相比)?[\s,;、()]*(?:and|to)?[\s,;、()]*$"
)
_COORDINATES = Expression(
    rf"^(?:[率期组-]|研究|试验|trial|study|单药|单用|\s(?:alone|only|monotherapy|treatment|therapy)|\s(?:{PEOPLE}|recipients|users|eyes))?\s?(?:[、,/;]\s?(?:和|与|及|以及|and)?|和|与|及|以及|或|对比?|vs\.?|versus|and|or)\s?(?:the |in |of |中位|median |mean |在|第|(?:治疗|干预|用药|给药|服药|产|术|出院|造模|手术|停药|随访|放疗|化疗)后?第?|单纯|单用|接受|with |that of |to (?:switch to |change to |continue |receive |have |undergo )?|receive |receiving |given |those (?:on|given|receiving) )?\s?$"
)
PAIR = Expression(r"^[\s,]*(?:对比?|vs?\.?|versus|比|:|(?:as )?(?:against|compared (?:with|to)))\s?$")
_WORD = Expression(r"[和与及]|\band\b|;")
LIST = Expression(
    rf"^\s?(?:(?:{PEOPLE}|eyes|cases)(?=,|\sand\s))?\s?(?:[、,;/]\s?(?:以?及|和|与|and|or)?|和|与|及|以及|and|or)\s?$"
)
_FILLER = Expression(
    r"(?:分别)?(?:为|是|达到?|仅|则|有|约|高达|的|在|中|患者|受试者|均|也|:|=|\b(?:with|in|for|the|of|was|were|among|on|receiving|patients|group|groups|arm|recipients|treated|those|who|received|a|an|than|it|had)\b)"
)
#: of how many people of a group, before its own count: 和B组2,371例患者中的502例(21%)
_OUT_OF = Expression(r"\d[\d,]*\s?[例名人](?:患者|受试者|病例|病人|患儿)?中(?:的|有)?")
BRACKETS = Expression(r"\s?(?:\([^()]*\)|\[[^\[\]]*\])")
_WORD_BRACKETS = Expression(
    r"\([^()\d]*\)|\[(?:[^\[\]\d]*|\d{1,3}(?:\s?[-,、~]\s?\d{1,3})*)\]|\(组?\d\)|^\s?\d[\d.]*\s?(?:mg|[μu]g|mcg|g|IU|mL|ml)(?:/(?:kg|d|day))?(?:\s(?:once |twice )?(?:daily|weekly)|\s?,?\s?(?:bid|qd|tid|q\d+w)|,?\s?[每一](?:\d|[两二三四六八])?(?:日|天|周|个?月)\s?[\d一二两三四]\s?次)?(?![\p{Latin}/])"
)
#: from a number to another one in the bracket behind it, or within that bracket
_OPENED = Expression(r"^\s?[(\[][^()\[\]]{0,24}$|^[^()\[\]。]{0,24}$")
#: a test's statistic before its p-value
_STATISTIC = Expression(rf"{STATISTIC}[,;]?\s?")
#: what a rate is counted by, behind it: 1.7%/年, 2.1% per year
_A_YEAR = Expression(
    r"^\s?(?:/\s?|每|per\s)(?:100\s?)?(?:患者|病人|人|patient[\s-]|person[\s-])?(?:年|years?\b|yr\b|y\b)"
)
#: right behind a share of people
_OF_PEOPLE = Expression(r"\s?的(?=\p{Han})")
#: a unit that no rule has read, behind a number in brackets: (0.8±0.1)D、(17.1±2.1)mmHg
_UNKNOWN_UNIT = Expression(r"^[\p{Latin}μ°][\p{Latin}μ°/·\d]{0,7}(?=\s?(?:[、,]|和|与|及)\s?$)")
#: right before the first number of a list, one for each of what was listed before it
_LIST_OPENS = Expression(r"(?:分别|依次)(?:为|是|达到?|约|有|:)?约?\s?$")
_RESPECTIVE = Expression(r"分别|\brespectively\b")
#: characters between a bracket's last number and the next cell of the list
_LOOK_BACK = 40
_CHANGE = Expression(
    r"^[\s,]*(?:患者|时)?(?:显著|明显|大幅|逐渐|进一步|迅速)?(?:骤|快速)?(?:提|提升|提高|下降|降低|降|增加|增|上升|升高|升|减少|减|缩短|延长|改善|恢复|变|涨|跌|掉|压|拉开|攀升|回落|骤降|骤升)?(?:了)?(?:至|到|为)(?:了)?\s?$|^\s?(?:at baseline\s)?to(?:\s(?:\p{Latin}+\s){0,2}?)?$"
)
#: between the changes of a list, each with its verb: ``分别降低0.7和升高0.2``, ``fell by 7 and rose by 2, respectively``
_TURNS = Expression(
    r"^\s?(?:[、,]\s?(?:和|与|及|而|and|but)?|和|与|及|以及|而|and|but)\s?(?:则)?(?:升高|增高|降低|下降|上升|增加|减少|延长|缩短|提高|改善|"
    r"(?:increas|decreas|declin|improv|worsen|lengthen|shorten|reduc)ed|rose|fell|dropped|grew)(?:了|约)?(?:\sby)?\s?$"
)
#: the same over the group of the first number, which is taken out: ``from 2% with A alone to 24%``
_CHANGE_WITH = Expression(
    r"^\s(?:with|in|on|for|under|among)\s(?:the\s|patients\s|those\s|receiving\s|on\s)*\s?(?:alone|monotherapy|groups?|arms?|patients|recipients)?\s?to(?:\s(?:only|about|just))?\s?$"
)
#: around a number that people of their own verb are told with, behind one with a copula
_SAID = Expression(r"\b(?:was|were|is|of|reached)\s(?:about\s|only\s|approximately\s)?$")
_AND_MORE = Expression(r",\s(?:and|while|with|whereas)(?:\s(?:about|only|approximately))?\s?$")
_PEOPLE_HAD = Expression(
    rf"\s?(?:\([^()]*\))?\s(?:of\s(?:the\s|these\s|all\s)?(?:[\p{{Latin}}-]+\s){{0,2}}?(?:{PEOPLE})\s)?(?:had|achieved|reached|experienced|developed|attained|obtained|were|remained|died|discontinued)\b"
)
_FROM = Expression(r"(?:由|从|自|from)\s?(?:\p{Han}{0,8}|\p{Latin}+\s)?的?\(?$")


@dataclass(slots=True)
class Cells:
    """Numbers of one list; ``pairs`` where they are set against each other."""

    quantities: list[Quantity]
    gaps: list[str] = field(default_factory=list)

    @property
    def start(self) -> int:
        """Start of the first number."""
        return self.quantities[0].start

    @property
    def end(self) -> int:
        """End of the last number and what hangs on it."""
        return self.quantities[-1].outer_end

    @property
    def paired(self) -> bool:
        """Whether the list sets numbers against each other."""
        return "pair" in self.gaps

    @property
    def changed(self) -> bool:
        """Whether the list tells a change from one number to another."""
        return "change" in self.gaps

    @property
    def armed(self) -> bool:
        """Whether arms stand between the numbers."""
        return "armed" in self.gaps


def family(q: Quantity) -> str:
    """Quantities of one family can stand in one list."""
    if q.kind in ("percent", "fraction"):
        return "percent"
    if q.kind in ("level", "mean", "number"):
        return "level"
    return q.kind


def cell_lists(text: str, quantities: Sequence[Quantity], arms: Sequence[ArmPhrase]) -> list[Cells]:
    """Group the result quantities of a sentence into lists."""
    lists: list[Cells] = []
    for q in quantities:
        for cells in _open(text, lists, q):
            last = cells.quantities[-1]
            if (
                family(last) == family(q)
                or {family(last), family(q)} <= {"time", "not_reached"}
                or {family(last), family(q)} <= {"percent", "not_reached"}
            ) and (link := _link(text, cells.start, last.outer_end, q.outer_start, arms)):
                if link == "list" and _opens_clause(text, cells, q):
                    lists.append(Cells([q]))
                    break
                if link == "armed" and len(cells.quantities) == 1 and "分别" in text[last.end : q.start]:
                    lists.append(Cells([q]))  # "X率为a,B组分别为c和d": it opens a list of its own
                    break
                cells.quantities.append(q)
                cells.gaps.append(link)
                break
        else:
            lists.append(Cells([q]))
    _of_next_group(lists)
    return [part for cells in lists for part in _rows(text, cells)]


def _opens_clause(text: str, cells: Cells, q: Quantity) -> bool:
    """Whether a number begins a clause of its own: ``甲组升高2%;61%的患者…``, ``the rate was 95%, and 55% of patients had a remission``."""
    gap = text[cells.end : q.outer_start]
    if ";" in gap and _OF_PEOPLE.match(text, q.outer_end):
        return True
    said = _SAID.search(text, max(0, cells.start - 24), cells.start)
    return bool(
        said and len(cells.quantities) == 1 and _AND_MORE.search(gap) and _PEOPLE_HAD.match(text, q.outer_end)
    )


def _of_next_group(lists: list[Cells]) -> None:
    """Cut a list where another group's numbers begin that repeat several lists: ``甲率为9%、乙率为7%,与B组5%、4%相比``."""
    for i in range(len(lists) - 1, 0, -1):
        cells = lists[i]
        cuts = [j + 1 for j, gap in enumerate(cells.gaps) if gap in ("armed", "pair")]
        if len(cuts) != 1 or set(cells.gaps[cuts[0] :]) != {"list"}:
            continue
        (cut,), k = cuts, len(cells.quantities)
        alone = 0  # lists of one number right before this one
        while alone < i and len(lists[i - 1 - alone].quantities) == 1:
            alone += 1
        kinds = [family(q) for c in lists[i - alone : i] for q in c.quantities]
        own = [family(q) for q in cells.quantities]
        if cut == 1 and k - cut <= alone + 1 and (kinds + own[:cut])[-(k - cut) :] == own[cut:]:
            rest = Cells(cells.quantities[cut:], cells.gaps[cut:])
            lists[i : i + 1] = [Cells(cells.quantities[:cut], cells.gaps[: cut - 1]), rest]


def _open(text: str, lists: list[Cells], q: Quantity) -> Iterator[Cells]:
    """The lists that a number can continue: the last one, and those before it that only a bracket parts from it.

    In ``2.2 months (HR 0.10, P<0.001) and 5.0 months`` the estimate in the bracket doesn't end the list of times.
    """
    cells = lists[-1] if lists else None
    while cells is not None:
        yield cells
        ends = [(x.outer_end, c) for c in lists for x in c.quantities if x.outer_end <= cells.start]
        end, before = max(ends, key=lambda e: e[0], default=(0, None))
        if not _OPENED.match(text[end : cells.start]) or q.outer_start - cells.end > _LOOK_BACK:
            return
        cells = before


def _rows(text: str, cells: Cells) -> list[Cells]:
    """Split ``A: 1、2、3, B: 4、5、6`` at its arms: each row of the little table is a list of its own.

    So is what stands behind a list that 分别 opens: ``5、10、15 mg组分别为1、2、3,安慰剂组4``.
    """
    cuts = [i + 1 for i, gap in enumerate(cells.gaps) if gap == "armed"]
    if not cuts or not {"list", "change"} & set(cells.gaps):
        return [cells]
    edges = [0, *cuts, len(cells.quantities)]
    opened = _LIST_OPENS.search(text, max(0, cells.start - 8), cells.start) and edges[1] > 1
    if len({b - a for a, b in itertools.pairwise(edges)}) > 1 and not opened:
        return [cells]
    return [Cells(cells.quantities[a:b], cells.gaps[a : b - 1]) for a, b in itertools.pairwise(edges)]


def _link(text: str, number: int, start: int, end: int, arms: Sequence[ArmPhrase]) -> str:
    gap = text[start:end]
    if len(gap) > 90 or gap.count("(") != gap.count(")"):
        return ""
    bare = gap = _UNKNOWN_UNIT.sub("", _A_YEAR.sub("", _STATISTIC.sub("", gap)))
    inside = [p for p in arms if start <= p.start and p.end <= end]
    if any(len(p.labels) > 1 for p in inside):
        return ""  # these groups close the numbers before them
    if _CHANGE.match(bare) and _FROM.search(text[max(0, number - 24) : number]):
        return "change"
    if PAIR.match(bare) or PAIR.match(BRACKETS.sub("", bare)):
        return "pair"
    if LIST.match(bare) or LIST.match(BRACKETS.sub("", bare)):
        return "list"
    if _TURNS.match(bare) and _RESPECTIVE.search(text, max(0, number - 40), min(len(text), end + 60)):
        return "list"
    if inside and len(inside) <= 2:
        for p in reversed(inside):
            bare = bare[: p.start - start] + bare[p.end - start :]
        bare = BRACKETS.sub("", bare)
        if _CHANGE_WITH.match(bare) and _FROM.search(text[max(0, number - 24) : number]):
            return "change"
        bare = _FILLER.sub("", _OUT_OF.sub("", bare))
        if _SETS_BESIDE.match(bare):
            return "armed"
    return ""


#: characters between an item and what belongs to it
_BESIDE = 2


def coordinate(
    text: str,
    items: Sequence[T],
    span: Callable[[T], tuple[int, int]],
    same: Callable[[T, T], bool],
    aside: regex.Pattern[str] = _WORD_BRACKETS,
    own: Sequence[tuple[int, int]] = (),
) -> list[list[T]]:
    """Runs of items that a list joins: ``mPFS和mOS``, ``24周与48周``, ``A组、B组和C组``; ``aside`` is what may stand between.

    ``own`` are the places of what belongs to the items themselves: ``6个月PFS率和12个月OS率``, ``ORR、DCR及1年OS率``.
    """
    groups: list[list[T]] = []
    ends = {y for _, y in own}
    for item in items:
        if groups:
            a, b = span(groups[-1][-1])[1], span(item)[0]
            gap = text[a:b]
            first = span(groups[-1][0])[0]
            every = bool(ends & {first, first - 1, first - 2})
            for x, y in reversed(own[bisect_left(own, (a, 0)) : bisect_left(own, (b, 0))]):
                if every or b - y <= _BESIDE or x - a < _BESIDE:
                    gap = gap[: x - a].rstrip() + gap[y - a :]
            bare = aside.sub("", gap).lstrip("]")
            if _COORDINATES.match(bare) and not same(groups[-1][-1], item):
                groups[-1].append(item)
                continue
        groups.append([item])
    return groups


@dataclass(slots=True)
class Cell:
    """What a number was laid on: each axis may be missing."""

    quantity: Quantity
    outcome: OutcomePhrase | None = None
    arm: Any = None
    comparator: Any = None
    time: TimePoint | None = None
    population: Population | None = None
    study: Any = None
    why: list[str] = field(default_factory=list)


def _falls_short(
    cells: Cells,
    outer: tuple[int, str, list[Any]],
    inner: tuple[int, str, list[Any]],
    until_death: Collection[str],
) -> bool:
    """Whether this layout gives a group a time until death shorter than its time until another event, which can't be."""
    n = len(inner[2])
    by_group: dict[int, dict[bool, float]] = {}
    for i, q in enumerate(cells.quantities):
        place = {outer[1]: i // n, inner[1]: i % n}
        if q.kind != "time" or q.value is None or set(place) != {"arm", "outcome"}:
            return False
        outcomes = outer[2] if outer[1] == "outcome" else inner[2]
        by_group.setdefault(place["arm"], {})[outcomes[place["outcome"]].concept in until_death] = q.value
    return any(len(times) == 2 and times[True] < times[False] for times in by_group.values())


def _unlike(cells: Cells, outer: tuple[int, str, list[Any]], inner: tuple[int, str, list[Any]]) -> bool:
    """Whether this layout gives one outcome numbers of unlike kinds."""
    n = len(inner[2])
    kinds: dict[int, set[str]] = {}
    for i, q in enumerate(cells.quantities):
        place = {outer[1]: i // n, inner[1]: i % n}
        kinds.setdefault(place.get("outcome", i), set()).add(family(q))
    return any(len(of) > 1 for of in kinds.values())


def _row_length(text: str, cells: Cells) -> int:
    """How many numbers a row of a list has, as its separators tell (``a、b、c与d、e、f``: 3), or 0."""
    k, found = len(cells.quantities), cells.quantities
    words = [bool(_WORD.search(text, a.outer_end, b.outer_start)) for a, b in itertools.pairwise(found)]
    rows = [
        n
        for n in range(2, k // 2 + 1)
        if k % n == 0 and len({(i % n == 0, w) for i, w in enumerate(words, 1)}) == 2
    ]
    return rows[0] if len(set(words)) == 2 and rows else 0


def lay(
    cells: Cells, axes: list[tuple[int, str, list[Any]]], until_death: Collection[str] = (), text: str = ""
) -> dict[str, list[Any]] | None:
    """Lay axes over the cells of a list: axis name -> item of each cell, or None where sizes don't fit.

    ``axes`` are (position, name, items) with at least two items each. Two axes whose sizes multiply to the list's length
    are taken first (for two numbers a single axis), the outer one first in the text (arms are inner where the numbers are
    set against each other, and where the other order would make somebody die, one of ``until_death``, before an earlier
    event); else the nearest single axis of that length.
    """
    k = len(cells.quantities)
    singles = [a for a in axes if len(a[2]) == k]
    doubles = [
        (a, b)
        for i, a in enumerate(axes)
        for b in axes[i + 1 :]
        if a[1] != b[1] and len(a[2]) * len(b[2]) == k
    ]
    if doubles and not (singles and k == 2):
        outer, inner = doubles[-1]
        unequal = len(outer[2]) != len(inner[2])
        if (outer[1] == "arm" and cells.paired) or (unequal and _row_length(text, cells) == len(outer[2])):
            outer, inner = inner, outer
        here, turned = (
            (_unlike(cells, x, y), _falls_short(cells, x, y, until_death))
            for x, y in ((outer, inner), (inner, outer))
        )
        if here > turned:
            outer, inner = inner, outer
        n = len(inner[2])
        return {outer[1]: [outer[2][i // n] for i in range(k)], inner[1]: [inner[2][i % n] for i in range(k)]}
    halves = [a for a in axes if 2 * len(a[2]) == k and a[1] != "arm"]
    if halves and not singles and cells.changed and cells.gaps[k // 2 - 1] == "change":
        return {halves[-1][1]: [*halves[-1][2], *halves[-1][2]]}  # from a and b to c and d
    if halves and not singles and {"pair"} == set(cells.gaps[::2]) != set(cells.gaps[1::2]) == {"list"}:
        return {halves[-1][1]: [halves[-1][2][i // 2] for i in range(k)]}  # a vs b and c vs d
    if singles:
        best = singles[-1]
        if cells.paired:
            best = next((a for a in reversed(singles) if a[1] == "arm"), best)
        return {best[1]: list(best[2])}
    return None
