"""Meetings that decide, announcements, plaques, and revocations that take two persons."""
