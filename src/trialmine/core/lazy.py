"""Expressions that are compiled when they are first tried: most texts need a part of them only."""

from __future__ import annotations

from typing import Any

from trialmine.core.kept import KEPT

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "split", "groups", "groupindex")


class Expression:
    """Stands in for ``regex.compile(pattern, flags)`` and is compiled at its first use, once.

    Raises regex.error at that first use, where the pattern is malformed.
    """

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern, self.flags = pattern, flags

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = KEPT.compiled(self.pattern, self.flags)
        for method in _METHODS:  # from now on found without this detour
            self.__dict__[method] = getattr(compiled, method)
        return self.__dict__[name]
