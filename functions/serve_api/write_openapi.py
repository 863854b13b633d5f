"""`python -m functions.serve_api.write_openapi [--check]`: write docs/openapi.json, or say that it
has drifted.

Needs neither AWS nor any environment variable. The document is sorted, so the same code gives the
same bytes.
"""

import json
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
DOCUMENT = FOLDER.parents[1] / "docs" / "openapi.json"
DESCRIPTION = """\
Reads the account, its orders, decisions and bars, takes orders by hand, keeps strategy documents, runs backtests and
turns the halt switch.

Money, prices and quantities are decimal strings; times are ISO 8601 in UTC. Every refusal is an
ErrorBody. A GET carries an ETag: send it back as If-None-Match and an unchanged answer is 304.
Reading needs the group viewer; ordering, halting, changing strategies and backtesting needs trader; resuming needs
admin."""


def openapi_text() -> str:
    """Return the OpenAPI 3.1 document of the application, indented and sorted."""
    if str(FOLDER) not in sys.path:
        sys.path.insert(0, str(FOLDER))  # as in Lambda, where this folder is the root
    from application import application  # only importable from here on
    from routers.access import LEAST_GROUP  # the same

    document: dict[str, Any] = json.loads(
        application.get_openapi_json_schema(
            title="QuantumZero", version="1", openapi_version="3.1.0", description=DESCRIPTION
        )
    )
    schemes = document["components"].setdefault("securitySchemes", {})
    schemes["accessToken"] = {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "Access token of the user pool (not the identity token)",
    }
    for unused in ("HTTPValidationError", "ResponseValidationError", "ValidationError"):
        document["components"]["schemas"].pop(unused, None)  # every refusal is an ErrorBody
    for (method, path), group in LEAST_GROUP.items():
        template = path.replace("<", "{").replace(">", "}")
        operation = document["paths"][template][method.lower()]
        operation["security"] = [{"accessToken": []}]
        operation["x-least-group"] = group.name.lower()
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Write the document, or with --check compare it; the answer is the exit status."""
    text = openapi_text()
    if "--check" in arguments:
        if DOCUMENT.exists() and DOCUMENT.read_text() == text:
            return 0
        sys.stderr.write(f"{DOCUMENT} differs from the code; run `make openapi` and commit it\n")
        return 1
    DOCUMENT.parent.mkdir(exist_ok=True)
    DOCUMENT.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
