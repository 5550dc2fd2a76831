"""Packages that only some need: imported at their first use, named where they are missing."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from trialmine.core.errors import UsageError


def need(module: str, extra: str, purpose: str) -> Any:
    """The module; a UsageError that says which extra has it where it isn't installed."""
    try:
        return import_module(module)
    except ImportError as error:
        missing = (error.name or module).partition(".")[0]
        raise UsageError(
            f"{purpose} needs {missing}, which is not installed: pip install 'trialmine[{extra}]'"
        ) from None
