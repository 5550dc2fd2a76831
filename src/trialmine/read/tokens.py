"""Tokens: jieba for Chinese with a dictionary made from the lexicons, spaCy documents over them."""

from __future__ import annotations

import logging
import warnings
from functools import cached_property
from typing import TYPE_CHECKING, Any

import regex

from trialmine.core.patterns import Patterns

if TYPE_CHECKING:
    from spacy.tokens import Doc

_LATIN = regex.compile(r"\p{Latin}[\p{Latin}\d+-]*|\d+(?:\.\d+)?%?|\s+|\S")


def _with_prefixes(counts: dict[str, int]) -> dict[str, int]:
    """The form of jieba's dictionary: what a word begins with has a count too, 0 where it is no word."""
    for word in list(counts):
        for end in range(len(word) - 1, 0, -1):
            if word[:end] in counts:  # then what that begins with is or will be there
                break
            counts[word[:end]] = 0
    return counts


class Tokenizer:
    """Cuts sentences into tokens. A private jieba dictionary: no other library's words change ours."""

    def __init__(self, patterns: Patterns) -> None:
        self._patterns = patterns
        self._edges: tuple[str, set[int]] = ("", set())

    @cached_property
    def _jieba(self) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import jieba

        jieba.setLogLevel(logging.ERROR)
        cutter = jieba.Tokenizer()
        # not by initialize(), which loads a cache from the temporary folder unchecked, and takes twice as long
        with cutter.get_dict_file() as file:
            columns = file.read().decode("utf-8").split()
        words, counts = columns[0::3], [int(n) for n in columns[1::3]]
        cutter.FREQ, cutter.total = _with_prefixes(dict(zip(words, counts, strict=True))), sum(counts)
        cutter.initialized = True
        for lexicon in ("drugs", "procedures", "outcomes"):
            for entry in self._patterns.lexicons[lexicon]:
                if len(entry.form) > 1 and not entry.form.isascii():
                    cutter.add_word(entry.form, freq=3)
        return cutter

    @cached_property
    def _vocab(self) -> Any:
        import spacy

        return spacy.blank("zh").vocab if False else spacy.blank("en").vocab

    def words(self, text: str) -> list[str]:
        """The tokens of a folded sentence; joined they are the text again."""
        if not any("\u4e00" <= c <= "\u9fff" for c in text):
            return [m.group() for m in _LATIN.finditer(text)]
        return [str(w) for w in self._jieba.cut(text, HMM=False)]

    def edges(self, text: str) -> set[int]:
        """Offsets at which a token starts or ends."""
        if self._edges[0] != text:
            at, edges = 0, {0}
            for word in self.words(text):
                at += len(word)
                edges.add(at)
            self._edges = (text, edges)
        return self._edges[1]

    def doc(self, text: str) -> Doc:
        """A spaCy Doc over the tokens of a sentence; ``doc.text == text``."""
        from spacy.tokens import Doc

        words = self.words(text)
        spaces = [False] * len(words)
        return Doc(self._vocab, words=words, spaces=spaces)
