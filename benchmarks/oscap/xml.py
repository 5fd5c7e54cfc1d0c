"""Words that OVAL definitions and system characteristics share."""

from __future__ import annotations

OVAL = "http://oval.mitre.org/XMLSchema"
COMMON = f'xmlns:oval="{OVAL}/oval-common-5"'
RULE_SPACE = f'xmlns="{OVAL}/oval-definitions-5#windows"'
ITEM_SPACE = f'xmlns="{OVAL}/oval-system-characteristics-5#windows"'
GENERATOR = """<generator><oval:schema_version>5.10</oval:schema_version>
<oval:timestamp>2002-05-09T08:00:00</oval:timestamp></generator>"""
REGISTRY = ("product", "level", "build", "platform", "nothing")
"""Facts that a registry would state. Nothing is ever collected about the last."""
LISTED = ", listed"
"""Behind the name of a file: the object of its copies without their versions, which can always be read."""


def identifier(kind: str, place: int) -> str:
    """The id of a definition, test, object or state."""
    return f"oval:made.up:{kind}:{place + 1}"
