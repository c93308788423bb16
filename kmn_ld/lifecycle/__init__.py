"""Ends, joins, revives and erases what ids name: in the ledger, the sources and the releases."""

from kmn_ld.lifecycle.erasing import Erasure, erase, plan_erasure
from kmn_ld.lifecycle.rewriting import Rewritten
from kmn_ld.lifecycle.steps import Plan, Wish, carry_out, known_id, plan, read

__all__ = [
    "Erasure",
    "Plan",
    "Rewritten",
    "Wish",
    "carry_out",
    "erase",
    "known_id",
    "plan",
    "plan_erasure",
    "read",
]
