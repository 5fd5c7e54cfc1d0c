"""Several records of one server become one: unit by unit the newest counts."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import needfix
from needfix import Server

FRIDAY, SATURDAY = "2002-05-10T08:00:00Z", "2002-05-11T08:00:00Z"
STORE = "5.5.2653.23"
FIXED = "5.5.2654.29"
EXCHANGE = "Microsoft Exchange Server"


def record(collected: str | None = None, **facts: Any) -> Server:  # noqa: ANN401 - of any fact
    return Server.from_record({"server": "MAIL01", "collected": collected, **facts})


def store(version: str | None, **more: str) -> dict[str, str | None]:
    return {"name": "Store.exe", "version": version, **more}


def united(*records: Server) -> Server:
    found = {needfix.joined(order) for order in itertools.permutations(records)}
    assert len(found) == 1
    return found.pop()


def test_the_newest_record_that_states_a_file_counts() -> None:
    found = united(
        record(FRIDAY, files=[store(STORE), {"name": "mad.exe", "version": "1.2.3.4"}]),
        record(SATURDAY, files=[store(FIXED)]),
    )
    assert {copy.name: copy.version for copy in found.files} == {"Store.exe": FIXED, "mad.exe": "1.2.3.4"}


def test_a_file_is_known_by_its_path_else_by_its_name() -> None:
    found = united(
        record(FRIDAY, files=[store(STORE, path=r"C:\exchsrvr\bin\store.exe"), store(STORE)]),
        record(SATURDAY, files=[store(FIXED, path="c:/EXCHSRVR/bin/Store.exe")]),
    )
    assert sorted((copy.path or "", copy.version) for copy in found.files) == [
        ("", STORE),
        ("c:/EXCHSRVR/bin/Store.exe", FIXED),
    ]


def test_lists_of_products_and_hotfixes_count_as_a_whole() -> None:
    found = united(
        record(FRIDAY, products=[{"name": EXCHANGE}, {"name": "SQL Server"}], hotfixes=["Q1", "Q2"]),
        record(SATURDAY, products=[{"name": EXCHANGE, "level": "5.5 SP4"}], hotfixes=["Q3"]),
    )
    assert [product.name for product in found.products or ()] == [EXCHANGE]
    assert found.hotfixes == ("Q3",)


def test_facts_of_several_files_are_put_together() -> None:
    found = united(
        record(FRIDAY, files=[store(STORE)], complete=["files"]),
        record(SATURDAY, symptoms={"absent": ["internet-mail-queues-grow"]}, restart_pending=True),
        record(services=[{"name": "MSExchangeIS", "state": "stopping"}]),
    )
    assert found.complete == {"files"}
    assert (found.absent, found.restart_pending) == (frozenset({"internet-mail-queues-grow"}), True)
    assert [entry.state for entry in found.services or ()] == ["stopping"]


def test_a_scope_is_complete_where_the_newest_record_of_it_says_so() -> None:
    whole = record(FRIDAY, files=[store(STORE)], complete=["files"])
    part = record(SATURDAY, files=[{"name": "mad.exe", "version": "1.2.3.4"}])
    assert united(whole, part).complete == set()
    later = record("2002-05-12", symptoms={"observed": ["x"]})
    assert united(whole, later).complete == {"files"}


def test_a_newer_complete_list_says_that_a_file_is_gone() -> None:
    found = united(
        record(FRIDAY, files=[store(STORE), {"name": "mad.exe", "version": "1.2.3.4"}]),
        record(SATURDAY, files=[{"name": "mad.exe", "version": "1.2.3.5"}], complete=["files"]),
    )
    assert [(copy.name, copy.version) for copy in found.files] == [("mad.exe", "1.2.3.5")]


@pytest.mark.parametrize("times", [(None, None), (FRIDAY, None), (FRIDAY, FRIDAY), ("2002-05-10", FRIDAY)])
def test_where_no_record_is_newer_different_values_are_left_out(times: tuple[str | None, ...]) -> None:
    found = united(*(record(at, files=[store(own)]) for at, own in zip(times, (STORE, FIXED), strict=True)))
    assert [(copy.name, copy.version) for copy in found.files] == [("Store.exe", None)]
    (reason,) = found.disagreements
    assert (reason.code, reason.file) == ("records-disagree", "Store.exe")
    assert (STORE in reason.text, FIXED in reason.text) == (True, True)


def test_where_no_record_is_newer_equal_values_and_further_ones_count() -> None:
    found = united(record(files=[store(STORE)]), record(files=[store(STORE, modified="2000-11-01")]))
    assert [(copy.version, copy.modified) for copy in found.files] == [(STORE, "2000-11-01")]
    assert found.disagreements == ()


def test_copies_for_different_platforms_show_nothing_together() -> None:
    found = united(record(files=[store(FIXED, platform="x86")]), record(files=[store(FIXED, platform="x64")]))
    assert [(copy.version, copy.platform) for copy in found.files] == [(None, None)]


def test_products_that_differ_in_a_value_lose_it() -> None:
    found = united(
        *(record(products=[{"name": EXCHANGE, "level": f"5.5 SP{n}", "build": STORE}]) for n in (3, 4))
    )
    assert [(one.name, one.level, one.build) for one in found.products or ()] == [(EXCHANGE, None, STORE)]
    other = united(record(products=[{"name": EXCHANGE}]), record(products=[], complete=["products"]))
    assert (other.products, other.complete, len(other.disagreements)) == (None, frozenset(), 1)


def test_a_symptom_that_is_observed_and_absent_is_unreported() -> None:
    found = united(
        record(symptoms={"observed": ["x", "y"]}),
        record(symptoms={"observed": ["y"], "absent": ["x"]}, complete=["symptoms"]),
    )
    assert (found.observed, found.absent, found.complete) == (frozenset({"y"}), None, frozenset())
    assert "the symptom x is absent and observed" in found.disagreements[0].text


def test_events_add_up() -> None:
    found = united(
        record(FRIDAY, events=[{"source": "MSExchangeIS", "id": 1, "message": "one"}]),
        record(SATURDAY, events=[{"source": "MSExchangeIS", "id": 1, "message": "two"}]),
    )
    assert [event.message for event in found.events or ()] == ["one", "two"]


def test_the_time_is_that_of_the_oldest_fact() -> None:
    assert united(record(FRIDAY, files=[store(STORE)]), record(SATURDAY, hotfixes=["Q1"])).collected == FRIDAY
    assert (
        united(record(FRIDAY, files=[store(STORE)]), record(SATURDAY, files=[store(FIXED)])).collected
        == SATURDAY
    )
    assert united(record(FRIDAY, files=[store(STORE)]), record(hotfixes=["Q1"])).collected is None


def test_a_contradiction_is_a_reason_of_the_decision() -> None:
    catalogue = needfix.load_catalogue()
    found = united(
        record(products=[{"name": EXCHANGE, "level": "5.5 SP4"}], files=[store(STORE)]),
        record(files=[store(FIXED)]),
    )
    decisions = {one.rule: one for one in needfix.evaluate(catalogue, found)}
    about = decisions["Q279798"]
    assert (about.decision, about.reasons[0].code) == ("undetermined", "records-disagree")
    rules_of_store = {
        rule.id
        for rule in catalogue
        if any(own.name.lower() == "store.exe" for fix in rule.fixes for own in fix.files)
    }
    assert rules_of_store <= {
        rule for rule, one in decisions.items() if "records-disagree" in {r.code for r in one.reasons}
    }


def test_records_of_several_servers_are_not_united() -> None:
    with pytest.raises(needfix.UsageError, match="MAIL01, MAIL02 are not of one server"):
        needfix.joined([Server("MAIL01"), Server("MAIL02")])
    with pytest.raises(needfix.UsageError, match="there is no record"):
        needfix.joined([])


_START = datetime(2002, 5, 10, 8)  # noqa: DTZ001 - with a zone below
_TIMES = st.none() | st.integers(0, 4).map(lambda days: f"{(_START + timedelta(days=days)).isoformat()}Z")
_VERSIONS = st.sampled_from([STORE, FIXED, None])
_COPIES = st.lists(
    st.builds(
        lambda name, path, version: {"name": name, "path": path and rf"{path}\{name}", "version": version},
        st.sampled_from(["Store.exe", "store.exe", "mad.exe"]),
        st.sampled_from([None, r"C:\a", r"C:\A", r"D:\b"]),
        _VERSIONS,
    ),
    max_size=4,
)
_STATES = st.lists(
    st.builds(
        lambda name, state: {"name": name, "state": state},
        st.sampled_from("AaB"),
        st.sampled_from(["running", "stopped"]),
    ),
    max_size=2,
)
_IDS = st.lists(st.sampled_from("xyz"), max_size=2)


@st.composite
def records(draw: st.DrawFn) -> Server:
    files = draw(_COPIES)
    found: dict[str, Any] = {
        "server": draw(st.sampled_from(["MAIL01", "mail01"])),
        "collected": draw(_TIMES),
        "files": files,
        "products": draw(
            st.none()
            | st.lists(
                st.builds(
                    lambda level: {"name": EXCHANGE, "level": level},
                    st.sampled_from(["5.5 SP3", "5.5 SP4", None]),
                ),
                max_size=2,
            )
        ),
        "hotfixes": draw(st.none() | _IDS),
        "services": draw(st.none() | _STATES),
        "symptoms": draw(
            st.none() | st.builds(lambda seen, not_: {"observed": seen, "absent": not_}, _IDS, _IDS)
        ),
        "restart_pending": draw(st.none() | st.booleans()),
    }
    scopes = draw(st.sets(st.sampled_from(["files", "products", "hotfixes", "services", "symptoms"])))
    found["complete"] = sorted(scopes if files else scopes - {"files"})
    return Server.from_record({key: value for key, value in found.items() if value is not None})


@given(st.data(), st.lists(records(), min_size=1, max_size=4))
def test_the_order_of_records_does_not_matter(data: st.DataObject, some: list[Server]) -> None:
    assert needfix.joined(some) == needfix.joined(data.draw(st.permutations(some)))


@given(records())
def test_one_record_and_its_copies_are_the_server_itself(one: Server) -> None:
    assert needfix.joined([one]) == one
    again = needfix.joined([one, one])
    assert again.disagreements == ()
    assert (again.products or (), again.hotfixes, again.restart_pending) == (
        one.products or (),
        one.hotfixes,
        one.restart_pending,
    )


def versions(record: Server, name: str) -> set[str | None]:
    """What a record states of the copies of a file without path."""
    return {copy.version for copy in record.files if not copy.path and copy.name.lower() == name}


@given(st.lists(records(), min_size=2, max_size=4))
def test_files_unit_by_unit(some: Sequence[Server]) -> None:
    found = needfix.joined(some)
    for name in ("store.exe", "mad.exe"):
        stating = [one for one in some if versions(one, name) or "files" in one.complete]
        if not stating or any(one.collected is None for one in some):
            continue
        newest = max(one.collected or "" for one in stating)
        top = [one for one in stating if one.collected == newest]
        if len(top) == 1 or all(
            versions(one, name) == versions(top[0], name) and len(versions(one, name)) < 2 for one in top
        ):
            assert versions(found, name) == versions(top[0], name)
        elif not any(versions(one, name) == {None} for one in top):
            assert versions(found, name) <= {None} or found.disagreements == ()


@given(st.lists(records(), min_size=2, max_size=3))
def test_nothing_is_stated_that_no_record_states(some: Sequence[Server]) -> None:
    found = needfix.joined(some)
    every = {(copy.name.lower(), copy.version) for one in some for copy in one.files}
    assert {(copy.name.lower(), copy.version) for copy in found.files if copy.version} <= every
    for scope in found.complete:
        assert any(scope in one.complete for one in some)
