"""Wheels for Windows, Linux and macOS: the workflow is safe, and what builds them fits together."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from tests.support import ROOT

TEXT = (ROOT / ".github/workflows/wheels.yml").read_text(encoding="utf-8")
WORKFLOW = yaml.load(TEXT, yaml.BaseLoader)  # noqa: S506 - it makes nothing but texts, lists and mappings
STEPS = WORKFLOW["jobs"]["wheels"]["steps"]
OF_NEEDFIX = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
OF_DURABLE_RULES = tomllib.loads((ROOT / ".ci/durable-rules.toml").read_text(encoding="utf-8"))
MACRO = "PyEval_CallObject=PyObject_CallObject"


def test_the_workflow_may_only_read_and_keeps_no_credentials() -> None:
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert STEPS[0]["with"]["persist-credentials"] == "false"
    assert "secrets" not in str(WORKFLOW)


def test_actions_and_cibuildwheel_are_pinned_and_no_expression_is_put_into_a_script() -> None:
    assert all(re.fullmatch(r"actions/[a-z-]+@v[0-9]+", step["uses"]) for step in STEPS if "uses" in step)
    scripts = [step["run"] for step in STEPS if "run" in step]
    assert not any("${{" in script for script in scripts)
    assert any(re.search(r"cibuildwheel==[0-9.]+$", script) for script in scripts)


def test_all_three_systems_build() -> None:
    systems = WORKFLOW["jobs"]["wheels"]["strategy"]["matrix"]["os"]
    assert {name.partition("-")[0] for name in systems} == {"ubuntu", "windows", "macos"}


def test_both_are_built_for_the_pythons_that_needfix_names() -> None:
    prefix = "Programming Language :: Python :: 3."
    named = OF_NEEDFIX["project"]["classifiers"]
    pythons = [f"cp3{one.removeprefix(prefix)}-*" for one in named if one.startswith(prefix)]
    for configuration in (OF_NEEDFIX, OF_DURABLE_RULES):
        assert configuration["tool"]["cibuildwheel"]["build"] == pythons


def test_needfix_is_tried_with_the_durable_rules_that_the_workflow_built() -> None:
    (durable_rules, needfix) = (step["run"] for step in STEPS if "--output-dir" in step.get("run", ""))
    assert "--config-file .ci/durable-rules.toml --output-dir wheelhouse" in durable_rules
    assert "--output-dir wheelhouse" in needfix
    assert "--find-links {project}/wheelhouse" in OF_NEEDFIX["tool"]["cibuildwheel"]["before-test"]


def test_the_workflow_fetches_the_durable_rules_of_the_lock(tmp_path: Path) -> None:
    (script,) = (step["run"] for step in STEPS if step.get("name") == "Fetch durable-rules")
    awk = script.splitlines()[0].replace("requirements.lock", str(ROOT / "requirements.lock"))
    subprocess.run(["bash", "-c", awk], cwd=tmp_path, check=True)  # noqa: S607 - as the runner does
    lines = (tmp_path / "durable-rules.txt").read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(r"durable-rules==[0-9.]+ \\", lines[0])
    assert all(line.startswith("    --hash=sha256:") for line in lines[1:])


def test_every_way_to_build_durable_rules_has_the_macro_for_python_3_13() -> None:
    systems = OF_DURABLE_RULES["tool"]["cibuildwheel"]
    flags = {name: dict(systems[name]["environment"]) for name in ("linux", "macos", "windows")}
    of_uv = OF_NEEDFIX["tool"]["uv"]["extra-build-variables"]["durable-rules"]
    assert flags["linux"] == flags["macos"] == of_uv == {"CPPFLAGS": f"-D{MACRO} -O2"}
    assert flags["windows"] == {"CL": f"/D{MACRO.replace('=', '#')}"}
    for name in (".ci/venv.sh", ".github/workflows/rules.yaml", "README.md", "docs/ci.md"):
        assert f"-D{MACRO} -O2" in (ROOT / name).read_text(encoding="utf-8"), name


@pytest.mark.parametrize(("compiler", "options"), [("unix", ["-O3"]), ("mingw32", ["-O3"]), ("msvc", [])])
def test_loops_are_compiled_with_options_that_the_compiler_understands(
    compiler: str, options: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = importlib.util.spec_from_file_location("build_kernels", ROOT / ".ci" / "build_kernels.py")
    assert spec is not None
    assert spec.loader is not None
    build_kernels: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build_kernels)
    build = build_kernels.BuildKernels(build_kernels.Distribution())
    build.compiler, build.extensions = SimpleNamespace(compiler_type=compiler), [SimpleNamespace()]
    monkeypatch.setattr(build_kernels.build_ext, "build_extensions", lambda _: None)
    build.build_extensions()
    assert build.extensions[0].extra_compile_args == options
