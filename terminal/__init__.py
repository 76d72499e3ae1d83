"""The terminal: `jidi up` and the other commands of `cli.py`."""
