"""Generators that are closed by the garbage collector or in a forked child."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import Counter

import pytest

from tests.wire.conftest import Authority, Connect, Serve
from tests.wire.server import Exchange, Reply, Request, Server, after, succeed

#: Seconds within which every program must have ended; one that hangs is killed.
PATIENCE = 15


class Pages:
    """A list of tasks in pages of two, with page numbers as cursors, for v1 and v2."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __call__(self, request: Request) -> Reply:
        """Respond to a request for a page or a task."""
        if "/task/" in request.path:
            return Reply({"task_id": "t", "status": "pending"})
        number = int(request.query.get("next_token", ["0"])[0])
        names = [f"{number}-{place}" for place in range(2)]
        more = number + 1 < self._count
        page = {
            "docs": [{"task_id": name} for name in names],
            "tasks": [{"task_id": name, "status": "pending"} for name in names],
            "total": 2 * self._count,
            "limit": 2,
            "has_more": more,
            **({"next_token": str(number + 1)} if more else {}),
        }
        return Reply(page)


class Gate:
    """A page that is held back until the test releases it."""

    def __init__(self) -> None:
        self._open = threading.Event()

    def __call__(self, exchange: Exchange, reply: Reply) -> None:
        """Wait, and send the page."""
        self._open.wait(PATIENCE)
        exchange.send(reply.raw)

    def open(self) -> None:
        """Release the page."""
        self._open.set()


@pytest.fixture
def gate() -> Gate:
    """What holds the second page."""
    return Gate()


@pytest.fixture
def server(serve: Serve, gate: Gate) -> Server:
    """A list of five pages, of which the second is held."""
    server = serve(Pages(5))
    server.script(after(succeed), after(gate))
    return server


def start(code: str, *arguments: str) -> subprocess.Popen[str]:
    """Start a program."""
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-W", "ignore::DeprecationWarning", "-c", code, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(program: subprocess.Popen[str], said: str = "") -> tuple[str, str]:
    """Return the complete output of a program, and fail if it does not end."""
    try:
        return program.communicate(said, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        program.kill()
        out, err = program.communicate()
        pytest.fail(f"it hangs; it wrote {out!r} and {err!r}")


# Garbage collection

COLLECTED = """
import gc, logging, sys, threading
from scaleapi import ScaleClient

url, way, pages, logger = sys.argv[1:]
gc.disable()
gc.collect()

class Handler(logging.Handler):
    \"\"\"Everybody who logs waits for its lock, which is held while it emits.\"\"\"
    drop = None
    def emit(self, record):
        if record.getMessage() == "now":
            self.drop()

handler = Handler()
logging.getLogger(logger or None).addHandler(handler)
logging.getLogger(logger or None).setLevel(logging.DEBUG)

client = ScaleClient("live_key_of_a_collector", api_instance_url=url, verify=False, deadline=60)
held = {
    "get_tasks": lambda: client.get_tasks("p"),
    "v2": lambda: client.v2.iter_tasks(project_id="p"),
}[pages]()
next(held)
sys.stdin.readline()  # the second page is under way

class Node: pass

def collect():
    gc.collect()

def delete():
    global held
    del held

def close():
    held.close()

def in_a_thread():
    thread = threading.Thread(target=gc.collect)
    thread.start()
    thread.join()

if way in ("collect", "in a thread"):
    node = Node()
    node.node, node.held = node, held
    del node, held
Handler.drop = staticmethod(
    {"collect": collect, "delete": delete, "close": close, "in a thread": in_a_thread}[way]
)
logging.getLogger(logger or "program").debug("now")
print("dropped", flush=True)
Handler.drop = staticmethod(lambda: None)
print(client.get_task("t").status)
"""


def drop_while_fetching(server: Server, gate: Gate, code: str, *arguments: str) -> str:
    """Run a program that closes a generator while a page is held back; return its output."""
    with start(code, server.url, *arguments) as program:
        try:
            server.wait_for(lambda: len(server.requests) == 2, PATIENCE)
            out, err = finish(program, "\n")
        finally:
            gate.open()
            program.kill()
    assert (program.returncode, err) == (0, ""), out
    return out


@pytest.mark.slow
@pytest.mark.parametrize("pages", ["get_tasks", "v2"])
@pytest.mark.parametrize("logger", ["", "scaleapi"])
@pytest.mark.parametrize("way", ["collect", "delete", "close", "in a thread"])
def test_a_generator_that_ends_inside_a_logging_handler(
    server: Server, gate: Gate, way: str, logger: str, pages: str
) -> None:
    """The fetching thread logs while the closing thread holds the handler's lock.

    The page is not let go before that is over: whoever waits for it waits for ever.
    """
    printed = drop_while_fetching(server, gate, COLLECTED, way, pages, logger)
    assert printed == "dropped\npending\n"


LOCKED = """
import gc, logging, sys, threading
from scaleapi import ScaleClient

gc.disable()
lock = threading.Lock()

class Filter(logging.Filter):
    \"\"\"A program that takes a lock of its own for every line of its log.\"\"\"
    def filter(self, record):
        if threading.current_thread() is not threading.main_thread():
            with lock:
                pass
        return True

logging.basicConfig(level=logging.DEBUG, stream=sys.stdout)
for name in ("scaleapi", "urllib3", "urllib3.connectionpool"):
    logging.getLogger(name).addFilter(Filter())
logging.getLogger().handlers[0].addFilter(Filter())
logging.getLogger().handlers[0].setLevel(logging.CRITICAL)

client = ScaleClient("live_key_of_a_collector", api_instance_url=sys.argv[1], verify=False)
held = client.get_tasks("p")
next(held)
cycle = [held]
cycle.append(cycle)
sys.stdin.readline()
with lock:
    del held, cycle
    gc.collect()
print("dropped", flush=True)
"""


def test_a_generator_that_ends_while_the_program_holds_a_lock(server: Server, gate: Gate) -> None:
    """Garbage collection may run while any lock is held."""
    assert drop_while_fetching(server, gate, LOCKED) == "dropped\n"


def test_closing_many_generators(serve: Serve, connect: Connect) -> None:
    """Canceled fetches leave no threads and no connections."""
    server, gate = serve(Pages(5)), Gate()
    client = connect(server, deadline=60)
    before = threading.active_count()
    for number in range(10):
        server.script(after(succeed), after(gate))
        tasks = client.get_tasks("p")
        next(tasks)
        server.wait_for(lambda number=number: len(server.requests) == 2 * number + 2)  # type: ignore[misc]
        del tasks
    ours = [thread for thread in threading.enumerate() if "scaleapi" in thread.name]
    for thread in ours:
        thread.join(5)
    assert not [thread for thread in ours if thread.is_alive()]
    gate.open()
    server.wait_for(lambda: server.open <= 2, 10)
    assert threading.active_count() <= before + 30  # those of the server, and no others
    assert client.get_task("t").status == "pending"


# Forks

FORKED = """
import gc, os, sys
from scaleapi import ScaleClient

url, way, ca = sys.argv[1:]
client = ScaleClient(
    "live_key_of_a_parent", api_instance_url=url, verify=ca or False, max_retries=0, deadline=60
)
tasks = client.get_tasks("p")
seen = [next(tasks).id]
sys.stdin.readline()  # the second page is under way

child = os.fork()
if not child:
    if way == "deletes":
        del tasks
        gc.collect()
    elif way == "closes":
        tasks.close()
    elif way == "throws":
        try:
            tasks.throw(KeyError)
        except KeyError:
            pass
    elif way == "closes the client":
        tasks.close()
        client.close()
    elif way == "drops the client":
        del tasks, client
        gc.collect()
    elif way == "makes a call":
        tasks.close()
        client.get_task("t")
    elif way == "reads on":
        rest = [task.id for task in tasks]
        assert rest == [f"{n}-{i}" for n in range(5) for i in range(2)][1:], rest
    elif way == "exits at once":
        os._exit(0)
    elif way == "raises":
        sys.excepthook = lambda *error: None
        raise ValueError("the child fails")
    sys.exit(0)

status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
assert status == (1 if way == "raises" else 0), status
print("the child has ended", flush=True)
seen += [task.id for task in tasks]
print(*seen)
"""

ENDS = [
    *["deletes", "closes", "throws", "closes the client", "drops the client", "makes a call"],
    *["exits", "exits at once", "raises"],
]


def requests_of_pages(server: Server) -> Counter[str]:
    """Return the number of requests for each page."""
    pages = (request for request in server.requests if request.path.endswith("/tasks"))
    return Counter(request.query.get("next_token", ["0"])[0] for request in pages)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no fork")
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("way", ENDS)
def test_a_child_that_closes_its_copy_of_a_generator(
    serve: Serve, gate: Gate, authority: Authority, way: str, scheme: str
) -> None:
    """The parent reads every page, with one request for each and no retries."""
    server = serve(Pages(5), tls=authority.server if scheme == "https" else None)
    server.script(after(succeed), after(gate))
    out, err = fork(server, gate, way, authority.bundle if scheme == "https" else "")
    assert err == ""
    assert out.split() == [f"{page}-{place}" for page in range(5) for place in range(2)]
    assert requests_of_pages(server) == {str(page): 1 for page in range(5)}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no fork")
def test_a_child_that_continues_a_generator(server: Server, gate: Gate) -> None:
    """The child fetches the page itself, on its own connection."""
    out, err = fork(server, gate, "reads on", "")
    assert err == ""
    assert out.split() == [f"{page}-{place}" for page in range(5) for place in range(2)]
    assert requests_of_pages(server) == {"0": 1} | {str(page): 2 for page in range(1, 5)}


def fork(server: Server, gate: Gate, way: str, ca: str) -> tuple[str, str]:
    """Run a parent and a child; hold the parent's page back until the child has ended."""
    with start(FORKED, server.url, way, ca) as program:
        assert program.stdin
        assert program.stdout
        try:
            server.wait_for(lambda: len(server.requests) == 2, PATIENCE)
            program.stdin.write("\n")
            program.stdin.flush()
            ended = program.stdout.readline()
            gate.open()
            out, err = finish(program)
        finally:
            gate.open()
            program.kill()
    assert (ended, err) == ("the child has ended\n", "")
    return out, err
