"""What a change of rules alters, for programs."""

from __future__ import annotations

from typing import TextIO

from needfix.model.difference import Difference
from needfix.printable import json_text
from needfix.report.style import View


def write_json(out: TextIO, difference: Difference, view: View) -> None:
    """Write one object with everything; causes name changes by their place in the list."""
    del view
    out.write(json_text(difference.as_dict(), indent=1) + "\n")
