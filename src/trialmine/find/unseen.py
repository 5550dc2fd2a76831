"""Outcomes that no lexicon holds, named from the words before or after a number.

Arms, studies, times and other numbers are masked first, so that a phrase never runs across them.
"""

from __future__ import annotations

from collections.abc import Iterable

import regex

from trialmine.core.patterns import Patterns
from trialmine.find.outcomes import OutcomePhrase, _snake
from trialmine.read.tokens import Tokenizer

_MASK = "\x00"
_HAN = regex.compile(r"\p{Han}")
#: how surely each frame names an outcome, on the scale of the known ones (see link/choose.py)
SCORES = {"ratio": 12.0, "copula": 11.0, "seen": 11.0, "object": 11.0, "share": 11.5, "bracket": 10.0, "said": 10.3, "apposed": 9.5, "light": 10.8, "verb": 8.5, "subject": 9.5}

_COPULA_ZH = (
    r"(?:分别|依序|依次|均|都|则|仅|才|只|也|可|已|约|高达|达到?|为|是|至|仍|有|[:=]|超过?|接近|不足|降至|升至|从|由|依次|各|最高|最低|"
    r"平均|显著|明显|下降|降低|升高|提高|增加|减少|减轻|延长|缩短|改善|上升|了|到|\s)"
)
_NO = (
    r"(?<![\p{L}\d'-])(?!(?:on|in|at|of|with|who|whom|whose|receiving|received|treated|taking|given|assigned|allocated|was|were|is|are|kept|randomi\p{L}+|compared|versus|vs|and|or|but|for|by|to|from|per|as|than|the|those|that|which|while|had|has|have|been|did|not|it|its|they|their|all|both|each|either|only|who|an?|i\.e|respectively|among|during|after|before|over|about|up|patients|participants|subjects|women|men|adults|children|eyes|individuals|people|group|groups|more|fewer|less|most|achieved|greater|higher|lower)\b)"
)
_WORD = r"[\p{Latin}][\p{Latin}\d'’/+-]*"
_ADV = r"(?:only|about|approximately|around|nearly|almost|up to|as (?:high|low|many|much) as|over|more than|at least|just|also|still|significantly|a mean of|an average of|a median of|respectively|,|\s)*"
#: a masked time after a noun phrase
_WHEN = r"(?:\s(?:(?:confirmed|rates?|measured|assessed)\s)?(?:at|by|after|within|over|through|from)?\s?\x00+)?"
#: verbs that tell of a change themselves: "improved fibrosis" is the outcome, not "fibrosis"
_TELLING = {"improved", "resolved", "cleared", "normalized", "normalised", "prevented", "eliminated"}
_ENDS = regex.compile(r"\s?(?:[;,。|/]|vs|对|和|与|$)")
#: where an English noun phrase has said what is counted, and goes on to say in whom
_INTO = regex.compile(r"(?<!(?:reduction|change|improvement|increase|decline|decrease|difference|rise|fall|gain|loss|deterioration|worsening)s?)\s(?:in|among|for (?:patients|those))\s")
_CODE = regex.compile(r"[A-Z][A-Z\d-]{3,}(?:\s(?:I{1,3}|IV|V|\d))|[A-Z-]{7,}|\p{Latin}*[A-Z]{2}\p{Latin}*-\d+\p{Latin}?")
_PEOPLE = r"(?:patients|participants|subjects|recipients|women|men|adults|cases|individuals|people|those|them|children|infants|volunteers|responders|survivors|eyes|lesions|tumou?rs)"
_STOP_EN = r"(?=\s*[,.;()\[\]:\x00%]|\s*$|\s(?:in|at|with|for|from|compared|versus|vs|and|after|by|than|on|among|while|during|within|whereas|but|through|as|when|over|who|which|following|before|until|despite|per|because|due)\b)"


class UnseenFinder:
    """Names outcomes from the sentence itself."""

    def __init__(self, patterns: Patterns, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        c = patterns.compile
        self._before_zh = regex.compile(
            rf"(?P<n>[\p{{Han}}\p{{Latin}}\d≥≤<>+/%.'\"&\s-]{{2,30}}?)(?:\s?\([^()\x00]{{0,30}}\))?(?P<c>{_COPULA_ZH}+)$"
        )
        self._apposed_zh = regex.compile(r"(?:^|[;,。|:\x00])\s?(?P<n>[\p{Han}\p{Latin}-]{2,12})\s?$")
        self._said_zh = regex.compile(
            r"[\x00在于对组和与中,]*(?:前者|后者|两组|各组|两者)?(?:均|也|都|较为|更为|最为|较|更|最|明显|显著|稍|略|非常|比较|并不|无|没有)*(?:常见|多见|多|少|高|低|明显|显著|相当|相似|类似|接近|优|差|差异|严重|突出)(?=\s?[(\[]?\s?$)"
        )
        self._rate_zh = regex.compile(r"(?P<n>[\p{Han}\p{Latin}\d≥≤<>+/-]{1,24}?(?:率|比例|百分比|评分|得分|积分|指数|水平|浓度|计数|次数|风险))(?:\s?\([^()\x00]{0,30}\))?\s?$")
        self._bracket = regex.compile(r"(?:^|[、,;:\x00)]|和|与|及|以及|或|为|包括|是|有|and|or|were|included?|including)\s?(?P<n>[\p{Han}\p{Latin}][\p{Han}\p{Latin}\d '≥≤/+-]{1,40}?)\s?[(\[]\s?(?:n\s?=\s?)?$")
        self._after_zh = c(
            r"^[)\]]?(?:\s?\([^()]{0,40}\))?\s?(?:[以之]?[上下]|左右)?\s?(?:的)?\s?(?P<who>[^,;。、%\d\x00()]{0,8}?(?:患者|受试者|病例|病人|参与者|人群|儿童|女性|男性|患儿|者|人))?(?:因[^,;。%\d\x00]{1,16}?(?=而|提前|停|退|中))?(?:而)?(?:均|仍|仍然|可|都|能够?|会|已|最终|则|未|至少|在\p{Han}{0,6}[时后中内])*"
            r"(?P<v>(?:{{light_verb}})(?:了|的|着)?)?(?P<n>[\p{Han}\p{Latin}][\p{Han}\p{Latin}\d\s≥≤<>/+'-]{1,24}?)(?=[,;。、():\x00]|$|而|并|且|同时|以及|时)"
        )
        self._after_en = c(
            rf"^[)\]]?\s?(?:\([^()]{{0,60}}\)\s?)?(?P<who>(?:of\s)?(?:the\s|all\s|these\s|our\s|treated\s)?(?:{_WORD}\s){{0,4}}?{_PEOPLE}\s(?:(?:in|on|with|receiving|treated with|taking|given|assigned to|randomi[sz]ed to|allocated to)\s[^,;.%\d()]{{1,60}}?\s)?(?:who\s)?)?\s?(?:,?\s?respectively\s?,?\s)?"
            rf"(?:(?:also|both|still|had been|have|has|successfully|only|then|subsequently|not|either|eventually)\s)*"
            rf"(?P<v>(?:{{{{light_verb}}}})\s)?(?:(?:an?|the|any|some|at least one|one or more|no|their)\s)?(?P<n>{_NO}{_WORD}(?:\s{_WORD}){{0,6}}?){_STOP_EN}"
        )
        self._seen_en = c(
            rf"(?P<n>{_NO}{_WORD}(?:\s(?:of\s|in\s|to\s|for\s|with\s|due to\s|or\s|and\s)?(?:the\s|an?\s)?{_WORD}){{0,9}}?){_WHEN}\s(?:(?:was|were|has been|had been|have been|is|are|also|more commonly|most frequently|only)\s)*(?:{{{{seen_verb}}}})\s(?:more often\s|only\s)?(?:in|by|for|among|with)?\s?{_ADV}$"
        )
        self._copula_en = regex.compile(
            rf"(?P<n>{_NO}{_WORD}(?:\s(?:of\s|in\s|to\s|for\s|with\s|due to\s|or\s|from\s|at\s)?(?:the\s|an?\s)?{_WORD}){{0,9}}?){_WHEN}\s?(?:\([^()\x00]{{0,40}}\)\s?)?(?:was|were|is|are|reached|averaged|remained|being|[:=])\s{_ADV}(?:reduced by |increased by |higher by |lower by |decreased by |improved by |decreased from |increased from |reduced from |found to be |estimated at |estimated to be |higher at |lower at )?{_ADV}$"
        )
        self._subject_en = regex.compile(
            rf"(?P<n>{_NO}{_WORD}(?:\s(?:of\s|in\s|the\s)?{_WORD}){{0,5}}?)(?P<v>\s(?!(?:was|were|is|are|had|and|or|of|the|with)\b)(?:{_WORD}ed|fell|rose|got (?:better|worse)|dropped|grew|had {_WORD}ed))(?:\s(?:(?!in\b|by\b|from\b|to\b){_WORD}|by at least one stage|by one stage or more)){{0,5}}?\s(?P<p>in|by|from|to|among)\s{_ADV}$"
        )
        self._object_en = regex.compile(
            rf"(?<!\bhad )(?<!\bhave )(?<!\bhas )(?<!\bwas )(?P<n>(?P<v>(?:improved|resolved|cleared|normali[sz]ed|induced|produced|achieved|prevented|showed|yielded|gave|led to|resulted in|caused|reported|eliminated)\s)(?:a\s|an\s|the\s)?(?P<o>{_NO}{_WORD}(?:\s(?:of\s)?{_WORD}){{0,4}}?))\s(?:in|of|by|among|for)\s{_ADV}$"
        )
        self._share_en = regex.compile(
            rf"(?:proportion|percentage|number|share|rate|probability|probabilities|incidence|frequency|prevalence|likelihood|chance)s?\sof\s(?:the\s)?(?:(?:{_WORD}\s){{0,3}}?{_PEOPLE}\s(?:with|who|achieving|having|experiencing|reaching|that|attaining|developing|reporting)\s(?:had\s|achieved\s|experienced\s|reached\s|a\s|an\s|the\s)*)?(?P<n>{_WORD}[^;:.\x00()]{{2,80}}?)(?:\s(?:at|by|after|within|during|over|in)\s[^;:.()]{{0,50}}?)?\s(?:was|were|reached|is)\s{_ADV}$"
        )
        self._said_en = regex.compile(
            rf"(?P<n>{_NO}{_WORD}(?:\s(?:of\s|in\s|to\s|for\s|due to\s|or\s|from\s)?(?:the\s|an?\s)?{_WORD}){{0,7}}?){_WHEN}\s(?:(?:was|were|is|are)\s(?:(?:also|not|significantly|statistically|slightly|numerically|markedly|much|more|less|most|both|no|substantially|somewhat|consistently)\s)*(?:higher|lower|greater|smaller|similar|comparable|different|frequent|common|longer|shorter|better|worse|reduced|increased|improved|decreased|fewer|less|superior|inferior|rare|infrequent|seen|observed|reported|noted)|(?:also\s)?(?:occurred|developed|improved|decreased|increased|declined|fell|rose|did not differ|differed|favou?red))\b[^;:.()\[\]]{{0,90}}[(\[]\s?$"
        )
        self._ratio_en = regex.compile(
            rf"(?:hazard ratio|odds ratio|risk ratio|rate ratio|relative risk|HR|OR|RR|(?:mean |absolute |risk |rate |treatment )?difference|risk|odds|hazard)s?\s(?:\([^()]*\)\s)?(?:for|of|in)\s(?:the\s|an?\s)?(?P<n>{_NO}{_WORD}(?:\s(?:of\s|from\s|or\s|to\s)?{_WORD}){{0,7}}?)(?:\s(?:was|were|of|is|by|reduced by|at))?[\s,:=(]*(?:HR|OR|RR)?[\s,:=(]*$"
        )
        self._frames_zh = [("bracket", self._bracket), ("copula", self._before_zh), ("copula", self._rate_zh), ("apposed", self._apposed_zh)]
        self._frames_en = [
            ("share", self._share_en), ("said", self._said_en), ("bracket", self._bracket), ("object", self._object_en), ("seen", self._seen_en),
            ("copula", self._copula_en), ("subject", self._subject_en),
        ]  # fmt: skip
        self._not = c(r"^(?:{{not_outcome}})$")
        self._strip = c(
            r"^(?:{{distribute}}|患者|受试者|其|该|此|中|后|时|的|为|了|且|并|而|但|及|和|与|或|使|可|也|组|两组|各组|治疗组|对照组|试验组|观察组|显示|结果|发现|表明|提示|证实|总体|整体|研究|达|相应|均|仍|在|对|经|以|有|被|让|令|因|则|至|内|以上|左右|同时|随后|此外|另外|其中|最终|"
            r"(?:results?:?|conclusions?:?|the|a|an|of|and|with|in|but|while|whereas|although|that|however|moreover|overall|pooled|estimated|corresponding|respective|mean|median|average|their|its|where|for|to|by|as|at|both|also|observed|rates? of|incidences? of|proportions? of (?:patients|participants|subjects) (?:with|who|achieving|having)|proportions? of|frequency of|percentages? of|risk of|prevalence of|patients with|those with)\s)\s?"
        )
        self._tail = regex.compile(r"(?:的|了|者|中|时|后|患者|受试者|分别|均|\s(?:in|of|for|with|the|to|and|was|were|at|by|on|a|an)|\s(?:did not differ|numerically favou?red|favou?red|was (?:similar|comparable)|were (?:similar|comparable)|differed)(?:\s.*)?)$")

    def mask(self, text: str, spans: Iterable[tuple[int, int]]) -> str:
        """The text with these spans blotted out (and the 组 or arm after them), its length kept."""
        chars = list(text)
        for a, b in spans:
            tail = regex.match(r"[\p{Latin}+-]{0,12}(?:治疗)?(?:组|队列)|\s(?:group|arm)s?\b", text[b : b + 20])
            for i in range(a, min(len(chars), b + (tail.end() if tail else 0))):
                chars[i] = _MASK
        return "".join(chars)

    def name(self, text: str, masked: str, loose: str, start: int, end: int, stop: int, counted: bool) -> OutcomePhrase | None:
        """The outcome named beside a list of numbers at ``[start, end)``; nothing before ``stop`` is used.

        ``loose`` leaves the arms unmasked, for what follows the numbers; ``counted`` for a bare count, which takes an outcome only from a clear frame.
        """
        chinese = bool(_HAN.search(text))
        before = masked[stop:start]
        if chinese and (said := self._said_zh.search(before)):
            before = before[: said.start()] + "("
        for kind, rule in () if counted else self._frames_zh if chinese else self._frames_en:
            m = rule.search(text[stop:start] if kind == "share" else before)
            if m is None or kind == "apposed" and not _ENDS.match(masked[end:]):
                continue
            a, b = m.span("o" if kind == "object" and m["v"].strip() not in _TELLING else "n")
            if kind == "subject" and m["p"] in ("in", "among"):
                b = m.end("v")
            if found := self._phrase(text, stop + a, stop + b, kind):
                return found
        m = (self._after_zh if chinese else self._after_en).match((loose if chinese else masked)[end:])
        if m is None or not (m["v"] or m["who"]) or counted and not m["v"]:
            return None
        return self._phrase(text, end + m.start("n"), end + m.end("n"), "light" if m["v"] else "verb")

    def compared(self, text: str, masked: str, start: int, stop: int) -> OutcomePhrase | None:
        """The outcome of an effect estimate, where its own words name it ("hazard ratio for stroke")."""
        m = self._ratio_en.search(masked[stop:start])
        return self._phrase(text, stop + m.start("n"), stop + m.end("n"), "ratio") if m else None

    def _phrase(self, text: str, start: int, end: int, kind: str) -> OutcomePhrase | None:
        """Trim a stretch to a noun phrase on token edges."""
        chinese = bool(_HAN.search(text[start:end]))
        if kind not in ("light", "verb"):
            cut = max((text.rfind(c, start, end) for c in (",、:;" if not chinese else ",、:;在中较者")), default=-1)
            if start <= cut < end - 2:
                start = cut + 1
            if chinese:
                cut = text.rfind("的", start, end)
                if start < cut < end - 2 and not regex.search(r"率|比例", text[start:cut]):
                    start = cut + 1 if end - cut > 3 else start
        if chinese:
            edges = self._tokenizer.edges(text)
            while start < end and start not in edges:
                start += 1
            while end > start and end not in edges and kind in ("light", "verb"):
                end -= 1
        while True:
            rest = text[start:end]
            lead = len(rest) - len(rest.lstrip(" '\""))
            m = self._strip.match(rest[lead:])
            step = lead + (m.end() if m else 0)
            if not step or step >= end - start:
                break
            start += step
        if not chinese and (m := _INTO.search(text[start:end])):
            end = start + m.start()
        while (m := self._tail.search(text[start:end])) and m.start() > 1:
            end = start + m.start()
        printed = text[start:end].strip(" -'\"")
        if regex.search(r"\d\s?(?:mg|[μu]g|mL|ml|IU|次|例|名|个月|周|年|岁)(?!\p{Latin})", printed):
            return None
        if len(printed) < 2 or len(printed) > (26 if chinese else 70) or self._not.match(printed.lower()) or not regex.search(r"\p{Han}{2}|\p{Latin}{2}", printed):
            return None
        if regex.search(r"\b(?:those|that|who|which|whether|than|versus|vs|treated|receiving|received|compared|therapy|recipients|assigned)\b", printed) and not chinese:
            return None
        if regex.fullmatch(r"[\p{Latin}\d-]+组|.*(?:group|arm)s?", printed) or _CODE.fullmatch(printed):
            return None
        measure = "rate" if regex.search(r"率|比例|rate|incidence|proportion", printed) else ("time" if regex.search(r"时间|时长|duration|\btime\b", printed) else "")
        return OutcomePhrase(start, end, _snake(printed), measure, printed, known=False, score=SCORES[kind])
