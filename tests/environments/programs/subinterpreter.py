"""Make every call in a subinterpreter. Arguments: URL, CA bundle, kind."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

url, bundle, kind = sys.argv[1:]

CODE = f"""
import json, sys, warnings
warnings.simplefilter("ignore")  # requests misses a guesser of encodings that it does not need here
sys.path.insert(0, {str(Path(__file__).parent)!r})
from calls import KEY, outcomes
from scaleapi import ScaleClient
with ScaleClient(KEY, api_instance_url={url!r}, verify={bundle!r} or False, deadline=20) as client:
    print(json.dumps(outcomes(client)), flush=True)
"""

name = "_interpreters" if sys.version_info >= (3, 13) else "_xxsubinterpreters"
interpreters: Any = importlib.import_module(name)
if sys.version_info >= (3, 13):
    interpreter = interpreters.create(kind)
else:
    interpreter = interpreters.create(isolated=kind == "isolated")
failure = interpreters.run_string(interpreter, CODE)
interpreters.destroy(interpreter)
if failure is not None:
    sys.exit(f"{failure}")
