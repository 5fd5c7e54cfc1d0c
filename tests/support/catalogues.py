"""Short ways to write catalogues and servers, and to decide them through the public door."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

import needfix
from needfix.errors import Position, Problem
from needfix.inventory import server_from_record

Document = dict[str, Any]

MAIL: Document = {
    "needfix": 1,
    "product": "mail-server",
    "name": "Contoso Mail Server",
    "aliases": ["Mail Server"],
    "editions": ["Standard Edition", "Enterprise Edition", "Hosted Edition"],
    "separate_editions": ["Hosted Edition"],
    "key_files": ["Store.exe"],
    "levels": [
        {"level": "5.0", "build": "5.0.1457"},
        {"level": "5.0 SP3", "build": "5.0.1460"},
        {"level": "5.5", "build": "5.5.1960"},
        {"level": "5.5 SP1", "build": "5.5.2232"},
        {"level": "5.5 SP2", "build": "5.5.2448"},
        {"level": "5.5 SP3", "build": "5.5.2650"},
        {"level": "5.5 SP4", "build": "5.5.2653"},
        {"level": "6.0", "build": "6.0.4417"},
        {"level": "6.0 SP1", "build": "6.0.4712"},
    ],
}
SYSTEM: Document = {
    "needfix": 1,
    "product": "host-system",
    "name": "Contoso Host System",
    "levels": [{"level": "4.0"}, {"level": "4.0 SP5"}, {"level": "4.0 SP6"}, {"level": "4.0 SP6a"}],
}

OTHER: Document = {
    "needfix": 1,
    "product": "exchange-server",
    "name": "Microsoft Exchange Server",
    "levels": [{"level": "5.5"}],
}
"""The shipped definition without its key file, which is also mail-server's: a file of both shows neither."""


def rule(rule_id: str = "Q100001", **keys: Any) -> Document:  # noqa: ANN401 - any key of the format
    """A rule for mail-server 5.5 SP3 and SP4 that brings Info.dll to 5.5.2654.10."""
    document: Document = {
        "needfix": 1,
        "id": rule_id,
        "title": f"Title of {rule_id}",
        "product": "mail-server",
        "affects": ["5.5 SP3", "5.5 SP4"],
        "fixes": [fix()],
    }
    return {key: value for key, value in {**document, **keys}.items() if value is not None}


def fix(files: Mapping[str, Any] | None = None, **branch: Any) -> Document:  # noqa: ANN401
    """A fix; a file with a text is one with that minimum version."""
    minima = {"Info.dll": "5.5.2654.10"} if files is None else files
    return {
        **branch,
        "files": {name: {"version": m} if isinstance(m, str) else m for name, m in minima.items()},
    }


def catalogue_of(*documents: Document) -> needfix.Catalogue:
    """A catalogue of these rules and definitions, read from a text that no file holds."""
    return needfix.load_catalogue({"rules.yaml": text_of((MAIL, SYSTEM, *documents, OTHER))})


def text_of(documents: Iterable[Document]) -> str:
    """Documents as YAML, of which JSON is a part that is written far faster."""
    return "\n---\n".join(json.dumps(document, ensure_ascii=False) for document in documents)


def load(folder: Path, *documents: Document) -> needfix.Catalogue:
    """A catalogue of these rules and definitions, read from a file in the folder."""
    other = folder / "other" / "exchange.yaml"
    other.parent.mkdir(exist_ok=True, parents=True)
    other.write_text(json.dumps(OTHER), encoding="utf-8")
    return needfix.load_catalogue([write(folder, *documents), other])


def write(folder: Path, *documents: Document) -> Path:
    """A file of these rules and definitions."""
    folder.mkdir(exist_ok=True, parents=True)
    path = folder / "rules.yaml"
    texts = [yaml.safe_dump(document, sort_keys=False) for document in (MAIL, SYSTEM, *documents)]
    path.write_text("---\n".join(texts), encoding="utf-8")
    return path


def server(**record: Any) -> needfix.Server:  # noqa: ANN401 - any key of the format
    """The server that a native record describes."""
    problems: list[Problem] = []
    found = server_from_record({"server": "MAIL01", **record}, Position("test", 1), problems)
    assert found is not None, problems
    assert not problems
    return found


def mail(level: str | None = "5.5 SP4", info: str | None = None, **keys: Any) -> needfix.Server:  # noqa: ANN401
    """A server with mail-server; `info` is the version of its Info.dll.

    A complete list of files has the product's key file, of whatever version.
    """
    product = {"name": "Contoso Mail Server", "level": level}
    own = ("build", "edition", "language", "platform")
    product.update({key: keys.pop(key) for key in own if key in keys})
    files = [*keys.pop("files", []), *([{"name": "Info.dll", "version": info}] if info else [])]
    has_key_file = any(copy.get("name", "Store.exe").casefold() == "store.exe" for copy in files)
    if "files" in keys.get("complete", ()) and not has_key_file:
        files.append({"name": "Store.exe"})
    return server(**{"products": [product], "files": files, **keys})


OLD, NEW = "5.5.2653.1", "5.5.2654.10"
"""Versions of Info.dll: below the minimum, and the minimum itself."""


def decide(catalogue: needfix.Catalogue, facts: needfix.Server, rule_id: str = "") -> needfix.Decision:
    """The decision for one rule, the catalogue's first where none is named."""
    chosen = rule_id or next(iter(catalogue)).id
    return next(d for d in needfix.evaluate(catalogue, facts) if d.rule == chosen)


def codes(decision: needfix.Decision) -> list[str]:
    """The codes of a decision's reasons, in order."""
    return [reason.code for reason in decision.reasons]


def reason(decision: needfix.Decision, code: str) -> needfix.Reason:
    """The first reason with a code."""
    found = [one for one in decision.reasons if one.code == code]
    assert found, f"{code} is not among {codes(decision)}"
    return found[0]


def answer(decision: needfix.Decision) -> str:
    """Decision and action in one text."""
    return f"{decision.decision}, {decision.action}"
