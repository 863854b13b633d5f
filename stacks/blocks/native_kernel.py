"""Build the kernel in C for Lambda's machine on this machine, by the C compiler inside ziglang.

The compiler (80 MB to download) is installed from its lock, hashes checked, the first time a kernel is
wanted, into .local/compiler; no system compiler and no Docker are needed.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import jsii

from stacks.blocks.bundling import LocalInstall, find_uv, lock_path
from stacks.stage import REPOSITORY

SOURCES = REPOSITORY / "layers" / "quantumzero" / "native"
COMPILER = REPOSITORY / ".local" / "compiler"
# Machine -> the compiler's target (glibc 2.26 is older than that of every Lambda runtime in use) and
# processor: every arm64 host of Lambda, and x86_64 hosts with AVX2.
TARGETS = {
    "arm64": ("aarch64-linux-gnu.2.26", "baseline"),
    "x86_64": ("x86_64-linux-gnu.2.26", "x86_64_v3"),
}
# The same strict arithmetic as the build for this machine: the same bits everywhere.
FLAGS = (
    *("-std=c11", "-O3", "-ffp-contract=off", "-fPIC", "-shared", "-fvisibility=hidden"),
    *("-Wall", "-Wextra"),
)
FILE = "native/kernel.so"  # in a layer: /opt/native/kernel.so, where research/kernel.py looks


def kernel_hash(machine: str) -> str:
    """Name a kernel by what decides it: sources, headers, options, compiler, machine."""
    digest = hashlib.sha256(f"{TARGETS[machine]} {FLAGS}".encode())
    for file in (*sorted(SOURCES.glob("*.[ch]")), lock_path("deploy")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def compile_command(machine: str, library: Path) -> list[str]:
    """Return the command line that compiles every C file into the library."""
    target, processor = TARGETS[machine]
    files = [str(file) for file in sorted(SOURCES.glob("*.c"))]
    return [
        *(sys.executable, "-m", "ziglang", "cc", "-target", target, f"-mcpu={processor}"),
        *FLAGS,
        *("-s", "-o", str(library), *files, "-lm"),
    ]


def install_compiler() -> Path:
    """Return the folder of the compiler, installed now unless it is there as its lock says.

    Raises subprocess.CalledProcessError when it cannot be installed.
    """
    lock = lock_path("deploy")
    stamp, wanted = COMPILER / ".lock", hashlib.sha256(lock.read_bytes()).hexdigest()
    if not stamp.is_file() or stamp.read_text() != wanted:
        command = [
            *(find_uv(), "pip", "install", "--quiet", "--no-config", "--target", str(COMPILER)),
            *("--python", sys.executable, "--require-hashes", "-r", str(lock)),
        ]
        subprocess.run(command, check=True)
        stamp.write_text(wanted)
    return COMPILER


def build_kernel(folder: Path, machine: str) -> Path:
    """Compile the kernel into a layer's folder for a machine and return the file.

    Raises subprocess.CalledProcessError when the sources do not compile.
    """
    library = folder / FILE
    library.parent.mkdir(parents=True, exist_ok=True)
    cache = COMPILER.with_name("compiler-cache")
    environment = {
        **os.environ,
        "PYTHONPATH": str(install_compiler()),
        "ZIG_GLOBAL_CACHE_DIR": str(cache),
        "ZIG_LOCAL_CACHE_DIR": str(cache),
    }
    subprocess.run(compile_command(machine, library), check=True, env=environment)
    return library


def named_with_kernel(digest: str, machine: str) -> str:
    """Name a layer by what it holds without the kernel, and by the kernel."""
    return hashlib.sha256(f"{digest} {kernel_hash(machine)}".encode()).hexdigest()


@jsii.implements(cdk.ILocalBundling)
class WithKernel:
    """Bundle a layer as another bundling does, and the kernel of a machine beside it."""

    def __init__(self, packages: LocalInstall, machine: str) -> None:
        self._packages = packages
        self._machine = machine

    def try_bundle(self, output_dir: str, *_: Any, **__: Any) -> bool:
        """Install and compile into the folder CDK gives; failures raise, Docker is never tried."""
        self._packages.try_bundle(output_dir)
        build_kernel(Path(output_dir), self._machine)
        return True
