"""What trucks did, measured: readings, standings, trips and hydrogen as table expressions over integers. No I/O.

Lives here: the Ibis expressions of everything that grows with the number of frames, and the papers of a trial in the
form the arithmetic reads. Lives elsewhere: the small sequential part (stands, fills, windows, reconciliation, origin)
is `h2verify.activity` and exists once; running an expression is `store`.

Invariants: engines only add, multiply and compare; the tables equal those of `h2verify.activity.uses` and `readings`
row by row.
"""
