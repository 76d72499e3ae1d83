"""The pool of experts, the panels drawn from it, invitations and conflicts."""
