"""`qz`: what a person types."""
