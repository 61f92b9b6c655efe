"""The ways in which the portal says no: each is a fact with a sentence that a person can read."""

import traceback


class Refusal(Exception):
    """An act that the rules do not allow; the sentence says what to do instead.

    Args:
        sentence: What a person reads; lazily translated text is welcome.
        field: Name of the form field at fault, where one is.
    """

    def __init__(self, sentence: object, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field

    def __str__(self) -> str:
        """Give the sentence in the reader's language."""
        return str(self.sentence)


class Conflict(Refusal):
    """Somebody else was first; answered with a 409 page that says who and when."""


class Closed(Refusal):
    """The portal serves nobody for now; answered with a 503 page for nobody in particular."""


class NotVisible(Refusal):
    """The object does not exist for this person; answered with 404 so that nothing is given away."""


class NotPermitted(Refusal):
    """The person is known but the act is not theirs; answered with 403."""


def trace_of(error: BaseException | None) -> list[str]:
    """Tell for the log where an error arose, outermost first.

    Its message is left out, as it may quote what somebody typed.
    """
    told: list[str] = []
    while error is not None:
        told.append(type(error).__name__)
        told += [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
        error = error.__cause__ or error.__context__
    return told
