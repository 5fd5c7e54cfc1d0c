from __future__ import annotations

from needfix.exporting.oval import export_rules
from needfix.exporting.oval.xml import document, element
from tests.exporting.oval.support import LISTED, PLAIN, SPACES, VALUE, comments_of, defined, exported, info
from tests.support.catalogues import fix

LEVELS = "mailsrv.exe: version greater than or equal 5.5.2650.0 and version less than 5.6.0.0"
"""The builds of SP3 and SP4."""


def test_a_rule_has_a_definition_for_each_of_two_decisions() -> None:
    found = defined(exported(info(title="Mail is lost"))).findall("def:definitions/def:definition", SPACES)
    assert [(one.get("class"), one.findtext("def:metadata/def:title", None, SPACES)) for one in found] == [
        ("patch", "Q100001 is required: Mail is lost"),
        ("compliance", "Q100001 is present: Mail is lost"),
    ]


def test_a_key_file_shows_the_affected_levels() -> None:
    assert LEVELS in comments_of(exported(info()))


def test_levels_that_lie_apart_leave_a_gap() -> None:
    apart = info(affects=["5.5 SP2", "5.5 SP4"])
    gap = "mailsrv.exe: version less than 5.5.2650.0 or version greater than or equal 5.5.2653.0"
    assert gap in comments_of(exported(apart))


def test_lines_and_versions_above_are_ranges() -> None:
    lines = [{"version": "5.5.2654.10"}, {"from": "5.5.2655.0", "version": "5.5.2655.9"}]
    found = comments_of(exported(info(fixes=[fix({"Info.dll": lines, "Base.dll": {"above": "5.5.2600"}})])))
    assert "info.dll: version greater than or equal 5.5.2654.10" in found
    assert "info.dll: version less than 5.5.2655.0 or version greater than or equal 5.5.2655.9" in found
    assert "base.dll: version greater than 5.5.2600.0" in found


def test_a_modified_time_without_a_zone_is_known_but_for_fourteen_hours() -> None:
    found = comments_of(exported(info(fixes=[fix({"Read.asp": {"modified": "2000-03-14T18:00"}})])))
    # 2000-03-14T18:00 UTC is 125975304000000000, and 14 hours are 504000000000.
    assert "read.asp: m_time greater than or equal 125975808000000000" in found
    assert "read.asp: m_time greater than or equal 125974800000000000" in found


def test_a_modified_time_with_a_zone_is_in_utc() -> None:
    found = comments_of(exported(info(fixes=[fix({"Read.asp": {"modified": "2000-03-14T19:00:00+01:00"}})])))
    assert "read.asp: m_time greater than or equal 125975304000000000" in found


def test_a_platform_is_that_of_the_processor() -> None:
    platforms = [fix(platform="x86"), fix({"Info.dll": "5.5.2654.12"}, platform="alpha")]
    found = comments_of(exported(info(fixes=platforms)))
    assert "the value PROCESSOR_ARCHITECTURE: value case insensitive equals x86" in found
    assert "the value PROCESSOR_ARCHITECTURE: value case insensitive equals ALPHA" in found


def test_a_path_is_a_pattern_of_the_folder() -> None:
    narrowed = info(fixes=[fix({"Info.dll": {"version": "5.5.2654.10", "path": r"C:\Mail*\b?n"}})])
    objects = defined(exported(narrowed)).findall("def:objects/win:file_object", SPACES)
    paths = {
        one.findtext("win:filename", None, SPACES): one.findtext("win:path", None, SPACES) for one in objects
    }
    assert paths == {"mailsrv.exe": ".*", "info.dll": r"(?i)^c:\\mail[^\\]*\\b[^\\]n(\\|$)"}


def test_copies_that_windows_keeps_are_filtered() -> None:
    document = defined(exported(info()))
    (state,) = (one for one in document.findall("def:states/win:file_state", SPACES) if one.get("comment"))
    pattern = state.findtext("win:path", "", SPACES)
    assert r"\$ntuninstall[^\\/]*\$" in pattern
    filters = {one.text for one in document.findall("def:objects/win:file_object/def:filter", SPACES)}
    assert filters == {state.get("id")}


def test_a_registry_value_shows_a_product_without_key_files() -> None:
    data = info(product="data-server", affects=["1.0"], fixes=[{"build": "1.0.150"}])
    found = exported(data, data_server=VALUE)
    assert found.problems == ()
    assert "the value Version: value greater than or equal 1.0.150.0" in comments_of(found)
    (own,) = defined(found).findall("def:objects/win:registry_object", SPACES)
    assert [(entity.tag.partition("}")[2], entity.text) for entity in own] == [
        ("hive", "HKEY_LOCAL_MACHINE"),
        ("key", r"SOFTWARE\Contoso\Data"),
        ("name", "Version"),
    ]


def test_a_key_with_a_star_is_a_pattern() -> None:
    data = info(product="data-server", affects=["1.0"], fixes=[{"build": "1.0.150"}])
    found = exported(data, data_server=r"HKLM\SOFTWARE\Data*\Setup\Version")
    key = defined(found).find("def:objects/win:registry_object/win:key", SPACES)
    assert key is not None
    assert (key.text, key.get("operation")) == (r"(?i)^SOFTWARE\\Data[^\\]*\\Setup$", "pattern match")


def test_a_fix_without_versions_and_times_is_never_known() -> None:
    without = exported(info(fixes=[fix({"Text.ini": {}})]))
    nothing = "The vendor gives no version or date, so files cannot show whether the fix is there"
    assert nothing in comments_of(without)


def test_a_superseding_rule_is_referred_to() -> None:
    newer = info("Q100002", supersedes=["Q100001"], fixes=[fix({"Info.dll": "5.5.2654.20"})])
    found = defined(exported(info(), newer)).findall("def:definitions/def:definition", SPACES)
    (own,) = (one.get("id") for one in found if one.get("class") == "miscellaneous")
    older = [one for one in found if "Q100001" in (one.findtext("def:metadata/def:title", "", SPACES))]
    for one in older:
        references = one.iter(f"{{{SPACES['def']}}}extend_definition")
        assert {reference.get("definition_ref") for reference in references} == {own}


def test_a_chosen_rule_brings_what_supersedes_it() -> None:
    newer = info("Q100002", supersedes=["Q100001"], fixes=[fix({"Info.dll": "5.5.2654.20"})])
    found = export_rules(exported(info(), newer).catalogue, ["Q100001"])
    kinds = [one.get("class") for one in defined(found).findall("def:definitions/def:definition", SPACES)]
    assert kinds == ["patch", "compliance", "miscellaneous"]


def test_ids_stay_the_same_beside_other_rules() -> None:
    one = {own.get("id") for own in defined(exported(info())).iter() if own.get("id")}
    both = {own.get("id") for own in defined(exported(info("Q100000"), info())).iter() if own.get("id")}
    assert one < both


def test_advisories_and_updates_are_references() -> None:
    named = info(
        advisories=["CVE-2024-10001", "MS01-001"],
        updates=["KB5000001"],
        references=["https://example.com/?a&b"],
    )
    found = defined(exported(named)).find("def:definitions/def:definition/def:metadata", SPACES)
    assert found is not None
    assert [(one.get("source"), one.get("ref_id")) for one in found.findall("def:reference", SPACES)] == [
        ("needfix", "Q100001"),
        ("CVE", "CVE-2024-10001"),
        ("VENDOR", "MS01-001"),
        ("VENDOR", "KB5000001"),
        ("URL", "https://example.com/?a&b"),
    ]


def test_texts_are_escaped_and_signs_that_xml_lacks_replaced() -> None:
    text = "".join(document(element("title", text='<a> & "b"\x07\ud800', name="x\n")))
    assert text.endswith('<title name="x&#10;">&lt;a&gt; &amp; &quot;b&quot;\ufffd\ufffd</title>\n')


def test_two_key_files_must_agree() -> None:
    both = {**PLAIN, "key_files": ["Mailsrv.exe", "Setup.exe"]}
    found = comments_of(exported(info(), product=both))
    assert LEVELS in found
    assert LEVELS.replace("mailsrv", "setup") in found


def test_a_key_file_of_two_products_shows_neither() -> None:
    shared = exported(
        info(), {**LISTED, "product": "other-server", "name": "Other", "key_files": ["mailsrv.EXE"]}
    )
    (problem,) = shared.problems
    assert problem.code == "not-expressible"
    assert "the key files of Contoso Mail Server are also those of other products" in problem.what
