"""Every check of the project by name: ``nox --list`` shows them, ``nox -s lint`` runs one.

Each session makes an environment of its own. Where everything of the ``dev`` extra is installed
already, ``nox --no-venv --no-install -s lint types`` uses that instead and starts at once.
"""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
nox.options.sessions = ["tests", "lint", "types", "docs"]
nox.options.reuse_existing_virtualenvs = True

RELEASED = "scaleapi==2.18.4"  # the version that this one replaces
NOT_PYTHON = (".typed", ".html", ".css")  # what else the package needs


@nox.session
def tests(session: nox.Session) -> None:
    """Every test, with branch coverage; arguments after ``--`` go to pytest instead."""
    session.install("-e", ".[dev]")
    session.run("pytest", *(session.posargs or ["-m", "", "--cov"]))


@nox.session
def lint(session: nox.Session) -> None:
    """Style, formatting, and which module may import which."""
    session.install("-e", ".[dev]")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("lint-imports")


@nox.session
def types(session: nox.Session) -> None:
    """Two type checkers: users have either."""
    session.install("-e", ".[dev]")
    session.run("mypy", "--strict")
    session.run("pyright")


@nox.session
def docs(session: nox.Session) -> None:
    """The documentation; a warning or a broken reference is an error."""
    session.install("-e", ".[docs,sandbox]")
    session.run("sphinx-build", "-q", "-W", "-n", "--keep-going", "docs", "docs/_build/html")


@nox.session
def build(session: nox.Session) -> None:
    """Wheel and sdist, then the wheel alone in an empty environment."""
    session.install("build", "twine")
    dist = empty_directory(session, "dist")
    session.run("python", "-m", "build", "--outdir", dist)
    session.run("twine", "check", "--strict", *dist.iterdir())

    (wheel,) = dist.glob("*.whl")
    files = [name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name]
    strangers = [name for name in files if not name.startswith("scaleapi/")]
    package = Path("scaleapi")
    wanted = {path.as_posix() for path in package.rglob("*") if path.suffix in NOT_PYTHON}
    if strangers or not wanted <= set(files):
        missing = sorted(wanted - set(files))
        session.error(f"Wheel: these are missing: {missing}; these are too many: {strangers}")

    python = empty_environment(session, wheel)
    session.chdir(session.create_tmp())  # away from the source tree
    session.run(python, "-c", "import scaleapi; scaleapi.ScaleClient('key')", external=True)
    said = session.run(
        *(python, "-m", "scaleapi.sandbox", "--help"),
        external=True,
        silent=True,
        success_codes=range(1, 256),  # Flask is not there
    )
    if "scaleapi[sandbox]" not in str(said):
        session.error(f"Without Flask the sandbox should say what to install, and said: {said}")


@nox.session
def peer(session: nox.Session) -> None:
    """The released client, in an environment of its own, drives the sandbox of this one."""
    session.install("-e", ".[dev]")
    python = empty_environment(session, RELEASED, "numpy")  # whose values programs give it
    session.run("pytest", "-m", "", "tests/compat/peer", env={"PEER_PYTHON": str(python)})


@nox.session
def bench(session: nox.Session) -> None:
    """Measurements, printed; ``-- --short small_get`` only sees that this one runs.

    The survival programs take minutes each and run only when named.
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


def empty_directory(session: nox.Session, name: str) -> Path:
    """Make a directory among the session's temporary files, without what an earlier run left."""
    directory = Path(session.create_tmp(), name).resolve()
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir()
    return directory


def empty_environment(session: nox.Session, *packages: str | Path) -> Path:
    """Make a virtual environment with only these packages, and return its interpreter."""
    home = empty_directory(session, "environment")
    session.run("python", "-m", "venv", home)
    (python,) = (path for path in home.glob("*/python*") if path.stem == "python")
    session.run(python, "-m", "pip", "install", "--quiet", *packages, external=True)
    return python
