"""Export-Csv of PowerShell 5.1 and 7: with #TYPE, semicolons, in UTF-16, with cells of several lines."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from needfix.inventory import read_inventory
from needfix.model.server import FileCopy, InstalledProduct, Server, ServiceState

OTHERS = InstalledProduct("...")
LISTS = "System.ServiceProcess.ServiceController[]"
COMPUTER = {
    "WindowsCurrentVersion": "6.3", "WindowsProductName": "Windows Server 2019 Standard",
    "WindowsUBR": "5458", "CsCaption": "MAIL01", "CsDNSHostName": "MAIL01", "CsDomain": "corp.example",
    "CsName": "MAIL01", "CsSystemType": "x64-based PC", "OsName": "Microsoft Windows Server 2019 Standard",
    "OsVersion": "10.0.17763", "OsCSDVersion": "", "OsBuildNumber": "17763",
    "OsHotFixes": "Microsoft.PowerShell.Commands.HotFix[]", "OsLocale": "en-US",
    "OsArchitecture": "64-bit", "OsLanguage": "en-US", "OsMuiLanguages": "System.String[]", "LogonServer": "",
}  # fmt: skip
SERVICE = {
    "Name": "MSExchangeIS", "RequiredServices": LISTS, "CanStop": "True", "DependentServices": LISTS,
    "DisplayName": "Microsoft Exchange Information Store", "MachineName": "MAIL01",
    "ServiceName": "MSExchangeIS", "ServicesDependedOn": LISTS, "ServiceHandle": "", "Status": "Running",
    "ServiceType": "Win32OwnProcess", "StartType": "Automatic", "Site": "", "Container": "",
}  # fmt: skip
EXCHANGE = {
    "RunspaceId": "e0", "Name": "MAIL01", "Domain": "corp.example", "Edition": "Standard",
    "Fqdn": "mail01.corp.example", "IsMailboxServer": "True", "NetworkAddress": "System.String[]",
    "AdminDisplayVersion": "Version 15.2 (Build 1544.4)", "ServerRole": "Mailbox", "Identity": "MAIL01",
    "PSComputerName": "admin.corp.example", "PSShowComputerName": "False",
}  # fmt: skip
HOTFIX = {
    "PSComputerName": "MAIL01", "InstalledOn": "3/12/2024", "__CLASS": "Win32_QuickFixEngineering",
    "Caption": "https://support.example/?kbid=5036386", "CSName": "MAIL01", "Description": "Security Update",
    "HotFixID": "KB5036386", "InstalledBy": "NT AUTHORITY\\SYSTEM", "Name": "", "Status": "",
}  # fmt: skip
INFO = (
    "File:             C:\\x\\ExSetup.exe\r\nInternalName:     ExSetup\r\n"
    "FileVersion:      15.02.1544.009\r\nLanguage:         Language Neutral\r\n"
)
ITEM = {
    "PSPath": "Microsoft.PowerShell.Core\\FileSystem::C:\\x\\ExSetup.exe", "PSChildName": "ExSetup.exe",
    "PSIsContainer": "False", "Mode": "-a----", "VersionInfo": INFO, "BaseName": "ExSetup", "LinkType": "",
    "Name": "ExSetup.exe", "Length": "34304", "DirectoryName": "C:\\x", "FullName": "C:\\x\\ExSetup.exe",
    "LastWriteTime": "2024-03-12T01:00:00", "Attributes": "Archive", "PSComputerName": "MAIL01",
}  # fmt: skip
WINDOWS = InstalledProduct(
    "Microsoft Windows Server 2019 Standard", build="10.0.17763.5458", language="en-US", platform="64-bit"
)
SETUP = FileCopy("ExSetup.exe", "C:\\x\\ExSetup.exe", "15.02.1544.009", "2024-03-12T01:00:00", 34304)
MAIL = InstalledProduct("Microsoft Exchange Server", build="Version 15.2 (Build 1544.4)")
ROWS = {
    "Microsoft.PowerShell.Commands.ComputerInfo": (COMPUTER, Server("MAIL01", products=(WINDOWS, OTHERS))),
    "System.ServiceProcess.ServiceController": (
        SERVICE, Server("MAIL01", services=(ServiceState("MSExchangeIS", "Running"),)),
    ),
    "Microsoft.Exchange.Data.Directory.Management.ExchangeServer": (
        EXCHANGE, Server("MAIL01", products=(MAIL, OTHERS)),
    ),
    "System.Management.ManagementObject#root\\cimv2\\Win32_QuickFixEngineering": (
        HOTFIX, Server("MAIL01", hotfixes=("KB5036386",)),
    ),
    "System.IO.FileInfo": (
        ITEM, Server("MAIL01", files=(SETUP,)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("has_type", [True, False])
@pytest.mark.parametrize("kind", ROWS)
def test_a_table_of_objects(
    tmp_path: Path, kind: str, encoding: str, delimiter: str, *, has_type: bool
) -> None:
    row, expected = ROWS[kind]
    out = io.StringIO()
    out.write(f"#TYPE {kind}\r\n" if has_type else "")
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([row.keys(), row.values()])
    file = tmp_path / "objects.csv"
    file.write_bytes(out.getvalue().encode(encoding))
    assert list(read_inventory(file)) == [expected]
