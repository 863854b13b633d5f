"""The one tree of errors; a branch is named by what the product does about it.

QuantumZeroError
├── RetryableError            try again with a delay: nothing is known to have happened
│   ├── ConflictError         another writer won; read again and decide again
│   └── UnavailableError      a service did not answer in time
├── UnknownOutcomeError       the request may have been carried out: never repeat it, look it up
├── StoppedError              must not go on: an operator or a rule said stop
├── UserError                 somebody outside gave us something wrong; the message says what to do
│   ├── InvalidInputError     malformed or out of range
│   ├── NotFoundError         names something that does not exist
│   └── RefusedError          understood, but not allowed in the present state
│       └── SignInAgainError  allowed only shortly after a sign-in
└── CorruptDataError          stored or received data breaks an invariant; quarantined, never repaired silently

State machines name these classes in Retry and Catch; a test holds the names against this module.
"""


class QuantumZeroError(Exception):
    """Root of every error the product raises on purpose."""


class RetryableError(QuantumZeroError):
    """Nothing happened; the same call may be made again after a delay."""


class ConflictError(RetryableError):
    """Another writer changed the record first; read it again and decide again."""


class UnavailableError(RetryableError):
    """A service did not answer, or said that it cannot answer now."""


class UnknownOutcomeError(QuantumZeroError):
    """The request may have been carried out; look it up before anything else."""


class StoppedError(QuantumZeroError):
    """An operator or a rule stopped this work."""


class UserError(QuantumZeroError):
    """The caller gave something wrong; the message says what was, what may be and what to do.

    field names the part of the input at fault, None when no single part is.
    """

    def __init__(self, message: str = "", *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class InvalidInputError(UserError):
    """The input is malformed or out of range."""


class NotFoundError(UserError):
    """The input names something that does not exist."""


class RefusedError(UserError):
    """The request is understood, but the present state does not allow it."""


class SignInAgainError(RefusedError):
    """The sign-in is too old for what was asked."""


class CorruptDataError(QuantumZeroError):
    """Stored or received data breaks an invariant."""
