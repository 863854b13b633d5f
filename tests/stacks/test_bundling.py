"""Layers are installed from the locks for another machine, by uv alone, and trimmed."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from stacks.blocks.bundling import TARGETS, find_uv, install, lock_hash, lock_path, trim

if TYPE_CHECKING:
    from pathlib import Path

ELF_ARM64 = 0xB7


@pytest.fixture(scope="module")
def runtime_layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runtime")
    install(lock_path("runtime"), folder, TARGETS["arm64"])
    return folder / "python"


def test_the_runtime_layer_holds_what_functions_import(runtime_layer: Path) -> None:
    needed = {"aws_lambda_powertools", "boto3", "botocore", "msgspec", "pydantic", "yaml"}
    assert {path.name for path in runtime_layer.iterdir()} >= needed | {"tzdata", "urllib3"}


def test_native_parts_are_for_the_machine_of_lambda(runtime_layer: Path) -> None:
    libraries = list(runtime_layer.rglob("*.so"))
    assert libraries
    for library in libraries:
        assert library.read_bytes()[18] == ELF_ARM64, library
        assert "cpython-313" in library.name, library


def test_the_runtime_layer_is_a_tenth_of_what_lambda_allows(runtime_layer: Path) -> None:
    size = sum(path.stat().st_size for path in runtime_layer.rglob("*") if path.is_file())
    assert size < 30_000_000


def test_service_models_that_nobody_calls_are_left_out(runtime_layer: Path) -> None:
    services = {path.name for path in (runtime_layer / "botocore" / "data").glob("*/")}
    assert services >= {"dynamodb", "kinesis", "s3", "secretsmanager", "stepfunctions"}
    assert "ec2" not in services


def test_a_package_whose_hash_differs_is_refused(tmp_path: Path) -> None:
    lock = tmp_path / "wrong.txt"
    lock.write_text(f"six==1.17.0 --hash=sha256:{hashlib.sha256(b'other').hexdigest()}\n")
    with pytest.raises(subprocess.CalledProcessError):
        install(lock, tmp_path / "layer", TARGETS["arm64"])


def test_trimming_takes_tests_stubs_and_scripts_and_leaves_the_code(tmp_path: Path) -> None:
    kept = ("package/code.py", "botocore/data/s3/service.json", "botocore/data/endpoints.json")
    dropped = ("package/tests/test_code.py", "package/code.pyi", "bin/tool")
    for name in (*kept, *dropped, "botocore/data/ec2/service.json"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
    trim(tmp_path)
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert left == set(kept)


def test_a_layer_changes_with_its_lock_and_its_machine(tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text("six==1.17.0\n")
    first = lock_hash(lock, TARGETS["arm64"])
    assert first == lock_hash(lock, TARGETS["arm64"])
    assert first != lock_hash(lock, TARGETS["x86_64"])
    lock.write_text("six==1.16.0\n")
    assert first != lock_hash(lock, TARGETS["arm64"])


def test_a_group_without_a_lock_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"layer 'broker' had no lock"):
        lock_path("broker")


def test_uv_is_found_beside_the_interpreter(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(FileNotFoundError, match="uv was neither on the PATH"):
        find_uv()
    (tmp_path / "uv").write_text("")
    assert find_uv() == str(tmp_path / "uv")
