"""Several records of one server become one: unit by unit the newest counts."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import needfix
from needfix import InventoryError, Server
from needfix import joined as needfix_joined
from needfix.model.server import SCOPES
from tests.degraded.deciders import DECIDERS
from tests.support import Needfix
from tests.support.catalogues import OLD, catalogue_of, rule, server

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


ALIKE: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"hotfixes": ["Q279798"]}, {"hotfixes": ["KB279798"]}),
    ({"hotfixes": ["Q279798", "Q264000"]}, {"hotfixes": ["264000", "kb 279798"]}),
    ({"files": [store(FIXED)]}, {"files": [store("5,5,2654,29")]}),
    ({"files": [store(FIXED)]}, {"files": [store("5.5.2654.29 (SP4)")]}),
    ({"files": [store(STORE, loaded="5,5,2653,1")]}, {"files": [store(STORE, loaded="5.5.2653.1")]}),
    ({"files": [store(STORE, platform="Intel")]}, {"files": [store(STORE, platform="x86")]}),
    (
        {"products": [{"name": EXCHANGE, "level": "5.5 SP4", "language": "English",
                       "edition": "Enterprise"}]},
        {"products": [{"name": EXCHANGE, "level": "5.5 Service Pack 4", "language": "en-US",
                       "edition": "Enterprise Edition"}]},
    ),
    ({"products": [{"name": EXCHANGE, "build": "5.5.2653.23"}]},
     {"products": [{"name": EXCHANGE, "build": "Version 5.5 (Build 2653.23)"}]}),
    ({"files": [store(STORE, path=r"\\?\C:\exchsrvr\bin\store.exe")]},
     {"files": [store(STORE, path=r"c:/exchsrvr\\bin/store.exe")]}),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_values_that_mean_the_same_do_not_disagree(one: dict[str, Any], other: dict[str, Any]) -> None:
    found = united(record(None, **one), record(None, **other))
    assert found.disagreements == ()
    assert len(found.files) <= 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"files": [store("5.5")]}, {"files": [store("5.5.0.0")]}),
        (
            {"products": [{"name": EXCHANGE, "level": "5.5 SP4"}]},
            {"products": [{"name": EXCHANGE, "level": "5.5 SP4 (5.5.2448.8)"}]},
        ),
        ({"hotfixes": ["Q279798"]}, {"hotfixes": ["Q279799"]}),
        ({"files": [store(STORE, platform="mips")]}, {"files": [store(STORE, platform="x86")]}),
    ],
)
def test_values_that_mean_other_things_do(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert united(record(None, **one), record(None, **other)).disagreements


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


def test_a_symptom_that_one_record_observes_counts_as_observed() -> None:
    found = united(
        record(symptoms={"observed": ["x", "y"]}),
        record(symptoms={"observed": ["y"], "absent": ["x"]}, complete=["symptoms"]),
    )
    assert (found.observed, found.absent) == (frozenset({"x", "y"}), frozenset({"x"}))
    assert not found.complete
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


TERMINAL, SEPARATE = "Terminal Edition", "Enterprise Edition"
RULES = {
    "exchange.yaml": f"""\
needfix: 1
product: exchange-server
name: {EXCHANGE}
editions: [{TERMINAL}, {SEPARATE}]
separate_editions: [{TERMINAL}]
key_files: [Store.exe]
levels:
  - {{level: 5.5 SP2, build: 5.5.2448}}
  - {{level: 5.5 SP3, build: 5.5.2650}}
  - {{level: 5.5 SP4, build: 5.5.2653}}
""",
    "Q1.yaml": """\
needfix: 1
id: Q1
title: Mail is lost
product: exchange-server
affects: [5.5 SP3, 5.5 SP4]
symptoms:
  - id: lost
    text: Mail is lost
    observe:
      - {service: MSExchangeIS, state: stopping}
fixes:
  - files: {mad.exe: {version: "5.5.2654.29"}}
apply: if-symptoms
""",
}
MAD = {"name": "mad.exe", "version": FIXED}


CATALOGUE = needfix.load_catalogue(RULES)


def decided(*records: Server) -> tuple[str, str, set[str]]:
    (one,) = needfix.evaluate(CATALOGUE, [united(*records)])
    return one.decision, one.action, {reason.code for reason in one.reasons}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"level": "5.5 SP4"}, {"level": "5.5 SP2"}),
        ({"level": "5.5 SP4", "edition": TERMINAL}, {"level": "5.5 SP4", "edition": SEPARATE}),
        ({"build": "5.5.2653.1"}, {"build": "5.5.2448.1"}),
        ({"level": "5.5 SP4", "platform": "x86"}, {"level": "5.5 SP4", "platform": "alpha"}),
        ({"level": "5.5 SP4", "language": "en"}, {"level": "5.5 SP4", "language": "de"}),
        ({"level": "5.5 SP4"}, {"level": "5.5 SP4", "name": "SQL Server"}),
        ({"level": "5.5 SP4"}, None),
    ],
)
def test_products_of_which_records_disagree_are_contradicted(
    one: dict[str, str], other: dict[str, str] | None
) -> None:
    first = record(products=[{"name": EXCHANGE, **one}], files=[MAD])
    second = record(products=[{"name": EXCHANGE, **other}] if other else [], complete=["products"])
    decision, action, codes = decided(first, second)
    assert (decision, action) == ("undetermined", "investigate")
    assert "records-disagree" in codes


def test_a_rule_that_is_not_for_any_of_the_products_is_not_affected() -> None:
    some = (record(products=[{"name": EXCHANGE, "level": f"5.5 SP2{end}"}]) for end in ("", " German"))
    assert decided(*some)[0] == "undetermined"
    levels = (
        record(products=[{"name": EXCHANGE, "level": "5.5 SP2", "build": b}])
        for b in ("5.5.2448.1", "5.5.2448.2")
    )
    assert decided(*levels)[0] == "not-affected"


@pytest.mark.parametrize("name", ["Unknown", "Exchange Server Quantum Edition"])
def test_a_product_that_may_be_another_entry_of_one_list_is_contradicted(name: str) -> None:
    some = record(products=[{"name": EXCHANGE, "level": "5.5 SP2"}]), record(products=[{"name": name}])
    assert [decided(one)[0] for one in some] == ["not-affected", "undetermined"]
    assert decided(*some)[0] == "undetermined"


def test_one_value_in_two_spellings_is_no_contradiction() -> None:
    some = (
        record(products=[{"name": EXCHANGE, "level": level, "platform": platform}], files=[MAD])
        for level, platform in (("5.5 SP4", "x86"), ("5.5 Service Pack 4", "Intel"))
    )
    assert decided(*some)[0] == "fix-present"


def test_a_value_that_says_nothing_contradicts_none() -> None:
    some = (
        record(products=[{"name": EXCHANGE, "level": level}], files=[MAD]) for level in ("5.5 SP4", "N/A")
    )
    assert decided(*some)[0] == "fix-present"


def test_key_files_of_which_records_disagree_show_what_each_shows() -> None:
    products = [{"name": EXCHANGE, "level": "5.5 SP4"}]
    some = (record(products=products, files=[MAD, store(own)]) for own in (STORE, "5.5.2448.8"))
    decision, _, codes = decided(*some)
    assert (decision, codes >= {"records-disagree", "level-contradicted"}) == ("undetermined", True)


def test_a_file_that_is_too_old_in_one_record_is_never_present_or_absent() -> None:
    products = [{"name": EXCHANGE, "level": "5.5 SP4"}]
    for other in ([{**MAD, "version": STORE}, store(STORE)], [store(STORE)]):
        some = (
            record(products=products, files=own, complete=["files"]) for own in ([MAD, store(STORE)], other)
        )
        assert decided(*some)[0] == "undetermined"


@pytest.mark.parametrize(
    ("one", "other", "action"),
    [
        ({"restart_pending": True}, {"restart_pending": False}, "restart"),
        ({"files": [{**MAD, "loaded": FIXED}]}, {"files": [{**MAD, "loaded": STORE}]}, "restart"),
        ({"symptoms": {"observed": ["lost"]}}, {"symptoms": {"absent": ["lost"]}}, "investigate"),
        (
            {"services": [{"name": "MSExchangeIS", "state": "stopping"}]},
            {"services": [{"name": "MSExchangeIS", "state": "running"}]},
            "investigate",
        ),
    ],
)
def test_what_calls_for_care_counts_if_one_record_says_it(
    one: dict[str, Any], other: dict[str, Any], action: str
) -> None:
    known: dict[str, Any] = {"products": [{"name": EXCHANGE, "level": "5.5 SP4"}], "files": [MAD]}
    decision, found, codes = decided(record(**(known | one)), record(**(known | other)))
    assert (decision, found, "records-disagree" in codes) == ("fix-present", action, True)


def test_a_hotfix_that_one_of_the_lists_names_is_claimed() -> None:
    known: dict[str, Any] = {"products": [{"name": EXCHANGE, "level": "5.5 SP2"}]}
    some = (record(**known, hotfixes=own, complete=["hotfixes"]) for own in (["Q1"], ["Q2"]))
    assert decided(*some)[:2] == ("not-affected", "investigate")


def test_each_of_many_records_is_compared_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    reaches, counted = needfix.Moment.reaches, 0

    def counting(self: needfix.Moment, minimum: needfix.Moment) -> bool | None:
        nonlocal counted
        counted += 1
        return reaches(self, minimum)

    monkeypatch.setattr(needfix.Moment, "reaches", counting)
    for number in (100, 400):
        counted = 0
        found = needfix.joined(
            record(
                FRIDAY,
                files=[{"name": f"{n}.dll", "version": STORE}],
                complete=["files", "symptoms"],
                symptoms={"observed": [f"s{n}"]},
                hotfixes=[f"Q{n}"],
            )
            for n in range(number)
        )
        assert len(found.files) == number
        assert counted < number * 60


def test_thousands_of_lists_that_disagree_are_decided_at_once() -> None:
    some = (
        record(
            products=[{"name": EXCHANGE, "build": f"5.5.2653.{n}"}],
            files=[store(f"5.5.2653.{n}"), MAD],
        )
        for n in range(2000)
    )
    (one,) = needfix.evaluate(CATALOGUE, [needfix.joined(some)])
    assert (one.decision, one.action) == ("undetermined", "investigate")


@pytest.mark.parametrize("time", ["1970-01-01T00:00:00Z", "1601-01-01", "0001-01-01T00:00:00", "1899-12-30"])
def test_a_time_that_no_clock_showed_makes_no_record_the_older_one(time: str) -> None:
    facts = {"products": [{"name": EXCHANGE, "level": "5.5 SP4"}]}
    old = record(time, **facts, files=[store(STORE)])
    new = record(FRIDAY, **facts, files=[store(FIXED)])
    decision, _, found = decided(old, new)
    assert (decision, "records-disagree" in found) == ("undetermined", True)


@given(records(), records())
def test_what_records_say_together_is_no_safer_than_what_each_says(one: Server, other: Server) -> None:
    if one.collected != other.collected and None not in (one.collected, other.collected):
        return  # the newer one counts
    together = decided(one, other)
    for alone in (decided(one), decided(other)):
        if alone[0] == "fix-required":
            assert together[0] in ("fix-required", "undetermined")
            # A list of the other record may show that no symptom is there.
            is_reported_alike = len({frozenset(filter(own.reports, SCOPES)) for own in (one, other)}) == 1
            assert together[1] != "wait" or alone[1] == "wait" or not is_reported_alike
        if alone[:2] == ("fix-present", "restart") and together[0] == "fix-present":
            assert together[1] == "restart"


@pytest.mark.parametrize("name", ["N/A", "Unknown", "System.Object[]", "-"])
def test_records_of_a_name_that_says_nothing_are_not_united(
    needfix: Needfix, tmp_path: Path, name: str
) -> None:
    store = {"name": "Store.exe", "version": "5.5.2653.23"}
    old = {"server": name, "collected": "2002-05-09", "files": [store]}
    new = {"server": name.lower(), "collected": "2002-05-10", "files": []}
    path = tmp_path / "fleet.jsonl"
    path.write_text("".join(f"{json.dumps(one)}\n" for one in (old, new)), encoding="utf-8")
    ran = needfix("evaluate", path, "--rule", "Q279798", "--join")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.count("which names no server") == 2
    with pytest.raises(InventoryError, match="which names no server"):
        needfix_joined([Server.from_record(old), Server.from_record(new)])


@pytest.mark.parametrize("decider", DECIDERS)
def test_a_product_is_not_at_the_level_of_a_key_file_that_may_not_be_there(decider: str) -> None:
    """One record lists all files, and Store.exe is not among them; the other one has it, of another level."""
    catalogue = catalogue_of(rule(affects=[{"levels": ["5.5 SP4"]}]))
    whole = server(files=[{"name": "Info.dll", "version": OLD}], complete=["files"])
    other = server(files=[{"name": "Store.exe", "version": "5.5.2448.8"}])
    found = DECIDERS[decider](catalogue, [whole, other, needfix_joined([whole, other])])
    decisions = [one.decision for answers in found for one in answers.values()]
    assert decisions == ["undetermined", "not-affected", "undetermined"]
