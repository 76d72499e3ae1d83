"""Steps: what the engine may retry. Each is one effect in one transaction."""
