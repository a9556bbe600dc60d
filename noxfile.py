"""All checks of the project: ``nox --list`` lists them, ``nox -s lint`` runs one.

Each session creates its own environment. If the ``dev`` extra is already installed,
``nox --no-venv --no-install -s lint types`` uses the current environment and starts faster.
"""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
nox.options.sessions = ["tests", "lint", "types", "docs"]
nox.options.reuse_existing_virtualenvs = True

RELEASED = "scaleapi==2.18.4"  # the version for comparison
VERSIONS = "import requests, urllib3; print(requests.__version__, urllib3.__version__)"
NOT_PYTHON = (".typed", ".html", ".css")  # other files that the package needs


@nox.session
def tests(session: nox.Session) -> None:
    """All tests with branch coverage. Arguments after ``--`` are passed to pytest instead."""
    session.install("-e", ".[dev]")
    session.run("pytest", *(session.posargs or ["-m", "", "--cov"]))


@nox.session
def lint(session: nox.Session) -> None:
    """Style, formatting and import layers."""
    session.install("-e", ".[dev]")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("lint-imports")


@nox.session
def types(session: nox.Session) -> None:
    """Two type checkers, because users may use either."""
    session.install("-e", ".[dev]")
    session.run("mypy", "--strict")
    session.run("pyright")


@nox.session
def docs(session: nox.Session) -> None:
    """The documentation. Warnings and broken references are errors."""
    session.install("-e", ".[docs,sandbox]")
    session.run("sphinx-build", "-q", "-W", "-n", "--keep-going", "docs", "docs/_build/html")


@nox.session
def build(session: nox.Session) -> None:
    """Wheel and sdist, and a test of the wheel in an empty environment."""
    session.install("build", "twine")
    dist = empty_directory(session, "dist")
    session.run("python", "-m", "build", "--outdir", dist)
    session.run("twine", "check", "--strict", *dist.iterdir())

    (wheel,) = dist.glob("*.whl")
    files = [name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name]
    unexpected = [name for name in files if not name.startswith("scaleapi/")]
    package = Path("scaleapi")
    wanted = {path.as_posix() for path in package.rglob("*") if path.suffix in NOT_PYTHON}
    if unexpected or not wanted <= set(files):
        missing = sorted(wanted - set(files))
        session.error(f"Wheel: missing files: {missing}; unexpected files: {unexpected}")

    python = empty_environment(session, wheel)
    session.chdir(session.create_tmp())  # away from the source tree
    session.run(python, "-c", "import scaleapi; scaleapi.ScaleClient('key')", external=True)
    output = session.run(
        *(python, "-m", "scaleapi.sandbox", "--help"),
        external=True,
        silent=True,
        success_codes=range(1, 256),  # Flask is not installed
    )
    if "scaleapi[sandbox]" not in str(output):
        session.error(f"Without Flask, the sandbox should say what to install, got: {output}")


@nox.session
def peer(session: nox.Session) -> None:
    """Run the released client, in its own environment, against this sandbox."""
    session.install("-e", ".[dev]")
    python = empty_environment(session, RELEASED, "numpy")  # programs pass numpy values
    session.run("pytest", "-m", "", "tests/compat/peer", env={"PEER_PYTHON": str(python)})


@nox.session
@nox.parametrize(
    "requirements",
    [
        nox.param(["requests==2.32.2", "urllib3==2.2.0"], id="oldest"),
        nox.param(["requests", "urllib3"], id="newest"),
    ],
)
def versions(session: nox.Session, requirements: list[str]) -> None:
    """The fast suite with the oldest requests and urllib3 that are supported, and the newest."""
    session.install("-e", ".[dev]")
    session.install("--upgrade", *requirements)
    session.run("python", "-c", VERSIONS)
    session.run("pytest", *(session.posargs or ["-q", "-n", "auto"]))


@nox.session
def bench(session: nox.Session) -> None:
    """Benchmarks. ``-- --short small_get`` is a quick check that this one runs.

    The ``survival_*`` programs take minutes each and run only if named.
    """
    session.install("-e", ".[dev]")
    env = {"PEER_PYTHON": str(empty_environment(session, RELEASED))}
    options = [word for word in session.posargs if word.startswith("--")]
    names = [word for word in session.posargs if word not in options]
    for program in sorted(Path("tests/benchmarks").glob("[!_]*.py")):
        if program.stem in names or not (names or program.stem.startswith("survival")):
            session.run("python", program, *options, env=env)


@nox.session
def spark(session: nox.Session) -> None:
    """The Spark data source, with a Spark of its own; needs Java 17."""
    session.install("-e", ".[arrow,sandbox]", "pytest>=9", "pyspark>=4", "pandas")
    python = {"PYSPARK_PYTHON": "python", "PYSPARK_DRIVER_PYTHON": "python"}
    session.run("python", "tests/export/programs/spark.py", env=python)


@nox.session
def ray(session: nox.Session) -> None:
    """The recipe for Ray, with a Ray of its own: 240 MB."""
    session.install("-e", ".[sandbox]", "ray>=2.40")
    env = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_AUTH_MODE": "disabled"}
    session.run("python", "tests/export/programs/ray_recipe.py", env=env)


def empty_directory(session: nox.Session, name: str) -> Path:
    """Create an empty directory among the session's temporary files."""
    directory = Path(session.create_tmp(), name).resolve()
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir()
    return directory


def empty_environment(session: nox.Session, *packages: str | Path) -> Path:
    """Create a virtual environment with only these packages, and return its interpreter."""
    home = empty_directory(session, "environment")
    session.run("python", "-m", "venv", home)
    (python,) = (path for path in home.glob("*/python*") if path.stem == "python")
    session.run(python, "-m", "pip", "install", "--quiet", *packages, external=True)
    return python
