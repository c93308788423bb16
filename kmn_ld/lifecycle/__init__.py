"""Ends, joins and revives what ids name: in the ledger and in the sources."""

from kmn_ld.lifecycle.steps import Plan, Wish, carry_out, known_id, plan, read

__all__ = ["Plan", "Wish", "carry_out", "known_id", "plan", "read"]
