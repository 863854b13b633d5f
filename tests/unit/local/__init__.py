"""Unit tests of what runs on one machine: market data files and the exchange simulator."""
