"""Which files a path names, through every command that takes one."""

from __future__ import annotations

import errno
import io
import os
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from needfix import fleet, load_catalogue
from needfix.errors import InventoryError, NeedfixWarning, Problem
from needfix.importing.kb.sources import ARTICLES
from needfix.intake.formats import inventories, inventory_names
from needfix.intake.paths import CASES, RULES, RULES_AND_CASES, FileKind, chosen, named_files
from needfix.inventory import read_inventory
from tests.inventory.support import names
from tests.support import INVENTORIES, ROOT, Needfix

RULE = ROOT / "rules" / "exchange-5.5" / "Q279798.yaml"
KINDS = [RULES, CASES, RULES_AND_CASES, ARTICLES, inventories()]
EVALUATE = ("evaluate", "--rule", "Q279798", "--format")
needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def server(file: Path, name: str = "") -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f'{{"server": "{name or file.stem}"}}')


def found(path: str, kind: FileKind) -> list[str]:
    files, problems = named_files([path], kind)
    assert problems == []
    return files


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("ending", ["lower", "upper"])
def test_endings_count_in_any_case(here: Path, kind: FileKind, ending: str) -> None:
    files = [here / "in" / f"a{getattr(end, ending)()}" for end in kind.endings]
    for file in files:
        server(file)
    assert found("in", kind) == sorted(f"in/{file.name}" for file in files)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_hidden_files_and_folders_are_left_out(here: Path, kind: FileKind) -> None:
    for name in (".a", ".b/c", "d/.e", "f"):
        server(here / "in" / f"{name}{kind.endings[0]}")
    server(here / "in" / ".hidden" / f"g{kind.endings[0]}")
    (here / "in" / f"b{kind.endings[0]}").mkdir()
    assert found("in", kind) == [f"in/f{kind.endings[0]}"]


def test_a_name_that_begins_with_an_underscore_is_in_every_fleet(here: Path, needfix: Needfix) -> None:
    server(here / "fleet" / "MAIL01.json")
    server(here / "fleet" / "_MAIL02.json")
    (here / "fleet" / "_SUCCESS").touch()
    assert "2 servers" in needfix(*EVALUATE, "table", "fleet").out
    assert needfix(*EVALUATE, "summary", "fleet").out.startswith("2 servers")
    assert needfix(*EVALUATE, "summary", "fleet/*").out.startswith("2 servers")


def test_a_rule_in_upper_case_is_listed_tested_linted_and_compared(here: Path, needfix: Needfix) -> None:
    (here / "rules").mkdir()
    shutil.copy(RULE, here / "rules" / "Q279798.YAML")
    server(here / "one.json")
    assert needfix("rules", "list", "--rules", "rules").out.startswith("Q279798")
    assert needfix("evaluate", "--rules", "rules", "one.json").code == 0
    assert "1 rule" in needfix("test", "rules").out
    assert "1 rule" in needfix("lint", "rules").out
    assert needfix("diff", "rules", "rules", "--inventory", "one.json").code == 0


def test_a_case_file_in_upper_case_is_one_of_cases(here: Path) -> None:
    (here / "in").mkdir()
    (here / "in" / "a.CASES.YAML").touch()
    (here / "in" / "b.yaml").touch()
    assert found("in", RULES) == ["in/b.yaml"]
    assert found("in", CASES) == ["in/a.CASES.YAML"]
    assert found("in", RULES_AND_CASES) == ["in/a.CASES.YAML", "in/b.yaml"]


def test_links_are_followed_and_each_real_file_is_read_once(here: Path) -> None:
    server(here / "elsewhere" / "A.json")
    server(here / "fleet" / "sub" / "B.json")
    (here / "fleet" / "linked").symlink_to(here / "elsewhere")
    (here / "fleet" / "again").symlink_to(here / "fleet" / "sub")
    (here / "fleet" / "sub" / "loop").symlink_to(here / "fleet")
    (here / "fleet" / "copy.json").symlink_to(here / "fleet" / "sub" / "B.json")
    for path in ("fleet", "fleet/**/*.json", "fleet/**"):
        assert sorted(names(list(read_inventory(path)))) == ["A", "B"]
    assert found("fleet", inventories()).count("fleet/sub/B.json") <= 1


@pytest.mark.parametrize("path", ["fleet", "fleet/*.json"])
def test_a_link_that_leads_nowhere_is_a_problem(here: Path, needfix: Needfix, path: str) -> None:
    server(here / "fleet" / "A.json")
    (here / "fleet" / "B.json").symlink_to(here / "gone.json")
    for report in ("table", "summary"):
        ran = needfix(*EVALUATE, report, path)
        assert ran.code == 2
        assert "fleet/B.json:1: the file cannot be read: No such file or directory" in ran.err


def test_a_rule_behind_a_link_that_leads_nowhere_is_a_problem(here: Path, needfix: Needfix) -> None:
    (here / "rules").mkdir()
    shutil.copy(RULE, here / "rules")
    (here / "rules" / "Q1.yaml").symlink_to(here / "gone.yaml")
    for command in (("rules", "list", "--rules"), ("lint",), ("test",)):
        ran = needfix(*command, "rules")
        assert ran.code == 2
        assert "rules/Q1.yaml:1: the file cannot be read" in ran.err


@pytest.mark.parametrize(
    ("words", "path"),
    [
        (("evaluate", "--format", "csv"), "in"),
        (("evaluate", "--format", "summary"), "in"),
        (("evaluate", "--format", "csv"), "in/**/*.json"),
        (("rules", "list", "--rules"), "in"),
        (("lint",), "in"),
        (("test",), "in"),
        (("import", "kb", "--output", "out"), "in"),
    ],
)
def test_a_folder_that_cannot_be_read_is_a_problem(
    here: Path, needfix: Needfix, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], path: str
) -> None:
    for folder in (here / "in", here / "in" / "closed"):
        server(folder / "a.json", folder.name)
        shutil.copy(RULE, folder / f"{folder.name}.yaml")
    scandir = os.scandir

    def refusing(folder: str) -> object:
        if str(folder).endswith("closed"):
            raise PermissionError(13, "Permission denied", folder)
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refusing)
    ran = needfix(*words, path)
    assert ran.code == 2
    assert "in/closed:1: the folder cannot be read: Permission denied" in ran.err


@needs_pipes
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_pipes_and_sockets_in_folders_are_left_out_with_a_note(here: Path, kind: FileKind) -> None:
    end = kind.endings[0]
    server(here / "in" / f"a{end}")
    os.mkfifo(here / "in" / f"b{end}")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"in/c{end}")
        for path in ("in", f"in/*{end}"):
            with pytest.warns(NeedfixWarning, match=rf"b{end} \(not a regular file\).* are skipped"):
                assert found(path, kind) == [f"in/a{end}"]


@needs_pipes
def test_a_pipe_that_is_named_is_read(here: Path) -> None:
    os.mkfifo(here / "pipe.json")
    with subprocess.Popen(["sh", "-c", 'echo \'{"server": "A"}\' > pipe.json']):  # noqa: S607
        assert names(list(read_inventory("pipe.json"))) == ["A"]


def test_what_may_be_meant_is_reported_once_on_standard_error(here: Path, needfix: Needfix) -> None:
    server(here / "fleet" / "A.json")
    for name in ("B.gz", "C.csv.bak", "D.xls", "README.md"):
        (here / "fleet" / name).touch()
    (here / "fleet" / "nowhere.md").symlink_to(here / "gone")
    expected = (
        "needfix: note: fleet: B.gz (without the ending of an inventory), "
        "C.csv.bak (without the ending of an inventory), D.xls (without the ending of an inventory), "
        "nowhere.md (a broken link) are skipped\n"
    )
    for report in ("csv", "summary"):
        ran = needfix(*EVALUATE, report, "fleet")
        assert (ran.code, ran.err) == (0, expected)


@pytest.mark.parametrize("report", ["jsonl", "csv", "json", "table", "parquet", "summary", "summary-json"])
def test_the_report_in_a_folder_is_no_inventory_of_it(here: Path, needfix: Needfix, report: str) -> None:
    server(here / "fleet" / "A.json")
    ending = {"parquet": "parquet", "csv": "csv", "jsonl": "jsonl"}.get(report, "json")
    for path in ("fleet", "fleet", "fleet/*"):
        assert needfix(*EVALUATE, report, path, "--output", f"fleet/out.{ending}").code == 0
    assert needfix(*EVALUATE, "summary", "fleet/A.json").out.startswith("1 server")


@pytest.mark.parametrize("report", ["jsonl", "csv", "parquet", "summary"])
@pytest.mark.parametrize("path", ["A.json", "link.json", "../fleet/A.json", "../fleet", "*.json"])
def test_a_report_never_replaces_an_inventory(
    here: Path, needfix: Needfix, monkeypatch: pytest.MonkeyPatch, report: str, path: str
) -> None:
    server(here / "fleet" / "A.json")
    monkeypatch.chdir(here / "fleet")
    Path("link.json").symlink_to("A.json")
    before = Path("A.json").read_bytes()
    ran = needfix(*EVALUATE, report, path, "--output", "A.json")
    assert ran.code == 2
    assert "the report would replace this file" in ran.err
    assert "hint: give another file with --output" in ran.err
    assert Path("A.json").read_bytes() == before


def test_no_report_of_any_command_replaces_what_it_reads(here: Path, needfix: Needfix) -> None:
    shutil.copy(RULE, here / "a.yaml")
    server(here / "A.json")
    before = (here / "a.yaml").read_bytes()
    for words in (
        ("evaluate", "A.json", "--rules", "a.yaml", "--output", "a.yaml"),
        ("explain", "A.json", "--server", "A", "--rule", "Q279798", "--output", "A.json"),
        ("diff", "a.yaml", "a.yaml", "--inventory", "A.json", "--output", "A.json"),
        ("diff", "a.yaml", "a.yaml", "--inventory", "A.json", "--output", "a.yaml"),
        ("lint", "a.yaml", "--output", "a.yaml"),
        ("test", "a.yaml", "--output", "a.yaml"),
    ):
        ran = needfix(*words)
        assert ran.code == 2, words
        assert "the report would replace this file" in ran.err
    assert (here / "a.yaml").read_bytes() == before


@pytest.mark.parametrize(
    ("words", "path"),
    [
        (("evaluate",), "{path}"),
        (("evaluate", "--format", "summary"), "{path}"),
        (("explain", "--server", "A", "--rule", "Q279798"), "{path}"),
        (("diff", str(RULE), str(RULE), "--inventory"), "{path}"),
        (("lint",), "{path}"),
        (("test",), "{path}"),
        (("rules", "list", "--rules"), "{path}"),
        (("import", "kb", "--output", "out"), "{path}"),
    ],
)
@pytest.mark.parametrize(
    ("path_of", "what", "hint"),
    [
        ("gone", "there is no such file", "check the path; relative paths start at the current folder"),
        ("*.gone", "the pattern matches no file", "check the pattern, and quote it so that the shell"),
        ("empty", "the folder contains no ", "give another folder, or the files themselves"),
    ],
)
def test_one_text_for_each_error(  # noqa: PLR0913, PLR0917 - each is a part of a table
    here: Path, needfix: Needfix, words: tuple[str, ...], path: str, path_of: str, what: str, hint: str
) -> None:
    (here / "empty").mkdir()
    ran = needfix(*words, path.format(path=path_of))
    assert ran.code == 2
    assert f"{path_of}:1: {what}" in ran.err
    assert f"\n    hint: {hint}" in ran.err


@pytest.mark.parametrize(
    "words",
    [
        ("evaluate",),
        ("evaluate", "--format", "summary"),
        ("explain", "--server", "A", "--rule", "Q279798"),
        ("diff", str(RULE), str(RULE)),
    ],
)
def test_no_inventory_at_all(needfix: Needfix, words: tuple[str, ...]) -> None:
    ran = needfix(*words)
    hint = "give files, folders or patterns, or - for standard input"
    assert (ran.code, ran.err) == (2, f"needfix: no inventory is given\n    hint: {hint}\n")


@pytest.mark.parametrize("path", ["", "a\0b", "no/such/folder/a.json"])
def test_paths_that_no_file_can_have(path: str) -> None:
    with pytest.raises(InventoryError, match="there is no such file"):
        read_inventory(path)


def test_a_name_with_the_signs_of_a_pattern_is_a_file_first(here: Path) -> None:
    server(here / "A[1].json", "A")
    server(here / "A1.json", "B")
    assert names(list(read_inventory("A[1].json"))) == ["A"]
    assert names(list(read_inventory("A[12].json"))) == ["B"]


def test_a_listing_that_another_made_is_chosen_from_by_the_same_rules() -> None:
    listing = [
        ("s3://b/fleet/MAIL01.JSON", 1),
        ("s3://b/fleet/_MAIL02.json", 2),
        ("s3://b/fleet/_SUCCESS", 0),
        ("s3://b/fleet/.hidden.json", 3),
        ("s3://b/fleet/_temporary/part.parquet", 4),
        ("s3://b/fleet/sub/part.PARQUET", 5),
        ("s3://b/fleet/notes.md", 6),
    ]
    assert [size for _, size in chosen("s3://b/fleet/", listing, inventories())] == [1, 2, 5]
    assert chosen("s3://b/export", [("s3://b/export", 7)], inventories()) == [("s3://b/export", 7)]


def test_the_samples_are_all_found() -> None:
    assert len(found(str(INVENTORIES / "exchange"), inventories())) == 16


@pytest.mark.parametrize(("length", "seconds"), [("90s", 90), ("1.5h", 5400), ("10 m", 600), ("0.5d", 43200)])
def test_a_length_of_time_is_written_alike_in_rules_and_inventories(
    here: Path, needfix: Needfix, length: str, seconds: int
) -> None:
    text = RULE.read_text().partition("cases:")[0].replace("for: 10m", f"for: {length}")
    (here / "Q279798.yaml").write_text(text)
    shorter, longer = (
        f'{{"server": "{name}", "products": [{{"name": "Microsoft Exchange Server", "level": "5.5 SP4"}}],'
        f' "files": [{{"name": "Store.exe", "version": "5.5.2653.23"}}],'
        f' "counters": [{{"name": "imc-queue-length", "value": 140, "for": "{held}"}}]}}'
        for name, held in (("S", f"{seconds - 1}s"), ("L", length))
    )
    (here / "a.jsonl").write_text(f"{shorter}\n{longer}\n")
    ran = needfix("evaluate", "a.jsonl", "--rules", "Q279798.yaml", "--format", "csv")
    actions = [line.split(",")[3] for line in ran.out.splitlines()[1:]]
    assert actions == ["confirm-symptoms", "apply"], ran.err


def test_a_pattern_says_which_folders_it_leaves_out(here: Path) -> None:
    server(here / "day1.json")
    server(here / "day2" / "b.json")
    with pytest.warns(NeedfixWarning, match=r"day\*: day2 \(a folder\) is skipped"):
        assert found("day*", inventories()) == ["day1.json"]


def test_a_pattern_does_not_look_into_what_spark_leaves_beside_its_files(here: Path) -> None:
    server(here / "fleet" / "a.json")
    server(here / "_temporary" / "c.json")
    assert found("*/*.json", inventories()) == ["fleet/a.json"]


def test_a_link_to_a_folder_that_is_not_there_is_a_problem(needfix: Needfix, here: Path) -> None:
    server(here / "fleet" / "a.json")
    (here / "fleet" / "site-b").symlink_to(here / "not-mounted")
    for report in ("csv", "summary"):
        ran = needfix(*EVALUATE, report, "fleet")
        assert (ran.code, ran.out) == (2, "")
        assert "fleet/site-b:1: the file cannot be read: No such file or directory" in ran.err


def test_a_pattern_takes_endings_in_any_case(here: Path) -> None:
    for name in ("a.json", "B.JSON", "c.Json"):
        server(here / "fleet" / name)
    assert found("fleet/*.json", inventories()) == ["fleet/B.JSON", "fleet/a.json", "fleet/c.Json"]


@pytest.fixture
def closed(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder `in`, with a server A, and a folder below it that not even root can read."""
    server(here / "in" / "A.json")
    server(here / "in" / "closed" / "B.json")
    scandir = os.scandir

    def refusing(path: str | int = os.curdir) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    return here / "in"


UNREADABLE = "in/closed:1: the folder cannot be read: Permission denied"


@pytest.mark.parametrize("form", ["csv", "summary"])
@pytest.mark.usefixtures("closed")
def test_a_folder_that_cannot_be_read_ends_a_run_unless_it_keeps_going(needfix: Needfix, form: str) -> None:
    ran = needfix(*EVALUATE, form, "in")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(UNREADABLE)
    ran = needfix(*EVALUATE, form, "--keep-going", "in")
    assert ran.code == 2
    assert ("A,Q279798" if form == "csv" else "1 server") in ran.out
    assert ran.err.startswith(UNREADABLE)
    assert "1 problem in the inventories; the other records were evaluated" in ran.err


@pytest.mark.usefixtures("closed")
def test_explain_and_diff_keep_going_as_well(needfix: Needfix) -> None:
    explain = ("explain", "in", "--server", "A", "--rule", "Q279798", "--keep-going")
    rules = ROOT / "fixtures" / "diff"
    diff = ("diff", rules / "old", rules / "new", "--inventory", "in", "--keep-going")
    for words in (explain, diff):
        ran = needfix(*words)
        assert (ran.code, ran.err.splitlines()[0].partition(";")[0]) == (2, UNREADABLE)
        assert ran.out


@pytest.mark.usefixtures("closed")
def test_if_nothing_else_is_named_there_is_nothing_to_keep_going_with(needfix: Needfix) -> None:
    ran = needfix(*EVALUATE, "csv", "--keep-going", "in/closed")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(UNREADABLE)


def test_programs_are_given_the_problem_and_the_other_servers(closed: Path) -> None:
    problems: list[Problem] = []
    assert names(list(read_inventory(closed, on_problem=problems.append))) == ["A"]
    fleet.summary(load_catalogue(), closed, on_problem=problems.append)
    assert [problem.what for problem in problems] == ["the folder cannot be read: Permission denied"] * 2
    with pytest.raises(InventoryError, match="the folder cannot be read"):
        read_inventory(closed)
    with pytest.raises(InventoryError, match="the folder cannot be read"):
        fleet.summary(load_catalogue(), closed)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a.json", ["evaluate"]),
        ("a.json", ["evaluate", "--format", "summary"]),
        ("a.yaml", ["lint"]),
        ("a.cases.yaml", ["test"]),
        ("a.txt", ["import", "kb", "--output", "out"]),
    ],
)
def test_a_file_that_cannot_be_read_is_one_problem_everywhere(
    name: str, words: list[str], needfix: Needfix, here: Path
) -> None:
    (here / name).symlink_to(name)
    ran = needfix(*words, name)
    why = f"the file cannot be read: {os.strerror(errno.ELOOP)}; expected a readable file"
    assert f"{name}:1: {why}\n    hint: check that it exists and may be read\n" in ran.err
    assert ran.code == 2


@pytest.mark.parametrize(
    ("sample", "name"),
    [
        ("exchange.parquet", "fleet-of-tuesday"),
        ("exchange.json", "MAIL99"),
        ("exchange.jsonl", "part-0000"),
        ("exchange.csv", "MAIL99.log"),
        ("exchange.yaml", "x.dat"),
        ("exchange/MAIL01.json", "a.json~"),
    ],
)
@pytest.mark.parametrize("report", ["csv", "summary"])
def test_a_skipped_file_that_looks_like_an_inventory_is_noted(
    here: Path, needfix: Needfix, sample: str, name: str, report: str
) -> None:
    server(here / "fleet" / "A.json")
    shutil.copy(INVENTORIES / sample, here / "fleet" / name)
    ran = needfix(*EVALUATE, report, "fleet")
    assert ran.err == f"needfix: note: fleet: {name} (without the ending of an inventory) is skipped\n"
    assert ran.code == 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"the server, when it starts: ready\n",
        b"# Read me\n\nserver inventories, by day\n",
        b"\x7fELF\x02\x01",
        b"name,version\nserver01,1.0\n",
    ],
)
def test_a_skipped_file_of_other_content_is_not_noted(here: Path, needfix: Needfix, content: bytes) -> None:
    server(here / "fleet" / "A.json")
    (here / "fleet" / "other.log").write_bytes(content)
    assert needfix(*EVALUATE, "csv", "fleet").err == ""


def test_decisions_without_an_ending_are_not_noted(here: Path, needfix: Needfix) -> None:
    server(here / "fleet" / "A.json")
    for report in ("csv", "jsonl"):
        needfix(*EVALUATE, report, "fleet", "--output", "fleet/decisions")
        assert needfix(*EVALUATE, report, "fleet").err == ""


@pytest.mark.parametrize("command", [("rules", "list", "--rules"), ("lint",), ("test",)])
def test_a_skipped_file_that_looks_like_a_rule_is_noted(
    here: Path, needfix: Needfix, command: tuple[str, ...]
) -> None:
    (here / "rules").mkdir()
    shutil.copy(RULE, here / "rules")
    shutil.copy(RULE, here / "rules" / "Q000001")
    shutil.copy(RULE, here / "rules" / "Q000002.txt")
    (here / "rules" / "README.md").write_text("# Rules\n\n    needfix: 1\n", encoding="utf-8")
    ending = "(without the ending of a rule"
    err = needfix(*command, "rules").err
    assert f"note: rules: Q000001 {ending}" in err
    assert f"Q000002.txt {ending}" in err
    assert "README" not in err


def test_names_without_an_ending_in_a_listing_of_spark_are_noted() -> None:
    listing = [("file:/in/part-0000", 3), ("file:/in/_SUCCESS", 0), ("file:/in/a.json", 3)]
    with pytest.warns(NeedfixWarning, match=r"part-0000 \(without the ending of an inventory\) is skipped"):
        assert chosen("file:/in", listing, inventories()) == [("file:/in/a.json", 3)]


@pytest.mark.parametrize(
    "words",
    [
        ("lint", "-"),
        ("test", "-"),
        ("rules", "list", "--rules", "-"),
        ("evaluate", INVENTORIES / "exchange.json", "--rules", "-"),
    ],
)
def test_rules_are_not_read_from_standard_input(needfix: Needfix, words: tuple[object, ...]) -> None:
    ran = needfix(*words, stdin=RULE.read_bytes())
    assert ran.code == 2
    assert "<stdin>:1: standard input is not read for rules" in ran.err
    assert "write it to a file, and give that file" in ran.err


def test_standard_input_that_cannot_be_read_has_the_same_name() -> None:
    class Broken(io.BytesIO):
        def read(self, _size: int | None = -1, /) -> bytes:
            raise OSError(5, "Input/output error")

    problems: list[Problem] = []
    assert list(read_inventory("-", stdin=Broken(), on_problem=problems.append)) == []
    (problem,) = problems
    assert (str(problem.at), problem.what) == ("<stdin>:1", "the file cannot be read: Input/output error")


def test_texts_of_health_checker_beside_its_results_are_skipped(tmp_path: Path) -> None:
    for name in ("HealthChecker-MAIL07-20240402.txt", "HealthChecker-Debug_20240402.txt", "MAIL01.txt"):
        (tmp_path / name).write_text("x")
    with pytest.warns(
        NeedfixWarning, match=r"HealthChecker-Debug_20240402.txt \(not an inventory\), .* are skipped"
    ):
        assert inventory_names([tmp_path]) == [str(tmp_path / "MAIL01.txt")]
