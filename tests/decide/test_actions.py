"""What to do: symptoms, the server's own claims and what runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from needfix.model.server import FileCopy, InstalledProduct, Server
from tests.support.catalogues import NEW, OLD, answer, codes, decide, fix, load, mail, reason, rule

BOTH = [{"id": "mail-waits", "text": "Mail waits"}, {"id": "store-hangs", "text": "The store hangs"}]


def with_symptoms(**keys: Any) -> dict[str, Any]:  # noqa: ANN401
    return rule(**{"apply": "if-symptoms", "symptoms": BOTH, **keys})


# ---- symptoms


@pytest.mark.parametrize(
    ("symptoms", "action", "code"),
    [
        ({"observed": ["mail-waits"]}, "apply", "symptom-observed"),
        ({"observed": ["STORE-HANGS"]}, "apply", "symptom-observed"),
        ({"observed": ["mail-waits"], "absent": ["store-hangs"]}, "apply", "symptom-observed"),
        ({"absent": ["mail-waits", "store-hangs"]}, "wait", "symptoms-absent"),
        ({"absent": ["mail-waits"]}, "confirm-symptoms", "symptoms-unreported"),
        ({"observed": ["other"]}, "confirm-symptoms", "symptoms-unreported"),
        ({}, "confirm-symptoms", "symptoms-unreported"),
    ],
)
def test_a_fix_for_servers_with_symptoms(
    tmp_path: Path, symptoms: dict[str, Any], action: str, code: str
) -> None:
    decided = decide(load(tmp_path, with_symptoms()), mail(info=OLD, symptoms=symptoms))
    assert answer(decided) == f"fix-required, {action}"
    assert code in codes(decided)


def test_a_symptom_whose_name_says_nothing_may_be_any(tmp_path: Path) -> None:
    catalogue = load(tmp_path, with_symptoms())
    for observed, action in (([], "wait"), (["printer-jams"], "wait"), (["N/A"], "confirm-symptoms")):
        facts = mail(info=OLD, symptoms={"observed": observed}, complete=["symptoms"])
        assert decide(catalogue, facts).action == action


@pytest.mark.parametrize("symptoms", [{"observed": ["mail-waits"]}, {"absent": ["mail-waits"]}, {}])
def test_a_fix_for_everyone_is_applied_with_symptoms_or_without(
    tmp_path: Path, symptoms: dict[str, Any]
) -> None:
    decided = decide(load(tmp_path, with_symptoms(apply="always")), mail(info=OLD, symptoms=symptoms))
    assert answer(decided) == "fix-required, apply"


def test_a_bare_id_counts_for_every_rule_and_one_with_a_rule_for_that_one(tmp_path: Path) -> None:
    rules = [with_symptoms(rule_id=rule_id) for rule_id in ("Q100001", "Q100002")]
    catalogue = load(tmp_path, *rules)

    def actions(*observed: str) -> list[str]:
        facts = mail(info=OLD, symptoms={"observed": list(observed)})
        return [decide(catalogue, facts, rule_id).action for rule_id in ("Q100001", "Q100002")]

    assert actions("mail-waits") == ["apply", "apply"]
    assert actions("Q100002/mail-waits") == ["confirm-symptoms", "apply"]
    assert actions("q100001/Mail-Waits") == ["apply", "confirm-symptoms"]
    assert actions("Q999999/mail-waits") == ["confirm-symptoms", "confirm-symptoms"]


def test_symptoms_of_a_server_object_compare_without_case(tmp_path: Path) -> None:
    facts = Server(
        "A",
        products=(InstalledProduct("Mail Server", "5.5 SP4"),),
        files=(FileCopy("Info.dll", version=OLD),),
        observed=frozenset({"Q100001/Mail-Waits"}),
    )
    assert decide(load(tmp_path, with_symptoms()), facts).action == "apply"


def test_a_symptom_both_observed_and_absent_counts_as_observed(tmp_path: Path) -> None:
    both = {"observed": ["mail-waits"], "absent": ["mail-waits", "store-hangs"]}
    decided = decide(load(tmp_path, with_symptoms()), mail(info=OLD, symptoms=both))
    assert answer(decided) == "fix-required, apply"
    assert reason(decided, "symptom-contradicted").observed == "mail-waits"


@pytest.mark.parametrize(
    ("symptoms", "facts"),
    [
        ({"observed": []}, {"events": [{"source": "MSMail", "id": 7}], "complete": ["symptoms"]}),
        ({"observed": ["mail-waits"]}, {"events": [], "complete": ["events"]}),
        ({"absent": ["mail-waits"]}, {"events": [{"source": "MSMail", "id": 7}]}),
    ],
)
def test_a_symptom_that_one_scope_shows_and_another_denies_counts_as_observed(
    tmp_path: Path, symptoms: dict[str, Any], facts: dict[str, Any]
) -> None:
    own = [{**BOTH[0], "observe": [{"source": "MSMail", "id": 7}]}]
    decided = decide(load(tmp_path, with_symptoms(symptoms=own)), mail(info=OLD, symptoms=symptoms, **facts))
    assert answer(decided) == "fix-required, apply"
    assert reason(decided, "symptom-contradicted").observed == "mail-waits"


@pytest.mark.parametrize(
    ("symptoms", "action"),
    [
        (None, "confirm-symptoms"),
        ({}, "confirm-symptoms"),
        ({"observed": []}, "wait"),
        ({"absent": []}, "confirm-symptoms"),
    ],
)
def test_a_complete_list_of_symptoms_must_be_there(tmp_path: Path, symptoms: Any, action: str) -> None:  # noqa: ANN401
    facts = mail(info=OLD, symptoms=symptoms, complete=["symptoms"])
    assert decide(load(tmp_path, with_symptoms()), facts).action == action


def test_a_rule_for_symptoms_that_names_none(tmp_path: Path) -> None:
    decided = decide(load(tmp_path, rule(apply="if-symptoms")), mail(info=OLD, complete=["symptoms"]))
    assert answer(decided) == "fix-required, confirm-symptoms"


def test_a_symptom_despite_the_fix_is_investigated(tmp_path: Path) -> None:
    decided = decide(load(tmp_path, with_symptoms()), mail(info=NEW, symptoms={"observed": ["mail-waits"]}))
    assert answer(decided) == "fix-present, investigate"
    assert reason(decided, "symptom-despite-fix").observed == "mail-waits"


def test_a_restart_comes_before_an_investigation(tmp_path: Path) -> None:
    facts = mail(info=NEW, symptoms={"observed": ["mail-waits"]}, restart_pending=True)
    decided = decide(load(tmp_path, with_symptoms()), facts)
    assert answer(decided) == "fix-present, restart"
    assert {"symptom-despite-fix", "restart-pending"} <= set(codes(decided))


@pytest.mark.parametrize(("info", "expected"), [(OLD, "fix-required"), (None, "undetermined")])
def test_symptoms_do_not_change_a_decision(tmp_path: Path, info: str | None, expected: str) -> None:
    catalogue = load(tmp_path, with_symptoms())
    for symptoms in ({"observed": ["mail-waits"]}, {"absent": ["mail-waits", "store-hangs"]}, {}):
        assert decide(catalogue, mail(info=info, symptoms=symptoms)).decision == expected


# ---- claims


@pytest.mark.parametrize(
    ("listed", "claims"),
    [
        ("Q100001", True),
        ("q100001", True),
        ("KB100001", True),
        ("kb100001", True),
        ("100001", True),
        (" Q100001 ", True),
        ("Q100001_W2K", True),
        ("Q1000012", False),
        ("Q10000", False),
        ("other", False),
        ("", False),
    ],
)
def test_a_claim_that_older_files_contradict(tmp_path: Path, listed: str, claims: bool) -> None:  # noqa: FBT001
    decided = decide(load(tmp_path, rule()), mail(info=OLD, hotfixes=[listed] if listed else []))
    assert answer(decided) == "fix-required, apply"
    assert ("claimed-but-files-older" in codes(decided)) is claims


def test_the_claim_alone_decides_nothing(tmp_path: Path) -> None:
    decided = decide(load(tmp_path, rule()), mail(hotfixes=["Q100001"]))
    assert answer(decided) == "undetermined, investigate"
    assert {"claimed-but-unproved", "file-not-inventoried"} <= set(codes(decided))


def test_a_claim_whose_files_are_missing(tmp_path: Path) -> None:
    decided = decide(load(tmp_path, rule()), mail(complete=["files"], hotfixes=["Q100001"]))
    assert answer(decided) == "not-affected, investigate"
    assert "claimed-but-files-missing" in codes(decided)


# ---- what speaks against not-affected

SP2 = "5.5 SP2"


@pytest.mark.parametrize(
    ("facts", "action", "code"),
    [
        ({"hotfixes": ["KB100001"]}, "investigate", "claimed-but-not-affected"),
        ({"hotfixes": ["KB100002"]}, "none", None),
        ({"symptoms": {"observed": ["Q100001/mail-waits"]}}, "investigate", "symptom-observed"),
        ({"symptoms": {"observed": ["mail-waits"]}}, "none", "symptom-observed"),
        ({"symptoms": {"observed": ["Q100002/mail-waits"]}}, "none", None),
        ({"symptoms": {"absent": ["Q100001/mail-waits"]}}, "none", None),
        ({"events": [{"source": "MSMail", "id": 7}]}, "none", "symptom-observed"),
    ],
)
@pytest.mark.parametrize(
    "server", [{"level": SP2}, {"products": [], "complete": ["products"]}, {"complete": ["files"]}]
)
def test_a_claim_or_a_symptom_of_a_server_that_is_not_affected(
    tmp_path: Path, server: dict[str, Any], facts: dict[str, Any], action: str, code: str | None
) -> None:
    observe = [{"source": "MSMail", "id": 7}]
    own = [{**BOTH[0], "observe": observe}, BOTH[1]]
    complete = [*server.get("complete", ()), *facts.get("complete", ())]
    decided = decide(
        load(tmp_path, with_symptoms(symptoms=own)), mail(**{**server, **facts, "complete": complete})
    )
    is_absent = "files" in complete
    assert answer(decided) == f"not-affected, {action}"
    expected = "claimed-but-files-missing" if is_absent and code == "claimed-but-not-affected" else code
    spoken = {"claimed-but-not-affected", "claimed-but-files-missing", "symptom-observed"}
    assert spoken.intersection(codes(decided)) == ({expected} if expected else set())


def test_a_claim_that_waits_for_a_restart(tmp_path: Path) -> None:
    for symptoms in ({}, {"absent": ["mail-waits", "store-hangs"]}, {"observed": ["mail-waits"]}):
        facts = mail(info=OLD, hotfixes=["Q100001"], restart_pending=True, symptoms=symptoms)
        decided = decide(load(tmp_path, with_symptoms(requires=["6.0"])), facts)
        assert answer(decided) == "fix-required, restart"
        assert {"claimed-but-files-older", "restart-pending", "requires-unmet"} <= set(codes(decided))
    for facts in (
        mail(info=OLD, hotfixes=["Q1"], restart_pending=True),
        mail(info=OLD, hotfixes=["Q100001"]),
    ):
        assert answer(decide(load(tmp_path, rule()), facts)) == "fix-required, apply"


def test_a_claim_that_is_true_needs_no_word(tmp_path: Path) -> None:
    decided = decide(load(tmp_path, rule()), mail(info=NEW, hotfixes=["Q100001"]))
    assert answer(decided) == "fix-present, none"
    assert codes(decided) == ["file-reaches-minimum", "level-affected"]


def test_a_partial_fix_that_is_claimed(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule(fixes=[fix({"Info.dll": NEW, "Gate.dll": "2.0"})]))
    gate = [{"name": "Gate.dll", "version": "1.0"}]
    decided = decide(catalogue, mail(info=NEW, files=gate, hotfixes=["Q100001"]))
    assert {"partial", "claimed-but-files-older"} <= set(codes(decided))


def test_a_rule_whose_id_is_no_number_is_claimed_by_its_name(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule("MS01-023"))
    assert "claimed-but-files-older" in codes(decide(catalogue, mail(info=OLD, hotfixes=["ms01-023"])))
    assert "claimed-but-files-older" not in codes(decide(catalogue, mail(info=OLD, hotfixes=["MS01-024"])))


# ---- what runs


def info(version: str, loaded: str | None) -> list[dict[str, Any]]:
    return [{"name": "Info.dll", "path": "c:\\info.dll", "version": version, "loaded": loaded}]


@pytest.mark.parametrize(
    ("version", "loaded", "pending", "expected"),
    [
        (NEW, OLD, None, "fix-present, restart"),
        (NEW, OLD, False, "fix-present, restart"),
        (NEW, NEW, None, "fix-present, none"),
        (NEW, NEW, True, "fix-present, restart"),
        (NEW, None, True, "fix-present, restart"),
        (NEW, None, False, "fix-present, none"),
        (NEW, "unknown", None, "fix-present, none"),
        (OLD, OLD, None, "fix-required, apply"),
        (OLD, OLD, True, "fix-required, apply"),
        (OLD, None, True, "fix-required, apply"),
        (OLD, NEW, None, "fix-required, apply"),
    ],
)
def test_a_fix_that_lies_on_disk_but_does_not_run(
    tmp_path: Path,
    version: str,
    loaded: str | None,
    pending: bool | None,  # noqa: FBT001
    expected: str,
) -> None:
    facts = mail(files=info(version, loaded), restart_pending=pending)
    assert answer(decide(load(tmp_path, rule()), facts)) == expected


def test_the_old_module_is_named(tmp_path: Path) -> None:
    decided = decide(load(tmp_path, rule()), mail(files=info(NEW, OLD)))
    found = reason(decided, "loaded-below-minimum")
    assert (found.file, found.path, found.observed, found.expected) == ("Info.dll", "c:\\info.dll", OLD, NEW)


def test_one_old_module_among_several_copies_is_enough(tmp_path: Path) -> None:
    decided = decide(load(tmp_path, rule()), mail(files=[*info(NEW, NEW), *info(NEW, OLD)]))
    assert answer(decided) == "fix-present, restart"


def test_an_old_module_of_a_file_that_no_rule_asks_for_does_not_matter(tmp_path: Path) -> None:
    other = [{"name": "Other.dll", "version": "2.0", "loaded": "1.0"}]
    assert answer(decide(load(tmp_path, rule()), mail(info=NEW, files=other))) == "fix-present, none"
