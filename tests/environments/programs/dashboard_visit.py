"""The main program of an archive: start the sandbox and print every kind of page."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request

import scaleapi
from scaleapi import ScaleClient
from scaleapi.sandbox import Sandbox


def visit(url: str) -> tuple[int, str]:
    """Return the status and the text of a page."""
    try:
        with urllib.request.urlopen(url, timeout=20) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def main() -> None:
    """Print the pages."""
    pages, styles = {}, {}
    with Sandbox() as sandbox:
        with ScaleClient(sandbox.live_key, api_instance_url=sandbox.url) as client:
            client.create_project("parcels", "imageannotation")
            client.create_batch("parcels", "week_1")
            task = client.create_task(
                "imageannotation",
                project="parcels",
                batch="week_1",
                attachment="https://example.com/a.png",
                geometries={"box": {"objects_to_annotate": ["car"]}},
            )
        origin = sandbox.url.removesuffix("/v1")
        waiting = [f"{origin}/dashboard"]
        while waiting and len(pages) < 30:
            url = waiting.pop(0)
            status, text = visit(url)
            pages[url.removeprefix(origin)] = status
            if url.endswith(".css"):
                styles[url.rpartition("/")[2]] = len(text.encode())
            for link in re.findall(r'(?:href|src)="(/[^"#]*)', text):
                page = origin + link.replace("&amp;", "&")
                if "dashboard" in link and page not in waiting and link not in pages:
                    waiting.append(page)
    found = {"package": scaleapi.__file__, "task": task.id, "pages": pages, "styles": styles}
    print(json.dumps(found))


main()
