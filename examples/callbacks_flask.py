"""Receive callbacks in a Flask application.

In this example, the sandbox, a local Scale service, delivers them. In production, use a URL that
Scale can reach, and the callback auth keys of your account, shown in Scale's dashboard.
"""

from __future__ import annotations

import threading

from flask import Flask
from werkzeug.serving import make_server

from scaleapi import ScaleClient
from scaleapi.callbacks import Callback, flask_callback
from scaleapi.sandbox import Sandbox

app = Flask(__name__)
sandbox = Sandbox(transition="manual")


@app.post("/scale")
@flask_callback([sandbox.test_callback_secret, sandbox.live_callback_secret])
def labeled(callback: Callback) -> None:
    """Handle a callback. If this raises, Scale sends the callback again."""
    if callback.task:
        print(f"Task {callback.task.id} {callback.event.value}: {callback.response}", flush=True)


def main() -> None:
    receiver = make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=receiver.serve_forever)
    thread.start()
    try:
        with sandbox:
            work(f"http://127.0.0.1:{receiver.server_port}/scale")
    finally:
        receiver.shutdown()
        thread.join()
        receiver.server_close()


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
