"""Comparison methods, `<id>/<edition>/`: a figure of a rule set against a baseline. Built like rule sets."""
