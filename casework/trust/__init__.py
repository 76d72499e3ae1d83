"""Why the journal can be trusted: its chains and seals, what is verified, what is kept for good."""
