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
        raise UsageError(
            f"{purpose} needs {error.name or module}, which is not installed: pip install 'trialmine[{extra}]'"
        ) from None
