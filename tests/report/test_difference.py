from __future__ import annotations

import json

from needfix.errors import Position
from needfix.model.difference import CatalogueChange, DecidedAction, Difference, Transition
from tests.report.support import rendered

MOST_OF_GITHUB = 65_536
APPLY = DecidedAction("fix-required", "apply")
NONE = DecidedAction("not-affected", "none")


def change(number: int = 1, name: str = "Store.exe") -> CatalogueChange:
    at = Position(f"rules/Q{number}.yaml", 17, 3)
    return CatalogueChange("rule", f"Q{number}", name, "1.0", "2.0", at._replace(line=16), at)


def difference(transitions: list[Transition], *idle: CatalogueChange) -> Difference:
    caused = [one for t in transitions for cause in t.causes for one in cause]
    changes = tuple(dict.fromkeys((*caused, *idle)))
    return Difference("main", "rules", 9, 5, 3, changes, tuple(transitions), (("Q8", 2),))


def shown(form: str, found: Difference) -> str:
    return rendered("difference", form, found)


def test_markdown_of_any_size_fits_a_comment() -> None:
    names = tuple(f"server-{'x' * 200}-{number}" for number in range(3000))
    transitions = [
        Transition(f"Q{n}", APPLY, NONE, ((change(n, "y" * 300), change(n + 1)),), names) for n in range(300)
    ]
    text = shown("markdown", difference(transitions, *(change(n, "idle" * 90) for n in range(2000, 2500))))
    assert 20_000 < len(text) < MOST_OF_GITHUB
    assert text.count("<details>") == text.count("</details>") == 2
    assert "and 2950 more" in text
    assert "| … and " in text
    assert "- … and " in text


def test_names_in_markdown_are_code_and_nothing_else() -> None:
    names = ("@team", "a|b", "`rm`", "<img src=x>", "two\nlines", "[link](http://x)", " ")
    text = shown("markdown", difference([Transition("Q1", APPLY, NONE, ((change(),),), names)]))
    expected = "`@team`, `a\\|b`, `` `rm` ``, `<img src=x>`, `two\\nlines`, `[link](http://x)`"
    assert expected in text


def test_control_characters_do_not_reach_a_terminal() -> None:
    text = shown(
        "text", difference([Transition("Q1", APPLY, NONE, ((change(1, "\x1b[2J"),),), ("\x1b[2J",))])
    )
    assert "\x1b" not in text


def test_text_separates_causes_that_are_needed_together_from_those_that_suffice() -> None:
    causes = ((change(1), change(2)), (change(3),))
    lines = shown("text", difference([Transition("Q1", APPLY, None, causes, ("A",))])).splitlines()
    assert "  Q1  fix-required, apply → no rule" in lines
    start = lines.index("    A")
    assert lines[start + 1 : start + 4] == [
        "    rules/Q1.yaml:17: Store.exe 1.0 → 2.0 (was rules/Q1.yaml:16)",
        "    and rules/Q2.yaml:17: Q2: Store.exe 1.0 → 2.0 (was rules/Q2.yaml:16)",
        "    or rules/Q3.yaml:17: Q3: Store.exe 1.0 → 2.0 (was rules/Q3.yaml:16)",
    ]


def test_text_names_ten_servers_and_json_all() -> None:
    names = tuple(f"S{number}" for number in range(25))
    found = difference([Transition("Q1", None, APPLY, ((change(),),), names)], change(5))
    assert "S9 and 15 more\n" in shown("text", found)
    document = json.loads(shown("json", found))
    (transition,) = document["transitions"]
    assert transition["servers"] == list(names)
    assert (transition["kind"], transition["before"], transition["causes"]) == ("newly-required", None, [[0]])
    assert [one["altered"] for one in document["changes"]] == [25, 0]
    assert document["changes"][0]["new"] == {"file": "rules/Q1.yaml", "line": 17, "column": 3}
    assert document["summary"]["altered"]["newly-required"] == 25
