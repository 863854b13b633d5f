"""Report a handler's exception under its class name.

AWS: the invocation's `errorType` is the class name of the exception, and Step Functions matches
`ErrorEquals` of Retry and Catch against it; a process that ends during the call is
`Runtime.ExitError`.
ministack: always `Runtime.HandlerError`, so no Retry or Catch by name ever matches.
"""

from __future__ import annotations

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from local.emulator.sources import rewrite, rewrite_text

_WORKER_ANSWER = 'json.dumps({"status": "error", "error": str(e), "trace": traceback.format_exc()})'
_WORKER_ANSWER_WITH_NAME = (
    'json.dumps({"status": "error", "error": str(e), "trace": traceback.format_exc(), '
    '"type_name": type(e).__name__})'
)
_DIED = "Worker process died"


def name_of(result: dict[str, object]) -> str:
    """Return the error type AWS would report for a worker's answer."""
    if result.get("error") == _DIED:
        return "Runtime.ExitError"
    return str(result.get("type_name") or "Runtime.HandlerError")


def apply() -> None:
    """Carry the class name from the worker's answer to the invocation's result."""
    rewrite_text(lambda_runtime, "_PYTHON_WORKER_SCRIPT", _WORKER_ANSWER, _WORKER_ANSWER_WITH_NAME)
    rewrite(
        lambda_svc,
        "_execute_function_warm",
        'error_type = "Runtime.HandlerError"',
        "error_type = qz_name_of(result)",
        name_of=name_of,
    )
