import { Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Problem } from "../ui/problem";

export function NotFound() {
  return (
    <div>
      <Title order={1} size="h4">
        There is no such page
      </Title>
      <Text>
        <Link to="/">Go to the overview</Link>
      </Text>
    </div>
  );
}

/** Shown when a screen breaks, or when its part of the page could not be loaded after a deployment. */
export function ScreenFailed({ error }: { error: unknown }) {
  return (
    <Problem
      error={error}
      title="This screen could not be shown"
      onRetry={() => {
        window.location.reload();
      }}
    />
  );
}
