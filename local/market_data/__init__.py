"""Market data for replays: the embedded daily bars, or the user's CSV and Parquet files, as sessions of ticks."""
