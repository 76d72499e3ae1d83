"""The regulation as data: stages, roles, outcomes, policy, calendar and form. No framework."""
