"""Fork during an iteration; the child drops its copy. Arguments: URL, CA bundle, how."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from calls import KEY

from scaleapi import ScaleClient

url, bundle, how = sys.argv[1:]
client = ScaleClient(KEY, api_instance_url=url, verify=bundle or False, deadline=20, max_retries=0)
tasks: Any = client.get_tasks("p")
found = [next(tasks).id]
sys.stdin.readline()  # the next page has been requested
child = os.fork()
if not child:
    if how == "close":
        tasks.close()
        os._exit(0)
    elif how == "delete":
        del tasks
        os._exit(0)
    elif how == "close the client":
        client.close()
        os._exit(0)
    elif how == "exit at once":
        os._exit(0)
    elif how == "a list of its own":
        mine = [task.id for task in client.get_tasks("p")]
        os._exit(0 if len(mine) == 6 else 3)
    elif how == "an exception":
        raise SystemExit(0)
    sys.exit(0)
ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
print("child ended", flush=True)
found += [task.id for task in tasks]
client.close()
print(json.dumps({"tasks": found, "child": ended}))
