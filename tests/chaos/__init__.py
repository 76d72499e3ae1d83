"""Faults that must not matter: processes killed at named points, one after the other (`make chaos`)."""
