"""Tokens: jieba for Chinese, with a dictionary made from the lexicons."""

from __future__ import annotations

import logging
import warnings
from functools import cached_property
from pathlib import Path
from typing import Any

from trialmine.core.lazy import Expression
from trialmine.core.patterns import Patterns

#: jieba cuts each run of these characters for itself
_RUN = Expression(r"[\u4E00-\u9FD5a-zA-Z0-9+#&._%\-]+")
_CHINESE = Expression("[\u4e00-\u9fff]")
#: how often a name of the lexicons is held to stand in texts
_COUNT = 3
_LATIN = Expression(r"\p{Latin}[\p{Latin}\d+-]*|\d+(?:\.\d+)?%?|\s+|\S")


def _with_prefixes(counts: dict[str, int]) -> dict[str, int]:
    """The form of jieba's dictionary: what a word begins with has a count too, 0 where it is no word."""
    for word in list(counts):
        for end in range(len(word) - 1, 0, -1):
            if word[:end] in counts:  # then what that begins with is or will be there
                break
            counts[word[:end]] = 0
    return counts


def _counts(printed: bytes, patterns: Patterns) -> tuple[dict[str, int], int]:
    """jieba's dictionary, with the lexicons' names, and the sum of its counts, from the text that it comes as."""
    columns = printed.decode("utf-8").split()
    words, numbers = columns[0::3], [int(n) for n in columns[1::3]]
    counts, total = _with_prefixes(dict(zip(words, numbers, strict=True))), sum(numbers)
    for lexicon in ("drugs", "procedures", "outcomes"):
        for entry in patterns.lexicons[lexicon]:
            form = entry.form
            if len(form) > 1 and not form.isascii():  # as jieba adds a word
                counts[form] = _COUNT
                total += _COUNT
                for end in range(1, len(form)):
                    counts.setdefault(form[:end], 0)
    return counts, total


class Tokenizer:
    """Cuts sentences into tokens. A private jieba dictionary: no other library's words change ours."""

    def __init__(self, patterns: Patterns) -> None:
        self._patterns = patterns

    @cached_property
    def _jieba(self) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import jieba

        jieba.setLogLevel(logging.ERROR)
        cutter = jieba.Tokenizer()
        # not by initialize(), which loads a cache from the temporary folder unchecked, and takes twice as long
        with cutter.get_dict_file() as file:
            printed = file.read()
        code = Path(__file__).read_bytes() + printed
        cutter.FREQ, cutter.total = self._patterns.table(
            "jieba", code, lambda: _counts(printed, self._patterns)
        )
        cutter.initialized = True
        return cutter

    def edges(self, text: str, start: int, end: int) -> set[int]:
        """Those offsets in ``[start, end]`` of a folded text at which a token starts or ends."""
        chinese = _CHINESE.search(text)
        edges = set(range(start, end + 1))  # a mark is a token of its own
        for run in (_RUN if chinese else _LATIN).finditer(text):
            a, b = run.span()
            if b < start:
                continue
            if a > end:
                break
            edges.difference_update(range(a + 1, b))
            for word in self._jieba.cut(run.group(), HMM=False) if chinese else ():
                a += len(word)
                edges.add(a)
        return edges
