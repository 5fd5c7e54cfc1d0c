"""Build tables for tests: a mail server whose updates are those of one level, and a database in lines."""

from __future__ import annotations

from pathlib import Path

from tests.support import Needfix, Ran

MAIL = """\
product,level,build,update,kb,released,supported_until,advisories,severity,kind
exampla-mail,2019 RTM,15.2.221.12,,,2018-10-22,,,,
exampla-mail,2019 CU1,15.2.330.5,,,2019-02-12,,,,
exampla-mail,2019 CU1,15.2.330.7,Mail-Apr19,KB4487563,2019-04-09,,CVE-2019-0817;CVE-2019-85,Important,security
exampla-mail,2019 CU2,15.2.397.3,,,2019-06-18,2030-01-08,,,
exampla-mail,2019 CU2,15.2.397.5,Mail-Jul19,4509408,2019-07-09,,CVE-2019-1084,,security
exampla-mail,2019 CU1,15.2.330.9,Mail-Jul19,,,,CVE-2019-1137,,
"""

DATABASE_PRODUCT = """\
needfix: 1
product: exampla-base
name: Exampla Base
stated_without: [CU, GDR]   # servers leave these words out
cumulative: true
levels:
  - {level: 2016 RTM, build: "13.0.1601"}
"""

DATABASE = """\
product;level;build;update;kb;released;kind
exampla-base;2016 RTM;13.0.1601;;;;
exampla-base;2016 CU1;13.0.2149;;;;
exampla-base;2016 CU2;13.0.2164;;;;
exampla-base;2016 SP1;13.0.4001;;;;
exampla-base;2016 SP1;13.0.4206;Base-2017-08-08;KB4019089;2017-08-08;security
exampla-base;2016 SP1 CU1;13.0.4411;;;;
exampla-base;2016 SP1 CU2;13.0.4422;;;;
exampla-base;2016 SP1 CU2;13.0.4425;Base-2017-08-08;KB4019095;2017-08-08;security
exampla-base;2016 SP1 CU3;13.0.4435;;;;
exampla-base;2016 SP1 CU3;13.0.4440;Base-KB4019916;KB4019916;2017-10-01;hotfix
"""


def import_builds(needfix: Needfix, folder: Path, table: str, *words: str) -> Ran:
    """Import a table, which is written beside the folder."""
    file = folder.parent / ("table.json" if table.lstrip()[:1] in "[{" else "table.csv")
    file.write_text(table, encoding="utf-8")
    return needfix("import", "builds", file, "--output", folder, *words)
