"""The errors that users meet. Each message names the file and the cause."""


class TrialmineError(Exception):
    """Base of all errors that trialmine raises on purpose."""


class InputError(TrialmineError):
    """An input file or text that can't be read as a document."""


class PatternError(TrialmineError):
    """A fault in a pattern file; the message names file and line."""


class GoldError(TrialmineError):
    """A gold file that is malformed or belongs to another text."""


class UsageError(TrialmineError):
    """A call that can't be carried out as given (two inputs with one id, a missing path, ...)."""
