"""Planted bugs: each is a small change of the product's own code that the simulation must notice."""
