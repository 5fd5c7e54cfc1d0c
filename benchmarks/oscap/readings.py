"""How DESIGN section 4 reads facts that a plain collector takes as they stand.

Each reading turns a server into one or several that state its facts as DESIGN reads them; oscap decides
these again, and the reading says what several answers come to. So oscap itself confirms each explanation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from benchmarks.oscap.analyse import Verdict
from benchmarks.oscap.catalogue import Level, Rule, Shipped, Version, parsed
from benchmarks.oscap.servers import Copy, Server

Merge = Callable[[Shipped, Rule, Sequence[Verdict]], Verdict]


class Reading(NamedTuple):
    """One sentence of DESIGN: the servers that a server stands for, none where it does not matter."""

    name: str
    sentence: str
    servers: Callable[[Shipped, Server], Sequence[Server]]
    merge: Merge


def _same(_shipped: Shipped, _rule: Rule, verdicts: Sequence[Verdict]) -> Verdict:
    (only,) = verdicts
    return only


# ---- files

_OLD = re.compile(
    r"\\(\$NtUninstall[^\\]*\$|\$NtServicePackUninstall\$|\$hf_mig\$|dllcache|WinSxS|ServicePackFiles)(\\|$)"
)
_FORM = re.compile(r"[0-9]+([.,])[0-9]+(?:\1[0-9]+)*")
_REMARK = re.compile(r"\s*\([^()]*\)$")
_NOTHING = frozenset({"", "n/a", "unknown"})
UNREADABLE = "unreadable"


def _kept(_shipped: Shipped, server: Server) -> Sequence[Server]:
    counting = [copy for copy in server.copies if not _OLD.search(copy.folder)]
    left = {copy.name for copy in server.copies} - {copy.name for copy in counting}
    copies = (*counting, *(Copy(name, None) for name in sorted(left)))
    return [] if len(counting) == len(server.copies) else [replace(server, copies=copies)]


def _says_nothing(_shipped: Shipped, server: Server) -> Sequence[Server]:
    return _with_versions(
        server, lambda copy: None if (copy.version or "").strip().lower() in _NOTHING else copy.version
    )


def _unreadable(_shipped: Shipped, server: Server) -> Sequence[Server]:
    return _with_versions(
        server, lambda copy: UNREADABLE if copy.version and _is_unreadable(copy.version) else copy.version
    )


def _with_versions(server: Server, version_of: Callable[[Copy], str | None]) -> Sequence[Server]:
    copies = tuple(replace(copy, version=version_of(copy)) for copy in server.copies)
    return [] if copies == server.copies else [replace(server, copies=copies)]


def _is_unreadable(text: str) -> bool:
    """No Windows file version: not two numbers or more, a number above 65535, or only zeros."""
    if text.strip().lower() in _NOTHING:
        return False
    plain = _REMARK.sub("", text.strip())
    if not _FORM.fullmatch(plain):
        return True
    numbers = parsed(plain.replace(",", "."))
    return max(numbers) > 0xFFFF or not any(numbers)  # noqa: PLR2004 - 16 bits


def _numbers(text: str | None) -> Version | None:
    """The numbers of a version that can be read."""
    if text is None or text.strip().lower() in _NOTHING or _is_unreadable(text):
        return None
    return parsed(_REMARK.sub("", text.strip()).replace(",", "."))


def _cut_short(shipped: Shipped, server: Server) -> Sequence[Server]:
    """As it stands, a version that is the beginning of a minimum is below it; filled up it reaches it."""
    minima: dict[str, set[Version]] = {}
    for name, texts in (pair for rule in shipped.rules for pair in rule.minima.items()):
        minima.setdefault(name, set()).update(map(parsed, texts))

    def filled(copy: Copy) -> str | None:
        numbers = _numbers(copy.version)
        if numbers is None or not any(_begins(numbers, one) for one in minima.get(copy.name, ())):
            return copy.version
        return ".".join(map(str, (*numbers, 0xFFFF, 0xFFFF)[:4]))

    return [server, *found] if (found := _with_versions(server, filled)) else []


def _begins(numbers: Version, minimum: Version) -> bool:
    rest = minimum[len(numbers) :]
    return numbers == minimum[: len(numbers)] and any(rest)


def _both_ways(_shipped: Shipped, _rule: Rule, verdicts: Sequence[Verdict]) -> Verdict:
    files = {verdict.files for verdict in verdicts}
    return verdicts[0]._replace(files=files.pop() if len(files) == 1 else "unknown")


def _without_key_file(shipped: Shipped, server: Server) -> Sequence[Server]:
    is_stated = server.products is not None and not shipped.names.isdisjoint(server.products)
    if not (is_stated and server.is_complete) or server.copies_of(shipped.key_file):
        return []
    return [replace(server, is_complete=False)]


# ---- words

_PLATFORMS = {"x86": "x86", "32-bit": "x86", "alpha": "alpha", "alpha axp": "alpha"}
_LEVEL = re.compile(r"[0-9]+(\.[0-9]+)*( SP[0-9]+)?")


def _platform(_shipped: Shipped, server: Server) -> Sequence[Server]:
    normal = _PLATFORMS.get((server.platform or "").lower())
    return [] if normal == server.platform else [replace(server, platform=normal)]


def _level_text(_shipped: Shipped, server: Server) -> Sequence[Server]:
    is_level = server.level is None or _LEVEL.fullmatch(server.level)
    return [] if is_level else [replace(server, level=None)]


def _build_text(_shipped: Shipped, server: Server) -> Sequence[Server]:
    is_build = server.build is None or _numbers(server.build) is not None
    return [] if is_build else [replace(server, build=None)]


# ---- levels and products

_UNKNOWN = Level("none that is defined", (), ())


class _Claim(NamedTuple):
    """A fact that shows a level, and the server as that fact by itself describes it."""

    level: Level
    by_itself: Server
    is_key_file: bool


def _claims(shipped: Shipped, server: Server) -> Iterator[_Claim]:
    """Each fact on the level; one of no level's range, or not in the definition, shows none that is known."""
    unknown = replace(server, level=None, build=None, shows_level=False)
    if server.level is not None and _LEVEL.fullmatch(server.level):
        level = shipped.level_named(server.level)
        by_itself = replace(unknown, level=server.level) if level else unknown
        yield _Claim(level or _UNKNOWN, by_itself, is_key_file=False)
    if (numbers := _numbers(server.build)) is not None:
        level = shipped.level_of(numbers)
        by_itself = replace(unknown, build=server.build) if level else unknown
        yield _Claim(level or _UNKNOWN, by_itself, is_key_file=False)
    for copy in server.copies_of(shipped.key_file) if server.shows_level else ():
        numbers = _numbers(copy.version)
        if numbers is not None:
            level = shipped.level_of(numbers)
            by_itself = replace(server, level=None, build=None) if level else unknown
            yield _Claim(level or _UNKNOWN, by_itself, is_key_file=True)


def _is_newer(shipped: Shipped, claims: Sequence[_Claim]) -> bool:
    """Whether all that disagrees is a key file that belongs to a later level of the same version."""
    stated = {claim.level for claim in claims if not claim.is_key_file}
    shown = {claim.level for claim in claims if claim.is_key_file}
    if len(stated) != 1 or len(shown) != 1 or _UNKNOWN in stated | shown:
        return False
    (own,), (later,) = stated, shown
    return own.line == later.line and shipped.levels.index(later) > shipped.levels.index(own)


def _newer(shipped: Shipped, server: Server) -> Sequence[Server]:
    claims = list(_claims(shipped, server))
    return [claim.by_itself for claim in claims] if _is_newer(shipped, claims) else []


def _of_either(_shipped: Shipped, _rule: Rule, verdicts: Sequence[Verdict]) -> Verdict:
    """Possible levels that differ leave it open whether the rule affects the server."""
    affected = {verdict.affected for verdict in verdicts}
    return verdicts[0]._replace(affected=affected.pop() if len(affected) == 1 else None)


def _contradicted(shipped: Shipped, server: Server) -> Sequence[Server]:
    claims = list(_claims(shipped, server))
    levels = {claim.level for claim in claims}
    is_sound = len(claims) < 2 or len(levels - {_UNKNOWN}) == 0 or len(levels) == 1  # noqa: PLR2004 - two facts
    return [] if is_sound or _is_newer(shipped, claims) else [claim.by_itself for claim in claims]


def _product(shipped: Shipped, server: Server) -> Sequence[Server]:
    copies = server.copies_of(shipped.key_file)
    if server.products is None or not shipped.names.isdisjoint(server.products) or not copies:
        return []
    return [server, replace(server, products=None)]


def _of_contradiction(_shipped: Shipped, _rule: Rule, verdicts: Sequence[Verdict]) -> Verdict:
    """Not affected where each fact by itself says no; contradicted else."""
    if all(verdict.affected is False for verdict in verdicts):
        return verdicts[0]
    return Verdict(None, "contradicted")


def _no_level(shipped: Shipped, server: Server) -> Sequence[Server]:
    claims = list(_claims(shipped, server))
    is_open = bool(claims) and all(claim.level is _UNKNOWN for claim in claims)
    return [claims[0].by_itself] if is_open else []


def _of_no_level(shipped: Shipped, rule: Rule, verdicts: Sequence[Verdict]) -> Verdict:
    """A key file of no level's range proves no minimum, and may still be below one."""
    (only,) = verdicts
    return (
        only._replace(files="unknown")
        if shipped.key_file in rule.minima and only.files == "present"
        else only
    )


READINGS = (
    Reading("copies-kept", "Copies in folders that keep old files do not count", _kept, _same),
    Reading("says-nothing", "A copy whose version says nothing is not inventoried", _says_nothing, _same),
    Reading("version-unreadable", "A file version is one Windows file version", _unreadable, _same),
    Reading(
        "platform-words", "Platforms are a closed vocabulary; another word is not stated", _platform, _same
    ),
    Reading("level-unreadable", "A level that cannot be read is as if not stated", _level_text, _same),
    Reading("build-unreadable", "A build that cannot be read is as if not stated", _build_text, _same),
    Reading(
        "key-file-missing",
        "A complete list with none of the product's key files is not believed to be complete",
        _without_key_file,
        _same,
    ),
    Reading(
        "product-contradicted",
        "A whole products list that leaves out a product whose key file is there is a contradiction",
        _product,
        _of_contradiction,
    ),
    Reading(
        "file-newer-than-level",
        "A key file that belongs to a later level of the same version leaves both levels possible",
        _newer,
        _of_either,
    ),
    Reading(
        "level-contradicted",
        "A build contradicts a stated level, and so does a key file that is older or of another version",
        _contradicted,
        _of_contradiction,
    ),
    Reading(
        "level-of-no-range",
        "A build, key file or level that no definition has leaves the level unknown, and proves no minimum",
        _no_level,
        _of_no_level,
    ),
    Reading(
        "version-cut-short",
        "A version that is the beginning of the minimum does not show on which side it lies",
        _cut_short,
        _both_ways,
    ),
)
"""In the order in which they are applied."""
