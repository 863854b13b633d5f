import { Alert, Button, Paper, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useState, type SubmitEvent, type ReactNode } from "react";
import { useAuthStore } from "./auth-context";
import type { SignInStep } from "./session";

type Question = Exclude<SignInStep, { kind: "signed_in" }>;

/** Run a sign-in step, keeping whether it runs and what it said. */
function useStep(onStep: (step: SignInStep) => void) {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const run = (start: () => Promise<SignInStep>) => {
    setBusy(true);
    setRefusal(null);
    start()
      .then(onStep, (error: unknown) => {
        setRefusal(error instanceof Error ? error.message : String(error));
      })
      .finally(() => {
        setBusy(false);
      });
  };
  return { busy, refusal, run };
}

interface FormProps {
  busy: boolean;
  refusal: string | null;
  submit: string;
  onSubmit: (fields: (name: string) => string) => void;
  children: ReactNode;
}

function Form({ busy, refusal, submit, onSubmit, children }: FormProps) {
  const send = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    onSubmit((name) => {
      const value = form.get(name);
      return typeof value === "string" ? value : "";
    });
  };
  return (
    <form onSubmit={send}>
      <Stack gap="sm">
        {children}
        {refusal && (
          <Alert color="red" role="alert" variant="light" className="problem">
            {refusal}
          </Alert>
        )}
        <Button type="submit" loading={busy} fullWidth>
          {submit}
        </Button>
      </Stack>
    </form>
  );
}

function PasswordForm({ onStep }: { onStep: (step: SignInStep) => void }) {
  const store = useAuthStore();
  const { busy, refusal, run } = useStep(onStep);
  return (
    <Form
      busy={busy}
      refusal={refusal}
      submit="Sign in"
      onSubmit={(field) => {
        run(() => store.signIn(field("username").trim(), field("password")));
      }}
    >
      <TextInput
        label="User name"
        name="username"
        autoComplete="username"
        required
        data-autofocus
      />
      <PasswordInput
        label="Password"
        name="password"
        autoComplete="current-password"
        required
        visibilityToggleButtonProps={{ "aria-label": "Show or hide the password" }}
      />
    </Form>
  );
}

function QuestionForm({
  question,
  onStep,
}: {
  question: Question;
  onStep: (step: SignInStep) => void;
}) {
  const { busy, refusal, run } = useStep(onStep);
  const isPassword = question.kind === "new_password";
  return (
    <Form
      busy={busy}
      refusal={refusal}
      submit={isPassword ? "Set the password" : "Confirm"}
      onSubmit={(field) => {
        run(() => question.answer(field("answer")));
      }}
    >
      {isPassword ? (
        <PasswordInput
          label="New password"
          description="This is the first sign-in: choose your own password."
          name="answer"
          autoComplete="new-password"
          required
        />
      ) : (
        <TextInput
          label="Code"
          description="Six digits from your authenticator."
          name="answer"
          inputMode="numeric"
          autoComplete="one-time-code"
          required
        />
      )}
    </Form>
  );
}

/** Ask for the user name and password, and whatever Cognito asks after them. */
export function SignIn({ notice, stage }: { notice: string | null; stage: ReactNode }) {
  const [question, setQuestion] = useState<Question | null>(null);
  const onStep = (step: SignInStep) => {
    setQuestion(step.kind === "signed_in" ? null : step);
  };
  return (
    <main className="sign-in">
      <Paper withBorder p="lg" radius="md" w="100%" maw={380}>
        <Stack gap="md">
          <div>
            <Title order={1} size="h3">
              QuantumZero
            </Title>
            <Text size="sm" c="dimmed">
              Sign in to your trading account
            </Text>
          </div>
          {stage}
          {notice && (
            <Alert color="orange" role="status" variant="light" className="notice">
              {notice}
            </Alert>
          )}
          {question ? (
            <QuestionForm question={question} onStep={onStep} key={question.kind} />
          ) : (
            <PasswordForm onStep={onStep} />
          )}
        </Stack>
      </Paper>
    </main>
  );
}
