"""The replay of market data through the deployed product: lockstep or paced, resumable, and under faults."""
