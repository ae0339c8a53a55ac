"""Tell whether what the reader `deep` needs is installed."""

import importlib.util

import pytest

NEEDED = ("numpy", "tokenizers", "all_minilm_l6_v2")
MISSING = [name for name in NEEDED if importlib.util.find_spec(name) is None]
needs_extra = pytest.mark.skipif(
    bool(MISSING), reason=f"the extra deep is not installed: {', '.join(MISSING)}"
)
