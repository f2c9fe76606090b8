"""Recompute a hydrogen corridor figure from its evidence, offline.

Standard library only. Its functions are the plain reference of the platform's arithmetic.
"""

__version__ = "0.1.0"
