"""Expressions that are compiled when they are first tried: most texts need a part of them only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from trialmine.core.kept import KEPT

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "split", "groups", "groupindex")


class Expression:
    """Stands in for ``regex.compile(pattern, flags)`` and is compiled at its first use, once.

    The pattern may be a function that makes it when it is first needed. Raises regex.error at the first use, where the
    pattern is malformed.
    """

    pattern: str

    def __init__(self, pattern: str | Callable[[], str], flags: int = 0) -> None:
        self.flags = flags
        if isinstance(pattern, str):
            self.pattern = pattern
        else:
            self._make = pattern

    def __getattr__(self, name: str) -> Any:
        if name == "pattern":
            self.pattern = self._make()
            return self.pattern
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = KEPT.compiled(self.pattern, self.flags)
        for method in _METHODS:  # from now on found without this detour
            self.__dict__[method] = getattr(compiled, method)
        return self.__dict__[name]
