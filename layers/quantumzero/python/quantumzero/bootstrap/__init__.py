"""Settings -> adapters -> ready use cases: the only place that chooses adapters; everything is made once per process."""
