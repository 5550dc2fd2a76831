"""Linked results as rows of the tables."""

from __future__ import annotations

from trialmine.core.lazy import Expression
from trialmine.core.tables import AnalysisRow, MeasurementRow
from trialmine.core.words import PEOPLE
from trialmine.find.outcomephrase import OutcomePhrase
from trialmine.find.quantity import Quantity
from trialmine.link.view import Result
from trialmine.read.segment import HAN, Page

_MEDIAN = Expression(r"中位|[Mm]edian|\bm(?=\p{Lu}{0,2}(?:S|TP|[Oo]R)\b)")
_MEAN = Expression(r"平均(?!延长|缩短)|均值|均数|\b[Mm]ean\b|[Aa]verage|LSM")
#: characters before a number in which the word for its statistic may stand: over the other group's number and name
_REACH = 200
_MEAN_AFTER = Expression(r"\s?(?:on average|\(mean\)|\(均值\))")
#: an English time that lasts, not one until an event: it is a median only where the text says so
_LASTS = Expression(r"\b(?:[Dd]ays|[Hh]ours|[Ss]tay|[Ll]ength|LOS|[Dd]uration of)\b(?!\sto\b)")
#: a Chinese one of what was done to people, or of their stay: reviews tell its mean
_TOOK = Expression(
    r"(?:手术|操作|住院|留院|卧床|麻醉|透视|引流|置管|带管|切除|缝合)[^时天日]{0,4}(?:时间|时长|天数|日)|用时|耗时"
)
_DAYS = Expression(r"天数|住院日|\bdays\b")
#: the middle of something that is no outcome
_OF_OTHERS = Expression(
    r"(?:中位|平均|[Mm]edian |[Mm]ean )(?:的)?(?:随访|年龄|治疗|疗程|用药|给药|暴露|病程|age|follow-?up|"
    r"duration of (?:follow|treatment|exposure))"
)


def _param_type(r: Result) -> str:
    q, text = r.quantity, r.sentence.text
    if q.kind in ("count", "events"):
        return "count"
    if q.kind == "percent" and not _is_change(text, q, r.outcome):
        return "percentage"
    if q.kind == "mean" or (q.interval and q.interval.type == "SD"):
        return "mean"
    said = _statistic(
        text[: q.start], text[q.outer_end : q.outer_end + 16], r.outcome.text if r.outcome else ""
    )
    if said:
        return said
    if _has_quartiles(text, q):
        return "median"
    is_time = q.kind == "time" or (
        q.kind == "number" and r.outcome is not None and r.outcome.measure == "time"
    )
    if is_time and r.outcome is not None and _LASTS.search(r.outcome.text):
        return "number"
    if is_time and r.outcome is not None and _TOOK.search(r.outcome.text):
        return "mean"
    if is_time or q.kind == "not_reached":
        return "median"
    return "number"


def _has_quartiles(text: str, q: Quantity) -> bool:
    """Whether a number has its quartiles beside it: told as such, or as Chinese texts print them, ``165.9(56.9,545.5)``."""
    x = q.interval
    if x is None or x.type == "IQR":
        return x is not None
    return not x.type and "," in text[x.start : x.end] and HAN.search(text) is not None


def _is_change(text: str, q: Quantity, outcome: OutcomePhrase | None) -> bool:
    """Whether a percentage is no share of people: it has a sign, or tells a measure's level or change."""
    if "range" in q.flags or q.events is not None or q.participants is not None:
        return False
    start = q.start
    before = _AGAINST.search(text, max(0, start - 80), start)
    if before and outcome is not None and outcome.start <= before.start() < outcome.end:
        before = None  # a threshold in the outcome's name
    if text[start] in "-+" or _OF_ITSELF.match(text, q.end):
        return True
    if before and (before["sign"] or _OF_ITSELF.match(before["rest"])):
        return True
    if outcome is None or outcome.measure != "level" or _NAMES_SHARE.search(outcome.text):
        return False
    if _FROM_TO.search(text[max(0, q.start - 40) : q.start]):
        return True
    if _SHARE_TOLD.search(text[:start]):
        return False
    if (last := _LAST_PERCENT.search(text[:start])) and _OF_PEOPLE.match(last["rest"]):
        return False  # the other group's share of the same
    return not _SHARE.match(text[q.end : q.end + 40]) and not _SHARE_BEFORE.search(text[:start])


#: an outcome's words that name a share themselves
_NAMES_SHARE = Expression(r"(?<![频心速])率$|比例$|百分比$")
#: a percentage set against another one before it
_AGAINST = Expression(
    r"(?P<sign>(?<![\d%\p{L})])[-+])?\d+(?:\.\d+)?\s?%(?P<rest>(?:\([^()]*\))?[^%;。\d]{0,44}(?:compare"
    r"d (?:with|to)|vs\.?|versus|对|比|和|与|and|组|、|,)[^%;。\d]{0,20})$"
)
_OF_ITSELF = Expression(
    r"\s?of (?:their|its|his|her|the|initial|baseline|body|total)\s(?:initial\s|baseline\s|own\s|"
    r"body\s|starting\s){0,2}(?:weight|bodyweight|body weight|volume|value|mass)"
)
#: before the second number of a change
_FROM_TO = Expression(r"\bfrom\s[\d.]+\s?%(?:\s?\([^()]*\))?\sto\s$")
_SHARE_TOLD = Expression(
    r"(?:以上|[≥>]\s?\d+\s?%)[^,。;\d]{0,6}(?:的)?(?:人|患者|者|比例|受试者)|\b(?:at least|≥)\s?\d+\s?%|"
    r"\b(?:occurred|developed|was (?:seen|observed|reported|found|noted))\s(?:(?:more|less|most|much|significantly|often|frequently|commonly)\s){0,3}(?:in|among)\b|发生率|更常见于|多见于"
)
#: from the percentage before to the other group's: ``,安慰剂组为``
_LAST_PERCENT = Expression(
    r"%(?P<rest>[^%。;\d]*(?:\d+\s?%)?[^%。;\d]*(?:[,而对比vV]|vs\.?|and|versus)[^%。;,\d]{0,24}?(?:则|仅)?(?:为|是|有)?\s?)$"
)
_OF_PEOPLE = Expression(r"\s?(?:的)?(?:[^,;。\d%]{0,24}?组(?:的)?)?(?:患者|受试者|参与者|人(?![均群])|病例)")
_SHARE = Expression(
    _OF_PEOPLE.pattern + r"|\s(?:of|in)\s(?:the\s|all\s|those\s|"
    rf"these\s)?(?:[\p{{Latin}}-]+\s){{0,3}}?(?:{PEOPLE}"
    r")|\s(?:reached|achieved|attained|met)\s|(?:,\s[\d.]+%)*,?\s(?:and|vs\.?|versus)\s[\d.]+%\s(?:of|in)\s"
)
_SHARE_BEFORE = Expression(
    r"(?:组(?:中)?有|比例|占|率)[^,。;\d]{0,8}$|\b(?:seen|occurred|achieved|observed|reported|found|improved|"
    r"resolved|resolution)\b[^,.;\d]{0,24}\b(?:in|by)\s(?:\d[\d.]*\s?%[^.;%\d]{0,60}\b(?:compared (?:with|to)|versus|vs\.?|and)\s(?:in\s|only\s)?)?$|"
    rf"\b(?:[Mm]ore|[Ff]ewer)\s(?:of the\s)?(?:{PEOPLE})\b[^.;%]{{0,60}}[(](?:\d[\d.]*\s?%[^%()]{{0,20}})?$|"
    rf"\b(?:[Pp]roportions?|[Pp]ercentages?|[Ss]hares?)\sof\s(?:the\s)?(?:\p{{Latin}}+\s){{0,2}}?(?:{PEOPLE})\b[^.;%]{{0,110}}[(](?:\p{{Latin}}[\p{{Latin}}\s]{{2,30}},\s)?$|"
    r"\b(?:below|above|under|at least|or more|or less|over)\b[^,.;%]{0,40}\b(?:in|by)\s$"
)


def _statistic(before: str, after: str, outcome: str) -> str:
    """``mean`` or ``median`` where the clause of a number says so, the nearest word counting; else empty."""
    clause = before[max(before.rfind("。"), before.rfind(";")) + 1 :]
    clause = _OF_OTHERS.sub("", clause)[-_REACH:] + " " + outcome
    mean = max((m.end() for m in _MEAN.finditer(clause)), default=-1)
    median = max((m.end() for m in _MEDIAN.finditer(clause)), default=-1)
    if mean == median:
        return "mean" if _MEAN_AFTER.match(after) else ""
    return "mean" if mean > median else "median"


def _spans(r: Result, page: Page) -> tuple[int, int, str, str]:
    base = r.sentence.start
    a, b = page.original(base + r.quantity.start, base + r.quantity.end)
    interval = ""
    if r.quantity.interval is not None:
        i, j = page.original(base + r.quantity.interval.start, base + r.quantity.interval.end)
        interval = page.source_text[i:j]
    return a, b, page.source_text[a:b], interval


def _limits(q: Quantity) -> tuple[float | None, float | None, str]:
    if "range" in q.flags:
        return q.lower, q.upper, "range"
    if q.interval is not None:
        return q.interval.lower, q.interval.upper, q.interval.type
    return None, None, ""


def _outcome_text(r: Result, page: Page) -> str:
    return page.printed(r.outcome.text, r.sentence.end) if r.outcome else ""


#: after a percentage that is a rate over time
_PER_TIME = Expression(r"\s?(/\s?(?:yr|year|y\b|年|人年)|(?:per|a) (?:patient-?|person-?)?\s?year)")


_SPACES = Expression(r"\s+")


def _tidy(text: str) -> str:
    return str(_SPACES.sub(" ", text)).strip()


def measurement_row(
    r: Result, page: Page, confidence: float, key: str, doc_id: str, study_id: str, arm_id: str
) -> MeasurementRow:
    """A result of one group as a row of ``measurements``."""
    q = r.quantity
    start, end, quote, interval = _spans(r, page)
    lower, upper, kind = _limits(q)
    unit = q.unit
    if unit == "%" and (rate := _PER_TIME.match(r.sentence.text, q.end)):
        unit += rate[1] if rate[1].startswith("/") else f" {rate[1]}"
    if not unit and q.kind in ("mean", "number") and r.outcome and _DAYS.search(r.outcome.text):
        unit = "day"
    return MeasurementRow(
        key, doc_id, study_id, arm_id, r.outcome.concept if r.outcome else "",
        _outcome_text(r, page), _param_type(r), q.relation,
        None if "range" in q.flags else q.value, unit, lower, upper, kind, q.events, q.participants,
        r.time, page.printed(r.population, r.sentence.end), r.assertion, quote, interval, start, end, _tidy(r.sentence.text), q.rule, confidence,
    )  # fmt: skip


def analysis_row(
    r: Result,
    page: Page,
    confidence: float,
    key: str,
    doc_id: str,
    study_id: str,
    arm_id: str,
    comparator: str,
) -> AnalysisRow:
    """A comparison of two groups as a row of ``analyses``."""
    q = r.quantity
    start, end, quote, interval = _spans(r, page)
    lower, upper, kind = _limits(q)
    name = q.kind.partition(":")[2] or (
        "p" if q.kind == "p" else "risk_reduction" if q.kind == "fraction" else "difference"
    )
    p_quote = ""
    if q.p is not None:
        i, j = page.original(r.sentence.start + q.p.start, r.sentence.start + q.p.end)
        p_quote = page.source_text[i:j]
    return AnalysisRow(
        key, doc_id, study_id, arm_id, comparator, r.outcome.concept if r.outcome else "",
        _outcome_text(r, page), name, q.relation,
        None if name == "p" or "range" in q.flags else q.value, q.unit, lower, upper, kind,
        q.p.relation if q.p else "", q.p.value if q.p else None, r.time, r.population, r.assertion,
        quote, interval, p_quote, start, end, _tidy(r.sentence.text), q.rule, confidence,
    )  # fmt: skip
