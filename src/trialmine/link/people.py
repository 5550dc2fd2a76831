"""Groups of people told by what they are, have or do: ``users`` and ``nonusers``, ``those with low X``, ``X突变患者``和``野生型患者``."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import regex

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns
from trialmine.core.records import Study
from trialmine.core.sieve import Sieved
from trialmine.core.words import NO_GROUP_WORD
from trialmine.find.populations import Population
from trialmine.link.armphrase import DOSE, ArmPhrase
from trialmine.read.segment import HAN

#: what sets people apart before the name of their group
_STRATUM = Expression(
    r"(?:(?:极?高|中高?|低|标准?)(?:危|风险)|[老中青]年|男性|女性|[轻中重]度|(?:I{1,3}|IV)[ABC]?期|[初经]治)(?=\p{Han}|[A-H]组)"
)
#: no word of what tells people apart
_STOP = (
    rf"(?:{NO_GROUP_WORD}|two|three|four|compar(?:ed|ing)|undergoing|showed?|found|developed|experienced|achieved|reached|died|survived|responded|"
    r"received|reported|enrolled|included|involving|mean|median)"
)
_WORD = rf"(?!{_STOP}(?![\p{{L}}\d-]))[\p{{Latin}}\p{{Greek}}\d≥≤<>=][\p{{Latin}}\p{{Greek}}\d.+/≥≤<>='’%-]*(?<!\.)"
#: what stands right before such people
_LEFT = r"(?<=(?:^\s?|[.;:(\[,]\s?|\b(?:in|among|for|of|between|by|with|than|versus|vs\.?|to|and|from|that|whereas|while|but|on|as|all|the|most|comparing|compared|matched)\s))"
_ENDS = rf"(?<!\b(?:with|without|had|have|has|having|who|whose|aged|over|under|in|on|of|not|by|to|was|were|are|is|taking|receiving|using|did|do|at|for))(?=\s?[,.;:()\[\]]|\s?$|\s{_STOP}(?![\p{{L}}\d-])|\s\p{{Ll}}+(?:ly|ed)\b|\s\d[\d.]*\s?(?:%|[(/]|(?:of|vs|versus|to|patients|(?:month|year|week|day)s?)\b))"
#: from people to what they have or do
_HAVING = (
    r"(?:with(?:out)?|lacking|carrying|harbou?ring|having|free of|exposed to|unexposed to|not exposed to|not|never|in the|in|on|aged|over|under|"
    r"taking|receiving|using|undergoing|managed|treated|operated(?:\son)?|born|living|diagnosed|infected|vaccinated|fed|reporting|consuming|drinking|eating|"
    r"sleeping|requiring|of(?=\s(?:normal|low|high|lower|higher|average|advanced|younger|older|any|no|Asian|African|European|White|Black)\b)|"
    rf"(?!{_STOP}(?!\p{{L}}))\p{{Ll}}{{3,}}ing(?=\s)|(?!{_STOP})\p{{Ll}}{{2,}}ed(?=\s(?:by|with|on|to|in|for|at|via|under|before|after|within|early|late|later|earlier|\p{{Ll}}+ly)\b)|(?:who|whose)(?:\s(?:did|do|does|had|have|has|were|was|are|is|underwent|received|took|used|never|ever|developed|experienced|achieved|responded|relapsed|smoked|drank))*(?:\snot|\snever)?)"
)
#: what sets two groups of people against each other, and the words from it to the second one
_AGAINST = r"\b(?:than|versus|vs\.?|(?:[Aa]s\s)?[Cc]ompared (?:with|to)|[Rr]elative to|[Ii]n comparison (?:with|to)|against|[Aa]s opposed to)\s"
_TO_OTHER = r"(?:(?:that|those|in|among|for|of|by|with|the|to|\d[\d.]*\s?(?:%|months?|years?|days?)?(?:\s?\([^()]*\))?)\s)*"
#: they went without, or are not so
_NOT = Expression(
    r"\b(?:without|never|not|no|free of|lacking|unexposed|untreated|unvaccinated|uninfected|unaffected|wild[- ]type|un\p{Ll}+ed|non)\b|\bnon-?\p{Ll}{3,}",
    regex.I,
)
_WORTH_ZH = Expression(
    r"(?:患者|者|人|群|儿|妇|病例|民|童|年|性|士|生|工)[^。]{2,80}?(?:患者|者|人|群|儿|妇|病例|民|童|年|性|士|生|工)"
)
_WORTH = Expression(
    rf"{_AGAINST}|\bbetween\b|\bcomparing\b|\b(?:without|non|never|un\p{{Ll}}+ed)\b|\b(?:and|while|whereas|but)\s(?:only\s|in\s)?\d|\b(?:had|have|has|showed|experienced|were at|faced)\s"
)
_COUNTED = Expression(r"\d\s?(?:%|\p{Ll}+|mm\s?Hg|mg/dL)?\)?\s(?:(?:of|in|among|for|with|by)\s(?:the\s)?)*$")
#: how many they are is no part of their name: 198 LA cases
_HOW_MANY = Expression(r"(?:\d[\d,]*\s)?(?=\D|$)|")
_FIGURE = Expression(r"(?:\s(?:had|was|were|at|is|in|the|to))*\s?[,:(]*\s?\d")
#: right behind people who open a sentence: they had more or less of something than others, who needn't be named
_FARED = Expression(
    r"\s(?:had|showed|experienced|were at|faced)\s(?:an?\s|about\s)*(?:\d[\d.]*\s?%\s)?(?:\p{Ll}+ly\s)?(?:lower|higher|increased|reduced|decreased|elevated|greater|worse|better|fewer|more|less|longer|shorter)\b"
)
#: before and between two groups of people that are compared
_COMPARES = Expression(
    r"\b(?:between|compar(?:ed|ing|es|e)|comparison of)\s(?:[^.;:()]{0,60}\b(?:in|of|between|among|for)\s)?(?:the\s|propensity[- ](?:score[- ])?matched\s)*$"
)
_JOINED = Expression(r"\s(?:and|with|to|versus|vs\.?|against)\s(?:(?:the|those|in|of)\s)*")
#: from the people of one number to the next number, which is of others
_SIDE_BY_SIDE = Expression(
    r"\s?(?:\([^()]*\)\s?)?,?\s?(?:and|versus|vs\.?|but|while|whereas)?\s(?:only\s|in\s)?\(?\d[^,;]{0,40}"
)


#: Chinese people by their state: a word that says what, and the words by which others are set against them
_OPPOSED = (
    (r"突变|变异", r"野生|未突变|无突变|非突变"),
    (r"阳性", r"阴性"),
    (r"高|升高|增高|较大|≥|>|超过", r"低|降低|正常|较小|<|≤|不足"),
    (r"缺乏|不足|缺失|减少", r"充足|正常|未缺失|无缺失"),
    (r"早|及时|立即", r"晚|延迟|迟|择期"),
    (r"男", r"女"),
    (r"老年|高龄", r"年轻|非老年|中青年|青年"),
    (r"合并|伴|有|发生|出现|存在|携带|使用|服用|接受|应用|接种|暴露|感染|行|做", r"无|未|非|不"),
    (r"重", r"轻|非重"),
    (r"以上|\bolder\b|\bover\b|\babove\b", r"以下|以内|之内|\byounger\b|\bunder\b|\bbelow\b"),
    (r"\bhigh(?:er|est)?\b", r"\blow(?:er|est)?\b|\bnormal\b"),
)
#: how much people have of something, which they needn't have got
_LEVEL = Expression(r"缺乏|充足|不足|缺失|水平|浓度|\b(?:levels?|deficien\p{Ll}+|insufficien\p{Ll}+)\b")
_NEGATIVE = Expression(r"^(?:非|未|无|不|没有)")
_STATE = r"(?:突变|变异|野生|阳性|阴性|[高低]|正常|异常|缺乏|不足|充足|缺失|减少|[早晚迟]|立即|延迟|[男女]|老年|高龄|年轻|中青年|合并|伴|[有无未非不]|携带|使用|服用|接受|接种|暴露|{{people_state}}|重|轻|[≥≤<>])"
_ZH = (
    r"(?<=^\s?|[,。;:、()]|[与和及较比于而但在是]|显示|发现|表明|提示|其中|对于|相比|中)"
    rf"(?P<n>(?!两|二|各|该|本|此|全|所有|多数|部分|其[中他]|纳入|共|研究|对照|治疗|观察|试验|随访|术后|分别|较|与|和|比|而)(?=[^,。;:、()]{{0,16}}?{_STATE})(?:(?!相比|较|比例|患者|治疗(?!者)|[与和及于]|组)[\p{{Han}}\p{{Latin}}\d≥≤<>+./-]){{1,18}}?(?:患者|患儿|者|人群|病例|孕妇|产妇|儿(?=的|为|仅|则)))(?!人群|数|比例|占|\s?\d+\s?[例名](?!\s?\(\s?\d[\d.]*\s?%))"
)
#: from one of people each with an estimate in a bracket to the next, all set against the same others
_ONE_MORE = Expression(
    r"\s?\([^()]*\d[^()]*\),?\s(?:and|or)\s(?:(?:the|with|to|those|in|exclusive|current)\s)*|\s?\([^()]*\d[^()]*\),\s(?:(?:the|with|to|those|in|exclusive|current)\s)*"
)
_SENTENCE_END = Expression(r"[。;]")
#: right before one of several people of a list
_LISTED = Expression(r"[\p{Han}\p{Latin}\d]、$")
_AGAINST_ZH = r"(?:与|较|比|是|相对于|相较于|相比于?|[高低长短多少优差大小]于|不如|不及|vs\.?|对比)"
#: any Chinese name of people, known by its last word; by how they are told apart only where the sentence sets two against each other
_LOOSE_ZH = (
    r"(?<=^\s?|[,。;:、()]|[与和及较比于而但在是]|显示|发现|表明|提示|其中|对于|相比|结果)"
    r"(?P<n>(?!两|二组|三组|各|该|本|此|这|那|全|所有|多数|大多|部分|其[中他余它]|纳入|入组|共|均|研究|对照|治疗|观察|试验|随访|分别|接受|使用|与|和|及|较|比|是|为|在|而|但|\d+\s?[例名])"
    r"(?:(?!相比|较|比例|治疗|[与和及于]|组|的|率|为|[是在]|显示|发现|结果)[\p{Han}\p{Latin}\d≥≤<>+./-]){1,12}?(?P<h>{{people_zh}}))"
    r"(?<!^患者|[^\p{Han}]患者|[研作读记学医使受后前或]者)(?!人群|数|比例|占|中位|组|\s?\d+\s?[例名]|[\p{Han}]{0,3}?(?:{{people_zh}})(?!者))"
)
#: two who are set against each other, each with its number, and the measure that compares them behind
_EACH_ZH = Expression(
    r"[^。;]{1,30}?\d[\d.]*\s?(?:%|\p{Latin}[\p{Latin}/]*|个月|年|天|岁|分)?(?:\s?\([^()]{1,24}\))?[,;]?(?:而|但)?(?:在)?$"
)
_MEASURED_ZH = Expression(
    r"[^。;,]{0,16}?\d[\d.]*\s?(?:%|\p{Latin}[\p{Latin}/]*|个月|年|天|岁|分)?(?:\s?\([^()]{1,24}\))?\s?[(,;]\s?(?:差异|均|校正后?|调整后?|a)?(?:[Pp]\s?[<>=]|OR|HR|RR|有(?:统计学|显著))"
)
_BEFORE_ZH = Expression(rf"{_AGAINST_ZH}$")
_WITH_NUMBER = Expression(r"[^,。;]{0,24}?(?:为|是|达|仅|占|有|:|\()?\s?\(?\d")


def _opposed(a: str, b: str) -> bool:
    """Whether two names of people say the opposite of each other."""
    for x, y in ((a, b), (b, a)):
        if _NEGATIVE.match(y) and (y.endswith(x[-3:]) or _NEGATIVE.sub("", y)[:2] in x):
            return True
        for one, other in _OPPOSED:
            if regex.search(one, x) and regex.search(other, y) and not regex.search(other, x):
                return True
    return False


def is_other(name: str, of: str) -> bool:
    """Whether people are those whom the others are compared with: they went without, or have less of what sets them apart."""
    if bool(_NOT.search(name) or _NEGATIVE.match(name)) != bool(_NOT.search(of) or _NEGATIVE.match(of)):
        return bool(_NOT.search(name) or _NEGATIVE.match(name))
    apart = ((regex.search(x, of), regex.search(y, name), regex.search(y, of)) for x, y in _OPPOSED)
    return any(first and second and not both for first, second, both in apart)


def people_key(name: str) -> str:
    """What two spellings of one name of people share."""
    return str(
        regex.sub(
            r"[\s-]+",
            " ",
            name.lower().removeprefix("the ").replace("non-", "non").replace("never-", "never "),
        )
    )


class PeopleFinder:
    """Finds groups of people that a text sets against each other, and finds them again."""

    def __init__(self, patterns: Patterns) -> None:
        agent = r"(?:non-?|never-|ex-)?(?:{{people_agent}})"
        people = r"(?:{{people_noun}}|those|{{people_kind}})"
        some = rf"(?:\s(?:the|an?))?(?:\s{_WORD}){{1,4}}?"
        tail = rf"\s(?:at|on|to|by|with|before|after|within|in|for){some}"
        words = rf"(?:(?:\s{_WORD}){{1,6}}?(?:\sof{some})?(?:{tail})??|{tail})"
        self._group = patterns.compile(
            rf"{_LEFT}(?P<n>(?i:(?:{_WORD}\s){{0,4}}?{agent}(?:\sof(?:\s(?:the|an?))?{words})?|(?:the\s)(?:un\p{{Ll}}+ed|non-?(?:vaccinated|exposed|treated|infected|operated))|"
            rf"(?:{_WORD}\s){{0,4}}?{people}\s{_HAVING}(?:\s(?:the|an?|any|to|with|by))*(?:{words})?|(?:{_WORD}\s){{1,4}}?{people})){_ENDS}"
        )
        self._plain = patterns.compile(
            rf"(?i:(?:the\s)?(?:{people}|(?:\d+|study|trial|eligible|included|consecutive|enrolled|screened|adult|other|remaining|most|hospital|participating)\s{people})|those\s.{{0,3}}|.*\b(?:groups?|arms?)\b.*|.*\b(?:treated|dosed)\s(?:every|once|twice|weekly|daily|monthly).*|.*{DOSE}.*)"
        )
        self._nouns = Sieved(patterns.compile(rf"(?i:{agent}|{people}|the un\p{{Ll}}+ed)(?!\p{{L}})"))
        self._agents = patterns.compile(rf"(?i:(?:{_WORD}\s){{0,4}}?{agent}\b)")
        self._group_zh = Sieved(patterns.compile(_ZH))
        self._loose_zh = Sieved(patterns.compile(_LOOSE_ZH))
        self._given = patterns.compile(
            r"(?:使用|服用|接受|应用|接种|行|做|用)过?(?=\p{Han}{2})|\b(?:(?:{{was_given}})|{{underwent}}|on)\s(?!later|time|within|before|after|early|day)"
        )
        self.forget()

    def forget(self) -> None:
        """Begin a new document."""
        self._known: dict[str, str] = {}
        #: the word for what people do -> their first name
        self._heads: dict[str, str] = {}
        self._again: regex.Pattern[str] | None = None

    def find(self, text: str, phrases: Sequence[ArmPhrase]) -> list[ArmPhrase]:
        """The groups of people of a sentence; those known by a treatment are left to it, but for those who went without."""
        chinese = HAN.search(text) is not None
        if chinese:
            pairs = self._pair_zh(text) if _WORTH_ZH.search(text) else []
        else:
            pairs = self._pair(text) if _WORTH.search(text) else []
        spans = list(dict.fromkeys(s for pair in pairs for s in pair))
        given = [p for p in phrases if p.kind == "interventions"]
        treated = {
            s for s in spans
            if self._given.search(text, *s)
            or (any(s[0] < p.end and p.start < s[1] for p in given) and not _LEVEL.search(text, *s))
        }  # fmt: skip
        against = {s for pair in pairs for s in pair if treated & set(pair)}
        if self._again is not None:
            spans += [
                m.span()
                for m in self._again.finditer(text)
                if not any(a < m.end() and m.start() < b for a, b in spans)
            ]
        found = []
        for a, b in sorted(spans):
            label = text[a:b]
            without = (_NEGATIVE if chinese else _NOT).search(label) is not None
            held = [p for p in given if a < p.end and p.start < b and not _LEVEL.search(label)]
            if (a, b) in treated and self._given.search(label) and not without and (held or not chinese):
                for p in held if chinese else ():
                    p.is_group = True
                continue  # told by what they got
            agent = self._agents.match(label) is not None
            if held and not without:
                if len(held) == 1 and agent:  # users of A
                    held[0].start, held[0].end, held[0].label, held[0].is_group = a, b, label, True
                continue
            first = self._heads.get(people_key(label), people_key(label))
            role = self._known.get(first, "")
            found.append(
                ArmPhrase(
                    a,
                    b,
                    "people",
                    label=label,
                    is_group=True,
                    told=True,
                    generic=(a, b) not in against and not (agent and without),
                    role=role,
                    labels=list(dict.fromkeys([label, *([first] if first in self._heads.values() else [])])),
                )
            )
        return found

    def _pair(self, text: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
        """The spans of people set against each other, two and two."""
        if not self._nouns.search(text):
            return []
        named = [
            (m.start("n") + len(_HOW_MANY.match(m["n"])[0]), m.end("n"))
            for m in self._group.finditer(text)
            if not self._plain.fullmatch(m["n"])
        ]
        if len(named) == 1 and _FARED.match(text, named[0][1]) and not text[: named[0][0]].strip():
            self._known.setdefault(people_key(text[slice(*named[0])]), "experimental")
            self._learn()
            return [(named[0], named[0])]
        if len(named) < 2:
            return []
        pairs = []
        for m in regex.finditer(rf"{_AGAINST}{_TO_OTHER}", text):
            other = next((x for x in named if m.start() < x[0] <= m.end()), None)
            if other is None:
                continue
            before = [
                x
                for x in named
                if x[1] <= m.start() and people_key(text[slice(*x)]) != people_key(text[slice(*other)])
            ]
            after = [x for x in named if x[0] >= other[1]]
            first = before[-1] if before else after[0] if after and not text[: m.start()].strip() else None
            if first is None:
                continue
            # A (HR 2.0) and B (HR 1.2) had more than C (or D)
            firsts, others = [first], [other]
            for x in reversed(before[:-1] if before else ()):
                if _ONE_MORE.fullmatch(text, x[1], firsts[0][0]):
                    firsts.insert(0, x)
            for x in named:
                if x[0] >= other[1] and _ONE_MORE.fullmatch(text, others[-1][1], x[0]):
                    others.append(x)
            pairs += [(x, y) for x in firsts for y in others]
        for x, y in itertools.pairwise(named):
            gap = text[x[1] : y[0]]
            between = _JOINED.fullmatch(gap) and _COMPARES.search(text[: x[0]])
            apart = bool(_NOT.search(text[slice(*x)])) != bool(_NOT.search(text[slice(*y)]))
            each = _COUNTED.search(text[: x[0]]) and _COUNTED.search(text[: y[0]])
            each = each and (apart or _SIDE_BY_SIDE.fullmatch(gap))
            each = each or (apart and _FIGURE.match(text, x[1]) and _FIGURE.match(text, y[1]))
            if between or each:
                pairs.append((x, y))
        for x, y in pairs:
            for span, role in ((x, "experimental"), (y, "control")):
                self._known.setdefault(people_key(text[slice(*span)]), role)
        if pairs:
            self._learn()
        return pairs

    def _pair_zh(self, text: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
        """The same in Chinese, where the two names say the opposite: ``突变型患者`` and ``野生型患者``."""
        named = [m.span("n") for m in self._group_zh.finditer(text)]
        pairs = []
        for i, y in enumerate(named):
            for x in named[:i]:
                if not _opposed(text[slice(*x)], text[slice(*y)]) or _LISTED.search(text[: x[0]]):
                    continue
                first = _BEFORE_ZH.search(text[: x[0]]) is not None
                second = _BEFORE_ZH.search(text[: y[0]]) is not None
                each = _WITH_NUMBER.match(text, x[1]) and _WITH_NUMBER.match(text, y[1])
                if first or second or each:
                    pairs.append((y, x) if first and not second else (x, y))
        pairs = pairs or self._compared_zh(text)
        for x, y in pairs:
            for span, role in ((x, "experimental"), (y, "control")):
                self._known.setdefault(people_key(text[slice(*span)]), role)
        if pairs:
            self._learn()
        return pairs

    def _compared_zh(self, text: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
        """People whose names needn't say the opposite: the sentence compares them in so many words, or with a number of each and a measure."""
        named = [(m.span("n"), m["h"]) for m in self._loose_zh.finditer(text)]
        pairs: list[tuple[tuple[int, int], tuple[int, int]]] = []
        for i, (y, head) in enumerate(named):
            before = [x for x in named[:i] if text[slice(*x[0])] != text[slice(*y)]]
            before = [x for x in before if not _SENTENCE_END.search(text, x[0][1], y[0])][-1:]
            if _BEFORE_ZH.search(text[: y[0]]):
                after = [x for x, _ in named[i + 1 :] if text[slice(*x)] != text[slice(*y)]]
                pairs += [(x, y) for x in ([before[0][0]] if before else after[:1])]
            elif (
                before
                and before[0][1] == head
                and _EACH_ZH.match(text[before[0][0][1] : y[0]])
                and _MEASURED_ZH.match(text, y[1])
            ):
                x = before[0][0]
                pairs.append((y, x) if is_other(text[slice(*x)], text[slice(*y)]) else (x, y))
        return pairs

    def _learn(self) -> None:
        """Know these people from now on, and those of what they do by that word alone: ``carriers of X``, ``carriers``."""
        heads = [(m[0].split()[-1], n) for n in self._known if (m := self._agents.match(n))]
        for head, name in heads:
            if sum(h == head for h, _ in heads) == 1 and head not in self._known:
                self._heads[head] = name
        names = sorted({*self._known, *self._heads}, key=len, reverse=True)
        forms = "|".join(regex.escape(n).replace(r"\ ", r"[\s-]") for n in names).replace("non", "non-?")
        self._again = Expression(rf"(?<![\p{{L}}\d-])(?i:{forms})(?![\p{{L}}\d])")


def strata_of(phrases: Sequence[ArmPhrase], studies: Sequence[Study]) -> list[Population]:
    """The risk, sex or stage before the name of a group of the study: ``低危移植组`` are those of the 移植组 at low risk.

    The phrases keep the group's own name; of several (高、中、低危移植组) the populations are found without it.
    """
    labels = {x for s in studies for a in s.arms for x in a.labels}
    found: list[Population] = []
    for p in phrases:
        m = _STRATUM.match(p.label) if p.kind == "label" and p.label not in labels else None
        own = p.label[m.end() :] if m is not None else ""
        if m is None or own not in labels or not all(x.endswith(own) for x in p.labels):
            continue
        if len(p.labels) == 1:
            found.append(Population(p.end - len(p.label), p.end - len(own), m.group()))
        p.start, p.label, p.labels = p.end - len(own), own, [own]
    return found
