"""Try an installed needfix away from the source tree: `python tests/smoke/run.py INVENTORY`.

Run it with the Python of the environment that needfix is installed in; it needs only the standard library.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMAND = Path(sys.executable).with_name("needfix")
DECISIONS = {"fix-required", "fix-present", "not-affected", "undetermined"}
WHERE_IS_IT = "import needfix; print(needfix.__file__); print(len(needfix.load_catalogue()), 'rules')"
# By itself, since the package around it needs NumPy and Arrow, which may be missing.
RUN_KERNELS = """
import needfix
from array import array
from importlib import machinery, util
folder = needfix.__path__[0] + "/fleet/kernels"
spec = machinery.PathFinder.find_spec("needfix.fleet.kernels.columns", [folder])
kernels = util.module_from_spec(spec)
spec.loader.exec_module(kernels)
number, parts = array("Q", [0]), bytearray(1)
kernels.read_versions(array("i", [0, 11]), b"5.5.2654.29", number, parts)
print(hex(number[0]), *parts, spec.origin)
"""


def main(inventory: Path) -> None:
    """Import it, list its rules and evaluate a copy of the inventory, all from an empty folder."""
    with tempfile.TemporaryDirectory(prefix="needfix-smoke-") as folder:
        copy = shutil.copy(inventory, folder)
        check_import(output_of([sys.executable, "-c", WHERE_IS_IT], folder))
        check_kernels(output_of([sys.executable, "-c", RUN_KERNELS], folder))
        check_rules(output_of([str(COMMAND), "rules", "list"], folder))
        evaluate = [str(COMMAND), "evaluate", "--format", "jsonl", Path(copy).name]
        check_decisions(output_of(evaluate, folder), inventory)
        if find_spec("pyarrow") and find_spec("numpy"):
            fleet = shutil.copy(inventory.with_suffix(".parquet"), folder)
            evaluate = [str(COMMAND), "evaluate", "--format", "summary-json", Path(fleet).name]
            check_fleet(output_of(evaluate, folder), inventory)
    print("smoke: passed")


def output_of(command: list[str], folder: str) -> str:
    """Give what the command prints, or stop where it fails."""
    print("smoke: $", *(Path(command[0]).name, *command[1:]), flush=True)
    run = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    if run.returncode != 0:
        sys.exit(f"smoke: exit code {run.returncode}\n{run.stdout}{run.stderr}")
    return run.stdout


def check_import(output: str) -> None:
    """Hold the package to be the installed one, with rules in it."""
    place, rules = output.splitlines()
    expect(not Path(place).is_relative_to(ROOT / "engine"), f"the installed package, not {place}")
    expect(not rules.startswith("0 "), "shipped rules")
    print(f"smoke: {rules} from {place}")


def check_kernels(output: str) -> None:
    """Hold the compiled loops to read a version."""
    expect(output.startswith("0x500050a5e001d 4 "), f"5.5.2654.29 as a number of four parts, not {output}")
    print(f"smoke: compiled loops from {output.rsplit(maxsplit=1)[-1]}")


def check_rules(output: str) -> None:
    """Hold the list to name a rule that is shipped."""
    expect("Q279798" in output, f"Q279798 in the list of rules:\n{output}")


def check_decisions(output: str, inventory: Path) -> None:
    """Hold every server of the inventory to have decisions, each one of the four."""
    given = {server["server"] for server in json.loads(inventory.read_text(encoding="utf-8"))}
    decisions = [json.loads(line) for line in output.splitlines()]
    servers = {decision["server"] for decision in decisions}
    expect(servers == given, f"decisions for every server, but these differ: {sorted(servers ^ given)}")
    strange = {decision["decision"] for decision in decisions} - DECISIONS
    expect(not strange, f"known decisions, not {sorted(strange)}")
    print(f"smoke: {len(decisions)} decisions for {len(servers)} servers")


def check_fleet(output: str, inventory: Path) -> None:
    """Hold the fleet in columns to have as many servers as the inventory."""
    servers = json.loads(output)["servers"]
    given = len(json.loads(inventory.read_text(encoding="utf-8")))
    expect(servers == given, f"{given} servers in columns, not {servers}")
    print(f"smoke: {servers} servers in columns")


def expect(holds: bool, what: str) -> None:  # noqa: FBT001  (the check is the argument)
    """Stop where the check does not hold."""
    if not holds:
        sys.exit(f"smoke: expected {what}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
