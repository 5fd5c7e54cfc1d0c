"""Mutation testing: which small changes the cases notice, and what case is missing where they do not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from needfix.cases.mutation import mutate
from needfix.cases.testing import collect
from needfix.model.mutation import MutantResult, Mutation
from tests.support import ROOT
from tests.support.catalogues import Document, load, rule


def case(expect: str, **given: Any) -> Document:  # noqa: ANN401
    return {"name": f"{expect} {given}", "given": {"level": "5.5 SP4", **given}, "expect": expect}


def mutated(folder: Path, *documents: Document) -> Mutation:
    load(folder, *documents)
    return mutate(collect([str(folder)]))


def of(found: Mutation, change: str) -> MutantResult:
    return next(one for one in found.mutants if one.change == change)


UP, DOWN = "Info.dll 5.5.2654.11 instead of 5.5.2654.10", "Info.dll 5.5.2654.9 instead of 5.5.2654.10"


def test_a_case_exactly_at_the_minimum_notices_that_it_was_raised(tmp_path: Path) -> None:
    found = mutated(tmp_path, rule(cases=[case("fix-present", files={"Info.dll": "5.5.2654.10"})]))
    assert of(found, UP).fate == "noticed"
    assert (of(found, UP).case or "").startswith("fix-present")
    assert of(found, DOWN).fate == "survived"


def test_a_case_one_step_below_notices_that_it_was_lowered(tmp_path: Path) -> None:
    found = mutated(tmp_path, rule(cases=[case("fix-required", files={"Info.dll": "5.5.2654.9"})]))
    assert (of(found, UP).fate, of(found, DOWN).fate) == ("survived", "noticed")


def test_a_mutant_that_survives_comes_with_the_case_that_is_missing(tmp_path: Path) -> None:
    own = rule(cases=[case("fix-present", files={"Info.dll": "5.5.2654.10"})])
    witness = of(mutated(tmp_path, own), DOWN).witness
    assert witness is not None
    assert (witness.decision, witness.otherwise) == ("fix-required", "fix-present")
    missing = {
        "name": witness.name,
        "given": dict(witness.given),
        "expect": witness.decision,
        "action": witness.action,
    }
    found = mutated(tmp_path / "mended", {**own, "cases": [*own["cases"], missing]})
    assert of(found, DOWN).fate == "noticed"


SAME_FOR_ALL = "requires without mail-server 5.5 SP4"


def for_sp4_only(*accepted: Document) -> Document:
    own = rule(affects=["5.5 SP4"], requires=["5.5 SP4"], cases=[case("undetermined")])
    return {**own, "mutation": {"accept": list(accepted)}} if accepted else own


def test_a_mutant_that_no_server_distinguishes_counts_as_survived(tmp_path: Path) -> None:
    found = mutated(tmp_path, for_sp4_only())
    same = of(found, SAME_FOR_ALL)
    assert (same.fate, same.case, same.witness) == ("not-distinguished", None, None)
    assert found.score == 100 * found.count("noticed") / len(found.mutants)


def test_the_rule_accepts_it_with_a_reason(tmp_path: Path) -> None:
    found = mutated(tmp_path, for_sp4_only({"change": SAME_FOR_ALL, "reason": "SP4 is all that it affects"}))
    same = of(found, SAME_FOR_ALL)
    assert (same.fate, same.reason) == ("accepted", "SP4 is all that it affects")
    assert found.counted == len(found.mutants) - 1
    assert found.idle == ()


def test_a_mutant_that_a_server_distinguishes_cannot_be_accepted(tmp_path: Path) -> None:
    accepted = [{"change": change, "reason": "it may stay"} for change in (UP, "no such change")]
    found = mutated(tmp_path, for_sp4_only(*accepted))
    assert (of(found, UP).fate, of(found, UP).reason) == ("survived", None)
    assert [idle.change for idle in found.idle] == [UP, "no such change"]


def test_only_cases_that_pass_notice_anything(tmp_path: Path) -> None:
    cases = [
        case("fix-required", files={"Info.dll": "5.5.2654.10"}),
        {**case("fix-present", files={"Info.dll": "5.5.2654.10"}), "skip": "later"},
        case("fix-present", complete=["nonsense"]),
    ]
    found = mutated(tmp_path, rule(cases=cases))
    assert (found.count("noticed"), found.score) == (0, 0)


def test_the_cases_of_another_rule_notice_what_it_depends_on(tmp_path: Path) -> None:
    newer = rule("Q100002", supersedes=["Q100001"], fixes=[{"files": {"New.dll": {"version": "2.0"}}}])
    older = rule(cases=[case("fix-present", edition="Standard Edition", files={"New.dll": "2.0"})])
    found = mutated(tmp_path, older, newer)
    dropped = of(found, "supersedes without Q100001")
    assert (dropped.rule, dropped.fate) == ("Q100002", "noticed")


def test_what_a_rule_supersedes_survives_where_no_case_of_the_other_rule_notices(tmp_path: Path) -> None:
    newer = rule("Q100002", supersedes=["Q100001"], fixes=[{"files": {"New.dll": {"version": "2.0"}}}])
    dropped = of(mutated(tmp_path, rule(cases=[case("undetermined")]), newer), "supersedes without Q100001")
    assert (dropped.fate, dropped.witness) == ("survived", None)


def test_a_path_that_is_forgotten_survives_where_no_case_has_a_copy_elsewhere(tmp_path: Path) -> None:
    files = {"One.dll": {"version": "1.0", "path": "bin"}, "Two.dll": {"version": "1.0"}}
    own = rule(fixes=[{"files": files}], cases=[case("undetermined")])
    assert of(mutated(tmp_path, own), "One.dll not only in bin").fate == "survived"


def test_stand_alone_cases_notice_mutants(tmp_path: Path) -> None:
    load(tmp_path, rule())
    (tmp_path / "a.cases.yaml").write_text(
        "needfix: 1\nrules: [rules.yaml]\ncases:\n  - name: at the minimum\n"
        '    given: {level: 5.5 SP4, files: {Info.dll: "5.5.2654.10"}}\n'
        "    expect: {Q100001: fix-present}\n",
        encoding="utf-8",
    )
    assert of(mutate(collect([str(tmp_path)])), UP).case == "at the minimum"


def test_an_action_and_a_reason_notice_what_the_decision_does_not(tmp_path: Path) -> None:
    old = {"files": {"Info.dll": "1.0"}}
    flipped = "apply: if-symptoms instead of always"
    plain = mutated(tmp_path / "a", rule(cases=[case("fix-required", **old)]))
    acting = mutated(tmp_path / "b", rule(cases=[{**case("fix-required", **old), "action": "apply"}]))
    assert (of(plain, flipped).fate, of(acting, flipped).fate) == ("survived", "noticed")


def test_a_rule_without_mutants_to_notice_scores_100() -> None:
    assert Mutation(()).score == 100


@pytest.mark.broad
def test_the_cases_of_the_rules_written_by_hand_notice_every_mutant() -> None:
    found = mutate(collect([str(ROOT / "rules" / "exchange-5.5")]))
    assert len(found.mutants) > 1000
    undetected = [one for one in found.mutants if one.fate not in ("noticed", "accepted")]
    assert [f"{one.at}: {one.change}" for one in undetected] == []
    assert found.idle == ()


def test_a_case_at_the_minimum_and_one_with_a_claim_detect_what_is_left_out(tmp_path: Path) -> None:
    keys: Document = {"updates": ["KB500001"], "also_needed": "Turn it on"}
    at = {**case("fix-present", files={"Info.dll": "5.5.2654.10"}), "action": "investigate"}
    without = mutated(tmp_path / "none", rule(**keys))
    for change in ("without updates", "without also_needed"):
        assert of(without, change).fate == "survived"
        assert of(without, change).witness is not None
    claimed = {
        "name": "claimed",
        "given": {"products": [], "complete": ["products"], "hotfixes": ["Q500001"]},
        "expect": "not-affected",
        "action": "investigate",
    }
    found = mutated(tmp_path / "both", rule(**keys, cases=[at, claimed]))
    assert [of(found, f"without {key}").fate for key in keys] == ["noticed", "noticed"]
