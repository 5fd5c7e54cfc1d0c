"""For each fault that is put back somewhere rules and servers that show it, by the fault's name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import needfix
from needfix import Catalogue, Server
from tests.support.catalogues import (
    MAIL,
    NEW,
    OLD,
    OTHER,
    SYSTEM,
    Document,
    fix,
    mail,
    rule,
    server,
    text_of,
)


def checked(value: str, view: str) -> Document:
    """A value of the registry in a view."""
    return {"path": r"HKLM\SOFTWARE\Mail", "name": "Check", "value": value, "view": view}


class Sample(NamedTuple):
    """Rules with the definition of mail-server, and servers."""

    rules: tuple[Document, ...]
    servers: tuple[Server, ...]
    product: Document = MAIL

    def catalogue(self) -> Catalogue:
        """A catalogue that nobody has decided anything by, and so remembers nothing."""
        return needfix.load_catalogue({"rules.yaml": text_of((self.product, SYSTEM, *self.rules, OTHER))})


def _of(*servers: Server, also: tuple[Document, ...] = (), **keys: Any) -> Sample:  # noqa: ANN401 - of a rule
    return Sample((rule(**keys), *also), servers)


def _copy(version: str | None = None, **keys: str) -> Document:
    return {"name": "Info.dll", **({"version": version} if version else {}), **keys}


def _store(version: str, **keys: str) -> Document:
    return {"name": "Store.exe", "version": version, **keys}


def _listed(name: str = "Contoso Mail Server", level: str | None = "5.5 SP4", **keys: str) -> Document:
    return {"name": name, "level": level, **keys}


def _host(level: str) -> Document:
    return {"name": "Contoso Host System", "level": level}


def _observed(**seen: Any) -> dict[str, Any]:  # noqa: ANN401 - of an observation
    symptom = {"id": "mail-waits", "text": "Mail waits", "observe": [seen]}
    return {"apply": "if-symptoms", "symptoms": [symptom]}


def _affects(*entries: Document) -> list[Document]:
    return [{"product": "mail-server", **entry} for entry in entries]


_SP3, _SP4 = "5.5.2650.1", "5.5.2653.23"
"""Versions of the key file at these levels."""

_X86, _X64 = fix({"Info.dll": "5.5.2654"}, platform="x86"), fix({"Info.dll": "5.5.2655"}, platform="x64")
_BETWEEN = "5.5.2654.7"
"""A version that reaches the minimum for x86 only."""

_NEWER = rule("Q200000", supersedes=["Q100001"], fixes=[fix({"New.dll": "1.0"})])
_NEW = {"name": "New.dll", "version": "1.0"}
_PRESENT = mail(info=NEW)
_NEEDED = mail(info=OLD)
_OF_SEPARATE_EDITION = _affects({"levels": ["5.5 SP4"], "edition": "Hosted Edition"}, {"levels": ["5.5 SP4"]})

# The last level begins behind the first build of its kind, and the one before it ends earlier.
_WITH_GAP = {
    **MAIL,
    "levels": [
        {"level": "5.5", "build": "5.5.1960"},
        {"level": "5.5 SP3", "build": "5.5.2650", "until": "5.5.2653"},
        {"level": "5.5 SP4", "build": "5.5.2653.20"},
    ],
}
_WITH_SHARED_RANGE = {
    **MAIL,
    "levels": [
        {"level": "5.5 SP3", "build": "5.5.2650"},
        {"level": "5.5 SP4", "build": "5.5.2653"},
        {"level": "6.0"},
    ],
}
_WITHOUT_FIRST = {**MAIL, "levels": [one for one in MAIL["levels"] if one["level"] != "5.5"]}

_BUILD: Document = {"build": "5.5.2653.30"}

SAMPLES: Mapping[str, Sample] = {
    # ---- words that are not understood
    "an_edition_outside_the_list_is_another_one": _of(
        mail(info=OLD, edition="Enterprise Edition"),
        affects=_affects({"levels": ["5.5 SP4"], "edition": "Enterprise Edition"}),
    ),
    "an_unknown_language_is_another_one": _of(
        mail(info=_BETWEEN, language="en"),
        fixes=[fix({"Info.dll": "5.5.2654"}, language="en"), fix({"Info.dll": "5.5.2655"})],
    ),
    "an_unknown_platform_of_a_copy_is_another_one": _of(
        mail(platform="x86", files=[_copy(OLD, platform="Quantum")]), fixes=[_X86]
    ),
    "an_unknown_platform_of_a_product_is_another_one": _of(mail(info=OLD, platform="x86"), fixes=[_X86]),
    "a_name_that_says_nothing_is_another_product": _of(_NEEDED),
    "an_unknown_state_of_a_service_is_another_one": _of(
        mail(info=OLD, services=[{"name": "Store", "state": "Stop Pending"}], complete=["services"]),
        **_observed(service="Store", state="stopping"),
    ),
    "an_event_that_lacks_a_value_is_another_one": _of(
        mail(info=OLD, events=[{"source": "MSMail", "id": 7}], complete=["events"]),
        **_observed(source="MSMail", id=7),
    ),
    "a_counter_without_a_duration_is_none": _of(
        mail(info=OLD, counters=[{"name": "queue", "value": 11, "for": "10m"}], complete=["counters"]),
        **_observed(counter="queue", above=10, **{"for": "10m"}),
    ),
    # ---- versions and times
    "any_number_is_a_version": _of(_NEEDED),
    "a_short_version_is_followed_by_zeros": _of(_PRESENT),
    "a_short_version_reaches_what_begins_with_it": _of(_PRESENT),
    "a_time_of_1601_is_a_time": _of(
        mail(files=[_copy(modified="2002-03-20T10:00:00")]),
        fixes=[fix({"Info.dll": {"modified": "2002-03-14"}})],
    ),
    "a_zone_that_is_not_stated_is_utc": _of(
        mail(files=[_copy(modified="2002-03-14T10:00:00")]),
        fixes=[fix({"Info.dll": {"modified": "2002-03-14T10:00:00Z"}})],
    ),
    "numberings_by_years_are_compared_with_others": _of(
        mail(info="2022.160.4075.1"), fixes=[fix({"Info.dll": "16.0.4075.1"})]
    ),
    "a_file_that_cannot_be_read_is_new_enough": _of(_NEEDED),
    "a_file_without_version_is_new_enough": _of(_NEEDED),
    "a_file_that_is_not_inventoried_is_passed_over": _of(
        mail(info=NEW, files=[{"name": "Two.dll", "version": "1.9"}]),
        fixes=[fix({"Info.dll": NEW, "Two.dll": "2.0"})],
    ),
    "a_copy_without_version_is_passed_over": _of(
        mail(files=[_copy(NEW, path="C:\\mail\\Info.dll"), _copy(OLD, path="D:\\mail\\Info.dll")])
    ),
    "a_copy_that_cannot_be_read_is_passed_over": _of(
        mail(files=[_copy(NEW, path="C:\\mail\\Info.dll"), _copy("two", path="D:\\mail\\Info.dll")])
    ),
    "the_newest_of_several_copies_counts": _of(
        mail(files=[_copy(NEW, path="C:\\mail\\Info.dll"), _copy(OLD, path="D:\\mail\\Info.dll")])
    ),
    "a_key_file_of_no_level_proves_a_minimum": _of(
        mail(None, files=[_store("7.0.1.1")]),
        affects=_affects({}),
        fixes=[fix({"Store.exe": "5.5.2654.10"})],
    ),
    # ---- builds
    "a_short_build_is_followed_by_zeros": _of(mail(build="5.5.2653.30"), fixes=[_BUILD]),
    "a_build_that_may_lag_misses_a_minimum": Sample(
        (rule(fixes=[_BUILD]),),
        (mail(build="5.5.2653.23", files=[_store("5.5.2653.30")]),),
        {**MAIL, "shows_updates": ["key_files"]},
    ),
    "a_copy_that_shows_no_build_is_passed_over": _of(
        mail(
            files=[
                _store("5.5.2653.29", path="C:\\mail\\Store.exe"),
                _store("5.5.2653.30", path="D:\\mail\\Store.exe"),
            ]
        ),
        fixes=[_BUILD],
    ),
    "a_build_of_no_level_reaches_a_minimum": _of(
        mail(None, build="7.0.1.1"), affects=_affects({}), fixes=[_BUILD]
    ),
    # ---- levels
    "the_lowest_key_file_shows_the_level": _of(
        server(
            files=[
                _store(_SP3, path="C:\\mail\\Store.exe"),
                _store(_SP4, path="D:\\mail\\Store.exe"),
                _copy(OLD),
            ]
        ),
        affects=["5.5 SP3"],
    ),
    "a_newer_key_file_leaves_the_stated_level": _of(
        mail("5.5 SP3", OLD, files=[_store(_SP4)]), affects=["5.5 SP3"]
    ),
    "a_newer_key_file_shows_the_level_by_itself": _of(
        mail("5.5 SP3", OLD, files=[_store(_SP4)]), affects=["5.5 SP4"]
    ),
    "a_key_file_that_contradicts_is_ignored": _of(mail("5.5 SP4", OLD, files=[_store("5.5.2448.8")])),
    "a_build_that_contradicts_is_ignored": _of(mail("5.5 SP4", OLD, build="5.5.2448.8")),
    "a_version_by_itself_is_its_first_level": Sample(
        (rule(),), (mail(None, OLD, products=[_listed("Contoso Mail Server 5.5", None)]),), _WITHOUT_FIRST
    ),
    "a_level_that_cannot_be_read_is_the_first_one": _of(_NEEDED),
    "a_level_that_cannot_be_read_contradicts_a_build": _of(mail("5.5 SP4", OLD, build=_SP4)),
    "a_build_between_two_ranges_is_of_the_level_before": _of(mail(None, OLD, build=_SP4)),
    "a_build_that_is_cut_short_is_followed_by_zeros": Sample(
        (rule(affects=["5.5 SP4"]),), (mail(None, OLD, build=_SP4),), _WITH_GAP
    ),
    "a_level_that_a_key_file_raises_meets_what_is_required": _of(
        mail("5.5 SP3", OLD, files=[_store(_SP4)]), requires=["5.5 SP4"]
    ),
    "an_unknown_level_is_the_first_one": _of(_NEEDED),
    # ---- products
    "a_key_file_that_the_list_leaves_out_is_ignored": _of(
        server(products=[_host("4.0")], files=[_store(_SP4), _copy(OLD)])
    ),
    "an_empty_list_of_products_is_whole": _of(server(products=[], complete=["products"], files=[_copy(OLD)])),
    "a_list_without_key_files_is_believed": _of(
        server(products=[_listed()], files=[{"name": "Other.dll"}], complete=["files"])
    ),
    "any_file_shows_the_platform": _of(
        mail(info=_BETWEEN, platform="x64", files=[{"name": "Other.dll", "platform": "x86"}]),
        fixes=[_X86, _X64],
    ),
    "only_the_entry_shows_the_platform": _of(
        mail(info=_BETWEEN, platform="x64", files=[_store(_SP4, platform="x86")]), fixes=[_X86, _X64]
    ),
    "key_files_of_all_platforms_are_of_one_kind": _of(
        *(mail(info=_BETWEEN, files=[_store(_SP4, platform=own)]) for own in ("x86", "x64")),
        fixes=[_X86, _X64],
    ),
    "key_files_of_all_versions_are_of_one_kind": _of(
        *(mail(None, OLD, files=[_store(own)]) for own in (_SP3, _SP4)), affects=["5.5 SP3"]
    ),
    "one_copy_of_a_key_file_shows_the_kind": _of(
        mail(None, OLD, files=[_store(_SP3)]),
        mail(None, OLD, files=[_store(_SP3), _store(_SP4, path="D:\\mail\\Store.exe")]),
        affects=["5.5 SP3"],
    ),
    "complete_lists_of_files_are_of_the_kind_of_others": _of(
        *(
            server(products=[_listed()], files=[{"name": "Other.dll"}], **keys)
            for keys in ({}, {"complete": ["files"]})
        ),
    ),
    "an_edition_in_the_name_is_ignored": _of(
        server(
            products=[_listed("Contoso Mail Server Hosted Edition", edition="Standard Edition")],
            files=[_copy(OLD)],
        ),
        affects=_affects({"levels": ["5.5 SP4"], "edition": "Standard Edition"}),
    ),
    "another_product_that_may_carry_the_fix_does_not": _of(
        mail(info=OLD, products=[_listed(), _host("4.0 SP6")]),
        corrected_in=[{"product": "host-system", "level": "4.0 SP5"}],
    ),
    "a_correction_is_of_every_edition": _of(
        mail(info=OLD, edition="Enterprise Edition"),
        corrected_in=[{"product": "mail-server", "level": "5.5 SP4", "edition": "Standard Edition"}],
    ),
    "an_unknown_edition_is_none_that_a_rule_names": _of(
        mail(info=OLD, edition="Hosted Edition"), affects=_OF_SEPARATE_EDITION[:1]
    ),
    "facts_that_exclude_each_other_leave_the_first": _of(mail("5.5 SP4", OLD, build="5.5.2448.8")),
    # ---- files and branches
    "a_level_that_no_fix_is_for_is_passed_over": Sample(
        (
            rule(
                affects=_affects({"levels": ["5.5 SP3", "5.5 SP4", "6.0"]}),
                fixes=[
                    fix({"Info.dll": "5.5.2655"}, level="5.5 SP3"),
                    fix({"Info.dll": "5.5.2654"}, level="6.0"),
                ],
            ),
        ),
        (mail("5.5 SP3", _BETWEEN, files=[_store(_SP4)]),),
        _WITH_SHARED_RANGE,
    ),
    "a_time_of_another_language_leaves_its_branch": _of(
        mail(files=[{"name": "Data.dll", "modified": "2002-03-13T10:00:00"}], language="en"),
        fixes=[
            fix({"Data.dll": {"modified": "2002-03-14"}}, language="de", component="Data"),
            fix(language="de", component="Info"),
        ],
    ),
    "copies_in_backup_folders_count": _of(
        mail(info=NEW, files=[_copy(OLD, path="C:\\WINNT\\$NtUninstallQ1$\\Info.dll")])
    ),
    "key_files_in_backup_folders_count": _of(
        mail("5.5 SP4", OLD, files=[_store("5.5.2448.8", path="C:\\WINNT\\dllcache\\Store.exe")])
    ),
    "a_copy_of_another_platform_is_absence": _of(
        mail(files=[_copy(NEW, platform="x64"), _store(_SP4)], complete=["files"]), fixes=[_X86]
    ),
    "what_is_not_stated_chooses_the_first_branch": _of(
        mail(info=_BETWEEN, platform="x64"), fixes=[_X86, _X64]
    ),
    "what_one_branch_says_is_enough": _of(mail(info=_BETWEEN), fixes=[_X86, _X64]),
    "a_path_that_cannot_be_followed_lies_elsewhere": _of(
        mail(files=[_copy(OLD, path="C:\\Mail\\bin\\Info.dll")], complete=["files"]),
        fixes=[fix({"Info.dll": {"version": NEW, "path": "Mail\\bin"}})],
    ),
    "a_list_with_a_nameless_file_is_whole": _of(mail(info=OLD, complete=["files"])),
    "levels_older_than_the_oldest_branch_have_no_fix": _of(
        mail("5.5 SP3", OLD), fixes=[fix(level="5.5 SP4")]
    ),
    "a_fix_that_is_built_on_a_later_level_needs_none": _of(
        mail("5.5 SP3", files=[_store(_SP3)]), fixes=[fix({"Store.exe": "5.5.2654.10"})]
    ),
    # ---- symptoms, hotfixes, running modules
    "a_scope_without_a_list_is_complete": _of(
        mail(info=OLD, events=[], complete=["events"]),
        mail(info=OLD, complete=["events"]),
        **_observed(source="MSMail", id=7),
    ),
    "a_list_with_a_nameless_symptom_is_whole": _of(
        mail(info=OLD, symptoms={"observed": ["mail-waits"]}, complete=["symptoms"]),
        **_observed(source="MSMail", id=7),
    ),
    "a_symptom_that_is_denied_is_not_observed": _of(
        mail(info=OLD, symptoms={"absent": ["mail-waits"]}, events=[{"source": "MSMail", "id": 7}]),
        **_observed(source="MSMail", id=7),
    ),
    "what_telemetry_may_show_is_not_shown": _of(
        mail(info=OLD, events=[{"source": "MSMail", "id": 7}], complete=["events"]),
        **_observed(source="MSMail", id=7),
    ),
    "a_list_of_hotfixes_need_not_be_complete": _of(mail(info=OLD, hotfixes=["Q1"]), requires=["Q999999"]),
    "an_entry_that_may_be_of_a_value_is_of_another_one": Sample(
        (rule(fixes=[{"registry": {r"HKLM\SOFTWARE\Mail\Check": {"equals": "1"}}}]),),
        (mail(registry=[checked("1", "64"), checked("0", "32")]),),
    ),
    "a_value_that_is_no_version_is_below_the_minimum": Sample(
        (rule(fixes=[{"registry": {r"HKLM\SOFTWARE\Mail\Version": {"version": "1.2"}}}]),),
        (mail(registry=[{**checked("1.2.5", "64"), "name": "Version"}]),),
    ),
    "a_claim_proves_the_fix": _of(mail(info=OLD, hotfixes=["Q100001"])),
    "a_module_of_unknown_version_is_old": _of(mail(files=[_copy(NEW, loaded=NEW)])),
    # ---- other rules
    "a_rule_that_may_not_be_affected_supersedes": _of(
        mail("5.5 SP3", OLD, files=[_NEW]), also=({**_NEWER, "affects": ["5.5 SP4"]},)
    ),
    "a_rule_supersedes_whatever_the_edition": _of(
        mail(info=OLD, files=[_NEW], edition="Hosted Edition"), also=(_NEWER,), affects=_OF_SEPARATE_EDITION
    ),
    "any_product_of_a_rule_stands_for_all_editions": _of(
        mail(info=OLD, files=[_NEW], products=[_listed(edition="Hosted Edition"), _host("4.0 SP6")]),
        also=(
            rule(
                "Q200000",
                product=None,
                affects=[
                    *_affects({"levels": ["5.5 SP4"]}),
                    {"product": "host-system", "levels": ["4.0 SP6"]},
                ],
                supersedes=["Q100001"],
                fixes=[fix({"New.dll": "1.0"})],
            ),
        ),
        affects=_OF_SEPARATE_EDITION,
    ),
    "a_rule_that_is_not_present_supersedes": _of(
        mail(info=OLD, files=[{"name": "New.dll", "version": "0.9"}], edition="Standard Edition"),
        also=(_NEWER,),
    ),
    "a_rule_that_is_undetermined_is_not_there": _of(
        mail(info=OLD), also=(rule("Q200000", fixes=[fix({"New.dll": "1.0"})]),), requires=["Q200000"]
    ),
}
