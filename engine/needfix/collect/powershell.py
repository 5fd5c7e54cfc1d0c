"""A PowerShell script that collects exactly the facts that rules need, on the server itself."""

from __future__ import annotations

import json
import re
from importlib.resources import files

from needfix.catalogue import Catalogue
from needfix.collect.installed import KEYS_OF, PARTS_OF
from needfix.collect.offline import not_surely_listed
from needfix.intake.vocabularies import OLD_FILES
from needfix.model.asked import Asked
from needfix.model.product import ProductDefinition

_DATA = "@@ASKED@@"


def powershell_script(catalogue: Catalogue, asked: Asked) -> str:
    """The script, in ASCII, which every PowerShell reads alike."""
    template = files("needfix.collect").joinpath("collect.ps1").read_text(encoding="ascii")
    # A line of JSON in ASCII cannot end the text in quotes that it stands in.
    return template.replace(_DATA, json.dumps(_asked(catalogue, asked)))


def _asked(catalogue: Catalogue, asked: Asked) -> dict[str, object]:
    own = [catalogue.products[one.product] for one in asked.products if one.product in catalogue.products]
    names = [name for product in own for name in (product.name, *product.aliases) if "*" not in name]
    return {
        "digest": catalogue.digest,
        "files": [file.name for file in asked.files.values()],
        "folders": sorted(asked.folders),
        "products": list(dict.fromkeys(names)),
        "known": [_known(product) for product in catalogue.products.values() if _leaves_traces(product)],
        "old_files": OLD_FILES.replace("?P<", "?<"),
        "unlisted": [one.name for one in not_surely_listed(asked)],
        "registry": [{"path": one.path, "name": one.name, "view": one.view or ""} for one in asked.registry],
        "services": [one.name for one in asked.services],
        "events": [{"source": one.source, "id": one.id or 0} for one in asked.events],
    }


def _leaves_traces(product: ProductDefinition) -> bool:
    return bool(product.key_files) or product.product in KEYS_OF


def _known(product: ProductDefinition) -> dict[str, object]:
    """How a product is recognised by its names, and by what it leaves on a server."""
    part = PARTS_OF.get(product.product)
    return {
        "names": [_pattern(name) for name in (product.name, *product.aliases)],
        "other_names": [_pattern(name) for name in product.other_names],
        "key_files": list(product.key_files),
        "keys": list(KEYS_OF.get(product.product, ())),
        "part": "" if part is None else part.pattern,
    }


def _pattern(name: str) -> str:
    """A name in which only `*` stands for other text, as PowerShell compares it."""
    return re.sub(r"([\[\]?`])", r"`\1", name)
