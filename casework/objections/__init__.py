"""Objections 异议 to a public list: filed in writing by whoever says who they are, examined, investigated, answered."""
