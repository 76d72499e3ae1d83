"""Calls beside their window: quotas, extensions, attached notices; the policy's parameters with their effective dates."""
