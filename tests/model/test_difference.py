"""A difference: which change alters which decisions."""

from __future__ import annotations

from needfix.model.difference import CatalogueChange, DecidedAction, Difference, Transition, decisions_in

APPLY = DecidedAction("fix-required", "apply")
NONE = DecidedAction("not-affected", "none")


def change(name: str) -> CatalogueChange:
    return CatalogueChange("rule", "Q1", name, "1.0", "2.0", None, None)


STORE, DIRECTORY, OTHER, IDLE = map(change, ("Store.exe", "Dsamain.exe", "Other.dll", "Idle.dll"))


def test_each_change_has_the_transitions_that_it_causes_by_itself_or_with_others() -> None:
    single = Transition("Q1", APPLY, NONE, ((STORE,),), ("A", "B"))
    several = Transition("Q2", APPLY, NONE, ((STORE, DIRECTORY), (STORE, OTHER)), ("A", "B", "C"))
    found = Difference("old", "new", 3, 3, 2, (IDLE, STORE, DIRECTORY, OTHER), (single, several))
    assert found.transitions_by_change() == {
        IDLE: [], STORE: [single, several], DIRECTORY: [several], OTHER: [several]
    }  # fmt: skip
    assert list(found.transitions_by_change()) == [IDLE, STORE, DIRECTORY, OTHER]
    assert decisions_in(found.transitions_by_change()[STORE]) == 5
