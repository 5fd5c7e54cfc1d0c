"""Every kind of fact about files, in columns as one server at a time."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import needfix
from needfix.fleet.reading.piece import consecutive
from tests.compare.strategies import few, maybe
from tests.fleet.support import counted, counts, fleet_rows, piece_of, shuffled, single_rows
from tests.support.catalogues import Document, catalogue_of, fix, rule, server
from tests.support.laws import tried

VERSIONS = (
    "5.5", "5.5.2654", "5.5.2654.0", "5.5.2654.29", "5.5.2654.30", "5.5.2653.1", "5,5,2654,29", "6.0",
    "2022.160.4075.1", "2022.160", "16.0.1", "5.5.70000.1", "N/A", "", "x", "0.0.0.0", "5.5.2654.29.2",  # noqa: S104 - a version
    "5.5.2654.29.5", "99999", "2000.11.01", "5.5.1.1 (5.5.2.2)", "5.5.2655", "5.5.2000", "1985.3.4",
    "12.5.65535", "12.5",
)  # fmt: skip
MINIMA = (
    "5.5.2654.29", "5.5.2654", "5.5.2654.29.3", "5.5.70000.2", "2022.160.4075.1", "2022.160.4080.1",
    "16.0.1.5", "5.5.2655.1", "5.5.2653.5", "12.5.65535.9", "5.5", "6",
)  # fmt: skip
TIMES = (
    "2000-03-14", "2000-03-14T18:00", "2000-03-14T18:00Z", "2000-03-15T09:00+02:00", "N/A", "lately",
    "1601-01-01T00:00:00Z", "2000-03-16", "2000-03-12T01:00Z",
)  # fmt: skip
PATHS = (
    r"c:\mail\bin\one.dll", r"d:\mail\bin\one.dll", r"c:\winnt\$NtUninstallQ1$\one.dll",
    r"c:\mail\bin\dllcache\one.dll", r"c:\x\one.dll", "N/A", r"\\srv\mail\bin\one.dll",
)  # fmt: skip
PATTERNS = ("mail\\bin", "c:\\mail", "*\\bin", "\\mail", "m*l\\b?n", "c:\\*\\bin")
PLATFORMS = ("x86", "32-bit", "amd64", "Unknown", "PE32+", "alpha", "34404")
NAMES = ("One.dll", "Two.dll", "Three.dll")

MINIMUM = st.one_of(
    st.fixed_dictionaries({"version": st.sampled_from(MINIMA)}),
    st.fixed_dictionaries({"version": st.sampled_from(MINIMA), "path": st.sampled_from(PATTERNS)}),
    st.fixed_dictionaries(
        {"modified": st.sampled_from(TIMES[:3])}, optional={"path": st.sampled_from(PATTERNS)}
    ),
    st.just({}),
)
FIX = st.dictionaries(st.sampled_from(NAMES), MINIMUM, min_size=1, max_size=3)
FIXES = st.one_of(
    FIX.map(lambda one: [fix(one)]),
    st.tuples(FIX, FIX).map(
        lambda two: [fix(own, component=name) for own, name in zip(two, "AB", strict=True)]
    ),
    st.lists(FIX, min_size=1, max_size=3).map(
        lambda some: [
            fix(own, platform=name) for own, name in zip(some, ("x86", "alpha", "x64"), strict=False)
        ]
    ),
)
RULES = st.lists(
    st.fixed_dictionaries({"fixes": FIXES, "if_missing": st.sampled_from(["not-affected", "fix-required"])}),
    min_size=1,
    max_size=4,
).map(lambda some: [rule(f"Q{100000 + number}", **keys) for number, keys in enumerate(some)])
COPY = st.fixed_dictionaries(
    {
        "name": st.sampled_from(("One.dll", "two.DLL", "Three.dll")),
        "version": maybe(*VERSIONS),
        "path": maybe(*PATHS),
        "modified": maybe(*TIMES),
        "platform": maybe(*PLATFORMS),
        "loaded": maybe(*VERSIONS),
    }
)
PRODUCT = {"name": "Contoso Mail Server", "level": "5.5 SP4"}


def with_complete(record: Document) -> Document:
    """The record, whose list of files is complete where it says so and has any."""
    listed = ["files"] if record.pop("is_complete") and record["files"] else []
    return {**record, "complete": listed}


RECORDS = st.fixed_dictionaries(
    {
        "products": maybe("x86", "32-bit", "no").map(lambda name: [{**PRODUCT, "platform": name}]),
        "files": few(COPY, 5).map(list),
        "is_complete": st.booleans(),
        "restart_pending": st.sampled_from([None, None, False, True]),
    }
).map(with_complete)


@tried(300)
@given(RULES, st.lists(RECORDS, min_size=1, max_size=12), st.integers(0, 99))
def test_files_are_decided_in_columns_as_one_server_at_a_time(
    documents: list[Document], facts: list[Document], seed: int
) -> None:
    catalogue = catalogue_of(*documents)
    servers = [server(**record, server=f"S{number:03}") for number, record in enumerate(facts)]
    rows, summary = fleet_rows(catalogue, piece_of(servers))
    every = single_rows(catalogue, servers)
    assert rows == every
    assert counts(summary) == counted(every)
    other, _ = fleet_rows(catalogue, consecutive(shuffled(piece_of(servers).records, seed), "f", 1))
    assert sorted(map(str, other)) == sorted(map(str, every))


def every_pair(*values: Any) -> list[needfix.Server]:  # noqa: ANN401
    """Servers with one and with two copies of a file; `values` are what copies may state."""
    one = [[copy] for copy in values]
    two = [[copy, other] for copy in values for other in values]
    facts = [(copies, listed) for copies in one + two for listed in ([], ["files"])]
    return [
        server(
            server=f"S{number}",
            products=[PRODUCT],
            files=[{"name": "One.dll", **copy} for copy in copies],
            complete=listed,
        )
        for number, (copies, listed) in enumerate(facts)
    ]


@pytest.mark.parametrize("minimum", MINIMA)
def test_all_that_two_copies_with_versions_say(minimum: str) -> None:
    catalogue = catalogue_of(
        rule("Q100000", fixes=[fix({"One.dll": minimum})]),
        rule("Q100001", fixes=[fix({"One.dll": "5.5.2654.29"})]),
    )
    servers = every_pair(*({"version": text} for text in VERSIONS))
    assert fleet_rows(catalogue, piece_of(servers))[0] == single_rows(catalogue, servers)


@pytest.mark.parametrize("platform", [None, "x86"])
@pytest.mark.parametrize("path", [None, "mail\\bin"])
def test_all_that_two_copies_in_folders_say(platform: str | None, path: str | None) -> None:
    wanted = {"version": "5.5.2654.29", **({"path": path} if path else {})}
    catalogue = catalogue_of(
        rule(fixes=[fix({"One.dll": wanted}, **({"platform": platform} if platform else {}))])
    )
    facts = [
        {"version": version, "path": where, "platform": word}
        for version in ("5.5.2653", "5.5.2654", "6.0")
        for where in (None, PATHS[0], PATHS[2], PATHS[3], PATHS[4])
        for word in (None, "32-bit", "alpha", "strange")
    ]
    servers = every_pair(*facts[::3])
    assert fleet_rows(catalogue, piece_of(servers))[0] == single_rows(catalogue, servers)
