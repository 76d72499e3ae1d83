"""Experts: the pool, who may not judge what, panels drawn from it, invitations and seats that change hands."""
