"""Cases that a rule does not have yet, made from its probes and written into its file."""

from needfix.cases.generating.case_text import item_lines
from needfix.cases.generating.missing_cases import missing_cases
from needfix.cases.generating.new_case import NewCase
from needfix.cases.generating.write_cases import write_cases

__all__ = ["NewCase", "item_lines", "missing_cases", "write_cases"]
