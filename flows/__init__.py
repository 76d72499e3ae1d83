"""The procedure: what happens to a case, in the order of the regulation."""
