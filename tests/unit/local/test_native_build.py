"""The kernel is built once for its sources, and its absence is a sentence."""

from __future__ import annotations

import ctypes

import pytest

from local import native_build
from local.native_build import build, find_compiler, source_stamp
from quantumzero.domain.errors import UnavailableError


def sources(folder, answer: int):
    (folder / "one.c").write_text('#include "one.h"\nint answer(void) { return ANSWER; }\n')
    (folder / "one.h").write_text(
        f'#define ANSWER {answer}\n__attribute__((visibility("default"))) int answer(void);\n'
    )
    return folder


def test_it_is_built_once_and_again_when_a_header_changes(tmp_path):
    library = tmp_path / "out" / "kernel.so"
    assert build(library, sources(tmp_path, 41)).startswith("kernel: built by")
    assert build(library, tmp_path) == "kernel: up to date"
    assert ctypes.CDLL(str(library)).answer() == 41
    sources(tmp_path, 42)
    assert build(library, tmp_path).startswith("kernel: built by")
    assert sorted(file.name for file in library.parent.iterdir()) == ["kernel.so", "kernel.stamp"]


def test_without_a_compiler_it_says_what_follows_and_leaves_no_old_library(tmp_path, monkeypatch):
    library = tmp_path / "kernel.so"
    library.write_text("of other sources")
    monkeypatch.setattr(native_build, "_COMPILERS", ("no-such-compiler",))
    assert find_compiler() is None
    text = build(library, sources(tmp_path, 1))
    assert "no C compiler (no-such-compiler) was on the PATH" in text
    assert "the same results" in text
    assert not library.exists()


def test_sources_that_do_not_compile_are_an_error_with_the_compilers_words(tmp_path):
    (tmp_path / "one.c").write_text("int broken( {\n")
    with pytest.raises(UnavailableError, match="could not be compiled"):
        build(tmp_path / "kernel.so", tmp_path)


def test_the_stamp_names_files_and_their_content(tmp_path):
    first = source_stamp(sources(tmp_path, 1))
    assert source_stamp(sources(tmp_path, 2)) != first
    assert source_stamp(sources(tmp_path, 1)) == first
