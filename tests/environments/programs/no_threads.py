"""Make every call without threads. Arguments: URL, CA bundle, the reason."""

from __future__ import annotations

import atexit
import json
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any, NoReturn

from calls import CALLS, KEY, outcome, outcomes

from scaleapi import ScaleClient

url, bundle, why = sys.argv[1:]
client = ScaleClient(KEY, api_instance_url=url, verify=bundle or False, deadline=20)


def refuse(*args: Any, **kwargs: Any) -> NoReturn:
    raise RuntimeError("can't start new thread")


def make_calls() -> None:
    found = outcomes(client)
    begun = time.perf_counter()
    hasty = client.with_options(deadline=0.4)
    for stuck in ("hang", "drip"):
        raised = outcome(partial(hasty.get_batch, stuck))
        found[stuck] = str(raised).partition(":")[0]
    found["took"] = time.perf_counter() - begun
    print(json.dumps(found), flush=True)


def after_main() -> None:
    threading.main_thread().join()
    time.sleep(0.1)
    make_calls()


if why == "atexit":
    atexit.register(make_calls)
elif why == "atexit in the middle of a list":
    tasks = client.get_tasks("p")
    first = next(tasks).id

    def go_on() -> None:
        found = {"pages": outcome(lambda: [first, *(task.id for task in tasks)])}
        print(json.dumps(found), flush=True)

    atexit.register(go_on)
elif why == "main has ended":
    threading.Thread(target=after_main).start()
elif why == "the interpreter ends":

    class Late:
        """What is made when the modules are torn down, as a job that cancels its task then."""

        def __init__(self) -> None:
            for call in CALLS.values():
                call(client)  # so that all that is imported late is there

        def __del__(self, make_calls: Callable[[], None] = make_calls) -> None:
            assert sys.is_finalizing()
            make_calls()

    late = Late()
elif why == "Thread.start raises":
    threading.Thread.start = refuse  # type: ignore[method-assign]
    make_calls()
elif why == "no memory for a stack":
    # What a system does at a limit of threads: to start one fails.
    for call in CALLS.values():
        call(client)  # so that all that is imported late is there
    threading.stack_size(1 << 46)
    try:
        threading.Thread(target=print).start()
    except RuntimeError:
        make_calls()
    else:
        sys.exit("a thread was started")
elif why == "no memory in the middle of a list":
    tasks = client.get_tasks("p")
    first = next(tasks).id
    threading.stack_size(1 << 46)
    found = {"pages": outcome(lambda: [first, *(task.id for task in tasks)])}
    print(json.dumps(found))
