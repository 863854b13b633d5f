"""The kernel of Lambda's machines: compiled from all sources, strictly, and named by what decides it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from local import native_build
from stacks.blocks import native_kernel
from stacks.blocks.layers import _NEVER_DEPLOYED
from stacks.blocks.native_kernel import (
    FILE,
    SOURCES,
    TARGETS,
    WithKernel,
    build_kernel,
    compile_command,
    kernel_hash,
    named_with_kernel,
)


class Packages:
    """Stands for the installation of a lock, which its own tests carry out."""

    def try_bundle(self, output_dir: str) -> bool:
        (Path(output_dir) / "python").mkdir()
        return True


@pytest.mark.parametrize("machine", TARGETS)
def test_every_source_is_compiled_for_the_machine(machine, tmp_path):
    command = compile_command(machine, tmp_path / "kernel.so")
    assert command[:4] == [sys.executable, "-m", "ziglang", "cc"]
    assert command[command.index("-target") + 1] == TARGETS[machine][0]
    assert {str(file) for file in SOURCES.glob("*.c")} <= set(command)


def test_the_arithmetic_is_that_of_the_build_for_this_machine():
    assert native_kernel.FLAGS == native_build.FLAGS
    assert "-ffp-contract=off" in native_kernel.FLAGS
    assert not {flag for flag in native_kernel.FLAGS if "fast" in flag}


def test_the_name_changes_with_sources_and_machine(tmp_path, monkeypatch):
    arm, intel = kernel_hash("arm64"), kernel_hash("x86_64")
    assert arm != intel
    assert named_with_kernel("a", "arm64") != named_with_kernel("b", "arm64")
    (tmp_path / "other.c").write_text("int other;\n")
    monkeypatch.setattr(native_kernel, "SOURCES", tmp_path)
    assert kernel_hash("arm64") != arm


def test_the_layer_holds_packages_and_kernel_where_the_loader_looks(tmp_path, monkeypatch):
    built = []
    monkeypatch.setattr(
        native_kernel, "build_kernel", lambda folder, machine: built.append((folder, machine))
    )
    assert WithKernel(Packages(), "arm64").try_bundle(str(tmp_path))
    assert built == [(tmp_path, "arm64")]
    assert (tmp_path / "python").is_dir()
    loader = native_build.LIBRARY.parents[1] / "kernel.py"
    assert f'Path("/opt/{FILE}")' in loader.read_text()


def test_the_hosts_own_build_is_never_deployed():
    assert "**/_native" in _NEVER_DEPLOYED


def test_a_compiler_of_the_lock_is_not_installed_again(tmp_path, monkeypatch):
    """The build runs whatever stands in the compiler's folder once its stamp is that of the lock."""
    folder = tmp_path / "compiler"
    module = folder / "ziglang"
    module.mkdir(parents=True)
    (module / "__init__.py").write_text("")
    (module / "__main__.py").write_text(
        "import sys, pathlib\n"
        "out = pathlib.Path(sys.argv[sys.argv.index('-o') + 1])\n"
        "out.write_text(' '.join(sys.argv[1:]))\n"
    )
    lock = native_kernel.lock_path("deploy")
    (folder / ".lock").write_text(native_kernel.hashlib.sha256(lock.read_bytes()).hexdigest())
    monkeypatch.setattr(native_kernel, "COMPILER", folder)
    library = build_kernel(tmp_path, "arm64")
    assert library == tmp_path / FILE
    assert library.read_text().startswith("cc -target aarch64-linux-gnu.2.26 -mcpu=baseline")
