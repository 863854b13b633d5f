import { Alert, Button, Group, Paper, Stack, Text, Textarea, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useApi } from "../../api/api-context";
import { storeDocument, validateDocument } from "../../api/strategies";
import type { DocumentProblem, ValidationResult } from "../../api/types";
import { formatCount } from "../../ui/format";
import { Problem } from "../../ui/problem";
import { offsetOf } from "./caret";
import { EXAMPLE_DOCUMENT } from "./example-document";

function ProblemLine({
  problem,
  onGo,
}: {
  problem: DocumentProblem;
  onGo: (problem: DocumentProblem) => void;
}) {
  return (
    <li>
      <Button
        variant="subtle"
        size="compact-sm"
        onClick={() => {
          onGo(problem);
        }}
      >
        {problem.line}:{problem.column}
      </Button>{" "}
      {problem.path && <code>{problem.path}</code>} {problem.message}
      {problem.nearest && ` Did you mean ${problem.nearest}?`}
    </li>
  );
}

function Verdict({
  result,
  onGo,
}: {
  result: ValidationResult;
  onGo: (problem: DocumentProblem) => void;
}) {
  if (result.valid) {
    return (
      <Alert color="teal" variant="light" className="notice" role="status">
        {result.name} is valid and needs {formatCount(result.warm_up_bars ?? 0, "bar")} before it
        may act.
      </Alert>
    );
  }
  return (
    <Alert
      color="red"
      variant="light"
      className="problem"
      role="alert"
      title={formatCount(result.problems.length, "problem")}
    >
      <ul className="plain-list">
        {result.problems.map((problem) => (
          <ProblemLine
            key={`${problem.line}:${problem.column}:${problem.message}`}
            problem={problem}
            onGo={onGo}
          />
        ))}
      </ul>
    </Alert>
  );
}

/** Check a document, and store it only when the check found nothing. */
function useDocumentActions(document: string) {
  const api = useApi();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const check = useMutation({ mutationFn: () => validateDocument(api, document) });
  const store = useMutation({
    mutationFn: async () => {
      const verdict = await check.mutateAsync();
      return verdict.valid ? storeDocument(api, document) : null;
    },
    onSuccess: async (stored) => {
      if (!stored) return;
      const { name } = stored.summary;
      await queries.invalidateQueries({ queryKey: ["strategies"] });
      await queries.invalidateQueries({ queryKey: ["strategy", name] });
      await navigate({ to: "/strategies/$name", params: { name } });
    },
  });
  return { check, store };
}

export default function NewStrategy() {
  const [document, setDocument] = useState(EXAMPLE_DOCUMENT);
  const editor = useRef<HTMLTextAreaElement>(null);
  const { check, store } = useDocumentActions(document);
  const goTo = ({ line, column }: DocumentProblem) => {
    const offset = offsetOf(document, line, column);
    editor.current?.focus();
    editor.current?.setSelectionRange(offset, offset + 1);
  };
  return (
    <>
      <Title order={1} size="h4" mb="sm">
        New strategy
      </Title>
      <Paper withBorder p="sm" radius="md">
        <Stack gap="sm">
          <Textarea
            ref={editor}
            label="Document"
            description="YAML or JSON, at most 64 KiB. The name in it decides which strategy gets a new version."
            value={document}
            autosize
            minRows={14}
            maxRows={30}
            spellCheck={false}
            styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
            onChange={(event) => {
              setDocument(event.currentTarget.value);
              check.reset();
            }}
          />
          {check.data && <Verdict result={check.data} onGo={goTo} />}
          {check.error && <Problem error={check.error} title="The document was not checked" />}
          {store.error && store.error !== check.error && (
            <Problem error={store.error} title="The document was not stored" />
          )}
          <Group>
            <Button
              variant="default"
              loading={check.isPending}
              onClick={() => {
                check.mutate();
              }}
            >
              Check
            </Button>
            <Button
              loading={store.isPending}
              onClick={() => {
                store.mutate();
              }}
            >
              Check and store
            </Button>
            <Text size="sm" c="dimmed">
              A stored version trades only after you enable it.
            </Text>
          </Group>
        </Stack>
      </Paper>
    </>
  );
}
