"""Server-rendered pages, a router for each audience."""
