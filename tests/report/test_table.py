from __future__ import annotations

from needfix.model.decision import Action, Decision, DecisionKind, Reason
from needfix.printable import printable
from needfix.report.style import Style, View
from tests.report.support import rendered, run_of


def decision(
    rule: str, kind: DecisionKind, action: Action, text: str = "because", server: str = "A"
) -> Decision:
    return Decision(server, rule, kind, action, (Reason("file-below-minimum", text),))


def table(decisions: list[Decision], style: Style | None = None, *, whole: bool = False) -> str:
    """The block of one server."""
    run = run_of(decisions, titles={"Q1": "One", "Q2": "Two"})
    shown = rendered("decisions", "table", run, View(style or Style(), whole))
    return shown[: shown.index("\n\n") + 2]


def test_what_to_do_first_stands_first() -> None:
    shown = table(
        [
            decision("Q1", "fix-required", "wait"),
            decision("Q2", "fix-required", "apply"),
            decision("Q3", "undetermined", "investigate"),
        ]
    )
    assert [line.split()[0] for line in shown.splitlines() if "Q" in line] == ["apply", "investigate", "wait"]


def test_decisions_that_ask_for_nothing_are_gathered() -> None:
    shown = table([decision(f"Q{number}", "not-affected", "none") for number in range(9)])
    assert shown == "A\n  none              not-affected  Q0, Q1, Q2, Q3, Q4, Q5 and 3 more\n\n"


def test_facts_that_speak_against_a_gathered_decision_are_shown() -> None:
    def why(rule: str) -> tuple[Reason, ...]:
        against = Reason("claimed-but-not-affected", "The list names it")
        return (Reason("level-not-listed", "because"), *((against,) if rule == "Q2" else ()))

    gathered = [Decision("A", f"Q{number}", "not-affected", "none", why(f"Q{number}")) for number in range(4)]
    shown = table(gathered).splitlines()
    assert shown[1:] == [
        "  none              not-affected  Q0, Q1, Q2, Q3",
        f"{'':20}Q2: The list names it",
        "",
    ]
    assert table(gathered[2:3]).splitlines()[2:] == [f"{'':20}because", f"{'':20}The list names it", ""]


def test_whole_shows_every_decision_with_its_reasons() -> None:
    shown = table([decision(f"Q{number}", "not-affected", "none") for number in range(9)], whole=True)
    assert shown.count("because") == 9


def test_long_lines_are_wrapped_on_a_terminal_only() -> None:
    long = "word " * 40
    narrow = table([decision("Q1", "fix-required", "apply", long)], Style(width=60))
    assert max(map(len, narrow.splitlines())) <= 60
    assert max(map(len, table([decision("Q1", "fix-required", "apply", long)]).splitlines())) > 200


def test_colour_is_written_only_on_request() -> None:
    assert "\033" not in table([decision("Q1", "fix-required", "apply")])
    assert "\033[1;31m" in table([decision("Q1", "fix-required", "apply")], Style(colour=True))


def test_a_name_cannot_steer_the_terminal() -> None:
    shown = table([decision("Q1", "fix-required", "apply", "\033[2J", server="\033]0;x\007")])
    assert "\033" not in shown
    assert "\\x1b[2J" in shown
    assert printable("täg\n") == "täg\\n"


def test_a_cell_of_csv_cannot_be_a_formula() -> None:
    one = decision("Q1", "fix-required", "apply", server="=cmd|' /C calc'!A0")
    assert rendered("decisions", "csv", run_of([one])).splitlines()[1].startswith("'=cmd")


def test_the_summary_counts_every_decision_and_what_is_to_do() -> None:
    one = [decision("Q1", "fix-required", "apply"), decision("Q2", "fix-present", "none")]
    other = [decision("Q1", "undetermined", "investigate"), decision("Q2", "fix-present", "restart")]
    assert rendered("decisions", "table", run_of(one, other)).endswith(
        "2 servers, 4 decisions: 1 fix-required, 2 fix-present, 0 not-affected, 1 undetermined\n"
        "to do: 1 apply, 1 restart, 1 investigate\n"
    )


def test_the_summary_says_where_nothing_is_to_do() -> None:
    assert rendered("decisions", "table", run_of([decision("Q1", "fix-present", "none")])).endswith(
        "1 server, 1 decision: 0 fix-required, 1 fix-present, 0 not-affected, 0 undetermined\n"
        "to do: nothing\n"
    )
