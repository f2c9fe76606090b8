"""The nouns of the corridor as frozen values, and the one error tree. No I/O, no arithmetic on facts.

Invariants: values are frozen and keyword-only; a quantity carries its unit in its name; None means "not supplied".
"""
