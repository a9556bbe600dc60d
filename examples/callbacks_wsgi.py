"""Receive callbacks with a WSGI application, under any WSGI server.

In this example, the sandbox, a local Scale service, delivers them. In production, use a URL that
Scale can reach, and the callback auth keys of your account, shown in Scale's dashboard.
"""

from __future__ import annotations

import threading
from wsgiref.simple_server import make_server

from scaleapi import ScaleClient
from scaleapi.callbacks import Callback, wsgi_callback_app
from scaleapi.sandbox import Sandbox


def labeled(callback: Callback) -> None:
    """Handle a callback. If this raises, Scale sends the callback again."""
    if callback.task:
        print(f"Task {callback.task.id} {callback.event.value}: {callback.response}", flush=True)


def main() -> None:
    with Sandbox(transition="manual") as sandbox:
        app = wsgi_callback_app(
            labeled, [sandbox.test_callback_secret, sandbox.live_callback_secret]
        )
        with make_server("127.0.0.1", 0, app) as receiver:
            threading.Thread(target=receiver.serve_forever, daemon=True).start()
            try:
                work(sandbox, f"http://127.0.0.1:{receiver.server_port}/")
            finally:
                receiver.shutdown()


def work(sandbox: Sandbox, url: str) -> None:
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
