"""Prompts and titles between outputs: which machine the command below them asked."""

from __future__ import annotations

import re
from typing import NamedTuple

from needfix.intake.other_names import folded
from needfix.intake.windows_texts import PROMPT
from needfix.inventory.producers.names import ITSELF, SERVER_PROPERTIES


class Asked(NamedTuple):
    """The machine that an output is about where it does not say it itself.

    None is the one on which the command ran. Where it `is_unknown`, it is another one, or several. Where it
    `is_here`, all commands of the file run there.
    """

    server: str | None = None
    is_unknown: bool = False
    is_here: bool = False


_HERE = Asked(is_here=True)
_UNKNOWN = Asked(is_unknown=True)

_PROMPT = re.compile(rf"(?:\[(?P<session>[^\]\n]{{1,255}})\]:[ ])?{PROMPT}[ ]?(?P<command>.*)", re.DOTALL)
_GROUP = re.compile(r"[ ]{3}(?P<name>[A-Za-z_ ]{1,40}): (?P<server>\S{1,255})[ \t]*")
_TRANSCRIPT = re.compile(r"[^:\n]{1,40}: (?P<server>\S{1,255}) \(Microsoft Windows NT [\d.]{1,40}\)[ \t]*")


def is_prompt(line: str) -> bool:
    """Whether a line shows a prompt, perhaps with a command."""
    return ">" in line and _PROMPT.match(line) is not None


def asked_by(line: str) -> Asked | None:
    """The machine that a command behind a prompt asks, or that a title of a group or transcript names.

    None for any other line.
    """
    if found := _GROUP.fullmatch(line):
        return _named(found["server"]) if folded(found["name"]) in SERVER_PROPERTIES else None
    if found := _TRANSCRIPT.fullmatch(line):
        return Asked(found["server"], is_here=True)
    prompt = _PROMPT.match(line) if ">" in line else None
    if prompt is None:
        return None
    by_command = _of_command(prompt["command"])
    session = prompt["session"]
    return by_command if by_command != _HERE or session is None else _named(session)


def _named(name: str) -> Asked:
    return _HERE if name.casefold() in ITSELF else Asked(name)


_VALUE = r"""(?P<value>"[^"]*"|'[^']*'|[^\s"']\S*)"""
_OTHERS = (
    re.compile(rf"(?<!\S)/node:[ ]?{_VALUE}", re.IGNORECASE),
    re.compile(
        rf"(?<!\S)-(?:comp[a-z]{{0,8}}|cn|machinename|server(?:name)?|(?:cim)?session|vmname|r)[: ]+{_VALUE}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"^(?:systeminfo|tasklist|driverquery|schtasks|gpresult)\b.*?(?<!\S)[/-]s[: ]+{_VALUE}",
        re.IGNORECASE,
    ),
    re.compile(r"""(?<![\w:])(?P<value>\\\\[^\\\s"']+)"""),
)
"""The words by which commands ask other machines: wmic, PowerShell, systeminfo, `\\\\NAME` of sc and reg."""
_INTO_FILES = re.compile(
    r"""(?<!\S)/(?:output|append):\S+|>.*|\|\s*(?:out-file|tee(?:-object)?|set-content|add-content)\b.*""",
    re.IGNORECASE,
)
"""Where a command writes its output, which may be on another machine."""
_LOCAL = frozenset((*ITSELF, "$env:computername", "%computername%"))
_MOST_LOOKED_AT = 4096
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:-]{0,254}")


def _of_command(command: str) -> Asked:
    own = _INTO_FILES.sub(" ", command[:_MOST_LOOKED_AT])
    values = [found["value"] for pattern in _OTHERS for found in pattern.finditer(own)]
    names = {value.strip("\"'").removeprefix("\\\\").casefold(): value for value in values}
    others = [name for name in names if name not in _LOCAL]
    if not others:
        return _HERE
    name = names[others[0]].strip("\"'").removeprefix("\\\\")
    return Asked(name) if len(names) == 1 and _NAME.fullmatch(name) else _UNKNOWN
