"""Receive callbacks in a FastAPI application. Starlette works the same way.

In this example, the sandbox, a local Scale service, delivers them. In production, use a URL that
Scale can reach, and the callback auth keys of your account, shown in Scale's dashboard.
"""

from __future__ import annotations

import socket
import threading

from scaleapi import ScaleClient
from scaleapi.callbacks import Callback, starlette_callback
from scaleapi.sandbox import Sandbox

try:
    import uvicorn
    from fastapi import FastAPI
except ModuleNotFoundError:
    raise SystemExit("This example needs FastAPI: pip install fastapi uvicorn") from None

app = FastAPI()
sandbox = Sandbox(transition="manual")


@app.post("/scale")
@starlette_callback([sandbox.test_callback_secret, sandbox.live_callback_secret])
async def labeled(callback: Callback) -> None:
    """Handle a callback. If this raises, Scale sends the callback again."""
    if callback.task:
        print(f"Task {callback.task.id} {callback.event.value}: {callback.response}", flush=True)


def main() -> None:
    receiver = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    with socket.create_server(("127.0.0.1", 0)) as listening, sandbox:
        thread = threading.Thread(target=receiver.run, args=([listening],))
        thread.start()
        try:
            work(f"http://127.0.0.1:{listening.getsockname()[1]}/scale")
        finally:
            receiver.should_exit = True
            thread.join()


def work(url: str) -> None:
    """Create a task, complete it and audit it, as people would in production."""
    with ScaleClient(sandbox.live_key, api_instance_url=sandbox.url) as client:
        task = client.create_task("datacollection", fields={"name": "Who?"}, callback_url=url)
        sandbox.complete(task.id, {"fields": {"name": "Ada"}})
        sandbox.wait_for_callbacks()
        task.audit(False, "Look again, please.")
        sandbox.wait_for_callbacks()
        for delivery in sandbox.deliveries:
            print(f"The {delivery.event} callback is {delivery.state}")


if __name__ == "__main__":
    main()
