"""The workflow for rules of other repositories: it is safe, and its commands run on a sample repository."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from needfix.cli.commands import COMMANDS
from tests.ci.support import RULE
from tests.support import INVENTORIES, ROOT


def read(text: str) -> Any:  # noqa: ANN401 - any data
    """YAML with every scalar as text: YAML 1.1 would read the key `on` as a boolean."""
    return yaml.load(text, yaml.BaseLoader)  # noqa: S506 - it makes nothing but texts, lists and mappings


WORKFLOW = read((ROOT / ".github/workflows/rules.yaml").read_text(encoding="utf-8"))
(JOB,) = WORKFLOW["jobs"].values()
INPUTS = WORKFLOW["on"]["workflow_call"]["inputs"]
COMMAND = f'#!/bin/sh\nexec "{sys.executable}" -m needfix "$@"\n'

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="the steps are written for bash")


def step(name: str) -> dict[str, Any]:
    (found,) = (step for step in JOB["steps"] if step.get("name") == name)
    return dict(found)


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Git repository with a rule, and a command needfix on the path."""
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin" / "needfix"
    command.write_text(COMMAND, encoding="utf-8")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{command.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "engine"))
    repository = tmp_path / "repository"
    (repository / "rules").mkdir(parents=True)
    (repository / "rules" / "Q1.yaml").write_text(RULE, encoding="utf-8")
    shutil.copy(INVENTORIES / "exchange.json", repository / "servers.json")
    git = ["git", "-c", "user.name=Test", "-c", "user.email=test@example.com"]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "Rules"]):
        subprocess.run([*git, *words], cwd=repository, check=True)
    return repository


def run(name: str, repository: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run a step as a runner would, its expressions filled in."""
    values = {f"inputs.{key}": shown["default"] for key, shown in INPUTS.items()}
    values |= {f"inputs.{key.replace('_', '-')}": value for key, value in inputs.items()}
    values["github.event.pull_request.base.sha"] = "HEAD"
    shown = {**JOB["env"], **step(name).get("env", {})}
    filled = {
        key: re.sub(r"\$\{\{ (.*?) \}\}", lambda found: values[found[1]], text) for key, text in shown.items()
    }
    environment = {**os.environ, **filled, "GITHUB_STEP_SUMMARY": str(repository / "summary.md")}
    words = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step(name)["run"]]
    return subprocess.run(words, cwd=repository, env=environment, capture_output=True, text=True, check=False)


def test_it_may_only_read_and_is_only_called() -> None:
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert list(WORKFLOW["on"]) == ["workflow_call"]
    assert "permissions" not in JOB


def test_nothing_from_outside_is_put_into_a_script() -> None:
    scripts = [step["run"] for step in JOB["steps"] if "run" in step]
    assert len(scripts) == 4
    assert not any("${{" in script for script in scripts)


def test_actions_are_pinned_and_no_credentials_stay_behind() -> None:
    actions = [step["uses"] for step in JOB["steps"] if "uses" in step]
    assert actions
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", action) for action in actions)
    assert JOB["steps"][0]["with"]["persist-credentials"] == "false"


def test_every_input_is_used_and_described_and_may_be_left_out() -> None:
    text = (ROOT / ".github/workflows/rules.yaml").read_text(encoding="utf-8")
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    for name, shown in INPUTS.items():
        assert {"description", "type", "default"} == shown.keys()
        assert f"inputs.{name} " in text
        assert f"| `{name}` |" in page


def test_the_example_of_the_guide_names_inputs_that_there_are() -> None:
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    (example,) = (
        block for block in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL) if "workflows/rules" in block
    )
    (job,) = read(example)["jobs"].values()
    assert job["with"].keys() <= INPUTS.keys()


def has(command: str, word: str) -> None:
    """Skip where a command does not have an option or a format yet."""
    shown = subprocess.run(
        [sys.executable, "-m", "needfix", command, "--help"],
        capture_output=True,
        text=True,
        check=command in COMMANDS,
    )
    if word not in shown.stdout:
        pytest.skip(f"this needfix has no {command} with {word}")


def test_lint_reports_mistakes_as_annotations(repository: Path) -> None:
    has("lint", "github")
    ran = run("Lint", repository)
    assert (ran.returncode, ran.stderr) == (0, "")
    (repository / "rules" / "Q1.yaml").write_text(RULE.replace("SP4", "SP9"), encoding="utf-8")
    ran = run("Lint", repository)
    assert (ran.returncode, "::error file=rules/Q1.yaml" in ran.stdout) == (2, True)


@pytest.mark.parametrize("mutate", ["true", "false"])
def test_the_cases_run(repository: Path, mutate: str) -> None:
    has("test", "--mutate")
    assert run("Test", repository, mutate=mutate).returncode == 0
    assert run("Test", repository, mutate=mutate, fail_under="100").returncode == 1
    (repository / "rules" / "Q1.yaml").write_text(
        RULE.replace("fix-required", "fix-present"), encoding="utf-8"
    )
    ran = run("Test", repository)
    assert (ran.returncode, "::error file=rules/Q1.yaml" in ran.stdout) == (1, True)


def test_a_pull_request_is_compared_in_the_summary(repository: Path) -> None:
    has("diff", "markdown")
    ran = run("Compare with the base", repository, inventories="servers.json")
    assert (ran.returncode, ran.stdout) == (0, "")
    assert (repository / "summary.md").stat().st_size
