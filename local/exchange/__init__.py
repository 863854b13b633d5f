"""The exchange simulator: a broker and a market that speak Alpaca, on their own clock, with books of their own."""
