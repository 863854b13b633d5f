import { Alert, Button, Group, Text } from "@mantine/core";

/** What a refusal or failure tells a person, whatever raised it. */
export interface ProblemDetail {
  message: string;
  requestId: string | null;
}

/** Read the sentence and, where the API gave one, the request's id from an error. */
export function problemOf(error: unknown): ProblemDetail {
  if (!(error instanceof Error)) return { message: String(error), requestId: null };
  const requestId =
    "requestId" in error && typeof error.requestId === "string" ? error.requestId : null;
  return { message: error.message, requestId };
}

/** Show an error with the request's id and a way to try again. */
export function Problem({
  error,
  title,
  onRetry,
}: {
  error: unknown;
  title: string;
  onRetry?: () => void;
}) {
  const { message, requestId } = problemOf(error);
  return (
    <Alert color="red" title={title} role="alert" className="problem" variant="light">
      <Text size="sm">{message}</Text>
      <Group gap="sm" mt={6}>
        {onRetry && (
          <Button size="compact-sm" variant="default" onClick={onRetry}>
            Try again
          </Button>
        )}
        {requestId && (
          <Text size="xs" component="span">
            Request <code>{requestId}</code>
          </Text>
        )}
      </Group>
    </Alert>
  );
}
