"""The loops over servers, copies and texts that NumPy would make several passes of, compiled.

They run without the interpreter's lock. Codes and places that come from a file are held against the
size of what they are looked up in; tables of the catalogue are trusted.

In a checkout, libraries of another source than the one beside them are refused: they could decide wrongly.
"""

from pathlib import Path

from needfix.errors import UsageError
from needfix.fleet.kernels.source import is_compiled

if not is_compiled(Path(__file__).parent):
    raise UsageError("the loops of fleets were compiled from another source\n    hint: run make kernels")
