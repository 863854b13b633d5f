"""Market data for replays.

The embedded daily bars, or the user's CSV and Parquet files, as sessions of ticks.
"""
