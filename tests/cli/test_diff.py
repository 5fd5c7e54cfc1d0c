from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.support import INVENTORIES, ROOT, Needfix
from tests.support.catalogues import MAIL, OLD, Document, fix, rule

Git = Callable[..., str]

SERVERS = [
    {"server": "A", "products": [{"name": "Contoso Mail Server", "level": "5.5 SP4"}],
     "files": [{"name": "Info.dll", "version": OLD}]},
    {"server": "B", "products": [{"name": "Contoso Mail Server", "level": "5.5 SP4"}],
     "files": [{"name": "Info.dll", "version": "5.5.2654.12"}]},
]  # fmt: skip
LATER = rule(fixes=[fix({"Info.dll": "5.5.2654.20"})])
"""The rule with a minimum that Info.dll of B does not reach."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with an inventory of two servers."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    Path("servers.json").write_text(json.dumps(SERVERS), encoding="utf-8")
    return tmp_path


@pytest.fixture
def git(folder: Path) -> Git:
    """Runs Git in a new repository in the current folder."""
    program = shutil.which("git")
    if program is None:
        pytest.skip("Git is not installed")

    def run(*words: str) -> str:
        who = ["-c", "user.name=Author", "-c", "user.email=author@example.com"]
        ran = subprocess.run([program, *who, *words], cwd=folder, capture_output=True, check=True)
        return ran.stdout.decode().strip()

    run("init", "--quiet", "--initial-branch=main")
    return run


def written(path: str, *documents: Document) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(yaml.safe_dump_all([MAIL, *documents], sort_keys=False), encoding="utf-8")


def committed(git: Git, *documents: Document, path: str = "rules/all.yaml") -> None:
    written(path, *documents)
    git("add", ".")
    git("commit", "--quiet", "--message", "Rules")


def line_of(path: str, text: str) -> int:
    return Path(path).read_text(encoding="utf-8").splitlines().index(text) + 1


def diff(needfix: Needfix, old: str, new: str, *words: str) -> tuple[int, str, str]:
    ran = needfix("diff", old, new, "--inventory", "servers.json", *words)
    return ran.code, ran.out, ran.err


# ---- paths


def test_two_folders(needfix: Needfix) -> None:
    written("old/all.yaml", rule())
    written("new/all.yaml", LATER)
    code, out, err = diff(needfix, "old", "new")
    assert (code, err) == (0, "")
    line = line_of("new/all.yaml", "      version: 5.5.2654.20")
    assert out.splitlines() == [
        "1 decision changed on 1 of 2 servers",
        "old → new: 1 rule, 1 of them changed; 1 newly required",
        "",
        "newly required",
        "  Q100001  fix-present, none → fix-required, apply",
        "    B",
        f"    new/all.yaml:{line}: Info.dll 5.5.2654.10 → 5.5.2654.20 (was old/all.yaml:{line})",
    ]


def test_no_change_is_one_line(needfix: Needfix) -> None:
    written("old/all.yaml", rule())
    written("new/all.yaml", rule(title="Another title", references=["https://example.com"]))
    assert diff(needfix, "old", "new", "--fail-on-change") == (
        0, "no decision changed: 2 servers, 1 rule, 0 of them changed\n", "",
    )  # fmt: skip


def test_a_change_without_effect_is_reported_and_fails_nothing(needfix: Needfix) -> None:
    written("old/all.yaml", rule())
    written("new/all.yaml", rule(affects=["5.5 SP4"]))
    code, out, _ = diff(needfix, "old", "new", "--fail-on-change")
    assert code == 0
    assert out.startswith("no decision changed: 2 servers, 1 rule, 1 of them changed\n")
    assert "changed lines that alter no decision on these servers" in out
    assert f"old/all.yaml:{line_of('old/all.yaml', '- 5.5 SP3')}: Q100001: affects 5.5 SP3 removed\n" in out


def test_fail_on_change_exits_with_1(needfix: Needfix) -> None:
    written("old/all.yaml", rule())
    written("new/all.yaml", rule(apply="if-symptoms"))
    assert diff(needfix, "old", "new")[0] == 0
    assert diff(needfix, "old", "new", "--fail-on-change")[0] == 1


def test_output_goes_to_a_file_whole(needfix: Needfix) -> None:
    written("old/all.yaml", rule())
    written("new/all.yaml", LATER)
    for form in ("text", "markdown", "json"):
        expected = diff(needfix, "old", "new", "--format", form)[1]
        assert diff(needfix, "old", "new", "--format", form, "--output", "report") == (0, "", "")
        assert Path("report").read_text(encoding="utf-8") == expected


def test_standard_input_and_patterns_are_inventories(needfix: Needfix) -> None:
    written("old/all.yaml", rule())
    written("new/all.yaml", LATER)
    given = Path("servers.json").read_bytes()
    words = ("diff", "old/*.yaml", "new/*.yaml", "--inventory", "-", "serv*.json")
    once = needfix(*words, stdin=given)
    assert (once.code, once.out) == (2, "")
    assert "another record at <stdin>:1" in once.err
    both = needfix(*words, "--join", stdin=given)
    assert "1 decision changed on 1 of 2 servers" in both.out


# ---- revisions


def test_a_git_in_the_current_folder_is_not_run(
    git: Git, needfix: Needfix, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed(git, rule())
    for name in ("git", "git.exe"):
        Path(name).write_text("#!/bin/sh\ntouch run-by-needfix\nexit 1\n", encoding="utf-8")
        Path(name).chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([".", "", os.environ["PATH"]]))
    assert diff(needfix, "main", "rules/")[0] == 0
    assert not Path("run-by-needfix").exists()


def test_a_revision_and_the_working_tree(git: Git, needfix: Needfix) -> None:
    committed(git, rule())
    written("rules/all.yaml", LATER)
    code, out, err = diff(needfix, "main", "rules/")
    assert (code, err) == (0, "")
    assert "rules/all.yaml:" in out
    assert "(was main:rules/all.yaml:" in out
    assert "needfix-" not in out


@pytest.mark.parametrize("old", ["HEAD~1", "v1.0", "main~1:rules", "main~1:./rules/all.yaml", "main~1:"])
def test_two_revisions(git: Git, needfix: Needfix, old: str) -> None:
    committed(git, rule())
    git("tag", "v1.0")
    committed(git, LATER)
    code, out, err = diff(needfix, old, "HEAD")
    assert (code, err) == (0, "")
    assert "1 decision changed on 1 of 2 servers" in out
    assert f"(was {old.partition(':')[0]}:rules/all.yaml:" in out


def test_rules_says_where_rules_lie_in_revisions(git: Git, needfix: Needfix) -> None:
    committed(git, rule(), path="hotfixes/mail/all.yaml")
    committed(git, LATER, path="hotfixes/mail/all.yaml")
    code, out, _ = diff(needfix, git("rev-parse", "HEAD~1"), "main", "--rules", "hotfixes/mail")
    assert code == 0
    assert "main:hotfixes/mail/all.yaml:" in out
    assert "1 newly required" in diff(needfix, "HEAD~1", "HEAD", "--rules", "hot*/*/*.yaml")[1]


def test_paths_start_at_the_current_folder(
    git: Git, needfix: Needfix, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed(git, rule(), path="team/rules/all.yaml")
    written("team/rules/all.yaml", LATER)
    monkeypatch.chdir(folder / "team")
    ran = needfix("diff", "HEAD", "rules", "--inventory", "../servers.json")
    assert (ran.code, ran.err) == (0, "")
    assert "(was HEAD:team/rules/all.yaml:" in ran.out
    assert needfix("diff", "HEAD", "HEAD", "--inventory", "../servers.json").code == 0


def test_links_in_a_revision_are_skipped_with_a_note(git: Git, needfix: Needfix, folder: Path) -> None:
    written("outside.yaml", rule("Q2"))
    Path("rules").mkdir()
    Path("rules/link.yaml").symlink_to(folder / "outside.yaml")
    committed(git, rule())
    code, out, err = diff(needfix, "main", "rules/all.yaml", "--rules", "rules")
    assert code == 0
    assert "rules/link.yaml skipped: links in a revision are not followed" in err
    assert out.startswith("no decision changed: 2 servers, 1 rule, 0 of them changed")


def test_a_path_goes_before_a_revision_of_the_same_name(git: Git, needfix: Needfix) -> None:
    committed(git, rule())
    written("main/all.yaml", LATER)
    assert "main/all.yaml:" in diff(needfix, "refs/heads/main", "main", "--rules", "rules")[1]


def test_rules_of_a_revision_that_do_not_load_are_reported_as_git_names_them(
    git: Git, needfix: Needfix
) -> None:
    committed(git, rule(), rule())
    written("rules/all.yaml", rule(affects=["9.9"]))
    code, out, err = diff(needfix, "main", "rules")
    assert (code, out) == (2, "")
    first, _, second, *_ = err.splitlines()
    assert first.startswith("main:rules/all.yaml:")
    assert "the rule Q100001 is already defined at main:rules/all.yaml:" in first
    assert second.startswith("rules/all.yaml:")
    assert "unknown level '9.9'" in second


# ---- messages


@pytest.mark.parametrize(
    ("sides", "expected"),
    [
        (["main"], "diff compares two sides, OLD and NEW, but 1 is named"),
        (["no-such-branch", "rules"], "'no-such-branch' is neither a file or folder nor a revision"),
        (["no-such-branch:rules", "rules"], "'no-such-branch:rules' is neither a file"),
        (["main", "main:hotfixes"], "main has no rules at 'hotfixes'"),
        (["main", "../elsewhere"], "'../elsewhere' is neither a file"),
        (["main", ".."], ".. lies outside of the repository"),
        (["main:../rules", "rules"], "../rules lies outside of the repository"),
        (["main", "no-*.yaml"], "main:no-*.yaml:1: the pattern matches no file"),
    ],
)
def test_sides_that_are_none(git: Git, needfix: Needfix, sides: list[str], expected: str) -> None:
    committed(git, rule())
    ran = needfix("diff", *sides, "--inventory", "servers.json")
    assert (ran.code, ran.out) == (2, "")
    assert expected in ran.err
    assert "hint: " in ran.err


def test_a_revision_that_looks_like_an_option_reaches_no_git(git: Git, needfix: Needfix) -> None:
    committed(git, rule())
    ran = needfix("diff", "--inventory", "servers.json", "--", "--upload-pack=touch x", "rules")
    assert (ran.code, ran.out) == (2, "")
    assert "neither a file or folder nor a revision" in ran.err


def test_without_a_repository(needfix: Needfix) -> None:
    written("rules/all.yaml", rule())
    code, out, err = diff(needfix, "main", "rules")
    assert (code, out) == (2, "")
    assert (
        "'main' is not a file or folder, and the current folder is not in a Git repository\n    hint: " in err
    )


def test_without_git(needfix: Needfix, monkeypatch: pytest.MonkeyPatch) -> None:
    written("rules/all.yaml", rule())
    monkeypatch.setenv("PATH", "")
    code, out, err = diff(needfix, "main", "rules")
    assert (code, out) == (2, "")
    assert "Git is not installed, and a revision needs it\n    hint: install it" in err


def test_no_inventory_and_no_server(needfix: Needfix) -> None:
    written("rules/all.yaml", rule())
    ran = needfix("diff", "rules", "rules")
    assert (ran.code, ran.out) == (2, "")
    assert "no inventory is given" in ran.err
    ran = needfix("diff", "rules", "rules", "--inventory", "-", stdin=b"[]")
    assert (ran.code, ran.out) == (2, "")
    assert "there is no server in the inventories" in ran.err


def test_bad_records_stop_the_run_unless_it_keeps_going(needfix: Needfix) -> None:
    written("old/all.yaml", rule())
    written("new/all.yaml", LATER)
    given = json.dumps([*SERVERS, {"products": []}]).encode()
    words = ("diff", "old", "new", "--inventory", "-", "--format", "json")
    ran = needfix(*words, stdin=given)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith("; nothing was written; use --keep-going to evaluate the other records\n")
    ran = needfix(*words, "--keep-going", stdin=given)
    assert ran.code == 2
    assert json.loads(ran.out)["summary"]["servers"] == 2
    assert json.loads(ran.out)["summary"]["bad_records"] == 1


def test_the_shipped_rules_differ_from_themselves_in_nothing(needfix: Needfix) -> None:
    shipped = str(ROOT / "rules")
    assert (
        diff(needfix, shipped, shipped)[1] == "no decision changed: 2 servers, 208 rules, 0 of them changed\n"
    )


def test_an_absolute_path_of_a_revision_is_one_of_the_revision(needfix: Needfix, git: Git) -> None:
    committed(git, rule())
    written("rules/all.yaml", LATER)
    ran = needfix("diff", f"HEAD:{Path.cwd()}/rules", "rules", "--inventory", "servers.json")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == needfix("diff", "HEAD:rules", "rules", "--inventory", "servers.json").out.replace(
        "HEAD:rules →", f"HEAD:{Path.cwd()}/rules →"
    )
    assert ran.out.startswith("1 decision changed on 1 of 2 servers\n")


@pytest.mark.parametrize("path", ["/etc", "rules/../../x", "../x", "a/../../../etc"])
def test_a_path_outside_of_the_repository_is_in_no_revision(needfix: Needfix, git: Git, path: str) -> None:
    committed(git, rule())
    ran = needfix("diff", f"HEAD:{path}", "rules", "--inventory", "servers.json")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"needfix: {path} lies outside of the repository")


def test_where_the_other_side_has_its_rules_is_inside_the_repository(needfix: Needfix, git: Git) -> None:
    committed(git, rule())
    ran = needfix("diff", "HEAD", "HEAD:/etc", "--inventory", "servers.json")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("needfix: /etc lies outside of the repository")


def test_inventories_in_columns_are_read_as_evaluate_reads_them(
    needfix: Needfix, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    words = ("diff", "fixtures/diff/old", "fixtures/diff/new", "--inventory")
    assert needfix(*words, INVENTORIES / "exchange.parquet") == needfix(*words, INVENTORIES / "exchange.json")
