"""What holds for all inventories: formats give the same servers, and no content breaks the reader."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fixtures import write_inventories as formats
from needfix.intake.text import bare
from needfix.intake.vocabularies import says_nothing
from tests.inventory.support import read
from tests.support.laws import tried

TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"], exclude_characters="\ufeff"),
    min_size=1,
    max_size=12,
).filter(lambda text: text == bare(text))
IDS = st.from_regex(r"[A-Za-z][A-Za-z0-9/-]{0,9}", fullmatch=True)
TIMES = st.datetimes().map(lambda moment: moment.isoformat())
NUMBERS = st.integers(0, 10**9) | st.floats(-1e9, 1e9)


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects that may lack any of the fields, or say null."""
    optional = {key: st.none() | field for key, field in fields.items()}
    return st.fixed_dictionaries({}, optional=optional)


def named(
    name: st.SearchStrategy[str], **fields: st.SearchStrategy[Any]
) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with a name."""
    return st.builds(lambda name, rest: {"name": name, **rest}, name, some(**fields))


PRODUCTS = named(TEXTS, level=TEXTS, build=TEXTS, edition=TEXTS, language=TEXTS)
FILES = named(
    TEXTS,
    path=TEXTS,
    version=TEXTS,
    modified=TIMES,
    size=st.integers(0, 10**12),
    loaded=TEXTS,
)
RECORDS = st.fixed_dictionaries(
    {"server": TEXTS.filter(lambda text: not says_nothing(text))},
    optional={
        "collected": TIMES,
        "products": st.lists(PRODUCTS, min_size=1, max_size=3, unique_by=lambda p: p["name"].casefold()),
        "files": st.lists(FILES, max_size=4),
        "complete": st.lists(st.sampled_from(["files", "events"]), max_size=2),
        "symptoms": some(observed=st.lists(IDS, max_size=2), absent=st.lists(IDS, max_size=2)),
        "events": st.lists(
            st.fixed_dictionaries({"source": TEXTS, "id": st.integers(0, 9999), "message": TEXTS}),
            max_size=2,
        ),
        "services": st.lists(st.fixed_dictionaries({"name": TEXTS, "state": TEXTS}), max_size=2),
        "counters": st.lists(
            st.fixed_dictionaries({"name": TEXTS, "value": NUMBERS, "for": st.just("90s")}),
            max_size=2,
        ),
        "hotfixes": st.lists(IDS, min_size=1, max_size=3, unique=True),
        "restart_pending": st.booleans(),
    },
).map(lambda record: record if record.get("files") else {**record, "complete": []})


def _with_complete_lists(record: dict[str, Any]) -> dict[str, Any]:
    """The record with a list of all that it calls complete, since tables have every column."""
    return {**record, **{scope: record.get(scope) or [] for scope in record.get("complete", ())}}


def _server_key(record: dict[str, Any]) -> str:
    return str(record["server"]).casefold()


INVENTORIES = st.lists(RECORDS.map(_with_complete_lists), min_size=1, max_size=4, unique_by=_server_key)


@given(INVENTORIES)
def test_every_format_gives_the_same_servers(records: list[dict[str, Any]]) -> None:
    expected, problems = read(formats.json_list(records))
    assert not problems
    assert len(expected) == len(records)
    for write in (
        formats.json_lines,
        formats.yaml_list,
        formats.comma_csv,
        formats.semicolon_csv,
        formats.utf16_csv,
    ):
        assert read(write(records)) == (expected, [])


@tried(300)
@given(st.sampled_from(sorted(formats.files())), st.data())
def test_damage_is_a_problem_and_never_a_traceback(name: str, data: st.DataObject) -> None:
    content = bytearray(formats.files()[name])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    read(bytes(content))


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_without_a_traceback(content: bytes) -> None:
    for start in (b"", b"[", b"{", b"- ", b"server,file\n"):
        read(start + content)
