"""One native record: what it states, and each way in which it can be bad."""

from __future__ import annotations

import pytest

from needfix.errors import Position, Problem
from needfix.intake.kinds import Number, Plain
from needfix.intake.record import record_of
from needfix.inventory import server_from_record
from needfix.model.server import (
    CounterSample,
    Event,
    FileCopy,
    InstalledProduct,
    Scope,
    Server,
    ServiceState,
)

AT = Position("MAIL01.json", 3)


def converted(record: dict[str, object]) -> Server:
    problems: list[Problem] = []
    server = server_from_record(record, AT, problems)
    assert not problems
    assert server is not None
    return server


def problems_of(record: dict[str, object]) -> list[str]:
    problems: list[Problem] = []
    assert server_from_record(record, AT, problems) is None
    return [str(problem) for problem in problems]


def test_only_the_server_is_mandatory() -> None:
    assert converted({"server": " MAIL01 "}) == Server("MAIL01")


def test_position_is_kept() -> None:
    assert converted({"server": "MAIL01"}).at == AT


def test_everything_a_record_can_state() -> None:
    record: dict[str, object] = {
        "server": "MAIL01",
        "collected": "2002-05-09T08:00:00Z",
        "products": [{"name": "Exchange", "level": 5.5, "edition": None, "platform": "x86"}],
        "files": [{"name": "Store.exe", "version": "5.5.2653.23", "size": "4063504"}],
        "complete": ["files", "Products"],
        "symptoms": {"observed": ["Q279798/Grows"], "absent": ["store-does-not-stop"]},
        "events": [{"source": "MSExchangeIS", "id": 1234, "message": " as written\r\n"}],
        "services": [{"name": "MSExchangeIS", "state": "stopping"}],
        "counters": [{"name": "queue", "value": 140, "for": "15m"}],
        "hotfixes": ["Q279798", 5],
        "restart_pending": True,
    }
    assert converted(record) == Server(
        "MAIL01",
        "2002-05-09T08:00:00Z",
        (InstalledProduct("Exchange", "5.5", platform="x86"),),
        (FileCopy("Store.exe", version="5.5.2653.23", size=4063504),),
        frozenset({"files", "products"}),
        frozenset({"q279798/grows"}),
        frozenset({"store-does-not-stop"}),
        (Event("MSExchangeIS", 1234, " as written\r\n"),),
        (ServiceState("MSExchangeIS", "stopping"),),
        (CounterSample("queue", 140.0, held_seconds=900.0),),
        ("Q279798", "5"),
        restart_pending=True,
    )


def test_null_states_nothing_and_an_empty_list_states_that_there_are_none() -> None:
    assert converted({"server": "A", "products": None, "hotfixes": None}) == Server("A")
    assert converted({"server": "A", "products": []}).products == ()


@pytest.mark.parametrize("version", ["", " ", None])
def test_an_empty_version_is_not_inventoried(version: str | None) -> None:
    assert converted({"server": "A", "files": [{"name": "x", "version": version}]}).files == (FileCopy("x"),)


@pytest.mark.parametrize("path", [r"C:\bin\store.exe", "/opt/bin/store.exe", "store.exe"])
def test_a_file_without_a_name_is_named_by_its_path(path: str) -> None:
    assert converted({"server": "A", "files": [{"path": path}]}).files[0].name == "store.exe"


def test_samples_of_a_counter_unfold() -> None:
    samples = [{"at": "10:00", "value": 1}, {"at": "10:01", "value": "2.5"}]
    assert converted({"server": "A", "counters": [{"name": "q", "samples": samples}]}).counters == (
        CounterSample("q", 1.0, "10:00"),
        CounterSample("q", 2.5, "10:01"),
    )


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("10m", 600), ("2h", 7200), ("1d", 86400)])
def test_durations(text: str, seconds: int) -> None:
    counter = {"name": "q", "value": 1, "for": text}
    (sample,) = converted({"server": "A", "counters": [counter]}).counters or ()
    assert sample.held_seconds == seconds


@pytest.mark.parametrize("nothing", ["Unknown", "N/A", "", "System.Object[]", None])
def test_values_that_say_nothing_are_not_stated(nothing: str | None) -> None:
    found = converted(
        {
            "server": "A",
            "events": [{"source": "MSMail", "id": nothing}],
            "counters": [{"name": "q", "value": 1, "for": nothing}],
            "files": [{"name": "a.dll", "size": nothing}],
            "restart_pending": nothing,
        }
    )
    assert found.events == (Event("MSMail"),)
    assert found.counters == (CounterSample("q", 1.0),)
    assert found.files == (FileCopy("a.dll"),)
    assert found.restart_pending is None


SCOPES_OF_LISTS: tuple[Scope, ...] = ("products", "hotfixes", "events", "services", "counters")


def test_a_list_that_is_not_there_differs_from_an_empty_one() -> None:
    everything: dict[str, object] = {"server": "A", "complete": [*SCOPES_OF_LISTS, "symptoms"]}
    bare = converted(everything)
    empty = converted(
        {**everything, **{scope: [] for scope in SCOPES_OF_LISTS}, "symptoms": {"observed": []}}
    )
    for scope in (*SCOPES_OF_LISTS, "symptoms"):
        assert not bare.reports(scope)
        assert empty.reports(scope)
    assert not any(map(converted({**everything, "complete": []}).reports, SCOPES_OF_LISTS))
    assert converted(record_of(empty)) == empty != bare == converted(record_of(bare))


def test_absent_symptoms_without_those_observed_are_no_whole_list() -> None:
    some: list[dict[str, object]] = [{"absent": ["grows"]}, {"absent": [], "observed": None}]
    for symptoms in some:
        found = converted({"server": "A", "symptoms": symptoms, "complete": ["symptoms"]})
        assert not found.reports("symptoms")


def test_one_object_is_a_list_of_one() -> None:
    objects: dict[str, dict[str, object]] = {
        "products": {"name": "Exchange", "level": "5.5 SP4"},
        "files": {"name": "Store.exe", "version": "5.5.2653.23"},
        "events": {"source": "MSExchangeIS", "id": 1234},
        "services": {"name": "MSExchangeIS", "state": "running"},
        "counters": {"name": "queue", "samples": {"value": 140, "at": "10:00"}},
    }
    counters = [{"name": "queue", "samples": [{"value": 140, "at": "10:00"}]}]
    lists = {**{key: [one] for key, one in objects.items()}, "counters": counters}
    assert converted({"server": "A", **objects}) == converted({"server": "A", **lists})
    assert Server.from_record({"server": "A", **objects}) == converted({"server": "A", **lists})


@pytest.mark.parametrize(
    "lacking",
    [{}, {"value": None}, {"value": ""}, {"value": "Unknown"}, {"samples": []}, {"samples": None},
     {"samples": [{}]}, {"samples": [{"value": "N/A"}]}],
)  # fmt: skip
def test_a_counter_without_a_reading_is_kept(lacking: dict[str, object]) -> None:
    found = converted({"server": "A", "counters": [{"name": "q", **lacking}]})
    assert found.counters == (CounterSample("q"),)
    assert converted(record_of(found)) == found


@pytest.mark.parametrize("lacking", [{}, {"state": None}, {"state": " "}])
def test_a_service_without_a_state_is_kept(lacking: dict[str, object]) -> None:
    found = converted({"server": "A", "services": [{"name": "s", **lacking}]})
    assert found.services == (ServiceState("s"),)
    assert converted(record_of(found)) == found


def test_empty_entries_of_lists_are_kept() -> None:
    found = converted({"server": "A", "hotfixes": ["Q1", ""], "symptoms": {"observed": [" "]}})
    assert (found.hotfixes, found.observed) == (("Q1", ""), frozenset({""}))
    assert converted(record_of(found)) == found


def test_a_single_scope_may_stand_alone() -> None:
    assert converted({"server": "A", "complete": "events"}).complete == {"events"}


def test_keys_are_read_in_any_case() -> None:
    file = {"NAME": "Store.exe", "Size": "4063504"}
    record: dict[str, object] = {"Server": "A", "FILES": [file], "Symptoms": {"Observed": ["grows"]}}
    assert converted(record) == Server(
        "A", files=(FileCopy("Store.exe", size=4063504),), observed=frozenset({"grows"})
    )
    assert problems_of({"Server": "A", "Files": [{"Name": "x", "Size": "12x"}]}) == [
        'MAIL01.json:3: files[0].size is "12x"; expected a whole number such as 4063504'
    ]


def test_unknown_keys_are_passed_over() -> None:
    assert converted({"server": "A", "operating_system": {}, "x" * 5000: 1}) == Server("A")


FILE: dict[str, object] = {"name": "x"}
BAD: list[tuple[dict[str, object], str]] = [
    ({}, 'the record has no server; expected text such as "MAIL01"'),
    ({"server": "  "}, 'the record has no server; expected text such as "MAIL01"'),
    ({"server": []}, 'server is a list; expected text such as "MAIL01"'),
    ({"server": True}, 'server is true; expected text such as "MAIL01"'),
    (
        {"server": "A\0"},
        'server is "A\\u0000", which contains a control character; expected text such as "MAIL01"',
    ),
    (
        {"server": "\ud800"},
        'server is "\\ud800", with half a surrogate pair in it; expected text such as "MAIL01"',
    ),
    ({"server": 10**30}, 'server is a number of too many digits; expected text such as "MAIL01"'),
    (
        {"server": "A", "files": [FILE, FILE, {"name": "x", "version": []}]},
        'files[2].version is a list; expected text such as "5.5.2653.23"',
    ),
    ({"server": "A", "files": "x"}, 'files is "x"; expected a list of objects'),
    (
        {"server": "A", "files": {"name": "x", "size": "12x"}},
        'files.size is "12x"; expected a whole number such as 4063504',
    ),
    ({"server": "A", "files": ["x"]}, 'files[0] is "x"; expected an object'),
    ({"server": "A", "files": [None]}, "files[0] is null; expected an object"),
    ({"server": "A", "files": [{}]}, 'files[0] has no name; expected text such as "Store.exe"'),
    (
        {"server": "A", "files": [{"name": "x", "size": "12x"}]},
        'files[0].size is "12x"; expected a whole number such as 4063504',
    ),
    (
        {"server": "A", "files": [{"name": "x", "size": True}]},
        "files[0].size is true; expected a whole number such as 4063504",
    ),
    (
        {"server": "A", "products": [{"level": "5.5"}]},
        'products[0] has no name; expected text such as "Microsoft Exchange Server"',
    ),
    (
        {"server": "A", "events": [{"id": 1}]},
        'events[0] has no source; expected text such as "MSExchangeIS"',
    ),
    (
        {"server": "A", "services": [{"state": "running"}]},
        'services[0] has no name; expected text such as "MSExchangeIS"',
    ),
    (
        {"server": "A", "counters": [{"value": 1}]},
        'counters[0] has no name; expected text such as "imc-queue-length"',
    ),
    (
        {"server": "A", "counters": [{"name": "q", "samples": [{"value": float("nan")}]}]},
        "counters[0].samples[0].value is nan, which is not finite; expected a number such as 140",
    ),
    (
        {"server": "A", "counters": [{"name": "q", "value": 1, "for": "soon"}]},
        'counters[0].for is "soon"; expected a duration such as "90s", "10m", "2h" or "1d"',
    ),
    ({"server": "A", "restart_pending": "maybe"}, 'restart_pending is "maybe"; expected true or false'),
    (
        {"server": "A", "hotfixes": {"id": "Q279798"}},
        'hotfixes is an object; expected a list of texts such as ["Q279798"]',
    ),
    ({"server": "A", "hotfixes": [None]}, 'hotfixes[0] is null; expected text such as "Q279798"'),
    ({"server": "A", "symptoms": []}, "symptoms is a list; expected an object"),
    (
        {"server": "A", "symptoms": {"observed": True}},
        'symptoms.observed is true; expected a list of symptom ids such as ["internet-mail-queues-grow"]',
    ),
    (
        {"server": "A", "complete": ["fils"]},
        'complete has "fils", which is not a scope; expected files, products, hotfixes,'
        " symptoms, events, services, counters, registry\n    hint: did you mean files?",
    ),
    ({"server": "A", "fils": []}, '"fils" is not a known key\n    hint: did you mean files?'),
    (
        {"server": "A", "files": [{"name": "x", "Verson": ""}]},
        '"files[0].Verson" is not a known key\n    hint: did you mean version?',
    ),
]


@pytest.mark.parametrize(("record", "message"), BAD)
def test_what_is_wrong_with_a_record(record: dict[str, object], message: str) -> None:
    assert problems_of(record) == [f"MAIL01.json:3: {message}"]


def test_all_problems_of_a_record_come_at_once() -> None:
    files = [{"name": "x", "size": -1}, {"name": 5, "path": {"x": 1}}]
    assert len(problems_of({"fils": [], "files": files, "hotfixes": [[], {"x": 1}]})) == 6


def test_keys_that_only_resemble_known_ones_are_ignored() -> None:
    file = {"name": "a.dll", "modified_by": "setup", "file_format": "1.0"}
    assert converted({"server": "A", "files": [file]}) == Server("A", files=(FileCopy("a.dll"),))


@pytest.mark.parametrize("key", ["fils", "complet", "hotfixs"])
def test_keys_that_are_nearly_known_are_refused(key: str) -> None:
    assert len(problems_of({"server": "A", key: []})) == 1


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (Number("-1"), "is -1, which is negative"),
        (Number("-0.5"), "is -0.5, which is negative"),
        (Number("9223372036854775808"), "is 9223372036854775808, which is too large"),
        (Number("1" + "0" * 30), f"is 1{'0' * 30}, which is too large"),
        (Number("1e400"), "is 1e400, which is too large"),
        (Number("99999999999999999999"), "is 99999999999999999999, which is too large"),
        (Number("1e3"), "is 1e3, which has an exponent"),
        (Number("1.5"), "is 1.5, which is not whole"),
        ("-1", 'is "-1", which is negative'),
        (Plain(".inf"), "is .inf, which is not finite"),
        ("many", 'is "many"'),
        (True, "is true"),
    ],
)
def test_a_number_that_is_not_whole_is_shown_with_what_is_wrong(value: object, why: str) -> None:
    problems = [
        text.partition(": ")[2]
        for text in problems_of({"server": "A", "events": [{"source": "s", "id": value}]})
    ]
    assert problems == [f"events[0].id {why}; expected a whole number such as 1234"]


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (Number("1e400"), "is 1e400, which is too large"),
        (Number("-1e400"), "is -1e400, which is too large"),
        (float("inf"), "is inf, which is not finite"),
        ("-NaN", 'is "-NaN", which is not finite'),
        ("0x1", 'is "0x1"'),
    ],
)
def test_a_number_that_no_counter_has_is_shown_with_what_is_wrong(value: object, why: str) -> None:
    problems = [
        text.partition(": ")[2]
        for text in problems_of({"server": "A", "counters": [{"name": "q", "value": value}]})
    ]
    assert problems == [f"counters[0].value {why}; expected a number such as 140"]
