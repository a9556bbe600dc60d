"""Export the project ``parcels`` of a service: ``python export.py URL FOLDER FORMAT WINDOW``."""

from __future__ import annotations

import sys

from scaleapi import ScaleClient

if __name__ == "__main__":
    url, folder, kind, window = sys.argv[1:]
    client = ScaleClient("live_key", api_instance_url=url)
    export = client.export_tasks("parcels", folder, format=kind, window=int(window))
    print(export.tasks)
