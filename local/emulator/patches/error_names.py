"""Report a handler's exception under its class name.

AWS: the invocation's `errorType` is the class name of the exception, and Step Functions matches
`ErrorEquals` of Retry and Catch against it; a process that ends during the call or its start is
`Runtime.ExitError`, a module that cannot be imported `Runtime.ImportModuleError`.
ministack: always `Runtime.HandlerError`, or `RuntimeError` when the start fails, so no Retry or
Catch by name ever matches.
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
_INIT_ANSWER = 'json.dumps({"status": "error", "error": str(e)})'
_INIT_ANSWER_WITH_NAME = (
    'json.dumps({"status": "error", "error": str(e), "type_name": type(e).__name__})'
)
_DIED = "Worker process died"
_EXIT = "Runtime.ExitError"


class StartFailedError(RuntimeError):
    """A worker answered that its module could not be loaded."""

    def __init__(self, answer: dict[str, object]) -> None:
        """Keep the name that AWS would give the error."""
        super().__init__(str(answer.get("error")))
        name = str(answer.get("type_name") or "Runtime.Unknown")
        missing = name in ("ImportError", "ModuleNotFoundError")
        self.name = "Runtime.ImportModuleError" if missing else name


def name_of(result: dict[str, object]) -> str:
    """Return the error type AWS would report for a worker's answer."""
    if result.get("error") == _DIED:
        return _EXIT
    return str(result.get("type_name") or "Runtime.HandlerError")


def name_of_failed_start(error: Exception) -> str:
    """Return the error type AWS would report for a process that did not come up."""
    return error.name if isinstance(error, StartFailedError) else _EXIT


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
    rewrite_text(lambda_runtime, "_PYTHON_WORKER_SCRIPT", _INIT_ANSWER, _INIT_ANSWER_WITH_NAME)
    rewrite(
        lambda_runtime.Worker,
        "_spawn",
        "raise RuntimeError(f\"Worker init failed: {response.get('error')}\")",
        "raise qz_start_failed(response)",
        start_failed=StartFailedError,
    )
    rewrite(
        lambda_svc,
        "_execute_function_warm",
        '"body": {"errorMessage": str(e), "errorType": type(e).__name__},',
        '"body": {"errorMessage": str(e), "errorType": qz_name_of_failed_start(e)},',
        name_of_failed_start=name_of_failed_start,
    )
