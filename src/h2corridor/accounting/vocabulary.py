"""The words between chains and rules, as rule sets ask in them; they are kept where a stranger reads them too."""

from h2verify.vocabulary import VOCABULARY, Word

__all__ = ["VOCABULARY", "Word"]
