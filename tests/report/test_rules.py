"""Rules as people read them: whatever their texts hold, a rule is a line of the list."""

from __future__ import annotations

from pathlib import Path

from tests.support import ROOT, Needfix

RULE = (ROOT / "rules" / "exchange-5.5" / "Q279798.yaml").read_text(encoding="utf-8")


def test_a_title_is_one_line_of_the_list(needfix: Needfix, tmp_path: Path) -> None:
    lines = RULE.splitlines()
    number = next(number for number, line in enumerate(lines) if line.startswith("title:"))
    lines[number] = r'title: "a\n::error::injected\e[31m \u202e \a ##[error]x"'
    rule = tmp_path / "rule.yaml"
    rule.write_text("\n".join(lines), encoding="utf-8")
    shown = r"a\n::error::injected\x1b[31m \u202e \x07 \x23#[error]x"
    ran = needfix("rules", "list", "--rules", rule)
    assert ran.out.splitlines() == [f"Q279798  exchange-server  {shown}", "", "1 rule"]
    assert needfix("rules", "show", "Q279798", "--rules", rule).out.splitlines()[0] == f"Q279798  {shown}"
