"""The client with test libraries, and with Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import Any

import pytest
import requests
import requests_mock
import responses

from scaleapi.exceptions import (
    ScaleConnectionError,
    ScaleDuplicateResource,
    ScaleReadTimeout,
    ScaleResourceNotFound,
)
from tests.wire.conftest import Connect, Serve
from tests.wire.server import Server, after, before, hang, respond, succeed
from tests.wire.test_paging import Pages

URL = "http://127.0.0.1:9/v1"


def test_responses(connect: Connect, no_waits: None) -> None:
    """Responses, errors, faults and retries work with the ``responses`` library."""
    client = connect(URL)
    with responses.RequestsMock() as network:
        network.get(f"{URL}/task/t", status=503)
        network.get(f"{URL}/task/t", json={"task_id": "t"})
        assert client.get_task("t").id == "t"
        network.get(f"{URL}/task/u", status=404, json={"error": "Task with that ID not found."})
        with pytest.raises(ScaleResourceNotFound, match="Task with that ID not found"):
            client.get_task("u")
        network.post(f"{URL}/task/imageannotation", status=409, json={"error": "used (1)."})
        with pytest.raises(ScaleDuplicateResource):
            client.create_task("imageannotation", unique_id="x")
        network.get(f"{URL}/projects", body=requests.ConnectionError("made up"))
        with pytest.raises(ScaleConnectionError, match="made up"):
            client.projects()
        assert str(network.calls[1].request.headers["Authorization"]).startswith("Basic ")


def test_requests_mock(connect: Connect) -> None:
    """Responses, errors and faults work with ``requests_mock``."""
    client = connect(URL)
    with requests_mock.Mocker() as network:
        network.get(f"{URL}/task/t", json={"task_id": "t"})
        assert client.get_task("t").id == "t"
        network.get(f"{URL}/task/u", status_code=404, json={"error": "no"})
        with pytest.raises(ScaleResourceNotFound):
            client.get_task("u")
        network.get(f"{URL}/projects", exc=requests.ReadTimeout)
        with pytest.raises(ScaleReadTimeout):
            client.projects()
        network.post(f"{URL}/files/upload", json={"id": "f", "attachment_url": "u"})
        assert client.upload_file(b"data", filename="a").id == "f"
        assert network.call_count == 4


INTERRUPTED = """
import sys, threading
from scaleapi import ScaleClient

client = ScaleClient("live_key_of_a_program", api_instance_url=sys.argv[1], verify=False)
CALLS = {
    "call": lambda: client.get_task("t"),
    "upload": lambda: client.upload_file(b"data" * 1000, filename="a", reference_id="r"),
    "pages": lambda: list(client.get_tasks("p")),
}
try:
    CALLS[sys.argv[2]]()
except KeyboardInterrupt:
    print("interrupted", flush=True)
print(client.get_project("p").name)
for thread in threading.enumerate():
    if thread.name == "scaleapi-page-ahead":
        thread.join(5)
print(*(thread.name for thread in threading.enumerate()))
client.close()
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be sent Ctrl-C alone")
@pytest.mark.parametrize("what", ["call", "upload", "pages"])
@pytest.mark.parametrize("where", ["hang", "wait"])
def test_interrupted(serve: Serve, what: str, where: str) -> None:
    """Ctrl-C ends a hanging call or a wait immediately; the client remains usable."""
    fault = hang if where == "hang" else respond(status=503, Retry_After="100")

    class Service(Pages):
        def __call__(self, request: Any) -> Any:
            page = super().__call__(request)
            page.content.update(name="after it")
            return page

    server = serve(Service(3))
    asked = 1
    if what == "pages":
        server.script(after(succeed))
        asked = 2
    server.script(before(fault))
    program = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", INTERRUPTED, server.url, what],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with program:
        try:
            server.wait_for(lambda: len(server.requests) == asked)
            # Until it waits: a signal that arrives just before a system call blocks does not end
            # the call, because Python looks for signals before it and after it.
            time.sleep(0.2)
            begun = time.monotonic()
            os.kill(program.pid, signal.SIGINT)
            out, err = program.communicate(timeout=20)
        finally:
            program.kill()
    assert time.monotonic() - begun < 5
    assert (out, err) == ("interrupted\nafter it\nMainThread\n", "")
    assert len(server.requests) == asked + 1


@pytest.mark.slow
def test_a_program_that_ends_in_the_middle_of_a_list(serve: Serve) -> None:
    """The background thread does not delay interpreter exit, even if the service hangs."""
    server = serve(Pages(3))
    server.script(after(succeed), before(hang))
    program = (
        "import sys, time; from scaleapi import ScaleClient\n"
        "client = ScaleClient('live_key', api_instance_url=sys.argv[1], verify=False)\n"
        "tasks = client.get_tasks('p')\n"
        "print(next(tasks).id)\n"
        "time.sleep(0.3)\n"  # until the next page has been requested
        "sys.exit(3)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, server.url],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (3, "0-0\n", "")


def test_other_sessions_are_not_affected(server: Server, connect: Connect) -> None:
    """Other uses of requests in the program are not affected."""
    server.script(before(respond(status=302, Location="/v1/there")))
    connect(server)
    with requests.Session() as session:
        assert session.get(server.url).url.endswith("/v1/there")
