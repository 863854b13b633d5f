"""Settings -> adapters -> ready use cases: only here are adapters chosen, each made once a process."""
