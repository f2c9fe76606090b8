"""Emission rule sets, `<id>/<edition>/`: parameters.toml, rules.py, formulas.json and cases/. One folder an edition."""
