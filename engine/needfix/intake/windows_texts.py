"""How the texts begin that commands of Windows and PowerShell print; needs none of what reads them.

A pattern is that of the first lines of one output. It finds what it needs in LINES_AHEAD lines.
"""

from __future__ import annotations

from needfix.intake.other_names import NAMES_OF_SERVERS

LINES_AHEAD = 5

_END = r"[ \t\r]*(?:\n|\Z)"
_LABEL = r"[^\s:=][^\n:=]{0,60}"

SYSTEM = (
    rf"(?:{_LABEL}:[^\n]*\n){{0,2}}{_LABEL}:[ \t]{{1,200}}"
    rf"\d{{1,3}}\.\d{{1,3}}\.(?P<build>\d{{3,6}})\b[^\n]*[ ](?P=build){_END}"
)
"""systeminfo in any language: among the first lines the version of Windows, with its build twice."""

SERVICE = (
    rf"{_LABEL}:[^\n]+\n(?:{_LABEL}:[^\n]+\n){{0,2}}[ \t]{{1,40}}{_LABEL}: ?[0-9a-f]{{1,4}} {{1,4}}[A-Z]"
)
"""sc query in any language: the name of a service, its title, and below them its type."""

REGISTRY = r"(?:! REG\.EXE VERSION |(?:\\\\[^\\\n]+\\)?HKEY_[A-Z_]+(?:\\|[ \t\r]*\n))"
"""reg query: a key."""

VALUES = r"(?!sep=)[A-Za-z]\w{0,60}=[^\n]*"
"""wmic with /value or /format:list: a property and its value."""

PROPERTIES = rf"{_LABEL} : ?[^\n]*"
"""Format-List: a property and its value, with blanks before the colon."""

_RULE = r"(?:-{1,200}|={1,200})"
RULED = (
    rf"[^\W\d](?:[^\n]*\n[ \t]*{_RULE}(?: {{1,200}}{_RULE}){{1,200}}|"
    rf"[^\n:#]*\n[ \t]*(?:-{{2,200}}|={{2,200}})){_END}"
)
"""Format-Table and systeminfo /fo table: names, and below them rules of dashes or equals signs."""

_KNOWN = (
    "caption csname hotfixid servicepackineffect name version displayname displayversion csdversion"
    " buildnumber osarchitecture state status startmode starttype filename fullname fileversion"
    " fileversionraw productversion path lastmodified lastwritetime identifyingnumber osname osversion"
    " windowsproductname servicename source admindisplayversion pendingreboot rebootpending hostname"
    " filesize servicesrunning pspath ubr"
)
_PROPERTY = rf"(?i:\b(?:{'|'.join((*_KNOWN.split(), *NAMES_OF_SERVERS[1:]))})\b)"

COLUMNS = (
    rf"(?=[^\n]*{_PROPERTY})(?=[^\n]*\w  )(?!(?i:[^\n]*\bserver\b))"
    rf"[A-Za-z]\w*(?: {{2,200}}[A-Za-z]\w*){{0,200}}{_END}"
)
"""wmic: names of properties with several blanks between them."""

WMIC_IS_INSTALLED = "Please wait while WMIC is being installed."
"""What Windows XP prints before the first output of wmic, in the same line."""

PROMPT = r"(?:PS )?[A-Za-z]:\\[^\n>]{0,260}>"
"""A prompt of the command line or of PowerShell."""

_BEFORE = (
    rf"(?:{PROMPT}[^\n]*\n\s*|\[SC\][^\n]*\n\s*|"
    r"Please wait while WMIC is being installed\.\s*){0,8}"
)
_NOT_OURS = r"""(?!(?:[^\n]*\n){0,60}?[ \t-]*["']?(?i:server)["']?[ \t]*:)"""
_HAS_PROPERTY = r"(?=(?:[^\n]*\n){0,200}?"

_NO_OTHER_FORMAT = r"""(?![\[{<%"'-]|sep=|#|[^\n]*[;|\t]|[^\n]*,[^\n]*,|[\w ]{1,40}:[ \t\r]*\n)"""
_RULED_COLUMNS = rf"[^\W\d][^\n]*\n[ \t]*{_RULE}(?: {{1,200}}{_RULE}){{1,200}}{_END}"
_SYSTEM_BELOW = SYSTEM.replace("P<build>", "P<below>").replace("P=build", "P=below")
_SURELY = "|".join((
    _SYSTEM_BELOW, SERVICE, REGISTRY, _RULED_COLUMNS, rf"{_PROPERTY} {{1,30}}: [^\n]*\n", PROMPT,
    rf"{_PROPERTY}=[^\n]*\n",
))  # fmt: skip
_LINES_ABOVE = 60
_BELOW = (
    f"{_NOT_OURS}{_NO_OTHER_FORMAT}(?:[^\\n]{{0,1000}}\\n){{1,{_LINES_ABOVE}}}?[ \\t]{{0,3}}(?:{_SURELY})"
)
"""One of these outputs below lines of anything else: banners, messages, titles, those of a transcript."""

BEGINS = (
    f"(?:{_BELOW}|"
    + _BEFORE
    + "(?:{}))".format(
        "|".join(
            (
                f"{_NOT_OURS}(?:{SYSTEM}|{SERVICE}|{_HAS_PROPERTY}{_PROPERTY} *:){PROPERTIES})",
                f"{_HAS_PROPERTY}{_PROPERTY}=){VALUES}",
                REGISTRY,
                RULED,
                COLUMNS,
            )
        )
    )
)
"""One of these outputs, below what the command line shows; no record of needfix, which names its server."""

ERROR = (
    r"(?:Node - [^\n]*\n\s*)?(?:"
    r"(?:ERROR|FEHLER|ERREUR|ERRORE|ERRO|FOUT|FEL|CHYBA)\b ?:"
    r"|Access is denied|The RPC server is unavailable|No Instance\(s\) Available"
    r"|'[^'\n]{1,200}' is not recognized as"
    r"|\[SC\] [^\n]{0,200} \d{1,10}:"
    r"|[\w-]{1,60} : [^\n]*\n(?:[^\n]*\n){0,5}?\s*\+ )"
)
"""What commands print in place of an output."""
