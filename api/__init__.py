"""Thin JSON under /api/v1: records acts, rings the bell, reports state."""
