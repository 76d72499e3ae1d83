"""The facts: tables, their columns and the constraints that carry their meaning."""
