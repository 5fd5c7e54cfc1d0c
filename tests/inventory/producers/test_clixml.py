"""Files of Export-Clixml."""

from __future__ import annotations

from pathlib import Path

import pytest

import needfix
from needfix.model.server import FileCopy, InstalledProduct, Server, ServiceState
from tests.inventory.support import read

HEAD = '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">\n'
SERVICE = """<Obj RefId="0"><TN RefId="0"><T>System.ServiceProcess.ServiceController</T></TN>
<ToString>W3SVC</ToString><Props><S N="ServiceName">W3SVC</S><S N="MachineName">.</S>
<Obj N="Status" RefId="1"><TN RefId="1"><T>System.Enum</T></TN><ToString>Running</ToString><I32>4</I32></Obj>
</Props><MS><S N="PSComputerName">WEB01</S></MS></Obj>
"""
FILE = r"""<Obj RefId="2"><TN RefId="2"><T>System.Diagnostics.FileVersionInfo</T></TN>
<Props><S N="FileName">C:\web\w3_x0020_core.dll</S><S N="FileVersion">10.0.1_x000D__x000A_</S></Props>
<MS><Version N="FileVersionRaw">10.0.20348.2461</Version><S N="PSComputerName">WEB01</S></MS></Obj>
"""
TABLE = r"""<Obj RefId="4"><DCT><En><S N="Key">a.dll</S><Obj N="Value" RefId="5"><MS>
<Obj N="GetItem" RefId="6"><Props><S N="FullName">C:\a.dll</S><I64 N="Length">5</I64></Props></Obj>
<Obj N="VersionInfo" RefId="7"><MS><Version N="FileVersionRaw">1.2.3.4</Version></MS></Obj>
<S N="PSComputerName">WEB01</S></MS></Obj></En></DCT></Obj>
"""


def clixml(*objects: str) -> str:
    return f"{HEAD}{''.join(objects)}</Objs>"


def test_objects_of_every_form() -> None:
    servers, problems = read(clixml(SERVICE, FILE, TABLE))
    assert not problems
    assert servers == [
        Server(
            "WEB01",
            files=(
                FileCopy("w3 core.dll", r"C:\web\w3 core.dll", "10.0.20348.2461"),
                FileCopy("a.dll", r"C:\a.dll", "1.2.3.4", size=5),
            ),
            services=(ServiceState("W3SVC", "Running"),),
        )
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_encodings_of_powershell(encoding: str) -> None:
    servers, problems = read(clixml(SERVICE).encode(encoding))
    assert ([server.server for server in servers], problems) == (["WEB01"], [])


def test_a_reference_to_an_object_is_that_object() -> None:
    held = '<Obj N="Item" RefId="9"><Props><S N="FullName">C:\\a.dll</S><I64 N="Length">5</I64></Props></Obj>'
    text = clixml(
        f'<Obj RefId="8"><MS>{held}<Ref N="File" RefId="9" /><S N="PSComputerName">A</S></MS></Obj>'
    )
    assert read(text) == ([Server("A", files=(FileCopy("a.dll", r"C:\a.dll", size=5),))], [])


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (clixml(SERVICE)[:-20], "<stdin>:5:40: this is not valid XML: unclosed token; the rest"),
        (clixml("<Obj><Props></Obj>"), "<stdin>:2:15: this is not valid XML: mismatched tag; the rest"),
        (
            clixml('<Obj RefId="0"><Props><S N="Colour">red</S></Props></Obj>'),
            "<stdin>:2: the file has objects of none of the kinds that needfix knows",
        ),
        (clixml("<Obj><MS>" * 200), "<stdin>:2:451: the object is nested too deeply"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file(text: str, what: str) -> None:
    servers, (problem,) = read(text)
    assert not servers
    assert problem.startswith(what)


def test_entities_are_not_expanded() -> None:
    head = '<?xml version="1.0"?>\n<Objs>'
    entity = '<!DOCTYPE Objs [<!ENTITY a "aaaa">]>'
    _, problems = read(f'<?xml version="1.0"?>\n{entity}\n<Objs><S>&a;</S></Objs>'.replace(head, head))
    assert len(problems) == 1


REAL = Path(__file__).parents[4] / "shared" / "producers" / "clixml"


@pytest.mark.skipif(not REAL.is_dir(), reason="files that a lab server wrote lie beside the checkout only")
def test_the_files_of_one_server_unite() -> None:
    found = needfix.read_inventory(REAL, join=True, server_name="SOLO-E16A", short_names=True)
    (server,) = found
    assert server.server == "SOLO-E16A"
    assert server.products == (
        InstalledProduct("Microsoft Exchange Server", build="15.1.2375.7"),
        InstalledProduct(
            "Microsoft Windows Server 2016 Datacenter", None, "10.0.14393", None, "1033", "64-bit"
        ),
        InstalledProduct("..."),
    )
    versions = {copy.name: copy.version for copy in server.files}
    assert versions["ExSetup.exe"] == "15.1.2375.7"
    assert server.restart_pending is False
    assert len(server.hotfixes or ()) > 1
