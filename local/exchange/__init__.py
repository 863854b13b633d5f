"""The exchange simulator.

A broker and a market that speak Alpaca, on their own clock, with books of their own.
"""
