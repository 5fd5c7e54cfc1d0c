"""The Health Checker of Exchange: its result about one server, as Export-Clixml writes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from needfix.inventory.producers.facts import OTHERS, Entry, Facts
from needfix.inventory.producers.kind import ObjectKind, needing
from needfix.inventory.producers.systems import system, with_revision
from needfix.inventory.producers.written import Written, as_text, as_time, as_truth, as_version


def _result(written: Written) -> Iterator[Facts]:
    """What is known of a server: Exchange, its setup program, Windows, hotfixes, services, restarts.

    Where the setup program was not found, the result has the version of Exchange in its place, which stays
    that of the cumulative update.
    """
    exchange = written.inner("exchangeinformation") or Written({}, written.at)
    windows = written.inner("osinformation") or Written({}, written.at)
    build = exchange.inner("buildinformation") or Written({}, written.at)
    own = _windows(windows)
    found = Facts.of(
        written.text("servername"),
        written.at,
        products=[] if own is None else [own, OTHERS],
        hotfixes=[*_updates(build, "kbsinstalledinfo"), *_updates(build, "kbsinstalled")],
    )
    pending = as_truth(windows.values.get("serverpendingreboot"))
    yield found._replace(collected=as_time(written.value("generationtime")), restart_pending=pending)
    setup = build.inner("exchangesetup")
    if setup is not None and as_truth(setup.values.get("failedgetexsetup")) is not True:
        yield from _objects(written, build, "exchangesetup")
    yield from _objects(written, exchange, "getexchangeserver", "dependentservices")
    yield from _objects(
        written, windows, "installedupdates", "hotfixes", "serverpendingreboot", "serverpendingrebootinfo"
    )
    framework = windows.inner("netframework") or exchange.inner("netframework")
    if framework is not None:
        yield from _objects(written, framework, "fileinformation")


def _objects(written: Written, holder: Written, *names: str) -> Iterator[Facts]:
    """What the objects in some properties say, of the server that the result is about.

    Other properties hold objects that look like services and files, and are none.
    """
    from needfix.inventory.producers.kinds import facts_of  # noqa: PLC0415 - it lists this kind

    server = written.text("servername")
    for name in names:
        value = holder.values.get(name)
        if isinstance(value, Mapping | list):
            for facts in facts_of(value, written.at, server):
                yield facts._replace(server=server or facts.server)


def _windows(windows: Written) -> Entry | None:
    """The operating system, with the revision of its last update where the result has it."""
    build = windows.inner("buildinformation")
    if build is None:
        return None
    of_wmi = build.inner("operatingsystem")
    found: Entry = (system(of_wmi) if of_wmi is not None else None) or {
        "name": build.text("friendlyname", "productname")
    }
    numbers = [
        as_version(build.value("buildversion")),
        with_revision(build.text("versionbuild"), build.text("ubr")),
        found.get("build"),
    ]
    found["build"] = max(
        (number for number in numbers if number), key=lambda own: own.count("."), default=None
    )
    return found if found["name"] else None


def _updates(build: Written, name: str) -> Iterator[str]:
    """The names of updates, in a list of names or of objects."""
    for entry in build.entries(name):
        own = Written.of(entry, build.at).text("packagename") if isinstance(entry, Mapping) else None
        text = own or as_text(entry)
        if text is not None:
            yield text


KINDS = (
    ObjectKind(
        "Health Checker", needing("servername exchangeinformation", "servername osinformation"), _result
    ),
)
