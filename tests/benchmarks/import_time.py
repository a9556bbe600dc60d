"""Time to import the package and create a client, compared to `import requests`.

Prints ratios of medians of whole processes, which ran in turn, and what `scaleapi.v2` adds. With
PEER_PYTHON, an interpreter that has the released package, that one is measured too.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

CLIENT = "import scaleapi; scaleapi.ScaleClient('live_key')"
PROGRAMS = {
    "import requests": (sys.executable, "import requests"),
    "import scaleapi": (sys.executable, "import scaleapi"),
    "import scaleapi.v2": (sys.executable, "import scaleapi.v2"),
    "this package and a client": (sys.executable, CLIENT),
}
if released := os.environ.get("PEER_PYTHON"):
    PROGRAMS["the released package and a client"] = (released, CLIENT)


def seconds(python: str, code: str, directory: str) -> float:
    """Run a program and return how long its process took."""
    # As after any installation: compiled modules are kept, and each interpreter has its own.
    settings = {"PYTHONDONTWRITEBYTECODE", "PYTHONPATH"}
    environment = {key: os.environ[key] for key in os.environ if key not in settings}
    started = time.perf_counter()
    subprocess.run([python, "-c", code], check=True, cwd=directory, env=environment)
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--short", action="store_true", help="a few seconds, to see that it runs")
    runs = 3 if parser.parse_args().short else 21
    times: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    with tempfile.TemporaryDirectory() as directory:
        for run in range(runs + 1):
            for name, (python, code) in PROGRAMS.items():
                took = seconds(python, code, directory)
                if run:  # the first fills the caches
                    times[name].append(took)
    medians = {name: statistics.median(took) for name, took in times.items()}
    for name, median in medians.items():
        ratio = median / medians["import requests"]
        print(f"{name:36} {median * 1000:6.0f} ms  {ratio:5.2f} x import requests")
    more = medians["import scaleapi.v2"] - medians["import scaleapi"]
    print(f"scaleapi.v2 beyond scaleapi          {more * 1000:6.0f} ms")


if __name__ == "__main__":
    main()
