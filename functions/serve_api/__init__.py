"""The HTTP API. In Lambda this folder is the code's root, so its modules import each other by their own names."""
