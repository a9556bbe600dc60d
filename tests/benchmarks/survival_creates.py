"""Check that no task is lost or created twice in 100,000 creates with 20 % faults.

Half of the faults come after the service has made the task. Once with ``unique_id`` and eight
retries, when no call may fail; and once without it and with one retry, when some must fail: each
error has to say whether the task may exist, and the sandbox is asked whether it does.

``--short`` makes 1,000 of them. The exit status is 1 if a promise was broken.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from _sandbox_process import KEY, SandboxProcess, sandbox

from scaleapi import ScaleClient, ScaleException

THREADS = 32
SHARE = 0.2
READ_TIMEOUT = 1.0

#: Faults before or after the commit, and faults that imply that there was no commit. If a service
#: creates a task but returns 429 or 503, the error cannot say so.
UNSURE = ("reset", "close", "hang", "truncate", "500", "502", "504")
REFUSALS = ("429", "503")


class Outcome(NamedTuple):
    """How one create ended: with a task or an error."""

    number: int
    task_id: str | None = None
    error: ScaleException | None = None


def rules(effects: Sequence[str]) -> list[str]:
    """Return a rule for each effect, with equal shares of all creates."""
    each = SHARE / len(effects)
    return [
        f"POST /v1/task/* {effect} {100 * each / (1 - each * before):.6f}% seed {before + 1}"
        for before, effect in enumerate(effects)
    ]


def mixed(*, honest_refusals: bool) -> list[str]:
    """Return rules for all faults, half of the hits after the commit."""
    late = [f"{effect} after-commit" for effect in UNSURE]
    if not honest_refusals:
        both = [*UNSURE, *REFUSALS]
        return rules(both + [f"{effect} after-commit" for effect in both])
    # Nine kinds before and seven after the commit: two of these twice.
    return rules([*UNSURE, *REFUSALS, *late, *late[:2]])


def create(client: ScaleClient, number: int, with_id: bool) -> Outcome:
    """Create a task with its number as metadata."""
    try:
        task = client.create_task(
            "imageannotation",
            project="survival",
            attachment="https://example.com/a.png",
            geometries={"box": {"objects_to_annotate": ["parcel"]}},
            metadata={"number": number},
            unique_id=f"n{number}" if with_id else None,
        )
    except ScaleException as error:
        return Outcome(number, error=error)
    return Outcome(number, task.id)


def check(outcomes: Iterable[Outcome], made: dict[int, list[str]]) -> Counter[str]:
    """Compare the results of the calls with the sandbox."""
    found: Counter[str] = Counter({"lost": 0, "duplicates": 0, "failed": 0, "untold": 0})
    for number, task_id, error in outcomes:
        tasks = made.get(number, [])
        found["duplicates"] += len(tasks) > 1
        if error is None:
            found["lost"] += task_id not in tasks
        else:
            found["failed"] += 1
            found["made although failed"] += bool(tasks)
            found["untold"] += bool(tasks) and not error.may_have_been_applied
    return found


def run(here: SandboxProcess, count: int, *, with_id: bool, max_retries: int) -> Counter[str]:
    """Create tasks and print the results."""
    with ScaleClient(KEY, api_instance_url=here.url, proxies={}) as client:
        client.create_project("survival", "imageannotation")
        here.set_faults(mixed(honest_refusals=not with_id))
        unlucky = client.with_options(timeout=(5, READ_TIMEOUT), max_retries=max_retries)
        started = time.monotonic()
        with ThreadPoolExecutor(THREADS) as pool:
            outcomes = list(pool.map(lambda number: create(unlucky, number, with_id), range(count)))
        seconds = time.monotonic() - started
        hits = here.faults()
        here.set_faults([])
        made: dict[int, list[str]] = {}
        for task in client.get_tasks("survival"):
            made.setdefault((task.metadata or {})["number"], []).append(task.id)
    found = check(outcomes, made)
    fired = sum(rule["fired"] for rule in hits)
    late = sum(rule["fired"] for rule in hits if rule["after_commit"])
    requests = hits[0]["matched"]
    print(
        f"{'with' if with_id else 'without'} unique_id, max_retries={max_retries}:"
        f" {count} creates, {THREADS} threads, {seconds:.0f} s ({count / seconds:.0f}/s)\n"
        f"  {requests} requests, {fired} faults ({fired / requests:.1%}), {late} after the commit\n"
        f"  lost {found['lost']}, duplicates {found['duplicates']}, failed {found['failed']}"
        f" ({found['made although failed']} of them created; not stated by the error:"
        f" {found['untold']})",
        flush=True,
    )
    if with_id:
        for outcome in outcomes:
            if outcome.error is not None:
                print(f"  {outcome.number}, {outcome.error.attempts} attempts: {outcome.error!r}")
    return found


def main() -> int:
    count = 1_000 if "--short" in sys.argv else 100_000
    with sandbox() as here:
        sure = run(here, count, with_id=True, max_retries=8)
    with sandbox() as here:
        unsure = run(here, count, with_id=False, max_retries=1)
    broken = [sure["lost"], sure["duplicates"], sure["failed"]]
    broken += [unsure["lost"], unsure["duplicates"], unsure["untold"]]
    return int(any(broken))


if __name__ == "__main__":
    sys.exit(main())
