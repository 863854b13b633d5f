"""Start the patched emulator, from the root of the repository.

    python -m local.emulator.launch --state-dir DIR --port PORT

Run by the interpreter of the emulator's own virtual environment, which has ministack and boto3
and nothing else.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from local.emulator.state_folder import SnapshotError, StateFolder

HOST = "127.0.0.1"


def main() -> None:
    """Prepare the state, apply every patch and serve."""
    given = _arguments()
    state = StateFolder(given.state_dir)
    if given.check:
        _set_environment(state, given.port, given.max_environments)
        print(json.dumps(_apply_patches()))
        return
    try:
        started_from = state.prepare(given.restore)
    except SnapshotError as error:
        sys.exit(str(error))
    _set_environment(state, given.port, given.max_environments)
    _apply_patches()
    logger = logging.getLogger("emulator")
    logger.setLevel(logging.INFO)
    logger.info("%s, on http://%s:%d", started_from, HOST, given.port)
    import_module("local.emulator.server").serve(HOST, given.port, state, started_from)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--state-dir", type=Path, required=True)
    parser.add_argument("--port", type=int, default=4566)
    parser.add_argument("--max-environments", type=int, default=2)
    parser.add_argument("--restore", metavar="NAME", help="start from this snapshot")
    parser.add_argument(
        "--check", action="store_true", help="apply the patches, print what they replaced and end"
    )
    return parser.parse_args()


def _set_environment(state: StateFolder, port: int, max_environments: int) -> None:
    """Set what ministack reads when it is imported, so this must come before that."""
    os.environ.update(
        {
            "BIND_HOST": HOST,
            "GATEWAY_PORT": str(port),
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "PERSIST_STATE": "1",
            "S3_PERSIST": "1",
            "STATE_DIR": str(state.services),
            "S3_DATA_DIR": str(state.objects),
            "LAMBDA_ACCOUNT_CONCURRENCY": "1000",
            "QZ_MAX_ENVIRONMENTS": str(max_environments),
        }
    )
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    # Worker processes inherit the environment: what served this interpreter's imports is not
    # theirs to see.
    os.environ.pop("PYTHONPATH", None)
    if state.temporary.is_dir():
        os.environ["TMPDIR"] = tempfile.tempdir = str(state.temporary)


def _apply_patches() -> dict[str, list[str]]:
    import_module("ministack.app")  # sets up logging, and the service registry that patches add to
    replaced: dict[str, list[str]] = import_module("local.emulator.patches").apply_all()
    return replaced


if __name__ == "__main__":
    main()
