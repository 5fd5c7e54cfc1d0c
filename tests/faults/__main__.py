"""How many faults in what compares, infers and decides the laws notice, and which they do not.

    python -m tests.faults needfix.compare                  every module of a room
    python -m tests.faults needfix.decide --every 4         each fourth mutant
    python -m tests.faults needfix.compare.levels --line 42 --laws level_laws

Each mutant is tried in a process forked from this one, by laws only, with the same examples each
time: as many as with `--hypothesis-profile=deep`.
"""

from __future__ import annotations

import argparse
import os
import pkgutil
import signal
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType

from hypothesis import HealthCheck, Phase, settings

settings.register_profile(
    "faults",
    max_examples=100,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("faults")

from tests.faults.laws import Law, laws  # noqa: E402 - laws are read with these settings
from tests.faults.mutants import Mutant, mutants  # noqa: E402 - as above
from tests.faults.patching import forget, put_in  # noqa: E402 - as above

_SECONDS = 60
"""Of processor time, which a mutant that never ends takes."""


def modules_of(name: str) -> Iterator[ModuleType]:
    """A module, or all of a room."""
    module = import_module(name)
    for found in pkgutil.iter_modules(getattr(module, "__path__", ())):
        yield import_module(f"{name}.{found.name}")
    if not hasattr(module, "__path__"):
        yield module


def noticed_by(mutant: Mutant, tried: Sequence[Law]) -> str:
    """The law that fails with a mutant; "" where none does."""
    about = [law for law in tried if mutant.module.startswith(law.rooms)]
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        signal.setitimer(signal.ITIMER_PROF, _SECONDS)
        os.write(write, _first_failing(mutant, about).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as answer:
        name = answer.read()
    _, status = os.waitpid(child, 0)
    return name if os.WIFEXITED(status) else "no law: it does not end"


def _first_failing(mutant: Mutant, tried: Sequence[Law]) -> str:
    try:
        put_in(mutant)
    except Exception as error:  # noqa: BLE001 - a mutant may fail at once
        return f"{type(error).__name__} when it is put in"
    for law in tried:
        try:
            law.check()
        except Exception:  # noqa: BLE001 - however a law fails, the mutant is noticed
            return law.name
    return ""


def chosen(rooms: Iterable[str], every: int, line: int | None) -> Iterator[Mutant]:
    """The mutants to try."""
    for module in (module for room in rooms for module in modules_of(room)):
        source = Path(str(module.__file__)).read_text(encoding="utf-8")
        found = [one for one in mutants(module.__name__, source) if line in (None, one.line)]
        yield from found[::every]


def main() -> int:
    """Try mutants one after another, and say what became of each and of all."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("rooms", nargs="+", help="rooms or modules, such as needfix.compare")
    parser.add_argument("--every", type=int, default=1, help="try each n-th mutant only (default: 1)")
    parser.add_argument("--line", type=int, help="try the mutants of one line only")
    parser.add_argument("--laws", default="", metavar="NAME", help="try laws of modules with this name only")
    arguments = parser.parse_args()
    tried = laws(arguments.laws)
    for law in tried:
        law.check()  # each holds; and what the plain evaluator finds is known from here on
    forget()
    made: Counter[str] = Counter()
    survived: Counter[str] = Counter()
    for mutant in chosen(arguments.rooms, arguments.every, arguments.line):
        name = noticed_by(mutant, tried)
        made[mutant.module] += 1
        survived[mutant.module] += not name
        verdict = f"noticed by {name}" if name else "SURVIVED"
        print(f"{mutant.module}:{mutant.line} {mutant.where}: {mutant.change}: {verdict}", flush=True)
    for module, count in (*made.items(), ("all", made.total())):
        noticed = count - (survived[module] if module != "all" else survived.total())
        print(f"{module:34} {count:5} mutants {noticed:5} noticed {100 * noticed / max(count, 1):6.1f} %")
    return 0


if __name__ == "__main__":
    sys.exit(main())
