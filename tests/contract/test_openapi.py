"""docs/openapi.json says what the code does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from functions.serve_api.write_openapi import DOCUMENT, openapi_text

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(DOCUMENT.read_text())
    return loaded


def operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_the_document_is_the_one_the_code_writes() -> None:
    assert DOCUMENT.read_text() == openapi_text(), "run `make openapi` and commit docs/openapi.json"


def test_it_is_written_the_same_by_a_process_without_aws_and_environment() -> None:
    python_path = os.pathsep.join([str(ROOT / "layers/quantumzero/python"), str(ROOT)])
    checked = subprocess.run(
        [sys.executable, "-m", "functions.serve_api.write_openapi", "--check"],
        cwd=ROOT,
        env={"PYTHONPATH": python_path, "PYTHONHASHSEED": "7", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr


def test_every_operation_is_described_secured_and_says_how_it_refuses(
    document: dict[str, Any],
) -> None:
    assert document["openapi"].startswith("3.1")
    error = {"$ref": "#/components/schemas/ErrorBody"}
    for name, operation in operations(document):
        assert operation["summary"], name
        assert operation["description"], name
        assert operation["security"] == [{"accessToken": []}], name
        assert {"401", "403", "422", "500", "503"} <= operation["responses"].keys(), name
        for status, response in operation["responses"].items():
            schema = response["content"]["application/json"]["schema"]
            assert (schema == error) == (int(status) >= 400), f"{name} {status}"


def test_every_name_in_the_document_exists(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    schemas = document["components"]["schemas"]
    named = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert named <= schemas.keys()
    assert len({operation["operationId"] for _, operation in operations(document)}) == len(
        operations(document)
    )


def test_money_and_prices_are_never_numbers(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for schema, field in (
        ("Portfolio", "equity"),
        ("Position", "price"),
        ("Order", "quantity"),
        ("BarView", "close"),
        ("RiskState", "order_value_limit"),
    ):
        assert schemas[schema]["properties"][field]["type"] == "string"
