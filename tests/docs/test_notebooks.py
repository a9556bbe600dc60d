"""Run all notebooks in examples/, and compare their stored outputs.

With WRITE_NOTEBOOKS=1 in the environment the outputs are kept anew.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "examples").glob("*.ipynb"))

every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)


class OwnKernel(AsyncKernelManager):
    """A kernel of this interpreter, independent of installed kernels."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(kernel_spec_manager=KernelSpecManager(kernel_dirs=[]), **settings)


def run(notebook: Any, directory: Path) -> None:
    """Run the cells of a notebook in a directory, and store their outputs."""
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        kernel_manager_class=OwnKernel,
        resources={"metadata": {"path": str(directory)}},
        record_timing=False,
        timeout=60,
    )
    client.execute(env={**os.environ, "IPYTHONDIR": str(directory / "ipython")})


def kinds(notebook: Any) -> list[list[tuple[str, list[str]]]]:
    """Return the types of outputs of each cell."""
    return [
        [(output.output_type, sorted(output.get("data", {}))) for output in cell.outputs]
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


def text(notebook: Any) -> str:
    """Return the text of all outputs of a notebook."""
    return "".join(
        str(output.get("text", "")) + "".join(map(str, output.get("data", {}).values()))
        for cell in notebook.cells
        for output in cell.get("outputs", [])
    )


@every_notebook
def test_a_notebook_runs_with_the_stored_outputs(path: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples" / "data", tmp_path / "data")
    kept = nbformat.read(path, as_version=4)
    ran = nbformat.read(path, as_version=4)
    run(ran, tmp_path)
    if "WRITE_NOTEBOOKS" in os.environ:
        ran.metadata = kept.metadata
        nbformat.write(ran, path)
        kept = ran
    assert kinds(kept) == kinds(ran)
    assert any(cell for cell in kinds(ran))
    counts = [cell.execution_count for cell in kept.cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1))


@every_notebook
def test_stored_outputs_are_small_and_contain_no_secrets(path: Path) -> None:
    """The outputs contain no key, no local path and no expiring link."""
    shown = text(nbformat.read(path, as_version=4))
    assert shown.count("<h4") > 3
    assert "data:image/svg+xml," in shown
    assert path.stat().st_size < 200_000
    for private in ("sandbox_key", "signature=", str(ROOT), str(Path.home())):
        assert private not in shown


def test_a_broken_notebook_is_caught(tmp_path: Path) -> None:
    cell = nbformat.v4.new_code_cell("1 / 0")
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        run(nbformat.v4.new_notebook(cells=[cell]), tmp_path)
