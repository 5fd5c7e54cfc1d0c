"""Tables of the names of languages, platforms and states of services."""

from __future__ import annotations

LANGUAGES = {
    "english": "en", "german": "de", "french": "fr", "italian": "it", "spanish": "es", "japanese": "ja",
    "korean": "ko", "chinese": "zh", "dutch": "nl", "portuguese": "pt", "brazilian": "pt", "swedish": "sv",
    "danish": "da", "norwegian": "no", "finnish": "fi", "russian": "ru", "polish": "pl", "czech": "cs",
    "enu": "en", "eng": "en", "deu": "de", "fra": "fr", "ita": "it", "esn": "es", "jpn": "ja", "kor": "ko",
    "hungarian": "hu", "turkish": "tr", "greek": "el", "hebrew": "he", "arabic": "ar", "thai": "th",
    "slovenian": "sl", "slovak": "sk", "chs": "zh", "cht": "zh", "romanian": "ro",
    "englisch": "en", "anglais": "en", "inglés": "en", "inglese": "en", "deutsch": "de", "allemand": "de",
    "französisch": "fr", "français": "fr", "italienisch": "it", "italiano": "it", "spanisch": "es",
    "español": "es", "japanisch": "ja", "português": "pt", "nederlands": "nl", "polski": "pl",
    "magyar": "hu", "čeština": "cs", "svenska": "sv", "dansk": "da", "suomi": "fi", "norsk": "no",
    "türkçe": "tr",
}  # fmt: skip
"""Codes of ISO 639-1 by the names that people and tools write, casefolded."""

CODES_OF_LANGUAGES = {
    "ger": "de", "fre": "fr", "spa": "es", "chi": "zh", "zho": "zh", "dut": "nl", "nld": "nl", "por": "pt",
    "swe": "sv", "dan": "da", "nor": "no", "nob": "no", "fin": "fi", "rus": "ru", "pol": "pl", "cze": "cs",
    "ces": "cs", "hun": "hu", "tur": "tr", "gre": "el", "ell": "el", "heb": "he", "ara": "ar", "tha": "th",
    "slv": "sl", "slo": "sk", "slk": "sk", "rum": "ro", "ron": "ro",
    "esp": "es", "ptb": "pt", "ptg": "pt", "sve": "sv", "plk": "pl", "csy": "cs", "trk": "tr",
}  # fmt: skip
"""Codes of ISO 639-1 by others, of ISO 639-2 and Windows, that may be words in a product's name."""

LANGUAGES_BY_NUMBER = {
    0x01: "ar", 0x04: "zh", 0x05: "cs", 0x06: "da", 0x07: "de", 0x08: "el", 0x09: "en", 0x0A: "es",
    0x0B: "fi", 0x0C: "fr", 0x0D: "he", 0x0E: "hu", 0x10: "it", 0x11: "ja", 0x12: "ko", 0x13: "nl",
    0x14: "no", 0x15: "pl", 0x16: "pt", 0x18: "ro", 0x19: "ru", 0x1B: "sk", 0x1D: "sv", 0x1E: "th",
    0x1F: "tr", 0x24: "sl",
}  # fmt: skip
"""Codes of ISO 639-1 by the lowest ten bits of Windows' numbers for languages: 1033 and 0409 are English."""

PLATFORMS = {
    "i386": "x86", "i486": "x86", "i586": "x86", "i686": "x86", "ix86": "x86", "intel": "x86",
    "x86-32": "x86", "x86_32": "x86", "ia32": "x86", "ia-32": "x86", "win32": "x86", "pe32": "x86",
    "32": "x86", "intel x86": "x86", "332": "x86", "0x14c": "x86",
    "amd64": "x64", "x86_64": "x64", "x86-64": "x64", "x8664": "x64", "em64t": "x64", "intel64": "x64",
    "intel 64": "x64", "win64": "x64", "64": "x64", "amd x86-64": "x64", "34404": "x64", "0x8664": "x64",
    "itanium": "ia64", "ia-64": "ia64", "intel itanium": "ia64", "itanium 2": "ia64", "512": "ia64",
    "0x200": "ia64",
    "arm32": "arm", "armnt": "arm", "452": "arm", "0x1c4": "arm",
    "aarch64": "arm64", "arm 64": "arm64", "arm-64": "arm64", "43620": "arm64", "0xaa64": "arm64",
    "axp": "alpha", "dec alpha": "alpha", "alpha axp": "alpha", "388": "alpha", "0x184": "alpha",
    "ppc": "powerpc", "power pc": "powerpc", "nec98": "pc-98", "nec pc-98": "pc-98",
}  # fmt: skip
"""Platforms by their other names, casefolded; the numbers are those of the header of a PE file."""

KNOWN_PLATFORMS = frozenset({
    "x86", "alpha", "x64", "ia64", "arm", "arm64", "mips", "powerpc", "pc-98", "macintosh",
})  # fmt: skip

ENDINGS_OF_PLATFORMS = (
    "-based pc", " based pc", "-based system", "-based systems", "-based", "-bit operating system",
    " bit operating system", "-bit-betriebssystem",
    "-bits", " bits", "-bit", " bit", "bits", "bit", " processor", " edition",
)  # fmt: skip
"""What stands behind the name of a platform and says nothing more: `x64-based PC`, `32-bit`."""

_TWO_LETTERS = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da "
    "de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz "
    "ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln "
    "lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi "
    "pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti "
    "tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu "
)
LANGUAGE_CODES = frozenset(_TWO_LETTERS.split())
"""The codes of ISO 639-1."""

SERVICE_STATES = {
    "stopped": "stopped", "1": "stopped",
    "starting": "starting", "startpending": "starting", "2": "starting",
    "stopping": "stopping", "stoppending": "stopping", "3": "stopping",
    "running": "running", "started": "running", "4": "running",
    "continuing": "continuing", "resuming": "continuing", "continuepending": "continuing", "5": "continuing",
    "pausing": "pausing", "pausepending": "pausing", "6": "pausing",
    "paused": "paused", "7": "paused",
}  # fmt: skip
"""States of services by the names and numbers that Windows and its tools write, without blanks and signs."""

SAYS_NOTHING = frozenset({
    "n/a", "na", "n.a.", "n. a.", "n.a", "#n/a", "n/v", "n.v.", "nil", "nan", "none", "null", "\\n",
    "$null", "#null!", "dbnull", "nothing", "unknown", "unk", "undefined", "undef", "undetermined",
    "unavailable", "unspecified", "unreadable", "not available", "not applicable", "not found", "not set",
    "not specified", "not known", "not stated", "not reported", "not collected", "not present", "no value",
    "no data", "no information", "empty", "blank", "tbd", "to be determined", "default string",
    "to be filled by o.e.m.", "error", "#error", "#value!", "#ref!", "#name?", "#num!", "#div/0!", "#nv",
    "#wert!", "#bezug!", "object object", "failed", "failure", "exception", "timeout", "timed out",
    "time out", "offline", "unreachable", "access denied", "access is denied", "access is denied.",
    "permission denied", "rpc server unavailable", "the rpc server is unavailable",
    "the rpc server is unavailable.", "zugriff verweigert", "accès refusé", "acceso denegado",
    "unbekannt", "k.a.", "k. a.", "keine angabe", "keine", "leer", "nicht verfügbar", "nicht vorhanden",
    "nicht bekannt", "entfällt", "inconnu", "inconnue", "non disponible", "aucun", "aucune", "vide",
    "desconocido", "desconocida", "no disponible", "ninguno", "ninguna", "vacío", "sconosciuto",
    "sconosciuta", "non disponibile", "nessuno", "desconhecido", "não disponível", "nenhum", "onbekend",
    "okänd", "ukendt", "ukjent", "tuntematon", "nieznany", "neznámý", "ismeretlen", "bilinmiyor",
    "неизвестно", "不明", "未知", "알 수 없음",
})  # fmt: skip
"""What producers write where they have no value, casefolded, without brackets and quotes around it.

Texts without any letter or digit are others: `-`, `?`, `{, }`.
"""

OTHERS = "..."
"""The name of an entry of a list of products that stands for those which are not listed."""

PLACEHOLDER = r"%[^%\s]+%|[$@]\{.*\}|\$\(.*\)|\{\{.*\}\}|<%.*%>"
"""A variable that a script or a template did not replace."""

MESSAGES_NOT_FOUND = (
    "the description for event id", "the description for event (", "the event description cannot be found",
    "no message text", "message not found", "die beschreibung für ereignis-id",
    "die beschreibung für die ereignis-id", "die beschreibung der ereigniskennung",
    "la description de l'id d'événement",
    "la description pour l'id d'événement", "no se encuentra la descripción del id. de evento",
    "no se puede encontrar la descripción del id. de evento",
    "impossibile trovare la descrizione dell'id evento", "la descrizione per l'id evento",
)  # fmt: skip
"""What Windows writes in place of the message of an event whose program is not there, casefolded."""

TYPES_OF_DOTNET = (
    "system.", "microsoft.management.infrastructure.", "microsoft.win32.", "microsoft.powershell.",
    "microsoft.activedirectory.management.", "selected.system.",
)  # fmt: skip
"""Beginnings of the names of types that PowerShell writes in place of a value, casefolded."""

FOLDERS_OF_OLD_FILES = (
    "$ntuninstall*$", "$ntservicepackuninstall*$", "$ntuni~[0-9]", "$ntser~[0-9]", "$hf_mig$", "dllcache",
    "winsxs", "servicepackfiles", "softwaredistribution", "windows.old", "windows.old.[0-9][0-9][0-9]",
    "$windows.~bt", "$patchcache$",
)  # fmt: skip
"""Patterns of the names of folders in which Windows keeps files for a later use, casefolded."""

REGISTRY_ROOTS = {
    "HKLM": "HKEY_LOCAL_MACHINE",
    "HKCR": "HKEY_CLASSES_ROOT",
    "HKCU": "HKEY_CURRENT_USER",
    "HKU": "HKEY_USERS",
    "HKCC": "HKEY_CURRENT_CONFIG",
}
"""The roots of the registry by their short names."""

VIEWS_OF_REGISTRY = {
    **dict.fromkeys(("32", "32.0", "32-bit", "32 bit", "32bit", "x86", "registry32"), "32"),
    **dict.fromkeys(("64", "64.0", "64-bit", "64 bit", "64bit", "x64", "amd64", "registry64"), "64"),
}
"""Views of the registry by the names that Windows and its tools write, casefolded."""
