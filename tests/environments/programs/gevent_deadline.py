"""Make a call with gevent that exceeds its deadline. Arguments: URL, CA bundle, proxy, call."""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import json  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402

from calls import KEY, outcome  # noqa: E402

from scaleapi import ScaleClient  # noqa: E402

DEADLINE = 1.0

url, bundle, proxy, name = sys.argv[1:]
calls = {
    "get": lambda: hasty.get_task("t"),
    "upload": lambda: hasty.upload_file(bytes(30_000_000), filename="a.bin"),
}
proxies = {"https": proxy} if proxy else None
with ScaleClient(KEY, api_instance_url=url, verify=bundle, proxies=proxies) as client:
    client.get_project("p")  # it is connected
    hasty = client.with_options(deadline=DEADLINE)
    begun = time.perf_counter()
    raised = str(outcome(calls[name])).partition(":")[0]
    print(json.dumps({"raised": raised, "late": time.perf_counter() - begun - DEADLINE}))
