"""The sdist, and the wheel as users get it: built from the sdist, unpacked away from the source tree."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import needfix

ROOT = Path(__file__).parents[2]
RULES = ROOT / "rules"
PACKAGE = ROOT / "engine" / "needfix"
KERNELS = "fleet/kernels"
SOURCES = {".py", ".pyi", ".pyx", ".pxd"}

pytestmark = pytest.mark.slow

LOAD_SHIPPED_RULES = """
import json
import needfix
catalogue = needfix.load_catalogue()
print(json.dumps({"package": needfix.__file__, "rules": sorted(rule.id for rule in catalogue)}))
"""


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make wheel` has built, where `make test-all` names it, else built here."""
    if built := os.environ.get("NEEDFIX_DIST"):
        return Path(built)
    dist = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(dist), str(ROOT)]
    run = subprocess.run(build, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return dist


@pytest.fixture(scope="module")
def wheel(dist: Path) -> zipfile.Path:
    (built,) = dist.glob("*.whl")
    return zipfile.Path(built)


@pytest.fixture(scope="module")
def names(wheel: zipfile.Path) -> frozenset[str]:
    return frozenset(wheel.root.namelist())


def files_under(folder: Path, pattern: str) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob(pattern)}


@pytest.mark.parametrize("name", ["needfix/py.typed", "needfix/rules/products/exchange-server.yaml"])
def test_wheel_holds(names: frozenset[str], name: str) -> None:
    assert name in names


def test_wheel_holds_every_module(names: frozenset[str]) -> None:
    modules = {f"needfix/{name}" for name in files_under(PACKAGE, "*.py")}
    assert modules == {name for name in names if name.endswith(".py")}


def test_sdist_holds_the_source_of_the_compiled_loops_and_nothing_that_was_made_of_it(dist: Path) -> None:
    (built,) = dist.glob("*.tar.gz")
    with tarfile.open(built) as sdist:
        found = {Path(name).name for name in sdist.getnames() if f"/engine/needfix/{KERNELS}/" in name}
    assert found == {path.name for path in (PACKAGE / KERNELS).iterdir() if path.suffix in SOURCES}


def test_sdist_holds_what_a_project_owes_its_users(dist: Path) -> None:
    (built,) = dist.glob("*.tar.gz")
    with tarfile.open(built) as sdist:
        top = {name.partition("/")[2] for name in sdist.getnames()}
    pages = {page.name for page in ROOT.glob("*.md")}
    assert {"CHANGELOG.md", "CONTRIBUTING.md", "README.md", "SECURITY.md"} <= pages
    assert pages | {"LICENSE", ".github/workflows/wheels.yml", ".ci/durable-rules.toml"} <= top


def test_wheel_holds_the_compiled_loops_for_python_3_11_and_later(
    wheel: zipfile.Path, names: frozenset[str]
) -> None:
    found = {
        name for name in names if name.startswith(f"needfix/{KERNELS}/") and not name.endswith((".py", "/"))
    }
    modules = [path.stem for path in (PACKAGE / KERNELS).glob("*.pyx")]
    kinds = ("abi3.so", "pyi")
    assert found == {f"needfix/{KERNELS}/{module}.{kind}" for module in modules for kind in kinds}
    assert "-cp311-abi3-" in Path(wheel.root.filename or "").name


def test_wheel_holds_every_rule(names: frozenset[str]) -> None:
    rules = {f"needfix/rules/{name}" for name in files_under(RULES, "*.yaml")}
    assert rules == {name for name in names if name.startswith("needfix/rules/") and name.endswith(".yaml")}


def test_wheel_holds_nothing_beside_the_package(names: frozenset[str]) -> None:
    tops = {name.split("/", 1)[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"needfix"}
    assert not {name for name in names if "/tests/" in name or "/test_" in name or "__pycache__" in name}


def test_wheel_names_the_command_and_the_plugin_of_pytest(wheel: zipfile.Path) -> None:
    (info,) = (entry for entry in wheel.iterdir() if entry.name.endswith(".dist-info"))
    entry_points = (info / "entry_points.txt").read_text(encoding="utf-8")
    assert "[console_scripts]\nneedfix = needfix.cli.main:main" in entry_points
    assert "[pytest11]\nneedfix = needfix.pytest_plugin" in entry_points


def test_wheel_states_its_license_and_its_version(wheel: zipfile.Path) -> None:
    (info,) = (entry for entry in wheel.iterdir() if entry.name.endswith(".dist-info"))
    metadata = (info / "METADATA").read_text(encoding="utf-8").splitlines()
    assert {"License-Expression: Apache-2.0", "License-File: LICENSE"} <= {*metadata}
    assert f"Version: {needfix.__version__}" in metadata
    license_text = (info / "licenses" / "LICENSE").read_text(encoding="utf-8")
    assert license_text == (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_unpacked_wheel_finds_the_rules_it_ships(wheel: zipfile.Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    with zipfile.ZipFile(str(wheel.root.filename)) as archive:  # Path.root cannot do it in every Python 3.11
        archive.extractall(site)  # noqa: S202 - a zip that was just built
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    # Before everything else on the path, so that it wins over the editable install.
    environment = {**os.environ, "PYTHONPATH": str(site)}
    run = subprocess.run(
        [sys.executable, "-c", LOAD_SHIPPED_RULES],
        cwd=elsewhere,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    loaded = json.loads(run.stdout)
    assert Path(loaded["package"]).is_relative_to(site)
    assert "Q279798" in loaded["rules"]
