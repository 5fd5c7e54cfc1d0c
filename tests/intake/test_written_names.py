"""Names of files that needfix writes: each system can have them, and two ids never share one."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from needfix.intake.written_names import written_name, yaml_name

IDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", fullmatch=True)
DEVICES = ["CON", "con", "PRN", "AUX", "NUL", "nul", "COM1", "com0", "LPT9", "Con.1", "aux.x.y"]


@pytest.mark.parametrize("stem", ["Q279798", "Exchange-Mar24SU", "console", "com10", "a.con", "lpt", "nul-1"])
def test_an_id_is_the_name(stem: str) -> None:
    assert yaml_name(stem) == f"{stem}.yaml"


@pytest.mark.parametrize(
    ("stem", "name"), [("CON", "CON_.yaml"), ("com1", "com1_.yaml"), ("Aux.2.x", "Aux_.2.x.yaml")]
)
def test_what_windows_takes_for_a_device_gets_another_name(stem: str, name: str) -> None:
    assert yaml_name(stem) == name


@given(st.one_of(IDS, st.sampled_from(DEVICES)))
def test_no_name_is_one_of_a_device(stem: str) -> None:
    before_any_point = yaml_name(stem).partition(".")[0].casefold()
    assert before_any_point not in {name.partition(".")[0].casefold() for name in DEVICES}
    assert yaml_name(stem).endswith(".yaml")


def test_long_names_are_cut_and_stay_apart() -> None:
    names = {yaml_name("long-" * 100 + end) for end in "abc"}
    assert len(names) == 3
    assert max(map(len, names)) < 140


def test_any_text_names_a_file() -> None:
    assert written_name('A/B:"C"', "xml") == "A_B__C_.xml"
    assert written_name(" .. ", "xml") == "_.xml"
    assert written_name("con", "xml") == "con_.xml"
    assert written_name("A/B", "xml", {"a_b.xml"}) == "A_B-" + sha256(b"A/B").hexdigest()[:8] + ".xml"
