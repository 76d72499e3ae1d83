"""Objections 异议 to a public list, and their answers."""
