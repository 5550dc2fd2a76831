"""Outcomes that are one of several, and several that are one.

A row of names whose numbers follow (``A和B分别为``), a composite that the text calls so, and what people had to have all of (``A且B的比例``).
"""

from __future__ import annotations

from trialmine.core.lazy import Expression
from trialmine.core.sieve import Sieved, possible
from trialmine.find.lexicon import Hit
from trialmine.find.outcomephrase import OutcomePhrase, measure_of, snake
from trialmine.read.segment import HAN

#: the parts of an outcome that the text calls a composite
_COMPOSITE = Expression(
    r"\b(?:(?:[Cc]omposite|(?P<loose>[Cc]ombination|[Aa]ggregate|[Cc]ombined))\s(?:(?:end[- ]?points?|outcomes?|measures?|incidence|rate|risk)\s)?|"
    r"(?:[Pp]rimary|[Ss]econdary|[Mm]ain|[Kk]ey)\s(?:\p{Ll}+\s)?(?:end[- ]?points?|outcomes?)\s(?=of\b|\())(?:\([^()]*\)\s)?(?:of|comprising|including|consisting of|that included|defined as)\s"
    r"(?P<n>[^.;:()%\d]{8,200}?)(?=,?\s(?:was|were|is|are|occurred|did|had|in|at|with|after|by|between|among|than|compared|versus|vs|fell|decreased|there|which)\b|,\s(?:the|an?|this)\s(?:(?:un)?adjusted|crude|hazard|odds|risk|rate|relative|incidence|mean|absolute|difference|[ai]?(?:HR|OR|RR|IRR)\b)|\s?[(;.:]|,?\s?$)"
)
_TOGETHER = Sieved(Expression(r"omposite|ombination|ggregate|ombined|(?:point|outcome)s?\s(?:of|\()"))
#: characters from "the combination of" to its first event
_LEADS = 24
_SEVERAL = Expression(r",\s|\b(?:or|and)\b")


def composites(text: str, found: list[OutcomePhrase]) -> list[OutcomePhrase]:
    """``a composite of A, B or C`` is one outcome, whether its parts are known or not."""
    for m in _COMPOSITE.finditer(text) if _TOGETHER.search(text) else ():
        a, b = m.span("n")
        inside = [p for p in found if p.start < b and a < p.end]
        if not _SEVERAL.search(m["n"]) or any(p.start < m.start() or b < p.end for p in inside):
            continue
        if m["loose"] and (not inside or inside[0].start > a + _LEADS):
            continue  # a combination of drugs
        whole = len(inside) == 1 and inside[0].start <= a + 4 and inside[0].end >= b - 4
        concept = inside[0].concept if whole else snake(m["n"])
        phrase = OutcomePhrase(m.start(), b, concept, "event", m["n"], known=bool(inside), score=11.0)
        around = [p for p in found if p not in inside and not m.start() <= p.start < a]
        found = sorted([*around, phrase], key=lambda p: p.start)
    return found


#: what is measured of something, at the end of its name
_MEASURED = r"(?:率|比例|评分|积分|得分|水平|浓度|时间|天数|次数|用量|量|指数|计数|费用|体积|面积|直径|厚度|宽度|长度|程度|强度)"
_NAMED = rf"(?P<i>[\p{{Han}}\p{{Latin}}\p{{Greek}}\d/+-]{{1,14}}?{_MEASURED}(?!{_MEASURED}))"
#: names in a row, whose numbers follow in their order
_COORDINATED = Expression(
    rf"{_NAMED}(?:(?:、|,|和|与|及|以及|,以及){_NAMED}){{1,6}}(?=[^,;。:、\d]{{0,12}}(?:分别|依次)|(?:均|都|亦|也|则)?[^,;。:、\d()]{{0,18}}[高低优长短多少大小差快慢]于[^,;。:()\d]{{1,20}}\()"
)
_MAY_BE_A_ROW = possible(_COORDINATED)
#: abbreviations in a row, of which each has its own number behind it
_ABBREVIATIONS = Expression(
    r"(?<![\p{Latin}\d/-])(?P<i>(?=[^、,和与及]*\p{Lu})[\p{Latin}\p{Greek}][\p{Latin}\p{Greek}\d/·-]{0,9})(?:(?:、|,|和|与|及|以及)(?P<i>(?=[^、,和与及]*\p{Lu})[\p{Latin}\p{Greek}][\p{Latin}\p{Greek}\d/·-]{0,9})){1,7}"
    r"(?=(?:的?(?:表达|检测)?(?:值|水平|含量|浓度|结果))(?:分别|依次|均)?[^,;。:、\d()]{0,6}(?:为|是|至|到|:|从|由)\s?\(?\d)"
)
_MAY_BE_ABBREVIATIONS = possible(_ABBREVIATIONS)
_NAME_EN = r"(?P<i>(?!(?i:and|or|with|in|at|for|of|on|to|by|from|among|after|during|while|both|patients|group|arm)\b)\p{Latin}[\p{Latin}'-]*(?:\s(?!(?:and|or|were|was|in|at|with|for|of|on|to|by|the|rates?)\b)[\p{Latin}'-]+){0,3})"
#: the same in English: ``rates of A, B and C were 4%, 6% and 2%, respectively``
_COORDINATED_EN = Expression(
    rf"(?:\b(?:[Rr]ates?|[Ii]ncidences?|[Ff]requenc(?:y|ies)|[Pp]roportions?)\sof\s|(?:^|[.;]\s)(?:[Tt]he\s)?(?:[Mm]ean\s|[Mm]edian\s)?){_NAME_EN}"
    rf"(?:,\s{_NAME_EN})*,?\sand\s{_NAME_EN}(?:\srates?)?\s(?:were|was|occurred|developed|increased|decreased|fell|rose)\b"
)
_STATISTIC_EN = Expression(r"(?:(?:the|median|mean|overall|pooled|crude|cumulative)\s)*")
_WHOSE = Expression(r".*(?:组|者|人|的|例|\d\s?(?:个月|月|年|周|天))")


def in_rows(text: str, found: list[OutcomePhrase]) -> list[OutcomePhrase]:
    """``夜间盗汗缓解率和纳差改善率分别为``: each name of a row is an outcome, whether the lexicon holds it or not.

    An English row is one where the lexicon holds some of its names.
    """
    rows = [(False, m) for m in _COORDINATED.finditer(text)] if _MAY_BE_A_ROW(text) else []
    if _MAY_BE_ABBREVIATIONS(text):
        rows += [(False, m) for m in _ABBREVIATIONS.finditer(text)]
    if "respectively" in text and found:
        rows += [(True, m) for m in _COORDINATED_EN.finditer(text)]
    for english, m in rows:
        items: list[OutcomePhrase] = []
        for a, b in m.spans("i"):
            owner = (_STATISTIC_EN if english else _WHOSE).match(text[a : b - 2])
            a += owner.end() if owner else 0
            inside = [p for p in found if p.start < b and a < p.end]
            if any(p.end > b + 6 * english for p in inside) or any(p.start < m.start() for p in inside):
                items = []
                break
            last = inside[-1] if inside else None
            if last is not None and last.end >= b - 1 and 2 * (last.end - last.start) >= b - a:
                items.append(last)
                continue
            head = text[a:b]
            measure = "rate" if english else measure_of(head) or "level"
            name = head if head.isupper() or ("-" in head and not HAN.search(head)) else snake(head)
            items.append(OutcomePhrase(a, b, name, measure, head, known=False, score=11.0))
        if {p.known for p in items} == {True, False} or (items and not english and not items[0].known):
            found = [p for p in found if p.end <= m.start() or p.start >= m.end()] + items
            found.sort(key=lambda p: p.start)
    return found


#: what people had to have besides, all of it: ``肝炎缓解且纤维化未恶化的比例``, ``HbA1c<7% without hypoglycaemia or weight gain``
_AND_ALSO = Expression(
    r"(?:,|并)?且(?:同时|均|都)?(?P<b>[^,;。:()、%且]{2,24}?)(?=(?:且|的?(?:患者|受试者|参与者|病例|人)?的?(?:比例|占比|百分比|百分率|人数))|的患者|(?<![后前患或两二学作])者|的(?:率|概率))"
)
_WITHOUT = Expression(
    r"\s(?P<no>without|with no)\s(?:any\s|a\s|an\s|the\s)?(?P<b>(?:worsening|progression)\s(?:of|in)\s)?(?P<x>(?!increas|excess|significant|differ|affect|compromis|addition|more\b|higher|apparent|major|serious|evidence|effect|change|worsen|reduc|raising|need)\p{Latin}[\p{Latin}-]*(?:\s(?:or\s|of\s|and\s)?(?!(?:was|were|is|are|in|at|by|with|on|for|than|occurred|after|among|compared|versus|vs|did|had)\b)\p{Latin}[\p{Latin}-]*){0,4})"
)
#: that something became rarer, at no cost: ``reduced stroke without bleeding``
_LESSENED = Expression(r"\b(?:reduc|lower|decreas|prevent|fewer|less|cut|declin)\p{Latin}*\s[^.;:]{0,60}$")
_THAN_OTHERS = Expression(r"[高低优长短多少大小好差快慢]于|(?:较|比)(?!基线|治疗前|入组)")
_LACKS = Expression(r"(?:无|未|没有|不伴|不)")
#: from the first of several things that people had to have to the word that joins the next
_ALL_OF = Expression(r"[^,;。:()、%于较比]{0,4}")


def all_had(text: str, found: list[OutcomePhrase], hits: list[Hit]) -> list[OutcomePhrase]:
    """Outcomes that people had to have all of are one: ``A且B的比例``, ``A without B``."""
    for m in _AND_ALSO.finditer(text) if "且" in text else ():
        first = next((p for p in reversed(found) if p.end <= m.start()), None)
        if first is None or first.measure == "time" or not _ALL_OF.fullmatch(text, first.end, m.start()):
            continue
        a, b = m.span("b")
        inside = [p for p in found if p.start < b and a < p.end]
        if any(p.start < a or b < p.end for p in inside) or _THAN_OTHERS.search(m["b"]):
            continue
        lacks = _LACKS.match(text, a)
        other = f"{'no_' * bool(lacks)}{inside[-1].concept}" if inside else snake(m["b"])
        first.concept, first.measure, first.end = f"{first.concept}_and_{other}", "rate", b
        first.text = text[first.start : b]
        found = [p for p in found if p not in inside]
    for m in _WITHOUT.finditer(text) if "with" in text else ():
        first = next((p for p in found if p.end == m.start() and p.measure in ("rate", "event")), None)
        a, b = m.span("x")
        if first is None or _LESSENED.search(text, 0, first.start):
            continue
        if any(h.start < b and m.start("no") < h.end and h.name.kind != "outcome" for h in hits):
            continue
        inside = [p for p in found if p.start < b and m.start("no") < p.end]
        if any(b < p.end for p in inside):
            b = inside[-1].end
        # the definition of such a response tells that something else didn't get worse
        name = first.concept if m["b"] else f"{first.concept}_without_{snake(text[a:b])}"
        first.concept, first.end = name, b
        first.text = text[first.start : b]
        found = [p for p in found if p not in inside]
    return found
