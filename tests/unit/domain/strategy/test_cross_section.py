"""Functions of the members at one instant, against their definitions."""

from __future__ import annotations

from fractions import Fraction
from math import isclose, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantumzero.domain.strategy.cross_section import cross_section
from quantumzero.domain.strategy.graph import GraphNode, Kind, Unit

members = st.lists(st.one_of(st.none(), st.integers(-4, 4)), min_size=1, max_size=8)


def apply(name: str, values, *constants):
    node = GraphNode(f"cross_section_{name}", (0,), constants, Kind.NUMBER, Unit.PLAIN, None, 1)
    compute = cross_section(node)
    assert compute is not None
    return compute(values)


def doubles(values):
    return [None if value is None else float(value) for value in values]


def test_a_rank_goes_from_0_to_1_and_ties_follow_the_universe():
    assert apply("rank", [30, None, 10, 30, 20]) == [2 / 3, None, 0.0, 1.0, 1 / 3]
    assert apply("rank", [None, 7]) == [None, 1.0]
    assert apply("rank", [None, None]) == [None, None]


def test_top_and_bottom_take_the_earlier_of_equals():
    assert apply("top", [5, 9, 5, None, 1], 2) == [True, True, False, None, False]
    assert apply("bottom", [5, 1, 5, None, 9], 2) == [True, True, False, None, False]
    assert apply("top", [5, 9], 7) == [True, True]


def test_a_zscore_of_equal_values_is_undefined_and_one_of_two_is_one_deviation():
    assert apply("zscore", [2.0, 2.0, None]) == [None, None, None]
    assert apply("zscore", [1.0, 3.0]) == [-1.0, 1.0]
    assert apply("zscore", [1e300, -1e300, 1.0]) == [None, None, None]


def test_neutralise_compares_within_groups_and_the_groupless_among_themselves():
    values = [1.0, 3.0, 10.0, None, 20.0, 100.0]
    assert apply("neutralise", values, "0,0,-1,0,-1,1") == [-1.0, 1.0, -5.0, None, 5.0, 0.0]


@settings(max_examples=150, deadline=None)
@given(members, st.integers(1, 9))
def test_every_function_equals_its_definition(values, count):
    known = [(value, place) for place, value in enumerate(values) if value is not None]
    ascending = sorted(known)
    descending = sorted(known, key=lambda pair: (-pair[0], pair[1]))
    top, bottom = apply("top", values, count), apply("bottom", values, count)
    rank, zscore = apply("rank", values), apply("zscore", doubles(values))
    demean = apply("demean", doubles(values))
    for place, value in enumerate(values):
        if value is None:
            assert (top[place], bottom[place], rank[place], zscore[place]) == (None,) * 4
            continue
        assert top[place] == ((value, place) in descending[:count])
        assert bottom[place] == ((value, place) in ascending[:count])
        assert rank[place] == (
            ascending.index((value, place)) / (len(known) - 1) if len(known) > 1 else 1.0
        )
        mean = Fraction(sum(each for each, _ in known), len(known))
        assert isclose(demean[place], value - mean, abs_tol=1e-12)
        variance = sum((each - mean) ** 2 for each, _ in known) / len(known)
        if variance:
            assert isclose(zscore[place], (value - mean) / sqrt(variance), abs_tol=1e-12)
        else:
            assert zscore[place] is None


@pytest.mark.parametrize("operation", ["sma", "rank", "cross_section_nothing"])
def test_other_nodes_are_no_cross_section(operation):
    node = GraphNode(operation, (0,), (), Kind.NUMBER, Unit.PLAIN, None, 1)
    assert cross_section(node) is None
