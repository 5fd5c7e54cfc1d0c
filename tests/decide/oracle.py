"""Decisions worked out a second time, slowly and plainly, from rule documents and inventory records.

It shares no code with what it checks but the enumeration of evidence. It knows the products of
`support`, versions of plain numbers, and full or bare levels; spelling is tested elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from needfix.model.evidence import Evidence
from tests.decide.support import MAIL, SYSTEM, Document
from tests.decide.table import action_by_table, decision_by_table

PRODUCTS = {MAIL["product"]: MAIL, SYSTEM["product"]: SYSTEM}
NAMES = {document["name"]: key for key, document in PRODUCTS.items()}


def numbers(text: str | None) -> tuple[int, ...] | None:
    """A version as numbers without trailing zeros; None where it is no version."""
    parts = (text or "").split(".")
    if not all(part.isdigit() for part in parts):
        return None
    found = [int(part) for part in parts]
    while found and not found[-1]:
        found.pop()
    return tuple(found)


def levels(product: str) -> list[str]:
    return [entry["level"] for entry in PRODUCTS[product]["levels"]]


@dataclass(frozen=True)
class Place:
    """A product on a server; level None is one that is not known, and `doubt` says how so."""

    product: str
    level: str | None
    doubt: str = ""
    edition: str | None = None
    platform: str | None = None
    language: str | None = None


# ---- levels


def level_of_build(product: str, build: str | None) -> str | None:
    version, found = numbers(build), None
    for entry in PRODUCTS[product]["levels"]:
        if version is not None and "build" in entry and (numbers(entry["build"]) or ()) <= version:
            found = entry["level"]
    return found


def lowest_key_file(product: str, record: Document) -> str | None:
    keys = {name.casefold() for name in PRODUCTS[product].get("key_files", [])}
    own = [c.get("version") for c in record.get("files", []) if c["name"].casefold() in keys]
    readable = [text for text in own if numbers(text) is not None]
    return min(readable, key=lambda text: numbers(text) or ()) if readable else None


def has_key_file(product: str, record: Document) -> bool:
    keys = {name.casefold() for name in PRODUCTS[product].get("key_files", [])}
    return any(copy["name"].casefold() in keys for copy in record.get("files", []))


def stated_levels(product: str, text: str) -> list[str]:
    if text.startswith("SP"):
        return [level for level in levels(product) if level.endswith(f" {text}")]
    return [text] if text in levels(product) else []


def level_and_doubt(product: str, entry: Document, record: Document) -> tuple[str | None, str]:
    key_level = level_of_build(product, lowest_key_file(product, record))
    build, text = entry.get("build"), entry.get("level")
    build_level = level_of_build(product, build)
    if text is None and numbers(build) is None and key_level:
        return key_level, ""
    if text is None and build is None:
        return None, "missing"
    level, doubt = (
        (build_level, "") if text is None else stated_level(product, text, [build_level, key_level])
    )
    if level is None:
        return None, doubt or "unreadable"
    order = levels(product)
    newer_than_key_file = key_level is not None and order.index(key_level) < order.index(level)
    return (None, "contradicted") if build_level not in (None, level) or newer_than_key_file else (level, "")


def stated_level(product: str, text: str, told: list[str | None]) -> tuple[str | None, str]:
    """The level that a text means, bare service packs told apart by build and key file."""
    if not text[:1].isdigit() and not text.startswith("SP"):
        return None, "unreadable"
    meant = stated_levels(product, text)
    for other in told:
        same = [one for one in meant if other and one.split()[0] == other.split()[0]]
        meant = same if len(meant) > 1 and same else meant
    if len(meant) == 1:
        return meant[0], ""
    return None, "ambiguous" if meant else "not-defined"


def places(record: Document) -> list[Place]:
    listed = record.get("products")
    platforms = {copy["platform"] for copy in record.get("files", []) if copy.get("platform")}
    platform = platforms.pop() if len(platforms) == 1 else None
    if listed is None:
        found = [key for key in PRODUCTS if has_key_file(key, record)]
        return [Place(key, *level_and_doubt(key, {}, record), platform=platform) for key in found]
    return [
        Place(
            NAMES[entry["name"]],
            *level_and_doubt(NAMES[entry["name"]], entry, record),
            edition=entry.get("edition"),
            platform=entry.get("platform") or platform,
            language=entry.get("language"),
        )
        for entry in listed
        if entry["name"] in NAMES
    ]


# ---- affected


def affected_entries(rule: Document) -> list[Document]:
    plain = [entry for entry in rule["affects"] if isinstance(entry, str)]
    named = [entry for entry in rule["affects"] if not isinstance(entry, str)]
    return named + ([{"product": rule["product"], "levels": plain}] if plain else [])


def match(rule: Document, entry: Document, place: Place) -> str:
    """yes, no or unknown for one affected product and one installation."""
    listed, marks = entry.get("levels"), corrections(rule, entry["product"])
    if place.level is None:
        open_to_all = listed is None and not marks and place.doubt in ("missing", "ambiguous")
        answer = "yes" if open_to_all else "unknown"
    elif (listed is not None and place.level not in listed) or is_corrected(place, listed, marks):
        return "no"
    else:
        answer = "yes"
    if "edition" in entry:
        if place.edition is None:
            return "unknown"
        if place.edition != entry["edition"]:
            return "no"
    elif place.edition in PRODUCTS[place.product].get("separate_editions", []):
        return "no"
    return answer


def corrections(rule: Document, product: str) -> list[str]:
    return [m["level"] for m in rule.get("corrected_in", []) if m["product"] == product]


def is_corrected(place: Place, listed: list[str] | None, marks: list[str]) -> bool:
    """A level listed by name is not corrected by one of another version."""
    order, level = levels(place.product), place.level or ""
    own = [mark for mark in marks if mark.split()[0] == level.split()[0]]
    counted = own if own or listed is not None else marks
    return any(order.index(level) >= order.index(mark) for mark in counted)


def affected(rule: Document, record: Document) -> tuple[str, list[Place]]:
    there = places(record)
    matches = [
        (match(rule, entry, place), place)
        for entry in affected_entries(rule)
        for place in there
        if place.product == entry["product"]
    ]
    if not matches:
        if record.get("products") is not None:
            return "no", []
        return "unknown", [Place(key, None) for key in {e["product"]: 0 for e in affected_entries(rule)}]
    answers = {answer for answer, _ in matches}
    answer = "yes" if "yes" in answers else "unknown" if "unknown" in answers else "no"
    return answer, [place for one, place in matches if one != "no"]


# ---- files


def counted_copies(name: str, minimum: Document, fix: Document, record: Document) -> list[Document]:
    found = [c for c in record.get("files", []) if c["name"].casefold() == name.casefold()]
    found = [c for c in found if same_or_unstated(fix.get("platform"), c.get("platform"))]
    folder = minimum.get("path")
    return [c for c in found if not folder or not c.get("path") or f"\\{folder}\\" in c["path"]]


def same_or_unstated(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other


def state(name: str, minimum: Document, fix: Document, record: Document) -> str:
    copies = counted_copies(name, minimum, fix, record)
    if not copies:
        return "missing" if "files" in record.get("complete", []) else "unknown"
    answers = {placed_state(minimum, copy) for copy in copies}
    return next(answer for answer in ("below", "unknown", "reached") if answer in answers)


def placed_state(minimum: Document, copy: Document) -> str:
    """A copy that may lie elsewhere tells nothing where the rule narrows by folder."""
    return "unknown" if minimum.get("path") and not copy.get("path") else copy_state(minimum, copy)


def copy_state(minimum: Document, copy: Document) -> str:
    if "version" in minimum:
        version = numbers(copy.get("version"))
        return "unknown" if version is None else side(version >= (numbers(minimum["version"]) or ()))
    wanted, told = minimum["modified"], copy.get("modified")
    if not told or not told[:1].isdigit() or (len(told) < len(wanted) and wanted.startswith(told)):
        return "unknown"
    return side(told[: len(wanted)] >= wanted[: len(told)])


def side(reached: bool) -> str:  # noqa: FBT001
    return "reached" if reached else "below"


def compared(fix: Document) -> list[tuple[str, Document]]:
    return [
        (name, minimum) for name, minimum in fix["files"].items() if {"version", "modified"} & minimum.keys()
    ]


def together(states: list[str]) -> str:
    seen = set(states)
    if "below" in seen:
        return "partial" if "reached" in seen else "outdated"
    if not seen or "unknown" in seen:
        return "unknown"
    if "missing" in seen:
        return "partial" if "reached" in seen else "absent"
    return "present"


def branches(rule: Document, place: Place) -> list[list[Document]]:
    """The fixes that can be for a place, those of one branch together."""
    fixes = rule["fixes"]
    for key in ("level", "edition", "platform"):
        fixes = narrowed(fixes, key, getattr(place, key))
    kept = narrowed(fixes, "language", place.language)
    kept = kept or [fix for fix in fixes if not any("modified" in m for m in fix["files"].values())]
    groups: dict[Any, list[Document]] = {}
    for fix in kept:
        groups.setdefault(
            tuple(str(fix.get(k)) for k in ("level", "edition", "platform", "language")), []
        ).append(fix)
    return list(groups.values())


def narrowed(fixes: list[Document], key: str, stated: str | None) -> list[Document]:
    if stated is None:
        return fixes
    own = [fix for fix in fixes if key in fix and stated in (fix[key] if key == "level" else [fix[key]])]
    return own or [fix for fix in fixes if key not in fix]


def files_of_branch(rule: Document, fixes: list[Document], record: Document) -> str:
    states = [[state(name, m, fix, record) for name, m in compared(fix)] for fix in fixes]
    if rule.get("if_missing") != "fix-required" and len(fixes) > 1:
        states = [own for own in states if set(own) - {"missing"}] or states
    return together([one for own in states for one in own])


def files_of_place(rule: Document, place: Place, record: Document) -> str:
    answers = {files_of_branch(rule, fixes, record) for fixes in branches(rule, place)}
    if not answers:
        return "no-branch"
    if answers == {"partial", "outdated"}:
        return "partial"
    return answers.pop() if len(answers) == 1 else "unknown"


def files(rule: Document, concerned: list[Place], record: Document) -> str:
    answers = {files_of_place(rule, place, record) for place in concerned}
    worst = ("partial", "outdated", "unknown", "no-branch", "present", "absent")
    return next((answer for answer in worst if answer in answers), "unknown")


def running(rule: Document, concerned: list[Place], record: Document) -> str:
    if record.get("restart_pending"):
        return "old"
    for fix in (f for place in concerned for group in branches(rule, place) for f in group):
        for name, minimum in compared(fix):
            if "version" in minimum and state(name, minimum, fix, record) == "reached":
                for copy in counted_copies(name, minimum, fix, record):
                    loaded = numbers(copy.get("loaded"))
                    if loaded is not None and loaded < (numbers(minimum["version"]) or ()):
                        return "old"
    return "unknown"


# ---- the rest


def symptoms(rule: Document, record: Document) -> str:
    told = record.get("symptoms", {})
    names = [{s["id"], f"{rule['id']}/{s['id']}"} for s in rule.get("symptoms", [])]
    if any(own & set(told.get("observed", [])) for own in names):
        return "observed"
    return "absent" if names and all(own & set(told.get("absent", [])) for own in names) else "unreported"


def requires(rule: Document, record: Document, decided: dict[str, tuple[str, str]]) -> str:
    answers = set()
    for entry in rule.get("requires", []):
        if isinstance(entry, str):
            decision = decided.get(entry, ("undetermined", ""))[0]
            answers.add({"fix-present": "met", "undetermined": "unknown"}.get(decision, "unmet"))
            continue
        order = levels(entry["product"])
        own = [place.level for place in places(record) if place.product == entry["product"]]
        if any(level and order.index(level) >= order.index(entry["level"]) for level in own):
            answers.add("met")
        else:
            unlisted = not own and record.get("products") is None
            answers.add("unknown" if None in own or unlisted else "unmet")
    return next((answer for answer in ("unmet", "unknown") if answer in answers), "met")


def decide_all(rules: list[Document], record: Document) -> dict[str, tuple[str, str]]:
    """Decision and action by rule. Rules may depend on those behind them in the list only."""
    decided: dict[str, tuple[str, str]] = {}
    for rule in reversed(rules):
        newer = [one["id"] for one in rules if rule["id"] in one.get("supersedes", [])]
        contained = any(decided[rule_id][0] == "fix-present" for rule_id in newer)
        answer, concerned = affected(rule, record)
        row: dict[str, Any] = {
            "affected": answer,
            "files": files(rule, concerned, record),
            "requires": requires(rule, record, decided),
            "symptoms": symptoms(rule, record),
            "apply": rule.get("apply", "always"),
            "if_missing": rule.get("if_missing", "not-affected"),
            "superseded": "present" if contained else "no",
            "claimed": "no-list",
            "running": running(rule, concerned, record),
        }
        evidence = Evidence(**row)
        decision = decision_by_table(evidence)
        decided[rule["id"]] = (decision, action_by_table(evidence, decision))
    return decided
