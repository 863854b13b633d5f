"""The exchange simulator under the real vendor clients."""
