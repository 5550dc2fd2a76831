"""Chinese treatments that no lexicon holds, made of a known head and the known words before it.

``渐进式抗阻训练`` is progressive resistance training, ``基于保护动机理论的延续性护理`` protection motivation theory-based continuing nursing:
each word of ``modifiers.csv`` right before a head adds its English, so that a known head doesn't swallow what sets it apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.find.lexicon import Hit, Name

_COMPOSED = ("procedure", "class")
_HEADS = ("head", "loose")
#: between two words of a name, or the last of them and the head: 多学科协作模式下的, 理论指导下, 为框架的
_LINK = Expression(
    r"(?:(?P<what>理论|模式|模型|理念|框架|技术|平台|概念|方法|视角)?(?:\([^()]{1,12}\))?(?:(?:指导|引导|框架|视角|干预|支持)?下|为(?:基础|指导|导向|框架|依据|主导|核心|引导))?[的之]?|[式化性]的?)$"
)
_WORDED = {"理论": " theory", "模式": " model", "模型": " model", "理念": " concept", "概念": " concept", "框架": " framework", "技术": " technology", "平台": " platform"}  # fmt: skip
#: right before a word on which a treatment is based
_BASED = Expression(r"(?:基于|依托|以)$")
#: what a name may go on with, which adds nothing: 一体化康复模式
_TAIL = Expression(r"(?:模式|方案|措施|方法|策略|计划|项目|体系|服务|法)(?![\p{Han}]?(?:满意|评分|质量))")
#: behind a bare head that is part of another word: 护理人员, 麻醉深度
_OTHER_WORD = Expression(
    r"人员|满意|评分|质量|程度|水平|效果|知识|能力|时间|时长|次数|费用|记录|[部科室师士员]|泵|医[生师]|药物?|深度|诱导|维持|苏醒|恢复|功能|史|前后?|期间|不良|不耐|困难|耐受|方式|问题|需求|者|工作|依从|性|率|组织|机构|学|诊断|目标|障碍|损伤|负荷|试验|强度|量(?!化)|[成合]"
)
#: how an operation is called; and the longest stretch between two words
_OPERATION = ("术", "切除", "修补", "吻合", "成形", "置换", "移植", "缝合", "穿刺", "阻滞", "消融")
_REACH = 18


class Composer:
    """Extends the treatments of a sentence by the words before them, and finds heads that are none without."""

    def __init__(self, patterns: Patterns) -> None:
        entries = patterns.lexicons["modifiers"]
        #: the English of each word and its kind
        self._modifiers = {e.form: (e["concept"], e["kind"]) for e in entries if e["kind"] not in _HEADS}
        self._longest = max(map(len, self._modifiers), default=0)
        self._names = {e.form: e["concept"] for e in entries if e["kind"] in _HEADS}
        #: heads that are as often no treatment
        self._loose = {e.form for e in entries if e["kind"] == "loose"}
        joined = "|".join(sorted(self._names, key=len, reverse=True)) or "(?!)"
        self._bare = Expression(rf"(?:{joined})(?!{_OTHER_WORD.pattern})")
        #: the English words for what heads are: a procedure's short name may stand for one of them
        self._kinds = {name.rpartition(" ")[2] for name in self._names.values()}
        self._endings = (*self._names, *_OPERATION)
        self._given = patterns.compile(r"(?:{{gave}}|{{give_more}}|{{give_how}}|[+、和与])(?:的|了)?$")

    def compose(self, text: str, hits: Sequence[Hit]) -> list[Hit]:
        """The hits, with those that the words before them make another treatment, and with the treatments made of a bare head."""
        made: list[Hit] = []
        for head in self._heads(text, hits):
            words, start = self._before(text, head)
            covered = [h for h in hits if h.start < head.end and start < h.end]
            if not words or any(h.start < start for h in covered):
                continue
            if (
                text[head.start : head.end] in self._loose
                and head.name.kind == "head"
                and not self._given.search(text, max(0, start - _REACH), start)
            ):
                continue
            tail = _TAIL.match(text, head.end)
            end = tail.end() if tail else head.end
            name = self._names.get(text[head.start : head.end], head.name.concept)
            new = [w for w in words if not set(w.lower().split()) <= set(name.lower().split())]
            if new:
                made.append(Hit(start, end, Name("procedure", " ".join([*new, name]))))
        if not made:
            return list(hits)
        kept = [h for h in hits if not any(m.start < h.end and h.start < m.end for m in made)]
        return sorted([*kept, *made], key=lambda h: (h.start, h.end))

    def _heads(self, text: str, hits: Sequence[Hit]) -> Iterator[Hit]:
        """What words before it can make another treatment: known procedures, and bare heads that stand in none, from right to left."""
        found = [
            h
            for h in hits
            if h.name.kind in _COMPOSED
            and (
                (text[h.start] > "\u4e00" and text[h.start : h.end].endswith(self._endings))
                or (text[h.start] < "\u4e00" and h.name.concept.rpartition(" ")[2] in self._kinds)
            )
        ]
        for m in self._bare.finditer(text):
            if not any(h.start < m.end() and m.start() < h.end for h in hits):
                found.append(Hit(m.start(), m.end(), Name("head", self._names[m.group()])))
        last = len(text) + 1
        for h in sorted(found, key=lambda h: -h.start):
            if h.end <= last:
                last = h.start
                yield h

    def _before(self, text: str, head: Hit) -> tuple[list[str], int]:
        """The English of the words right before a head, in their order, and where the first of them starts."""
        operation = head.name.kind != "head" and text[: head.end].endswith(_OPERATION)
        words: list[str] = []
        start = head.start
        while (found := self._word(text, start, head, operation)) is not None:
            words.insert(0, found[0])
            start = found[1]
        return words, start

    def _word(self, text: str, end: int, head: Hit, operation: bool) -> tuple[str, int] | None:
        """The word that ends right before ``end``, a link apart, and where it starts."""
        for at, what in _links(text, end):
            for n in range(min(self._longest, at), 0, -1):
                known = self._modifiers.get(text[at - n : at])
                if known is None or not _fits(known[1], head, operation):
                    continue
                start, word = at - n, known[0]
                opens = _BASED.search(text, max(0, start - 2), start)
                if known[1] == "model":
                    word += _WORDED.get(what, "")
                if (opens or known[1] == "model") and not word.endswith(
                    ("-based", "-centered", "-led", "-oriented")
                ):
                    word += "-based"
                return word, opens.start() if opens else start
        return None


def _links(text: str, end: int) -> Iterator[tuple[int, str]]:
    """Where the word before a link may end, the longest link first, and what sort of thing the link says that it is."""
    m = _LINK.search(text, max(0, end - _REACH), end)
    if m is not None and m.start() < end:
        yield m.start(), m["what"] or ""
    yield end, ""


def _fits(kind: str, head: Hit, operation: bool) -> bool:
    """Whether a word of a kind may stand before a head."""
    if kind == "any":
        return True
    return (kind == "approach") == operation  # what is plain tells of care, not of an operation
