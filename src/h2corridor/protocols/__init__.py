"""Telemetry protocols, one folder each: array decoder, encoder, reference page from the tables of `h2verify`. No I/O.

What does not live here: reading files (`intake`), meaning of the numbers (`activity`), the tables and the reference
decoders (`h2verify`).

Invariants: an array decoder equals its reference decoder column by column; it never raises on received bytes; encoder
and decoders read one and the same table.
"""
