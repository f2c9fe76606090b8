"""Where things are kept: one folder an engine, behind small ports that belong to the use cases.

`files` keeps received bytes, the log and keys as plain files. Nothing here decides anything about figures.
"""
