"""Tests keep what they work out from expressions in the project's folder, not in the user's cache."""

import os
from pathlib import Path

os.environ.setdefault("TRIALMINE_CACHE", str(Path(__file__).parent.parent / ".pytest_cache" / "trialmine"))
