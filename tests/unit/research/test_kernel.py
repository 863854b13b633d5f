"""The kernel is loaded where it fits, and everything works without it."""

from __future__ import annotations

from local.native_build import LIBRARY, build
from quantumzero.research.kernel import force_fallback, kernel, load_from


def test_the_kernel_of_these_sources_is_loaded():
    build()
    loaded = kernel()
    assert loaded is not None
    assert loaded.path == LIBRARY


def test_inside_the_block_there_is_no_kernel():
    with force_fallback():
        with force_fallback():
            assert kernel() is None
        assert kernel() is None
    assert kernel() is not None


def test_a_missing_library_is_no_kernel(tmp_path):
    assert load_from(tmp_path / "kernel.so") is None


def test_a_file_that_is_no_library_is_no_kernel(tmp_path):
    file = tmp_path / "kernel.so"
    file.write_text("not a library")
    assert load_from(file) is None


def test_a_library_of_another_version_is_no_kernel(tmp_path):
    (tmp_path / "kernel.h").write_text("")
    source = tmp_path / "kernel.c"
    source.write_text("long long qz_abi_version(void) { return 999999; }\n")
    build(tmp_path / "old.so", tmp_path)
    assert (tmp_path / "old.so").exists()
    assert load_from(tmp_path / "old.so") is None
