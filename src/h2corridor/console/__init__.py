"""What people look at: the report as text, as one self-contained page, and the loopback server that shows it.

Here live the words (zh and en, `texts.toml`), the templates and the pictures. Not here: any arithmetic on facts; a
number is rounded for the eye, never computed anew, except energy provision, which is WTW minus TTW.

Invariants:

- Names, messages and file names are foreign input: escaped in the page, stripped of control characters everywhere.
- The page asks nothing of any network and runs no script; both languages are inside it.
- The server answers on 127.0.0.1 only.
"""
