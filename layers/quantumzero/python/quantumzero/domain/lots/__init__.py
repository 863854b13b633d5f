"""Tax lots and profit: what every holding was opened for and what closing it brought, exact, from events alone."""
