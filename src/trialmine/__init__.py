"""Exact, traceable, offline extraction of clinical-trial results from review articles.

>>> import trialmine
>>> tables = trialmine.extract("中位OS为15.0个月。")
>>> tables.measurements[["outcome", "value", "unit"]]  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trialmine.api import evaluate, extract, extract_corpus
    from trialmine.core.tables import Tables
    from trialmine.frame import extract_frame

__version__ = "0.1.0"
__all__ = ["Tables", "__version__", "evaluate", "extract", "extract_corpus", "extract_frame"]

_HOMES = {
    "evaluate": "trialmine.api",
    "extract": "trialmine.api",
    "extract_corpus": "trialmine.api",
    "extract_frame": "trialmine.frame",
    "Tables": "trialmine.core.tables",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for at its first use (PEP 562), so that start-up stays light."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
