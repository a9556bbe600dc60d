"""Make calls with a frozen or jumping clock. Arguments: URL, tool, how, a file to create.

The file is there once the clock has changed in the middle of a list.
"""

from __future__ import annotations

import json
import sys
import time
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

url, tool, how, flag = sys.argv[1:]
perf_counter = time.perf_counter


def travel(to: str, **options: Any) -> AbstractContextManager[Any]:
    """Return a context manager that sets the time."""
    if tool == "freezegun":
        import freezegun

        return freezegun.freeze_time(to, **options)
    import time_machine

    return time_machine.travel(to, tick=False)


def main() -> dict[str, Any]:
    """Return the outcome of calls."""
    found: dict[str, Any] = {}
    if how == "import under it":
        with travel("2020-01-01"):
            from calls import KEY, outcome, outcomes

            from scaleapi import ScaleClient

            client = ScaleClient(KEY, api_instance_url=url, verify=False, deadline=5)
            found.update(outcomes(client))
        found["afterwards"] = outcomes(client)
        return found

    from calls import KEY, outcome, outcomes

    from scaleapi import ScaleClient

    client = ScaleClient(KEY, api_instance_url=url, verify=False, deadline=5)
    if how == "entered in the middle of a list":
        tasks = client.get_tasks("p")
        first = next(tasks).id
        with travel("2060-01-01"):
            Path(flag).touch()
            found["pages"] = outcome(lambda: [first, *(task.id for task in tasks)])
            found["get"] = outcome(lambda: client.get_task("t").id)
        found["afterwards"] = outcomes(client)
    elif how == "left in the middle of a list":
        with travel("2060-01-01"):
            tasks = client.get_tasks("p")
            first = next(tasks).id
        Path(flag).touch()
        found["pages"] = outcome(lambda: [first, *(task.id for task in tasks)])
        found["get"] = outcome(lambda: client.get_task("t").id)
        found["afterwards"] = outcomes(client)
    elif how == "jumping":
        # Each look at the clock moves it by an hour.
        with travel("2020-01-01", auto_tick_seconds=3600):
            found.update(outcomes(client))
    elif how == "retries":
        with travel("2020-01-01"):
            found["get"] = outcome(lambda: client.get_task("t").id)
    elif how == "deadline":
        hasty = client.with_options(deadline=0.4)
        begun = perf_counter()
        with travel("2020-01-01"):
            for stuck in ("hang", "drip"):
                raised = outcome(partial(hasty.get_batch, stuck))
                found[stuck] = str(raised).partition(":")[0]
        found["took"] = perf_counter() - begun
    return found


print(json.dumps(main()))
