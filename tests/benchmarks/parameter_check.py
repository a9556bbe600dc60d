"""What the check of parameter names costs: at import, with the first task, and per call.

Prints how many modules of it `import scaleapi` and a client load (none), the milliseconds that the
first check takes, and the microseconds of each later one, the least of many runs.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import timeit

FIRST = """
import sys, time
import scaleapi
scaleapi.ScaleClient("key")
names = [name for name in sys.modules if name.startswith(("scaleapi.params", "scaleapi.responses"))]
began = time.process_time()
from scaleapi.params.mistakes import suggestions
suggestions("imageannotation", {"attachment": "x", "geometries": {"box": {}}})
print(len(names), (time.process_time() - began) * 1000)
"""

BOX = {"box": {"objects_to_annotate": ["parcel"], "min_width": 10}}
BODIES: dict[str, tuple[str, dict[str, object]]] = {
    "an image": ("imageannotation", {"attachment": "https://example.com/a.jpg", "geometries": BOX}),
    "an image with attributes and more": (
        "imageannotation",
        {
            "project": "parcels",
            "attachment": "https://example.com/a.jpg",
            "geometries": BOX,
            "annotation_attributes": {"damaged": {"choices": ["yes", "no"]}},
            "metadata": {"scan": "A-17"},
            "tags": ["pilot"],
            "unique_id": "scan-A-17",
        },
    ),
    "2,000 frames": ("videoannotation", {"attachments": ["x"] * 2000, "geometries": BOX}),
    "50 labels": ("segmentannotation", {"attachment": "x", "labels": [{"choice": "a"}] * 50}),
    "a form of 10 fields": (
        "textcollection",
        {
            "attachments": [{"type": "text", "content": "x"}],
            "fields": [{"type": "text", "field_id": "a", "title": "A"}] * 10,
        },
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--short", action="store_true", help="a few seconds, to see that it runs")
    runs = 20 if parser.parse_args().short else 400
    done = subprocess.run([sys.executable, "-c", FIRST], capture_output=True, text=True, check=True)
    loaded, first = done.stdout.split()
    print(f"modules loaded by import scaleapi and a client  {loaded}")
    print(f"the first check                                {float(first):5.1f} ms")

    from scaleapi.params.mistakes import suggestions

    for name, (task_type, body) in BODIES.items():
        assert suggestions(task_type, body) == []
        best = min(
            timeit.repeat(lambda: suggestions(task_type, body), number=200, repeat=runs)  # noqa: B023 - called at once
        )
        print(f"{name:45}  {best / 200 * 1e6:5.1f} microseconds")


if __name__ == "__main__":
    main()
