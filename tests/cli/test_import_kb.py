"""`needfix import kb`, as one types it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.importing.kb.support import kb_article
from tests.support import ROOT, Needfix

ARTICLES = ROOT / "fixtures" / "articles"
PRODUCTS = ARTICLES / "products"
ONE = ARTICLES / "Q900001.txt"


def files(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def test_a_file(needfix: Needfix, out: Path) -> None:
    ran = needfix("import", "kb", ONE, "--output", out, "--rules", PRODUCTS)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"1 rule written to {out}; 1 of them with 1 review item\n")
    assert files(out) == ["Q900001.yaml"]


@pytest.mark.parametrize("form", ["folder", "pattern", "files"])
def test_a_folder_a_pattern_or_several_files(needfix: Needfix, out: Path, tmp_path: Path, form: str) -> None:
    drawer = tmp_path / "drawer"
    drawer.mkdir()
    for name in ("Q900001.txt", "Q900002.txt", "two-articles.txt"):
        shutil.copy(ARTICLES / name, drawer)
    shown = {"folder": [drawer], "pattern": [drawer / "*.txt"], "files": sorted(drawer.iterdir())}[form]
    assert needfix("import", "kb", *shown, "--output", out, "--rules", PRODUCTS).code == 0
    expected = [f"Q9000{number}.yaml" for number in ("01", "02", "10", "11")]
    assert files(out) == [*expected, "products/halcyon-desk.yaml"]


def test_standard_input_in_latin_1(needfix: Needfix, out: Path) -> None:
    data = (ARTICLES / "Q900009.txt").read_bytes()
    assert needfix("import", "kb", "-", "--output", out, "--rules", PRODUCTS, stdin=data).code == 0
    assert "Caf\xe9" in (out / "Q900009.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("refused-no-number", ":1: no article number"),
        ("refused-no-product", ":1: no product"),
        ("refused-no-table", ":1: no table of the files that the fix installs"),
        ("refused-no-names", ":15: a table without file names"),
    ],
)
def test_an_article_that_is_refused(needfix: Needfix, out: Path, name: str, where: str) -> None:
    file = ARTICLES / f"{name}.txt"
    ran = needfix("import", "kb", file, "--output", out, "--rules", PRODUCTS)
    assert ran.code == 2
    assert f"{file}{where}" in ran.err
    assert "hint: " in ran.err
    assert files(out) == []


def test_the_other_articles_are_imported_beside_a_refused_one(needfix: Needfix, out: Path) -> None:
    ran = needfix(
        "import", "kb", ARTICLES / "refused-no-table.txt", ONE, "--output", out, "--rules", PRODUCTS
    )
    assert (ran.code, files(out)) == (2, ["Q900001.yaml"])
    assert "1 problem reported above" in ran.out


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["nothing*.txt"], "the pattern matches no file"),
        (["nothing.txt"], "there is no such file"),
        ([], "no article is given"),
    ],
)
def test_nothing_to_import(needfix: Needfix, out: Path, words: list[str], what: str) -> None:
    ran = needfix("import", "kb", *words, "--output", out)
    assert (ran.code, ran.out) == (2, "")
    assert what in ran.err
    assert not out.exists()


def test_an_output_that_is_no_folder(needfix: Needfix, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ran = needfix("import", "kb", ONE, "--output", tmp_path / "file")
    assert (ran.code, ran.out) == (2, "")
    assert "is not a folder" in ran.err


def test_accepted_ranges_leave_nothing_to_review(needfix: Needfix, out: Path) -> None:
    ran = needfix("import", "kb", ONE, "--output", out, "--rules", PRODUCTS, "--accept-ranges")
    assert ran.out == f"1 rule written to {out}\n"
    text = (out / "Q900001.yaml").read_text(encoding="utf-8")
    assert '{from: "5.5", to: 5.5 SP2}' in text
    assert "review:" not in text


def test_a_file_that_was_edited_stays_without_overwrite(needfix: Needfix, out: Path) -> None:
    words = ("import", "kb", ONE, "--output", out, "--rules", PRODUCTS)
    needfix(*words)
    file = out / "Q900001.yaml"
    written = file.read_text(encoding="utf-8")
    assert needfix(*words).code == 0
    assert needfix(*words, "--accept-ranges").code == 0
    assert file.read_text(encoding="utf-8") != written
    file.write_text(written + "# mine\n", encoding="utf-8")
    ran = needfix(*words)
    assert ran.code == 2
    assert f"{file}:1: this file was edited" in ran.err
    assert file.read_text(encoding="utf-8") == written + "# mine\n"
    assert needfix(*words, "--overwrite").code == 0
    assert file.read_text(encoding="utf-8") == written


def test_drafts_grow_over_runs_until_they_are_edited(needfix: Needfix, out: Path) -> None:
    first, second, third = (
        kb_article(f"Halcyon Desk, version {version}", number=f"Q90006{n}").encode()
        for n, version in enumerate(("7.1", "7.0", "7.2"))
    )
    draft = out / "products" / "halcyon-desk.yaml"
    for data in (first, second):
        assert needfix("import", "kb", "-", "--output", out, stdin=data).code == 0
    assert draft.read_text(encoding="utf-8").endswith('  - {level: "7.0"}\n  - {level: "7.1"}\n')
    draft.write_text(draft.read_text(encoding="utf-8") + "key_files: [Haldesk.exe]\n", encoding="utf-8")
    ran = needfix("import", "kb", "-", "--output", out, stdin=third)
    assert "7.2" not in draft.read_text(encoding="utf-8")
    assert (ran.code, (out / "Q900062.yaml").exists()) == (2, False)
    assert "7.2 is not a known level of halcyon-desk" in ran.err


@pytest.mark.parametrize("name", ["halcyon-desk.yml", "Desk.YAML", "desk/7.yaml"])
def test_a_draft_that_was_renamed_is_known_and_not_drafted_again(
    needfix: Needfix, out: Path, name: str
) -> None:
    data = kb_article("Halcyon Desk, version 7.1", number="Q900060").encode()
    assert needfix("import", "kb", "-", "--output", out, stdin=data).code == 0
    place = out / "products" / name
    place.parent.mkdir(exist_ok=True)
    (out / "products" / "halcyon-desk.yaml").rename(place)
    assert needfix("import", "kb", "-", "--output", out, stdin=data).code == 0
    assert files(out) == ["Q900060.yaml", f"products/{name}"]
    assert needfix("rules", "list", "--rules", out).code == 0


def test_articles_may_stand_behind_rules(needfix: Needfix, out: Path) -> None:
    expected = needfix("import", "kb", ONE, "--output", out, "--rules", PRODUCTS)
    ran = needfix("import", "kb", "--output", out, "--rules", PRODUCTS, ONE)
    assert (expected.code, ran.code) == (0, 0)


def test_the_rules_and_drafts_load(needfix: Needfix, out: Path) -> None:
    needfix("import", "kb", ARTICLES / "[Qt]*.txt", "--output", out, "--rules", PRODUCTS)
    ran = needfix("rules", "list", "--rules", out, PRODUCTS)
    assert (ran.code, ran.err) == (0, "")
    assert all(f"Q9000{number:02}" in ran.out for number in range(1, 13))


@pytest.mark.parametrize("number", ["../Q900001", "Q900001/../../x", "/etc/Q900001"])
@pytest.mark.parametrize("name", ["Exampla Mail Server", "../../Evil", "/Evil", "..", "C:\\Evil"])
def test_nothing_is_written_outside_the_folder(
    needfix: Needfix, tmp_path: Path, number: str, name: str
) -> None:
    out = tmp_path / "a" / "b" / "out"
    text = kb_article(f"{name}, version 5.5", number=number).encode()
    needfix("import", "kb", "-", "--output", out, "--rules", PRODUCTS, stdin=text)
    assert all(file.startswith("a/b/out/") for file in files(tmp_path))


def test_links_in_the_folder_are_not_followed(needfix: Needfix, out: Path, tmp_path: Path) -> None:
    out.mkdir(parents=True)
    victim = tmp_path / "victim"
    (out / "Q900050.yaml").symlink_to(victim)
    ran = needfix("import", "kb", "-", "--output", out, "--rules", PRODUCTS, stdin=kb_article().encode())
    assert (ran.code, victim.exists()) == (2, False)
    assert "this is a link or a folder" in ran.err


def test_a_folder_without_a_name_is_refused(needfix: Needfix) -> None:
    ran = needfix("import", "kb", "-", "--output", "", stdin=kb_article().encode())
    assert (ran.code, "the folder has no name" in ran.err) == (2, True)


@pytest.mark.skipif(
    not Path("/proc/self/fdinfo").is_dir(), reason="this system has no folder that nobody may write to"
)
@pytest.mark.parametrize("folder", ["/proc/self/fdinfo", "/proc/self/fdinfo/out"])
def test_a_folder_that_cannot_be_written_to_is_one_message(
    tmp_path: Path, needfix: Needfix, folder: str
) -> None:
    for number in ("Q900001", "Q900002"):
        (tmp_path / f"{number}.txt").write_text(kb_article(number=number), encoding="utf-8")
    ran = needfix("import", "kb", tmp_path, "--output", folder)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"needfix: cannot write to {folder}: ")
    assert ran.err.count("\n") == 2
    assert ran.err.endswith("    hint: name another folder with --output\n")
