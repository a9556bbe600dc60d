"""The cost of importing the package."""

from __future__ import annotations

import subprocess
import sys


def test_import_adds_few_modules_to_those_of_requests() -> None:
    program = (
        "import sys, requests; before = set(sys.modules); import scaleapi; "
        "scaleapi.ScaleClient('k'); print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True
    )
    loaded = done.stdout.split()
    others = [name for name in loaded if not name.startswith("scaleapi")]
    assert "scaleapi" in loaded
    assert not [name for name in loaded if "v2" in name or "sandbox" in name or "pydantic" in name]
    assert len(others) < 30
