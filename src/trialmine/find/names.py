"""Names in a document: interventions, outcomes, studies, authors, citations; and what they stand for.

A name that the text explains itself (``full name (ABBR)``) is added to the document's own lexicon, so
that the short form is known from there on.
"""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import regex

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns, Rule, any_of, iter_rules
from trialmine.core.sieve import Sieve, Sieved, possible
from trialmine.core.words import ENDS_GROUP
from trialmine.find.cited import ranges
from trialmine.find.composed import Composer
from trialmine.find.drugs import DrugFinder
from trialmine.find.lexicon import Hit, Lexicon, Name, build_lexicon, forms
from trialmine.find.likened import likened, may_liken
from trialmine.find.trials import TrialFinder, is_heading_in_capitals
from trialmine.read.segment import HAN, Page, Sentence

#: a word in capitals before another one is a heading's, not a trial's name
_SHOUTED = Expression(r"[A-Z]{3,}(?:,|:|\s-)?\s(?:AND|THE|FOR|[A-Z]{4,})(?![a-z])")
#: right before what a group was given, or went through
_HAD = Expression(r"\b(?:after|than|versus|vs\.?|undergoing|following|received|receiving)\s(?:the\s|an?\s)?$")
INTERVENTIONS = {"drug", "regimen", "procedure", "class"}
_KIND_ORDER = {"drug": 0, "regimen": 1, "procedure": 2, "class": 3, "outcome": 4, "study": 5}
#: rules that find anchors, and the turn in which they do; known names of studies have the third turn
_ANCHORS = {"registry_id": 1, "citation": 1, "family": 2, "study": 4, "author": 5, "new_study": 6}
_GIVEN, _QUOTES = "给予", '"“”„‟＂「」『』﹁﹂'
#: around the last name of a combination whose bracket calls the group
_OF_GROUP = Expression(r"\)?(?:治疗)?组")
_ADDED_TO = Expression(r"(?<!\)\s?)(?:联合|加用?|\+|序贯|并用|合并)\s?$")
_ALIAS = Expression(
    r"(?P<gap>[率片胶囊期组方案疗法者注射液 s]{0,4})\((?:(?P<long>[A-Za-z][^(),;:。]{4,60}),\s?)?(?:简称|以下简称|后续简称|下称|即|or )?\"?(?P<short>\p{Latin}[\p{Latin}\p{Greek}\d/+-]{1,14}|[\p{Han}\p{Latin}+]{2,8}(?=组合|方案))(?P<more>组合|方案)?\"?(?=[),;])"
)


#: a treatment whose words a hyphen joins before the word for its group
_HYPHENED = Sieved(
    Expression(
        r"(?<![\p{L}\d-])\p{Latin}{2,}(?:-\p{Latin}{2,}){1,3}(?=\s(?:groups?|arms?|cohorts?|recipients|patients|participants)\b)"
    )
)
#: how the names of Chinese formulas end, which may hold the name of a herb, and characters that are too many for a herb's
_FORMULA = ("汤", "方", "散", "饮", "煎", "丹", "合剂")
_LONGEST_HERB = 4
_PERIOD = Expression(r"围手术[期中]")
#: behind an examination: what was seen in it
_SHOWED = Expression(
    r"(?:检查|扫描|复查|评估)?(?:\s?\([^()]{1,30}\))?(?:结果)?(?:显示|示(?!范)|证实|提示|发现|未见|可见)"
)
#: a word for those who are only watched, where it tells what the authors did
_WATCHING = Expression(
    r"(?<!接受|进行|采用|采取|给予|予|行|仅|只|单纯|临床|密切|定期|继续|保守|或|与|和|比|对照|分为|分到)观察(?!组|臂|队列|对照|等待|[,。;、:()\s\d/+]|$|和|与|或|及|者|而|单独|vs|相比)"
)
#: an analysis of several studies that are named, before it or behind it
_POOLED = Expression(
    r"(?<=^|[,;。:对(]|包括|纳入|合并|汇总了?|将|一项)[^,;。:%]{0,6}(?=[A-Z])(?:(?!显示|表明|发现|提示|证实)[^。;%=]){3,400}?(?:研究|试验)(?:的|进行的?|数据的?|患者的?|个体|水平|数据|[,、]?纳入[^。;%]{1,20}的)*(?:荟萃|汇总|合并|[Mm]eta-?\s?|综合|集成)分析|"
    r"(?i:pooled|combined|integrated|meta-)\s?analys[ei]s\s(?:of|from|that included)\s(?:data from\s)?(?:the\s)?(?:\p{L}+\s){0,3}?(?=[A-Z])[^.;%]{3,120}?\b(?:trials|studies)\b"
)
_MAY_BE_POOLED = possible(_POOLED)
#: what makes a study's name part of another one: the U- of U-NAME
_PREFIXED = Expression(r"(?<![\p{Latin}\d])[A-Z]{1,3}-$")
#: before a group of one study: ``51% of the X cohort``
_SHARE_OF = Expression(r"%\sof\s$")
_LONGER = Expression(
    r"-(?:\d{1,4}|[A-Z]{1,4}\d{0,3}|[A-Z][a-z]{2,12}\d{1,3})(?![\p{Latin}\d.%-])|"
    r"\s(?:\d{1,4}|I{1,3}|IV)(?=\s?(?:研究|试验|/\s?(?:NCT|ChiCTR)|\((?:NCT|ChiCTR|n\s?=))|\s(?:trial|study|compared|followed|extended|evaluated|assessed|tested|enrolled|randomi[sz]ed|showed|demonstrated)\b)"
    r"|(?<=-\d)\.\d{2,3}(?![\d%.])(?=\s?(?:I{1,3}|IV|[1-4])?[ab]?\s?(?:期|研究|试验|trial|study))"
)
_NEXT_NUMBER = Expression(
    r"\s?(?:和|与|及|/|、|,\s?(?:and\s)?|\band\s|&)\s?-?(?P<n>\d{1,3}|I{1,3})(?![\p{Latin}\d.%]|,\d{3}|-\p{Ll}|\s?(?:年|个?月|周|天|例|名|项|期|%|patients|years|months|weeks|other|further|additional|more))"
)
_TOKEN = r"(?<![\p{Latin}\d-])[A-Z][\p{Latin}\d-]{0,6}[A-Z\d+][\p{Latin}\d+-]{0,8}"
#: XYZ (A + B), XYZ方案(A+B)
_SPELT_OUT = Expression(rf"(?P<short>{_TOKEN})(?:方案|组合|组|疗法|regimen)?\s?\((?P<body>[^()]{{3,90}})\)")
#: A plus B (XYZ): the bracket, with what may stand before it
_NAMED_AFTER = Expression(
    rf"(?:组|方案|治疗|疗法|化疗|(?:[二三四五双两][药联])+(?:联合|方案|治疗|疗法|化疗)*)?\s?\((?P<short>{_TOKEN})(?:组|(?P<plan>方案|组合))?\)"
)
_JOIN = Expression(
    r"[\s.·]*(?:\+|/|联合|加|以及|和|与|及|plus|and|combined with|in combination with|[,、](?:\s?and\s)?)[\s.·]*"
)
#: the first letters of what is listed before their bracket
_INITIALS = Expression(r"\s?\((?P<short>\p{Lu}\p{L}{1,4})\)")
_JOINED = Expression(r"\+|联合|plus|combin|[二三四五双两][药联]")
#: what tells that the treatments in a bracket are one regimen, not several of a kind
_PLAN = Expression(r"方案|组合|疗法|化疗|\bregimens?\b")
_PLAN_BEHIND = Expression(
    r"\s?(?:方案|组合|疗法|化疗|regimens?\b|(?:或|和|与|及|、|\bor\b|\band\b|\s)+[A-Z][\p{Latin}\d+-]{1,10}\s?\([^()]*\)\s?(?:方案|组合|疗法|化疗|regimens?\b))"
)


#: behind an abbreviation that stands for something measured here: XYZ从0.30 ng/mL升至0.51 ng/mL
_LEVEL = Expression(
    r"\s?(?:水平|浓度|含量|值|levels?\b|concentrations?\b)|\s?(?:分别)?(?:由|从|为|是|升至|降至|=|:|[(\[]|was|were|from)?\s?[(\[]?\d[\d.]*(?:\s?±\s?\d[\d.]*)?[)]?\s?(?:[nmpuμ]?g|[nmpuμ]?mol|m?I?U)/(?:m?L|d[lL]|l)"
)
_LONGEST_SHORT = 4


def _is_measured(text: str, h: Hit) -> bool:
    """Whether a drug's abbreviation is that of something measured here."""
    printed = text[h.start : h.end]
    short = len(printed) <= _LONGEST_SHORT and printed.isascii() and printed.isupper()
    return short and _LEVEL.match(text, h.end) is not None


#: groups called by capitals: ``VDZ-treated``, ``VDZ组``, ``the ALN and MAS3 groups``
_CALLS_GROUP = Expression(
    r"(?<![\p{Latin}\d+/-])(?P<n>\p{Lu}{2,5}\d?)(?=-(?:treated|exposed)\b|\s(?:group|arm|recipients?|monotherapy|users?)\b|(?:\s(?:and|or|vs\.?|versus)\s(?:the\s)?\p{Lu}{2,5}\d?)?\s(?:groups?|arms)\b|"
    rf"(?:单药|治疗)?组{ENDS_GROUP})"
)
_ONE_DRUG = Expression(r"\p{Lu}{3,4}")


def _in_order(short: str, name: str) -> bool:
    """Whether a name has the letters of a short one in their order."""
    letters = iter(name.lower())
    return all(c in letters for c in short.lower())


#: between the drugs of a combination
_TOGETHER = Expression(r"\s?[-/+]\s?|\s(?:plus|combined with|in combination with)\s|联合|\s?加\s?")
#: more parts than a combination has of which a text makes a short name
_PARTS = 5


def _joined(text: str, hits: Sequence[Hit]) -> list[tuple[str, ...]]:
    """The drugs of each combination of a sentence."""
    found: list[tuple[str, ...]] = []
    run: list[Hit] = []
    for h in [*hits, None]:
        if h is not None and run and _TOGETHER.fullmatch(text, run[-1].end, h.start):
            run.append(h)
            continue
        parts = tuple(dict.fromkeys(x.name.concept for x in run if x.name.kind == "drug"))
        if len(run) == len(parts) and 1 < len(parts) < _PARTS:
            found.append(parts)
        run = [h] if h is not None else []
    return found


def _spells(short: str, parts: Sequence[str]) -> bool:
    """Whether a short name has the initial of each part, in any order, and behind it only letters of that part in theirs."""
    if not parts:
        return not short
    return any(
        short[:1] == p[:1]
        and any(
            _in_order(short[:n], p) and _spells(short[n:], [*parts[:i], *parts[i + 1 :]])
            for n in range(1, len(short) - len(parts) + 2)
        )
        for i, p in enumerate(parts)
    )


@dataclass(frozen=True, slots=True)
class Anchor:
    """Something that tells which study is meant, at ``[start, end)`` of a sentence."""

    kind: str
    start: int
    end: int
    value: str


def _tables(patterns: Patterns) -> tuple[dict[str, str], dict[str, str], list[str]]:
    """Classes by what they inhibit, drugs by their names in small letters, and the names of families of studies."""
    lex = patterns.lexicons
    inhibitors = {
        e.form.removesuffix("抑制剂"): e["concept"]
        for e in lex["procedures"]
        if e["kind"] == "class" and e.form.endswith("抑制剂")
    }
    drugs = {e.form.lower(): e["concept"] for e in lex["drugs"] if e["kind"] in ("inn", "name")}
    return inhibitors, drugs, [e.form for e in lex["studies"] if e["kind"] == "family"]


class NameFinder:
    """Finds names by the lexicons and by the rules of ``names.toml``."""

    def __init__(self, patterns: Patterns) -> None:
        self._lexicon = build_lexicon(patterns)
        self._of_the_body = patterns.compile(_OF_THE_BODY)
        self._composer = Composer(patterns)
        rules = list(iter_rules(patterns, "names"))
        self._drugs = Sieve((r, r.regex) for r in rules if r.kind in ("drug", "code"))
        self._targets = Sieve((r, r.regex) for r in rules if r.kind == "target")
        code = Path(__file__).read_bytes()
        self._inhibitors, self._concepts, families = patterns.table("drugs", code, lambda: _tables(patterns))
        families += [f[0].swapcase() + f[1:] for f in families if len(f) > 5 and not f.isupper()]
        families += [f.upper() for f in families if len(f) > 5 and f.upper() not in families]
        joined = any_of(tuple(families)) if families else "(?!)"
        capital = sorted({f.capitalize() for f in families if len(f) > 5 and f.isalpha()})
        family = Expression(
            rf"(?<![\p{{Latin}}\d]){any_of(tuple(capital)) if capital else '(?!)'}[- ]?\d{{2,4}}(?![\p{{Latin}}\d%]|\.\d|\s?(?:mg|patients|participants|weeks|months|days|例|个|周|年|月|天))|"
            rf"(?<![\p{{Latin}}\d]){joined}(?:-\s|[- ])?(?:\p{{Latin}}+-?)?\d{{1,4}}[A-Za-z]?(?![\p{{Latin}}\d%]|\.\d|\s?(?:patients|例|个|周|年|天))|"
            rf"(?<=^[\p{{Lu}}\s,-]{{4,40}}:\s){joined}(?=[.:])|"
            # a trial that is called like its family: X和Y均设安慰剂组, 有应答者进入X
            rf"(?=[A-YZ][A-Z-])(?<![\p{{Latin}}\d-]){joined}(?=(?:和|与|及|、)[A-Z][A-Z\d -]{{3,}}(?:均|都|两项)|(?:均|都)(?:设|为|纳入|采用|入组|显示|证实|表明|达))|"
            rf"(?<=[A-Z\d](?:和|与|及|、)){joined}(?=均|都|两项)|(?<=进入|转入|见于|来自){joined}(?=[,;。中研试]|后)"
        )
        rules.append(Rule("family", "family", family, (), (), "studies.csv"))
        rules = sorted((r for r in rules if r.kind in _ANCHORS), key=lambda r: _ANCHORS[r.kind])
        self._anchors = Sieve((r, r.regex) for r in rules)
        self._spellings: dict[str, str] = {}
        #: what was found in the sentences of a page, and by which lexicon
        self._kept: dict[str, tuple[list[Anchor], list[tuple[int, int]]]] = {}
        self._kept_of: Lexicon | None = None
        self._not_study = set(patterns.cues.get("not_study", ()))
        #: which of several regimens of one name, right before it
        self._which = patterns.compile(r"(?P<k>(?:{{regimen_sort}})\s?)$")
        self._trials, self._new_drugs = TrialFinder(patterns), DrugFinder(patterns)
        self._new_care = DrugFinder(patterns, "treatment")
        #: what tells nothing of the sort of a treatment, before its name
        self._no_sort = patterns.compile(r"(?:{{give_how}}|{{around_surgery}}|{{manner_han}}|的)*")

    def lexicon_for(self, page: Page) -> Lexicon:
        """The lexicon with the page's own abbreviations and names of trials added; what was kept of the last page is dropped."""
        self._kept_of = None
        aliases: list[tuple[str, Name]] = []
        for sentence in page.sentences:
            if "(" not in sentence.text:
                continue
            aliases += self._combinations(sentence)
            for hit in self._lexicon.find(sentence.text):
                match = _ALIAS.match(sentence.text, hit.end)
                if match is None or (
                    hit.name.kind != "drug"
                    and _OF_GROUP.match(sentence.text, match.end())
                    and _ADDED_TO.search(sentence.text, 0, hit.start)
                ):
                    continue  # A加B(AB)组: it stands for both
                short = match["short"] + (match["more"] or "")
                known = {h.name.kind for h in self._lexicon.find(short) if h.end - h.start == len(short)}
                # an intervention that the text explains wins over a known outcome's abbreviation
                anew = known == {"outcome"} and hit.name.kind in INTERVENTIONS
                level = not known and hit.name.kind == "outcome" and hit.name.detail == "level"  # 心率(HR)
                if (anew or not known) and self._abbreviates(
                    text_of(sentence, hit), short, hit.name.concept, anew or level
                ):
                    aliases.append(
                        (short, Name(hit.name.kind, hit.name.concept, hit.name.detail, cased=True))
                    )
        aliases += self._unexplained(page, {form for form, _ in aliases})
        aliases = _told_apart(aliases)
        short = {form for form, _ in aliases}
        trials = self._trials.names(page.sentences, lambda word: word in short or self._means(word))
        aliases += [(word, Name("study", word, cased=True)) for word in trials]
        meant = {form.lower() for form, _ in aliases}
        drugs = self._new_drugs.names(page.sentences, lambda word: word in meant or self._is_known(word))
        end = len(page.folded.text)
        aliases += [(w, Name("drug", w if w.isascii() else page.printed(w, end))) for w in drugs]
        care = self._new_care.names(page.sentences, self._is_known_care)
        aliases += [(w, Name("procedure", page.printed(w, end).strip(_QUOTES))) for w in care]
        return Lexicon(forms(aliases), self._lexicon) if aliases else self._lexicon

    def _is_known_care(self, words: str) -> bool:
        """Whether words for what a group was given are a treatment that is known, or one that they only tell more of."""
        before, words = _GIVEN, words.strip('"')  # a head that is none alone counts where it is given
        found = self._composer.compose(before + words, self._lexicon.find(before + words))
        return any(h.name.kind in INTERVENTIONS for h in found) or self._no_sort.fullmatch(words) is not None

    def _unexplained(self, page: Page, explained: set[str]) -> list[tuple[str, Name]]:
        """Short names of groups that a page never explains, where one treatment of it alone is spelt by their letters.

        A drug has them in their order, a combination and a name of several words have one for each part.
        """
        called = {m["n"] for s in page.sentences for m in _CALLS_GROUP.finditer(s.text)}
        called = {w for w in called - explained - self._not_study if not self._means(w)}
        if not called:
            return []
        drugs: set[str] = set()
        named: dict[tuple[str, ...], Name] = {}
        for s in page.sentences:
            hits = [h for h in self._lexicon.find(s.text) if h.name.kind in INTERVENTIONS]
            drugs.update(h.name.concept for h in hits if h.name.kind == "drug")
            for h in hits:
                words = tuple(s.text[h.start : h.end].lower().replace("-", " ").split())
                if h.name.kind == "regimen":
                    named[tuple(h.name.detail.split(" + "))] = h.name
                elif h.name.kind in ("procedure", "class") and 1 < len(words) < _PARTS:
                    named[words] = h.name
            for parts in _joined(s.text, hits):
                named[parts] = Name("regimen", " + ".join(parts), " + ".join(parts), cased=True)
        found = []
        for w in sorted(called):
            letters = w.rstrip("0123456789").lower()
            fits = {n.detail or n.concept: n for parts, n in named.items() if _spells(letters, parts)}
            if _ONE_DRUG.fullmatch(w):
                fits |= {d: Name("drug", d) for d in drugs if d[:1] == w[0].lower() and _in_order(w, d)}
            if len(fits) == 1:
                found += [(w, n._replace(cased=True)) for n in fits.values()]
        return found

    def _is_known(self, word: str) -> bool:
        """Whether what may be a drug's name means something; a Chinese formula may begin with the name of its first herb."""
        if word.isascii():
            return self._means(word)
        hits = [h for h in self._lexicon.find(word) if h.name.kind in INTERVENTIONS]
        herbs = word.endswith(_FORMULA) and all(h.end - h.start < _LONGEST_HERB for h in hits)
        return any(h.end == len(word) for h in hits) or bool(hits and not herbs)

    def outcome(self, words: str) -> Name | None:
        """The outcome that the lexicon knows by just these words, or None."""
        hits = self._lexicon.find(words)
        whole = [h for h in hits if h.name.kind == "outcome" and h.start == 0 and h.end == len(words)]
        return whole[0].name if whole else None

    def _means(self, word: str) -> bool:
        """Whether a word, or what it begins with, is a name of the lexicon, or a drug's code."""
        coded = any(
            m.span() == (0, len(word)) for r in self._drugs.passing(word) for m in r.regex.finditer(word)
        )
        return coded or any(h.start == 0 for h in self._lexicon.find(word))

    def _combinations(self, sentence: Sentence) -> list[tuple[str, Name]]:
        """Short names that a text gives a combination: ``XYZ (A + B + C)``, ``A plus B (XYZ)``; a trial's name is none."""
        found = []
        text = sentence.text
        spelt = list(_SPELT_OUT.finditer(text))
        trials = [a for a in self.anchors(sentence, self._lexicon) if a.kind == "study"] if spelt else []
        for m in spelt:
            if any(a.start < m.end("short") and m.start("short") < a.end for a in trials):
                continue
            treatment = any(h.name.kind in ("drug", "procedure") for h in self._lexicon.find(m["short"]))
            if (parts := self._parts(m["body"], known=not treatment)) and self._one_regimen(
                text, m, len(parts)
            ):
                found += self._called(m["short"], parts)
                if kind := self._which.search(text, 0, m.start()):  # 强效XYZ(A+B), where XYZ is other ones
                    found += self._called(kind["k"] + m["short"], parts)
        for m in _NAMED_AFTER.finditer(text):
            chain = text[max(0, m.start() - 80) : m.start()]
            chain = chain[1 + max(chain.rfind(c) for c in ",;。:(") :]
            if not _JOINED.search(chain):
                continue
            parts = self._parts(chain, anywhere=True)
            same = "+" in m["short"] or m["plan"] or (parts and parts[0][:1].upper() == m["short"][:1])
            if parts and same:
                found += self._called(m["short"], parts)
        for m in _INITIALS.finditer(text):
            if parts := self._by_initials(m["short"], text[max(0, m.start() - 120) : m.start()]):
                found += self._called(m["short"], parts)
        return found

    def _by_initials(self, short: str, before: str) -> list[str]:
        """The treatments listed right before a bracket whose initials are its letters: ``A and B (AB) with or without C (CAB)``."""
        listed = before.removesuffix(" alone")
        hits = [h for h in self._lexicon.find(listed) if h.name.kind in INTERVENTIONS][-len(short) :]
        gaps = [listed[a.end : b.start] for a, b in itertools.pairwise(hits)]
        apart = len(hits) < 2 or len(hits) != len(short) or listed[hits[-1].end :].strip()
        if apart or not all(_JOIN.fullmatch(" ".join(g.split())) for g in gaps):
            return []
        initials = sorted(listed[h.start].lower() for h in hits)
        return [h.name.concept for h in hits] if initials == sorted(short.lower()) else []

    def _called(self, short: str, parts: list[str]) -> list[tuple[str, Name]]:
        """A regimen's short name, also as the lexicon has it for another one: ``XYZ方案``."""
        name = Name("regimen", short, " + ".join(parts), cased=True)
        longer = [f"{short}{x}" for x in ("方案", " regimen")]
        return [(x, name) for x in (short, *(x for x in longer if self._lexicon.find(x)))]

    def _one_regimen(self, text: str, m: Any, n: int) -> bool:
        """Whether what a bracket lists is one regimen; ``PPI (A, B)`` are several of one kind."""
        if _JOINED.search(m["body"]) or _PLAN.search(text, m.end("short"), m.start("body")):
            return True
        if _PLAN_BEHIND.match(text, m.end()):
            return True
        known = any(h.name.kind in INTERVENTIONS - {"regimen"} for h in self._lexicon.find(m["short"]))
        return not known and sum(c.isupper() for c in m["short"]) == n

    def _parts(self, body: str, anywhere: bool = False, known: bool = False) -> list[str]:
        """The interventions that a stretch joins to one treatment, or none; ``anywhere`` allows words before them."""
        hits = [h for h in self._lexicon.find(body) if h.name.kind in INTERVENTIONS]
        gaps = [body[a.end : b.start] for a, b in itertools.pairwise(hits)]
        edges = [] if anywhere else [body[: hits[0].start], body[hits[-1].end :]] if hits else [body]
        whole = known and len(hits) == 1 and hits[0].name.kind == "regimen"  # the lexicon has the combination
        if (
            (len(hits) < 2 and not whole)
            or not all(_JOIN.fullmatch(g) for g in gaps)
            or any(e.strip() for e in edges)
        ):
            return []
        parts: list[str] = []
        for h in hits:
            parts += (
                [p.strip() for p in h.name.detail.split(" + ")]
                if h.name.kind == "regimen"
                else [h.name.concept]
            )
        return list(dict.fromkeys(parts))

    def _abbreviates(self, name: str, short: str, concept: str, known: bool = False) -> bool:
        """Whether a bracketed word can be short for a name: capitals for a Chinese name, initials for a Latin one.

        Or its letters stand in the concept's name in the same order: 某某某 (Xyz), xaybzine. ``known`` is a word
        that means something else where no text explains it.
        """
        if (short in self._not_study and not known) or len(short) < 2:
            return False
        capitals = [c for c in short if c.isupper() or c.isdigit()]
        if not short.isascii() and any("\u4e00" <= c <= "\u9fff" for c in short):
            return short.endswith(("组合", "方案"))
        if name.isascii():
            return len(capitals) >= 2 and short[0].lower() == name[0].lower()
        if len(capitals) >= 2 and len(capitals) * 2 >= len(short):
            return True
        in_order = short.isascii() and short.isalpha() and _in_order(short, concept)
        return in_order and len(short) >= 3 and short[0].isupper() and short[0].lower() == concept[0].lower()

    def names(self, sentence: Sentence, lexicon: Lexicon) -> list[Hit]:
        """Interventions and outcomes of a sentence, left to right, one meaning a place and kind."""
        text = sentence.text
        known = lexicon.find(text)
        known = [
            Hit(h.start, h.end, Name("outcome", text[h.start : h.end], "level"))
            if h.name.kind == "drug" and _is_measured(text, h)
            else h
            for h in known
        ]
        hits = _one_kind(
            text, [h for h in known if h.name.kind != "study" and not _in_a_word(text, h, self._of_the_body)]
        )
        if HAN.search(text):
            hits = self._composer.compose(text, hits)
        taken = bytearray(len(text))
        for h in known:  # a known study's name isn't a drug's code; 单抗 is part of a new drug's name
            if h.name.kind != "class":
                taken[h.start : h.end] = b"\1" * (h.end - h.start)
        for rule in self._drugs.passing(text):
            for match in rule.regex.finditer(text):
                a, b = match.span()
                if taken.find(1, a, b) >= 0:
                    continue
                taken[a:b] = b"\1" * (b - a)
                printed = match.group()
                concept = printed if rule.kind == "code" else self._respelt(printed)
                hits = [h for h in hits if not (h.name.kind == "class" and a <= h.start and h.end <= b)]
                hits.append(Hit(a, b, Name("drug", concept)))
        for m in _HYPHENED.finditer(text):  # the usual-care group
            if not any(h.start < m.end() and m.start() < h.end for h in hits):
                spelt = lexicon.find(m.group().replace("-", " "))
                hits += [
                    Hit(m.start(), m.end(), h.name)
                    for h in spelt
                    if h.name.kind in INTERVENTIONS and h.end - h.start == len(m.group())
                ][:1]
        for rule in self._targets.passing(text):
            for match in rule.regex.finditer(text):
                a, b = match.span("n")
                concept = self._inhibitors.get(match["n"])
                if concept and not any(h.start < b and a < h.end for h in hits):
                    hits.append(Hit(a, b, Name("class", concept)))
        if may_liken(text) and (like := self._anchored(text, lexicon)[1]):
            hits = [
                h
                for h in hits
                if h.name.kind not in INTERVENTIONS or not any(a <= h.start < b for a, b in like)
            ]
        return sorted(hits, key=lambda h: (h.start, h.end))

    @cached_property
    def _by_shape(self) -> dict[tuple[str, str], list[str]]:
        """The drugs' names by their first and last letters."""
        found: dict[tuple[str, str], list[str]] = {}
        for form in self._concepts:
            if len(form) > 3:
                found.setdefault((form[:1], form[-2:]), []).append(form)
        return found

    def _respelt(self, printed: str) -> str:
        """The known drug that a name with a drug's stem misspells by a letter or two, else the name itself."""
        key = printed.lower()
        if key not in self._spellings:
            same = self._by_shape.get((key[:1], key[-2:]), []) + self._by_shape.get((key[1:2], key[-2:]), [])
            close = difflib.get_close_matches(
                key, same, n=1, cutoff=0.8 if not key.isascii() and len(key) < 8 else 0.88
            )
            self._spellings[key] = self._concepts[close[0]] if close else key
        return self._spellings[key]

    def anchors(self, sentence: Sentence, lexicon: Lexicon) -> list[Anchor]:
        """What tells the study in a sentence, left to right."""
        found, like = self._anchored(sentence.text, lexicon)
        return [x for x in found if not any(a <= x.start < b for a, b in like)]

    def _anchored(self, text: str, lexicon: Lexicon) -> tuple[list[Anchor], list[tuple[int, int]]]:
        """The same before the studies that another one is only likened to are left out, and the parts that name these."""
        if lexicon is not self._kept_of:
            self._kept_of, self._kept = lexicon, {}
        if text not in self._kept:
            self._kept[text] = self._find_anchors(text, lexicon)
        return self._kept[text]

    def _find_anchors(self, text: str, lexicon: Lexicon) -> tuple[list[Anchor], list[tuple[int, int]]]:
        found: list[Anchor] = []
        taken = bytearray(len(text))

        def add(kind: str, start: int, end: int) -> None:
            if taken.find(1, start, end) < 0:
                taken[start:end] = b"\1" * (end - start)
                found.append(Anchor(kind, start, end, text[start:end].strip()))

        rules = list(self._anchors.passing(text))
        no_works = ranges(text)
        for rule in rules:
            if _ANCHORS[rule.kind] < 3:
                for m in rule.regex.finditer(text):
                    if m.start() in no_works:
                        continue
                    if rule.kind != "family":
                        add(rule.kind, *_span(m))
                    elif not any(  # a code that a known drug shares with a family of studies
                        h.name.kind == "drug" and (h.start, h.end) == m.span()
                        for h in self._lexicon.find(text)
                    ):
                        add("study", *m.span())
        known = lexicon.find(text)
        others = {(h.start, h.end) for h in known if h.name.kind != "study"}
        for hit in known:
            if (
                hit.name.kind == "study"
                and not _PREFIXED.search(text[max(0, hit.start - 5) : hit.start])
                and not ((loud := _SHOUTED.match(text, hit.start)) and loud.end() > hit.end)
            ):
                add("study", hit.start, _whole(text, hit.end))
        shouted = is_heading_in_capitals(text)
        for rule in rules:
            if _ANCHORS[rule.kind] > 3 and not (shouted and rule.kind == "study"):
                for m in rule.regex.finditer(text):
                    a, b = _span(m)
                    if rule.kind == "new_study":
                        if _SHARE_OF.search(text, max(0, a - 8), a):
                            continue
                        found.append(Anchor(rule.kind, a, b, ""))
                    elif text[a:b] not in self._not_study and (a, b) not in others:
                        add(rule.kind, a, _whole(text, b) if rule.kind == "study" else b)
        for m in _POOLED.finditer(text) if _MAY_BE_POOLED(text) else ():
            # what is told of it is of none of the studies that were put together
            together = [x for x in found if x.kind == "study" and m.start() <= x.start < m.end()]
            if len(together) > 1:
                found = [
                    x
                    for x in found
                    if x not in together and not (x.kind == "new_study" and m.start() <= x.start < m.end())
                ]
                found.append(Anchor("new_study", together[0].start, m.end(), ""))
        for anchor in [x for x in found if x.kind == "study"]:
            for start, end, name in _numbered_after(text, anchor):
                if taken.find(1, start, end) < 0:
                    taken[start:end] = b"\1" * (end - start)
                    found.append(Anchor("study", start, end, name))
        methods = [m.span() for m in _METHOD.finditer(text)]
        found = [
            x for x in found
            if x.kind not in ("author", "citation") or not any(a <= x.start < b for a, b in methods)
        ]  # fmt: skip
        named = sorted((x.start, x.end) for x in found if x.kind in ("study", "author"))
        return sorted(found, key=lambda x: (x.start, x.end)), likened(text, named) if may_liken(text) else []


#: whose method or criteria a study used, with its citation: no study of which results are told
_METHOD = Sieved(
    Expression(
        r"(?:参考|参照|根据|按照?|依据|依照|采用|借鉴|沿用|遵循|应用)(?:了)?[^,。;:\d]{0,30}?(?:等(?:人|学者)?|et al\.?)\s?(?:\[[\d,\s-]{1,12}\])?(?:所?(?:提出|制[定订]|报道|描述|推荐|建立|使用|采用))?的?[^,。;\d%]{0,10}?"
        r"(?:方法|标准|公式|量表|指南|共识|分期|分级|评分|分类|模型|定义|手术方式)(?:\s?\[[\d,\s-]{1,12}\])?|"
        r"\b(?:[Aa]ccording to|[Aa]s described (?:previously )?by|[Aa]s proposed by|[Uu]sing the (?:\p{Ll}+\s){0,3}(?:of|by|described by|proposed by)|[Bb]y the (?:method|criteria|formula|technique) of)\s(?:the (?:\p{Ll}+\s){0,2}of\s)?\p{Lu}[\p{L}’'-]+(?:\s(?:et al\.?|and\s\p{Lu}\p{L}+))\s?(?:[\[(][\d,\s-]{1,12}[\])])?(?=\s?[,.;)]|\s(?:criteria|classification|method)|$)"
    )
)


def _told_apart(aliases: list[tuple[str, Name]]) -> list[tuple[str, Name]]:
    """The short names of a page that mean regimens, each with what it was first said to be: ``XYZ(A+B)…强效XYZ(A+C)``."""
    first: dict[str, str] = {}
    return [x for x in aliases if first.setdefault(x[0], x[1].detail) == x[1].detail]


#: behind the name of something that the body has, or lacks, too: it is no drug there
_OF_THE_BODY = (
    r"(?:{{of_the_body}}|受体(?!激动|拮抗|阻滞|阻断|抑制|降解|调节|靶向|偶联|与|T)|缺乏(?:症|者|患者|组|儿|状态|的)|(?<={{body_needs}}[A-Z]\d{0,2})(?:缺乏|不足|充足|状态))|"
    r"[\s-](?:deficien(?:cy|t)|insufficien(?:cy|t)|sufficien(?:cy|t)|binding protein|receptors?(?!\s(?:agonist|antagonist|blocker|inhibitor|modulator))(?=\s(?:expression|positiv|negativ|status|gene|densit|level))|status\b|quartiles?|tertiles?|quintiles?)"
)


def _in_a_word(text: str, hit: Hit, of_the_body: Expression) -> bool:
    """Whether a name is but a part of a word that means none: the operation of ``围手术期``, an examination that showed something, ``肝素结合蛋白``.

    Or what the authors did: ``目的观察X的疗效``.
    """
    watching = _WATCHING.match(text, hit.start)
    if watching is not None and watching.end() == hit.end:
        return True
    if hit.name.kind in ("drug", "class", "procedure") and of_the_body.match(text, hit.end):
        return True
    return bool(_PERIOD.search(text[max(0, hit.start - 1) : hit.end + 1])) or (
        hit.name.kind == "procedure"
        and text[hit.start : hit.end].endswith(("造影", "CT", "MRI", "超声", "成像"))
        and bool(_SHOWED.match(text, hit.end))
    )


def _whole(text: str, end: int) -> int:
    """Where a study's name ends with the numbers behind it: NAME-7 and NAME 2203 are other studies than NAME."""
    while more := _LONGER.match(text, end):
        end = more.end()
    return end


def _numbered_after(text: str, anchor: Anchor) -> Iterator[tuple[int, int, str]]:
    """The further studies of a list that prints only their numbers: ``NAME 1 and 2``, ``NAME-1、-2和-3``."""
    own = regex.fullmatch(r"(?P<stem>.*?\p{Latin}[\s-]?)(?P<n>\d{1,3}|I{1,3})", anchor.value)
    at = anchor.end
    while own and (m := _NEXT_NUMBER.match(text, at)):
        if m["n"].isdigit() and len(m["n"]) != len(own["n"]):
            return
        yield (*m.span("n"), own["stem"] + m["n"])
        at = m.end()


def text_of(sentence: Sentence, hit: Hit) -> str:
    """The printed form of a hit."""
    return sentence.text[hit.start : hit.end]


def _span(match: Any) -> tuple[int, int]:
    if "n" in match.groupdict() and match["n"] is not None:
        return match.span("n")  # type: ignore[no-any-return]
    return match.span()  # type: ignore[no-any-return]


def _one_kind(text: str, hits: list[Hit]) -> list[Hit]:
    """Where one form has several meanings, keep the likeliest: an outcome before a number, else the name."""
    by_span: dict[tuple[int, int], list[Hit]] = {}
    for h in hits:
        by_span.setdefault((h.start, h.end), []).append(h)
    result = []
    for (_, end), group in by_span.items():
        group.sort(key=lambda h: _KIND_ORDER[h.name.kind])
        if len(group) > 1:
            outcomes = [h for h in group if h.name.kind == "outcome"]
            numeric = regex.match(
                r"\s?(?:率|为|达|发生|水平|值|was|were|of|[:=(])?\s?(?:为|达)?\s?\d", text[end : end + 14]
            )
            had = _HAD.search(text, 0, group[0].start)
            group = outcomes if outcomes and numeric and not had else group
        result.append(group[0])
    return sorted(result, key=lambda h: h.start)
