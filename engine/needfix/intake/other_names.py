"""What other programs and people call the columns and keys of inventories."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

_COLUMNS: Mapping[str, str] = {
    "server": "pscomputername computername csname servername hostname host computer machinename machine"
    " systemname netbiosname dnshostname fqdn node nodename hostidentifier device devicename cscaption"
    " csdnshostname",
    "collected": "collectedat collectiontime collectiondate inventorydate inventorytime scandate scantime",
    "product": "productname osname caption operatingsystem softwarename applicationname displayname",
    "level": "servicepack csdversion productlevel",
    "build": "buildversion osversion productbuild displayversion admindisplayversion",
    "edition": "productedition",
    "language": "oslanguage productlanguage",
    "file": "filename",
    "path": "fullname filepath fullpath fullfilename filefullname",
    "version": "fileversionraw fileversion fileversionstring productversion",
    "modified": "lastwritetimeutc lastwritetime filemodifieddate modifieddate datemodified lastmodified",
    "size": "length filesize sizebytes sizeinbytes",
    "platform": "osarchitecture systemtype architecture processorarchitecture",
    "hotfixes": "hotfixid hotfixids installedhotfixes kb kbs kbarticle",
    "restart_pending": "pendingreboot rebootpending isrebootpending rebootrequired pendingrestart",
    "service": "servicename",
    "state": "servicestate servicestatus",
}

_KEYS: Mapping[str, Mapping[str, str]] = {
    "record": {
        "products": "installedproducts installedsoftware software installedprograms programs"
        " installedapplications applications",
        "files": "installedfiles filelist fileinventory",
        "hotfixes": "quickfixengineering installedupdates installedpatches",
        "services": "servicelist servicestates",
        "registry": "registryvalues",
        "events": "eventlog eventlogs eventlogentries",
        "counters": "performancecounters perfcounters",
    },
    "product": {"build": "version productversion"},
    "event": {"source": "providername", "id": "eventid"},
    "service": {"state": "status"},
    "counter": {"value": "cookedvalue", "at": "timestamp"},
    "sample": {"value": "cookedvalue", "at": "timestamp"},
    "registry value": {
        "path": "registrykey key keypath",
        "name": "valuename propertyname property",
        "value": "valuedata data",
    },
}

_BETWEEN = re.compile(r"[\W_]+")


def folded(name: object) -> str:
    """A name without case, blanks and punctuation: `File Version` is fileversion."""
    return _BETWEEN.sub("", str(name)).casefold()


NAMES_OF_COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {column: tuple(names.split()) for column, names in _COLUMNS.items()}
)
"""By column the other names, folded; of two columns for one fact the one whose name comes first is read."""

NAMES_OF_KEYS: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {title: {key: tuple(names.split()) for key, names in keys.items()} for title, keys in _KEYS.items()}
)
"""By the title of an object in a record and its key the other names that no column has."""

NAMES_OF_SERVERS: tuple[str, ...] = ("server", *NAMES_OF_COLUMNS["server"])
"""The folded names of what names a server; of two the earlier one counts."""
