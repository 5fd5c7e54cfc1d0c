"""Events, service states and counters become symptoms."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import durable_rules_engine
import pytest

import needfix
from needfix.cases import plain
from needfix.model.server import Event
from tests.fleet.support import fleet_rows, piece_of, single_rows
from tests.support.catalogues import OLD, Document, answer, decide, load, mail, reason, rule

HOSTILE = [
    '"',
    '"}',
    '{"$and": []}',
    "'; --",
    "\0",
    "a\0b",
    "\\",
    "\\u0000",
    "{" * 10_000,
    "x" * 1_000_000,
    "\U0001d50a",
    "%s%n",
    "\n\r\t",
]


def observing(*observe: Document, symptom: str = "mail-waits") -> Document:
    """A rule whose one symptom is shown by these observations."""
    symptoms = [{"id": symptom, "text": "Mail waits", "observe": list(observe)}]
    return rule(apply="if-symptoms", symptoms=symptoms)


def shows(folder: Path, observe: Document, **telemetry: Any) -> bool:  # noqa: ANN401
    """Whether telemetry shows a symptom: the fix is then applied, else symptoms are to be confirmed."""
    action = decide(load(folder, observing(observe)), mail(info=OLD, **telemetry)).action
    assert action in ("apply", "confirm-symptoms")
    return action == "apply"


def event(source: str = "MSMail", number: int = 1234, message: str = "") -> Document:
    return {"source": source, "id": number, "message": message}


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (event(), True),
        (event(source="msmail"), True),
        (event(number=1235), False),
        (event(source="MSMail2"), False),
        (event(message="anything at all"), True),
    ],
)
def test_an_event_by_source_and_id(tmp_path: Path, seen: Document, expected: bool) -> None:  # noqa: FBT001
    assert shows(tmp_path, {"source": "MSMail", "id": 1234}, events=[seen]) is expected


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("The queue is full", True),
        ("the QUEUE is full now", True),
        ("The  queue\r\n is\tfull", True),
        ("The queue is", False),
        ("", False),
    ],
)
def test_an_event_by_source_and_text(tmp_path: Path, message: str, expected: bool) -> None:  # noqa: FBT001
    observe = {"source": "MSMail", "contains": "Queue  is full"}
    assert shows(tmp_path, observe, events=[event(number=9, message=message)]) is expected
    assert not shows(tmp_path, observe, events=[event(source="Other", message=message)])


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (event(message="queue is full"), True),
        (event(message="queue is empty"), False),
        (event(number=9, message="queue is full"), False),
        (event(source="Other", message="queue is full"), False),
    ],
)
def test_an_event_by_source_id_and_text(tmp_path: Path, seen: Document, expected: bool) -> None:  # noqa: FBT001
    observe = {"source": "MSMail", "id": 1234, "contains": "is full"}
    assert shows(tmp_path, observe, events=[seen]) is expected


def test_id_and_text_of_two_events_do_not_make_one(tmp_path: Path) -> None:
    observe = {"source": "MSMail", "id": 1234, "contains": "is full"}
    apart = [event(message="nothing"), event(number=9, message="queue is full")]
    assert not shows(tmp_path, observe, events=apart)


@pytest.mark.parametrize(
    ("name", "state", "expected"),
    [
        ("MSMailIS", "stopping", True),
        ("msmailis", "Stopping", True),
        ("MSMailIS", "stopped", False),
        ("Other", "stopping", False),
    ],
)
def test_a_service_state(tmp_path: Path, name: str, state: str, expected: bool) -> None:  # noqa: FBT001
    observe = {"service": "MSMailIS", "state": "stopping"}
    assert shows(tmp_path, observe, services=[{"name": name, "state": state}]) is expected


@pytest.mark.parametrize(("value", "expected"), [(100, False), (100.5, True), (101, True), (-5, False)])
def test_a_counter_at_a_moment(tmp_path: Path, value: float, expected: bool) -> None:  # noqa: FBT001
    observe = {"counter": "queue-length", "above": 100}
    assert shows(tmp_path, observe, counters=[{"name": "Queue-Length", "value": value}]) is expected


@pytest.mark.parametrize(
    ("value", "held", "expected"),
    [(101, "10m", True), (101, "9m", False), (100, "1h", False), (101, None, False), (101, "2h", True)],
)
def test_a_counter_held_for_a_time(
    tmp_path: Path,
    value: int,
    held: str | None,
    expected: bool,  # noqa: FBT001
) -> None:
    observe = {"counter": "queue-length", "above": 100, "for": "10m"}
    sample = {"name": "queue-length", "value": value, **({"for": held} if held else {})}
    assert shows(tmp_path, observe, counters=[sample]) is expected


@pytest.mark.parametrize(
    "times",
    [
        ("1970-01-01T00:00:00Z", "2002-05-10T08:05:00Z"),
        ("2002-05-10T07:55:00", "2002-05-10T08:05:00Z"),
        ("2002-05-09", "2002-05-10"),
    ],
)
def test_readings_whose_times_show_no_duration_show_no_symptom(
    tmp_path: Path, times: tuple[str, str]
) -> None:
    observe = {"counter": "queue-length", "above": 100, "for": "10m"}
    timed = [{"at": at, "value": 140} for at in times]
    counters = [{"name": "queue-length", "samples": timed}]
    assert shows(tmp_path, observe, counters=counters) is False
    assert shows(tmp_path, observe, counters=counters, complete=["counters"]) is False


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        ({"10:00": 120, "10:05": 130, "10:10": 140}, True),
        ({"10:00": 120, "10:05": 130, "10:09": 140}, False),
        ({"10:00": 120, "10:05": 90, "10:10": 140, "10:14": 140}, False),
        ({"10:00": 120, "10:05": 90, "10:06": 140, "10:16": 140}, True),
        ({"10:00": 120, "10:06": 120, "10:07": 90, "10:08": 140, "10:13": 140}, False),
        ({"10:10": 140, "10:00": 120}, True),
        ({"10:00": 100, "10:10": 100}, False),
        ({"10:00": 120}, False),
    ],
)
def test_a_counter_by_timed_samples_in_a_row(
    tmp_path: Path,
    samples: dict[str, int],
    expected: bool,  # noqa: FBT001
) -> None:
    observe = {"counter": "queue-length", "above": 100, "for": "10m"}
    timed = [{"at": f"2002-05-09T{at}", "value": value} for at, value in samples.items()]
    assert shows(tmp_path, observe, counters=[{"name": "queue-length", "samples": timed}]) is expected


def test_samples_without_a_time_are_not_in_a_row(tmp_path: Path) -> None:
    observe = {"counter": "queue-length", "above": 100, "for": "10m"}
    samples = [{"value": 150}, {"value": 150}, {"at": "noon", "value": 150}]
    assert not shows(tmp_path, observe, counters=[{"name": "queue-length", "samples": samples}])


def test_any_one_observation_shows_a_symptom_and_the_reason_names_it(tmp_path: Path) -> None:
    either = observing({"service": "A", "state": "stopped"}, {"source": "MSMail", "id": 7})
    decided = decide(load(tmp_path, either), mail(info=OLD, events=[event(number=7)]))
    assert answer(decided) == "fix-required, apply"
    assert reason(decided, "symptom-observed").observed == "mail-waits"


NOTHING: Document = {"events": [], "services": [], "counters": [], "symptoms": {"observed": []}}


def complete(*scopes: str, **facts: Any) -> needfix.Server:  # noqa: ANN401 - any key of the format
    """A server that needs the fix, and says that it lists all of these scopes."""
    return mail(info=OLD, complete=list(scopes), **{**{scope: NOTHING[scope] for scope in scopes}, **facts})


def test_a_symptom_is_absent_where_its_telemetry_is_complete_and_does_not_show_it(tmp_path: Path) -> None:
    catalogue = load(tmp_path, observing({"source": "MSMail", "id": 1}, {"service": "A", "state": "stopped"}))
    assert decide(catalogue, complete("events")).action == "confirm-symptoms"
    assert decide(catalogue, complete("events", "services")).action == "wait"
    assert decide(catalogue, complete("symptoms")).action == "wait"
    counter = load(tmp_path, observing({"counter": "queue-length", "above": 1}))
    assert decide(counter, complete("counters")).action == "wait"


@pytest.mark.parametrize("scope", ["events", "services", "counters", "symptoms"])
def test_a_scope_called_complete_of_which_nothing_is_stated_says_nothing(tmp_path: Path, scope: str) -> None:
    observe: dict[str, Document] = {
        "events": {"source": "MSMail", "id": 1},
        "services": {"service": "A", "state": "stopped"},
        "counters": {"counter": "queue-length", "above": 1},
        "symptoms": {"source": "MSMail", "id": 1},
    }
    catalogue = load(tmp_path, observing(observe[scope]))
    assert decide(catalogue, complete(scope)).action == "wait"
    assert decide(catalogue, complete(scope, **{scope: None})).action == "confirm-symptoms"
    assert decide(catalogue, mail(info=OLD, complete=[scope])).action == "confirm-symptoms"


QUEUE = {"counter": "queue-length", "above": 100, "for": "10m"}
EVENT = {"source": "MSMail", "id": 7, "contains": "queue is full"}


@pytest.mark.parametrize(
    ("observe", "scope", "entry", "action"),
    [
        (QUEUE, "counters", {"name": "queue-length", "value": 140}, "confirm-symptoms"),
        (QUEUE, "counters", {"name": "queue-length", "value": 140, "for": "N/A"}, "confirm-symptoms"),
        (QUEUE, "counters", {"name": "queue-length", "value": 140, "for": "11m"}, "apply"),
        (QUEUE, "counters", {"name": "queue-length", "value": 140, "for": "9m"}, "wait"),
        (QUEUE, "counters", {"name": "queue-length", "value": 90}, "wait"),
        (QUEUE, "counters", {"name": "other", "value": 140}, "wait"),
        (QUEUE, "counters", {"name": "Unknown", "value": 140}, "confirm-symptoms"),
        (QUEUE, "counters", {"name": "queue-length", "value": 140, "at": "lately"}, "confirm-symptoms"),
        (EVENT, "events", {"source": "MSMail", "id": 7}, "confirm-symptoms"),
        (EVENT, "events", {"source": "MSMail", "id": 7, "message": "System.Object[]"}, "confirm-symptoms"),
        (EVENT, "events", {"source": "MSMail", "message": "The queue is full"}, "confirm-symptoms"),
        (
            EVENT,
            "events",
            {"source": "MSMail", "id": "Unknown", "message": "queue is full"},
            "confirm-symptoms",
        ),
        (EVENT, "events", {"source": "N/A", "id": 7, "message": "queue is full"}, "confirm-symptoms"),
        (EVENT, "events", {"source": "MSMail", "id": 8}, "wait"),
        (EVENT, "events", {"source": "MSMail", "id": 7, "message": "queue is empty"}, "wait"),
        (EVENT, "events", {"source": "Other"}, "wait"),
        (EVENT, "events", {"source": "MSMail", "id": 7, "message": "queue is full"}, "apply"),
        ({"source": "MSMail", "id": 7}, "events", {"source": "MSMail"}, "confirm-symptoms"),
        ({"source": "MSMail", "id": 7}, "events", {"source": "MSMail", "id": 8}, "wait"),
    ],
)
def test_an_entry_that_lacks_a_value_leaves_the_symptom_unreported(
    tmp_path: Path, observe: Document, scope: str, entry: Document, action: str
) -> None:
    assert decide(load(tmp_path, observing(observe)), complete(scope, **{scope: [entry]})).action == action


NOT_FOUND = (
    "The description for Event ID 7 from source MSMail cannot be found. Either the component is not there"
)


@pytest.mark.parametrize(
    ("message", "action"),
    [
        (NOT_FOUND, "confirm-symptoms"),
        ("The description for Event ID ( 7 ) in Source ( MSMail ) cannot be found.", "confirm-symptoms"),
        (" the description for\r\nevent id '7' in Source 'MSMail' cannot be found.", "confirm-symptoms"),
        (
            "Die Beschreibung für Ereignis-ID 7 aus der Quelle MSMail wurde nicht gefunden.",
            "confirm-symptoms",
        ),
        (f"{NOT_FOUND}. The following information was included: the queue is full", "apply"),
        ("The descriptions for Event ID 7 cannot be found", "wait"),
    ],
)
def test_a_message_that_windows_did_not_find_denies_nothing(
    tmp_path: Path, message: str, action: str
) -> None:
    catalogue = load(tmp_path, observing(EVENT))
    facts = complete("events", events=[{"source": "MSMail", "id": 7, "message": message}])
    assert decide(catalogue, facts).action == action
    assert plain.decide(catalogue, facts)["Q100001"] == ("fix-required", action)
    assert fleet_rows(catalogue, piece_of([facts]))[0] == single_rows(catalogue, [facts])


def test_what_is_reported_absent_stays_so_beside_an_entry_that_lacks_a_value(tmp_path: Path) -> None:
    facts = complete("counters", counters=[{"name": "queue-length", "value": 140}])
    denied = mail(
        info=OLD, counters=[{"name": "queue-length", "value": 140}], symptoms={"absent": ["mail-waits"]}
    )
    catalogue = load(tmp_path, observing(QUEUE))
    assert decide(catalogue, facts).action == "confirm-symptoms"
    assert decide(catalogue, denied).action == "wait"


@pytest.mark.parametrize(
    ("state", "action"),
    [
        ("Stop Pending", "apply"),
        ("StopPending", "apply"),
        ("STOP_PENDING", "apply"),
        (3, "apply"),
        ("3", "apply"),
        ("running", "wait"),
        (4, "wait"),
        ("Wird beendet", "confirm-symptoms"),
        ("9", "confirm-symptoms"),
        ("Unknown", "confirm-symptoms"),
    ],
)
@pytest.mark.parametrize("asked", ["stopping", "STOP_PENDING"])
def test_states_of_services_have_synonyms_on_both_sides(
    tmp_path: Path, asked: str, state: object, action: str
) -> None:
    catalogue = load(tmp_path, observing({"service": "MSMailIS", "state": asked}))
    decided = decide(catalogue, complete("services", services=[{"name": "msmailis", "state": state}]))
    assert decided.action == action
    is_unread = action == "confirm-symptoms"
    assert [r.observed for r in decided.reasons if r.code == "state-unreadable"] == (
        [state] if is_unread else []
    )


def test_a_state_that_only_a_rule_knows_never_denies_a_symptom(tmp_path: Path) -> None:
    catalogue = load(tmp_path, observing({"service": "MSMailIS", "state": "dreaming"}))
    for state, action in (("running", "confirm-symptoms"), ("dreaming", "confirm-symptoms")):
        facts = complete("services", services=[{"name": "MSMailIS", "state": state}])
        assert decide(catalogue, facts).action == action
    assert decide(catalogue, complete("services")).action == "wait"


def many(count: int, *, alike: bool) -> list[Document]:
    """Rules with two symptoms each, their observations all alike or all different."""
    rules = []
    for n in range(count):
        own = 0 if alike else n
        symptoms: list[Document] = [
            {"id": f"event-{n}", "text": "An event", "observe": [{"source": "MSMail", "id": 5000 + own}]},
            {
                "id": f"text-{n}",
                "text": "A text",
                "observe": [{"source": f"Source {own}", "contains": f"text {own}."}],
            },
        ]
        rules.append(rule(f"Q{200000 + n}", apply="if-symptoms", symptoms=symptoms))
    return rules


def observed_in(catalogue: needfix.Catalogue, facts: needfix.Server) -> list[str]:
    return [d.rule for d in needfix.evaluate(catalogue, facts) if d.action == "apply"]


def test_four_hundred_rules_with_two_different_symptoms_each(tmp_path: Path) -> None:
    catalogue = load(tmp_path, *many(400, alike=False))
    assert observed_in(catalogue, mail(info=OLD)) == []
    for n in range(0, 400, 37):
        by_id = mail(info=OLD, events=[event(number=5000 + n)])
        by_text = mail(info=OLD, events=[event(f"source {n}", 1, f"with TEXT {n}. in it")])
        assert observed_in(catalogue, by_id) == observed_in(catalogue, by_text) == [f"Q{200000 + n}"]
    everything = mail(info=OLD, events=[event(number=5000 + n) for n in range(400)])
    assert len(observed_in(catalogue, everything)) == 400


def test_four_hundred_rules_whose_symptoms_are_all_alike(tmp_path: Path) -> None:
    catalogue = load(tmp_path, *many(400, alike=True))
    assert observed_in(catalogue, mail(info=OLD, events=[event(number=5001)])) == []
    assert len(observed_in(catalogue, mail(info=OLD, events=[event(number=5000)]))) == 400


def test_observations_that_differ_in_case_only_all_show_their_symptoms(tmp_path: Path) -> None:
    names = [format(n, "09b").replace("0", "a").replace("1", "A") for n in range(300)]
    rules = [
        rule(
            f"Q{300000 + n}",
            apply="if-symptoms",
            symptoms=[{"id": f"s{n}", "text": "A state", "observe": [{"source": name, "id": 1}]}],
        )
        for n, name in enumerate(names)
    ]
    catalogue = load(tmp_path, *rules)
    assert len(observed_in(catalogue, mail(info=OLD, events=[event("aaaaaaaaa", 1)]))) == 300


def test_ten_thousand_events_on_one_server(tmp_path: Path) -> None:
    catalogue = load(tmp_path, *many(300, alike=False))
    noise = [event(f"Source {n % 400}", n, f"nothing of text {n}") for n in range(10_000)]
    assert observed_in(catalogue, mail(info=OLD, events=noise)) == []
    shown = [*noise, event(number=5007), event("Source 9", 3, "it says text 9. here")]
    assert observed_in(catalogue, mail(info=OLD, events=shown)) == ["Q200007", "Q200009"]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_shows_nothing_and_hides_nothing(tmp_path: Path, text: str) -> None:
    catalogue = load(tmp_path, observing({"source": "MSMail", "id": 1, "contains": "full"}))
    hostile = [*([event(text, 1, "full")] if text.strip() else []), event("MSMail", 1, text)]
    before = mail(info=OLD)
    assert decide(catalogue, _with_events(before, hostile)).action == "confirm-symptoms"
    shown = [*hostile, event("MSMail", 1, f"{text} full {text}")]
    assert decide(catalogue, _with_events(before, shown)).action == "apply"


def _with_events(facts: needfix.Server, events: list[Document]) -> needfix.Server:
    made = tuple(Event(one["source"], one["id"], one["message"]) for one in events)
    return needfix.Server(facts.server, products=facts.products, files=facts.files, events=made)


@pytest.mark.parametrize(
    ("source", "number", "message", "field"),
    [
        ("\ud800", 1, "full", "source"),
        ("MSMail", 1, "\ud800", "message"),
        (" \n", 1, "full", "source"),
        ("MSMail", -1, "full", "id"),
        ("MSMail", 10**50, "full", "id"),
    ],
)
def test_what_no_event_log_can_hold_is_refused(source: str, number: int, message: str, field: str) -> None:
    with pytest.raises(needfix.InventoryError, match=rf"^Event.*\b{field}\b"):
        Event(source, number, message)


@pytest.mark.parametrize("number", [0, 1 << 31, (1 << 32) - 1, 10**17])
def test_event_ids_of_any_size(tmp_path: Path, number: int) -> None:
    catalogue = load(tmp_path, observing({"source": "MSMail", "id": number}))
    same, other = ([event("MSMail", seen)] for seen in (number, number + 1))
    assert decide(catalogue, _with_events(mail(info=OLD), same)).action == "apply"
    assert decide(catalogue, _with_events(mail(info=OLD), other)).action == "confirm-symptoms"


@pytest.mark.parametrize("number", [1 << 63, 1 << 64, -(1 << 70), 10**60])
def test_an_event_id_that_no_rule_can_name_is_a_problem_of_the_server(number: int) -> None:
    record = {"server": "MAIL01", "events": [{"source": "MSMail", "id": number}]}
    with pytest.raises(needfix.InventoryError, match="events") as refused:
        needfix.Server.from_record(record)
    (problem,) = refused.value.problems
    assert (problem.server, problem.pointer) == ("MAIL01", "/events/0/id")


@pytest.mark.parametrize("text", ["e0", "s0", "t0", "c0", "kind", "finding", "sid", "zz-catch-all", "o0"])
def test_events_named_like_the_networks_own_words_show_nothing(tmp_path: Path, text: str) -> None:
    observe = {"source": "MSMail", "contains": "full"}
    assert not shows(tmp_path, observe, events=[event(source=text, message=text), event(message=text)])
    assert shows(tmp_path, {"source": text, "contains": text}, events=[event(text, 1, text)])


def test_hostile_text_in_a_rule_is_matched_as_text(tmp_path: Path) -> None:
    observe = {"source": 'MS"Mail}', "contains": '{"kind": "e"}'}
    assert shows(tmp_path, observe, events=[event('ms"mail}', 1, 'it says {"KIND": "e"}')])
    assert not shows(tmp_path, observe, events=[event('ms"mail}', 1, 'it says {"kind":"e"}')])


def test_only_tokens_reach_durable_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    original = durable_rules_engine.assert_fact

    def spy(handle: int, fact: str) -> tuple[int, int]:
        seen.append(fact)
        return original(handle, fact)

    monkeypatch.setattr(durable_rules_engine, "assert_fact", spy)
    catalogue = load(
        tmp_path, observing({"source": "MSMail", "id": 1}, {"source": "MSMail", "contains": "a"})
    )
    sources = ((source, text) for text in HOSTILE for source in (text, "MSMail"))
    hostile = [event(source, 1, text) for source, text in sources if source.strip()]
    assert decide(catalogue, _with_events(mail(info=OLD), hostile)).action == "apply"
    values = {value for fact in seen for value in json.loads(fact).values()}
    assert all(re.fullmatch(r"[a-z][a-z0-9_-]{0,39}", value) for value in values)
