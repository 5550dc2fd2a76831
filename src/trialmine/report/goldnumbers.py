"""What the numbers of a gold row have to do with each other and with its quote."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Literal

Severity = Literal["broken", "draft", "mend", "warn"]


def number_faults(row: Mapping[str, Any], unread: Collection[str] = ()) -> Iterator[tuple[str, Severity]]:
    """What is wrong with the numbers of a measurement or an analysis, and how bad it is.

    Each of its keys may be missing; one that is there fits the schema. ``unread`` are keys whose values don't.
    """
    lower, upper, value, p = (row.get(k) for k in ("lower", "upper", "value", "p_value"))
    if lower is not None and upper is not None and lower > upper:
        yield f"lower {lower} is above upper {upper}", "mend"
    elif value is not None and not _enclosed(row):
        name = str(row.get("interval_type") or "")
        limits = " to ".join("…" if x is None else f"{x:g}" for x in (lower, upper))
        reason = f"the value {value:g} is not within its {name or 'interval'}, {limits}"
        yield reason, "mend" if _CONFIDENCE.search(name) else "warn"
    kind = row.get("param_type")
    if kind == "percentage" and "%" not in unicodedata.normalize("NFKC", str(row.get("unit") or "")):
        yield f"a percentage has the unit {row.get('unit') or 'nothing'}, not %", "mend"
    if p is not None and not 0 <= p <= 1:
        yield f"p_value {p} is not within 0 and 1", "mend"
    yield from _counts(row)
    if row.get("assertion") == "not_reached":
        if value is not None:
            yield f"not_reached has the value {value}", "mend"
        return
    if row.get("quote") is None or kind is None or {"value", "lower", "upper", "p_value"} & {*unread}:
        return
    wanted = [p] if kind == "p" else [lower, upper] if value is None else [value]
    quote = str(row["quote"])
    yield from ((reason, "mend") for reason in _quoted(quote, wanted, row))
    if value is not None:
        yield from ((reason, "warn") for reason in _mistaken(quote, value, kind))


_CONFIDENCE = re.compile(r"\b(?:CI|CrI|confidence|credible)\b|置信|可信", re.IGNORECASE)
#: a type whose limits are no limits of the value: spreads, and quartiles beside a mean
_SPREAD = re.compile(r"\b(?:SD|SE|SEM)\b|标准", re.IGNORECASE)
_QUARTILES = re.compile(r"\bIQR\b|quartile|四分位", re.IGNORECASE)


def _enclosed(row: Mapping[str, Any]) -> bool:
    """Whether the limits enclose the value; a decrease may be told without a sign beside limits with signs."""
    kind, value = str(row.get("interval_type") or ""), float(row["value"])
    if _SPREAD.search(kind) or (_QUARTILES.search(kind) and row.get("param_type") != "median"):
        return True
    low, high = (row.get(k) for k in ("lower", "upper"))
    return any(
        (low is None or low <= v or math.isclose(v, low)) and (high is None or v <= high or math.isclose(v, high))
        for v in (value, -value)
    )  # fmt: skip


#: how many points a percentage may be off its counts: rates are estimated, and populations differ a little
_FAR = 5.0


def _counts(row: Mapping[str, Any]) -> Iterator[tuple[str, Severity]]:
    events, people, value = (row.get(k) for k in ("events", "participants", "value"))
    for name, number in (("events", events), ("participants", people)):
        if number is not None and number < 0:
            yield f"{name} {number} is below 0", "mend"
    if events is None or people is None:
        return
    if events > people:
        yield f"events {events} are above participants {people}", "mend"
    elif people and value is not None and row.get("param_type") == "percentage" and row.get("unit") == "%":
        share = 100 * events / people
        if (row.get("relation") or "=") in ("=", "~") and abs(share - value) > _FAR:
            yield f"{events} of {people} are {share:.1f} %, the value is {value:g}", "warn"


def _quoted(quote: str, wanted: list[float | None], row: Mapping[str, Any]) -> Iterator[str]:
    """What the quote doesn't say of the numbers that it stands for."""
    if None in wanted:
        yield f"no value: the quote is {quote!r}"
    printed = numbers_in(quote) or numbers_in_words(quote)
    if _ALL.search(quote.casefold()) and row.get("participants") is not None:
        printed = [*printed, row["participants"]]
    for number in (n for n in wanted if n is not None):
        if not printed:
            yield f"the quote {quote!r} states no number, the value is {number:g}"
        elif not any(math.isclose(x, abs(number)) for x in printed):
            yield f"the value {number:g} is not the number of the quote {quote!r}"


_SIGNED = re.compile(r"(?:(?<![A-Za-z\d%).])([-+\u2010-\u2015\u2212]))?(\d+(?:\.\d+)?)")
_MINUS = re.compile(r"[-\u2010-\u2015\u2212]")
_OF = re.compile(r"(?<![\d.])(\d+)[例人名]?(?:/|\u2044|(?:out)?of)(\d+)(?![\d.])")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)%")


def _mistaken(quote: str, value: float, kind: str) -> Iterator[str]:
    """A number that stands in the quote, but with the other sign, or beside the one that is meant."""
    plain = _seen_through(quote)
    signs = {m[1] or "" for m in _SIGNED.finditer(plain) if math.isclose(float(m[2]), abs(value))}
    if value and signs and all(s and (value > 0) == bool(_MINUS.match(s)) for s in signs):
        yield f"the value {value:g} has another sign than the quote {quote!r}"
    part = _OF.search(plain)
    if part is None or kind != "percentage":
        return
    some, whole = float(part[1]), float(part[2])
    shares = [float(p) for p in _PERCENT.findall(plain)] or _share(some, whole)
    if not any(math.isclose(abs(value), s) for s in shares):
        for name, number in (("events", some), ("participants", whole)):
            if math.isclose(value, number):
                yield f"the value {value:g} is the {name} of the quote {quote!r}, not its percentage"
                break


# --- digits -------------------------------------------------------------------------------------

_NUMBER = re.compile(r"\d+(?:\.\d+)?|\.\d+")
_TIMES = re.compile(r"百|千|万|萬|亿|億|成|hundred|thousand|million")
_WORTH = {
    "百": 1e2, "千": 1e3, "万": 1e4, "萬": 1e4, "亿": 1e8, "億": 1e8, "成": 10, "hundred": 1e2, "thousand": 1e3,
    "million": 1e6,
}  # fmt: skip
_PART = re.compile(r"(\d+)(?:/|(?:out)?of|in|/)(\d+)|(\d+)分之(\d+)")


def numbers_in(quote: str) -> list[float]:
    """The numbers that a quote may be read as, without signs; none where it has no digit (number words).

    Blanks, thousands' commas, a raised point, LaTeX and O, l, I for digits are seen through; a fraction
    (3/4, 3 of 4, 3 in 4) is also its percentage, rounded to no more than three decimals.
    """
    plain = _seen_through(quote)
    found = []
    for match in _NUMBER.finditer(plain):
        found.append(float(match.group()))
        if after := _TIMES.match(plain, match.end()):
            found.append(found[-1] * _WORTH[after.group()])
    if part := _PART.search(plain.replace("\u2044", "/")):
        some, whole = (part[1], part[2]) if part[1] else (part[4], part[3])
        found += _share(float(some), float(whole))
    return found


def _seen_through(quote: str) -> str:
    plain = re.sub(r"\\[a-zA-Z]+|[\s{}$\\,]", "", unicodedata.normalize("NFKC", quote))
    plain = re.sub(r"(?<=\d)[·•・‧](?=\d)", ".", plain)
    plain = re.sub(r"(?<=[\d.])[Oo](?=[\d.%]|$)|(?<![A-Za-z])[Oo](?=[\d.])", "0", plain)
    return re.sub(r"(?<=[\d.])[lI](?=[\d.%]|$)|(?<![A-Za-z])[lI](?=[\d.])", "1", plain)


def _share(part: float, whole: float) -> list[float]:
    """A fraction as a percentage, rounded in every way that a person may round it."""
    return [round(100 * part / whole, places) for places in range(4)] if whole else []


# --- words --------------------------------------------------------------------------------------

_HAN = {
    c: n
    for n, both in enumerate(("零〇", "一壹", "二两兩", "三", "四", "五", "六", "七", "八", "九"))
    for c in both
}
_HAN_UNIT = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "萬": 10_000, "亿": 10**8, "億": 10**8}
_HAN_NUMBER = f"[{''.join(_HAN)}{''.join(_HAN_UNIT)}]+"
_HAN_WORDS = re.compile(
    rf"(?P<whole>{_HAN_NUMBER})分之(?P<part>{_HAN_NUMBER})|(?P<tenths>{_HAN_NUMBER})成(?P<more>[{''.join(_HAN)}半])?"
    rf"|(?P<number>{_HAN_NUMBER})(?:[点點](?P<decimals>[{''.join(_HAN)}]+))?"
)
_LATIN = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_LATIN_UNIT = {"hundred": 1e2, "thousand": 1e3, "million": 1e6}
_PARTS = {
    "half": 2, "halve": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10,
}  # fmt: skip
_ALL = re.compile(r"\b(?:all|every|everyone|whole)\b|全部|全体|所有|均|皆|都")
#: words that state a number otherwise
_OTHER_WORDS: tuple[tuple[re.Pattern[str], tuple[float, ...]], ...] = (
    (re.compile(r"\b(?:no|none|nobody|nil|not|neither|without|never)\b|[无無未]|没|沒"), (0,)),
    (_ALL, (100,)),
    (re.compile(r"半|\bhalv(?:ed|es|ing)\b"), (50, 0.5)),
    (re.compile(r"多数|多數|大部分|过半|過半|\b(?:majority|most|minority)\b|少数|少數"), (50,)),
    (re.compile(r"\b(?:a|an|single|once)\b|单|單"), (1,)),
    (re.compile(r"翻倍|翻番|加倍|翻了?一番|\b(?:doubl\w*|twice|twofold)\b"), (2, 100)),
    (re.compile(r"\b(?:tripl\w*|trebl\w*|thrice)\b"), (3, 200)),
    (re.compile(r"\bquadrupl\w*"), (4, 300)),
    (re.compile(r"\b(?:dozen|dozens)\b"), (12,)),
    (re.compile(r"倍"), (100,)),
)


def numbers_in_words(quote: str) -> list[float]:
    """The numbers that a quote without digits may state in Chinese or English words; none where it states none."""
    text = unicodedata.normalize("NFKC", quote).casefold()
    found = [*_han_numbers(text), *_latin_numbers(text)]
    for pattern, numbers in _OTHER_WORDS:
        if pattern.search(text):
            found += numbers
    return found


def _han_numbers(text: str) -> Iterator[float]:
    for match in _HAN_WORDS.finditer(text):
        if match["whole"]:
            whole, part = _han(match["whole"]), _han(match["part"])
            yield from (part, *_share(part, whole), *([part / whole] if whole else []))
        elif match["tenths"]:
            yield 10 * _han(match["tenths"]) + {"半": 5, None: 0}.get(
                match["more"], _HAN.get(match["more"], 0)
            )
        else:
            decimals = "".join(str(_HAN[c]) for c in match["decimals"] or "零")
            yield _han(match["number"]) + float(f"0.{decimals}")


def _han(text: str) -> float:
    """A Chinese numeral; digits without units stand side by side (二〇一)."""
    if not any(c in _HAN_UNIT for c in text):
        return float("".join(str(_HAN[c]) for c in text))
    total, section, digit = 0.0, 0.0, 0
    for char in text:
        if char in _HAN:
            digit = _HAN[char]
        elif (unit := _HAN_UNIT[char]) >= 10_000:
            total, section, digit = (total + section + digit or 1) * unit, 0.0, 0
        else:
            section, digit = section + (digit or 1) * unit, 0
    return total + section + digit


def _latin_numbers(text: str) -> Iterator[float]:
    words = re.findall(r"[a-z]+", re.sub(r"(?:-|\b)fold\b|(?<=[a-z])fold\b", " ", text))
    total = 0.0
    last: float | None = None  # the number in the words before
    share_of: float | None = None  # the number before "in" or "out of"
    for word in [*words, ""]:
        part = _PARTS.get(word) or _PARTS.get(word.removesuffix("s"))
        if word in _LATIN:
            last = (last or 0) + _LATIN[word]
        elif word in _LATIN_UNIT:
            total, last = total + (last or 1) * _LATIN_UNIT[word], 0.0
        elif part:
            yield from (*_share(last or 1, part), (last or 1) / part)
            total, last = 0.0, None
        elif word == "and" and last is not None:
            continue
        elif last is not None:
            number, total, last = total + last, 0.0, None
            yield number
            if share_of is not None:
                yield from _share(share_of, number)
            share_of = number if word in ("in", "out", "of") else None
        elif word not in ("of", "every", "the"):
            share_of = None
