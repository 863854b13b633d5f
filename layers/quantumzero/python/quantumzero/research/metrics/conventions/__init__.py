"""Conventions of other libraries: their names, their formulas, their signs, on the returns of sessions.

Each module has DEFINITIONS, and UNMATCHED: the library's figures that it leaves out, each with the
reason. Where a library gives NaN or an infinity the figure is None with a reason; where it gives a
number for an undefined case (LEAN's 0) the number is kept, because it is the library's figure.
"""
