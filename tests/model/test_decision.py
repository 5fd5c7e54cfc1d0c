from __future__ import annotations

import copy
import gc
import json
import pickle
import weakref
from pathlib import Path

import pytest

import needfix
from tests.support.catalogues import NEW, OLD, catalogue_of, load, mail, rule


def decisions(folder: Path, *infos: str) -> list[needfix.Decision]:
    """Each of a server of the same name."""
    catalogue = load(folder, rule())
    return [one for info in infos for one in needfix.evaluate(catalogue, [mail(info=info)])]


def test_a_decision_cannot_be_changed(tmp_path: Path) -> None:
    (decision,) = decisions(tmp_path, OLD)
    for name in (
        "server",
        "rule",
        "decision",
        "action",
        "reasons",
        "collected",
        "title",
        "severity",
        "advisories",
    ):
        with pytest.raises(AttributeError):
            setattr(decision, name, "fix-present")
    with pytest.raises(AttributeError):
        decision.note = "later"  # type: ignore[attr-defined]  # that it cannot is what is tested
    with pytest.raises(AttributeError):
        decision.reasons[0].code = "partial"  # type: ignore[misc]  # as above


def test_decisions_compare_by_what_they_say(tmp_path: Path) -> None:
    old, same, new = decisions(tmp_path, OLD, OLD, NEW)
    assert old == same
    assert old != new
    assert len({old, same, new}) == 2
    assert old != ("MAIL01", "Q100001", "fix-required", "apply")


def test_decisions_that_tie_can_be_ordered() -> None:
    catalogue = catalogue_of(rule("Q100001"), rule("Q100002"))
    servers = [mail(info=OLD, server=name) for name in ("B", "A")]
    found = [*needfix.evaluate(catalogue, servers), *needfix.evaluate(catalogue, servers)]
    ordered = [(one.server, one.rule) for one in sorted(found)]
    assert ordered == sorted(ordered)
    assert min(found) <= max(found)


def test_it_is_no_tuple_whose_parts_could_be_replaced(tmp_path: Path) -> None:
    (decision,) = decisions(tmp_path, OLD)
    assert "tuple" not in {one.__name__ for one in type(decision).__mro__}
    assert not {"_replace", "_asdict", "why"} & set(dir(decision))
    match decision:
        case needfix.Decision(server, rule_id, "fix-required", action):
            assert (server, rule_id, action) == ("MAIL01", "Q100001", "apply")
        case _:
            pytest.fail("its plain fields match in this order")


def test_it_becomes_json_by_as_dict(tmp_path: Path) -> None:
    (decision,) = decisions(tmp_path, OLD)
    assert json.loads(json.dumps(decision.as_dict())) == decision.as_dict()
    with pytest.raises(TypeError, match="Decision is not JSON"):
        json.dumps(decision)


def test_a_decision_takes_its_reasons_to_another_process(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule(severity="low", advisories=["CVE-2024-1"]))
    (decision,) = needfix.evaluate(catalogue, mail(info=OLD))
    there = pickle.loads(pickle.dumps(decision))  # noqa: S301 - our own bytes
    assert there == decision
    assert there.reasons == decision.reasons
    assert there.as_dict() == decision.as_dict()
    assert pickle.loads(pickle.dumps(there)).reasons == decision.reasons  # noqa: S301 - as above
    assert copy.deepcopy(decision).reasons == copy.copy(decision).reasons == decision.reasons


def test_once_its_reasons_are_read_it_holds_neither_server_nor_catalogue() -> None:
    catalogue = catalogue_of(rule())
    (decision,) = needfix.evaluate(catalogue, mail(info=OLD))
    is_alive = weakref.ref(catalogue)
    del catalogue
    gc.collect()
    assert is_alive() is not None
    codes = [reason.code for reason in decision.reasons]
    gc.collect()
    assert is_alive() is None
    assert [reason.code for reason in decision.reasons] == codes


def test_it_carries_title_severity_and_advisories_of_its_rule() -> None:
    stated = rule(severity="critical", advisories=["CVE-2024-26198", "ADV240001"])
    (decision,) = needfix.evaluate(catalogue_of(stated), mail(info=OLD))
    assert (decision.title, decision.severity) == ("Title of Q100001", "critical")
    assert decision.advisories == ("CVE-2024-26198", "ADV240001")
    found = decision.as_dict()
    assert list(found)[:6] == ["server", "collected", "rule", "title", "severity", "advisories"]
    assert (found["severity"], found["advisories"]) == ("critical", ["CVE-2024-26198", "ADV240001"])
    (bare,) = needfix.evaluate(catalogue_of(rule(title=None)), mail(info=OLD))
    assert (bare.title, bare.severity, bare.advisories) == ("Q100001", None, ())


def test_one_made_in_code_is_checked() -> None:
    reason = needfix.Reason("partial", "Some files are there.")
    made = needfix.Decision("A", "Q1", "fix-required", "apply", [reason])
    assert made.reasons == (reason,)
    for kind, action, what in (("fix_required", "apply", "decision"), ("fix-required", "patch", "action")):
        with pytest.raises(needfix.UsageError, match=f"is not a known {what}\n    hint: write one of "):
            needfix.Decision("A", "Q1", kind, action)  # type: ignore[arg-type]  # what is tested
    assert (made.title, made.severity, made.advisories) == ("Q1", None, ())
    with pytest.raises(needfix.UsageError, match="'grave' is not a known severity"):
        needfix.Decision("A", "Q1", "fix-required", "apply", severity="grave")  # type: ignore[arg-type]


def test_reasons_are_ordered_also_where_values_are_missing() -> None:
    reasons = [
        needfix.Reason("partial", "b"),
        needfix.Reason("partial", "a", file="x"),
        needfix.Reason("partial", "a"),
    ]
    assert [(one.text, one.file) for one in sorted(reasons)] == [("a", None), ("a", "x"), ("b", None)]
    with pytest.raises(TypeError):
        _ = reasons[0] < "partial"
