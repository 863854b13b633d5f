import { Badge, Group, Paper, Skeleton, Title } from "@mantine/core";
import { useId, type ReactNode } from "react";
import { Problem } from "./problem";
import { formatAge } from "./time";
import { useNow } from "./use-now";

/** The part of a query that a panel looks at. */
export interface PanelSource<Data> {
  data: Data | undefined;
  error: Error | null;
  isPending: boolean;
  dataUpdatedAt: number;
  refetch: () => unknown;
}

interface PanelProps<Data> {
  title: string;
  source: PanelSource<Data>;
  /** Age in milliseconds from which the data is called stale. */
  staleAfter: number;
  isEmpty?: (data: Data) => boolean;
  /** What to say when there is nothing, with what to do next. */
  empty?: ReactNode;
  /** Height in pixels of the skeleton. */
  height?: number;
  actions?: ReactNode;
  children: (data: Data) => ReactNode;
}

function StaleBadge({ updatedAt, staleAfter }: { updatedAt: number; staleAfter: number }) {
  const age = useNow() - updatedAt;
  if (updatedAt === 0 || age < staleAfter) return null;
  return (
    <Badge className="stale" variant="filled" size="sm" role="status">
      STALE {formatAge(age)}
    </Badge>
  );
}

/** One part of a screen in each of its states: loading, failed, empty, current or stale. */
export function Panel<Data>(props: PanelProps<Data>) {
  const { title, source, staleAfter, actions } = props;
  const heading = useId();
  return (
    <Paper component="section" withBorder p="sm" radius="md" aria-labelledby={heading}>
      <Group justify="space-between" mb="xs" gap="xs" wrap="wrap">
        <Group gap="xs">
          <Title order={2} size="h6" id={heading}>
            {title}
          </Title>
          <StaleBadge updatedAt={source.dataUpdatedAt} staleAfter={staleAfter} />
        </Group>
        {actions}
      </Group>
      <PanelBody {...props} />
    </Paper>
  );
}

function PanelBody<Data>({ title, source, isEmpty, empty, height, children }: PanelProps<Data>) {
  const { data, error, isPending } = source;
  if (isPending) {
    return (
      <div role="status" aria-label={`Loading ${title}`}>
        <Skeleton height={height ?? 96} />
      </div>
    );
  }
  const problem = error && (
    <Problem
      error={error}
      title={`${title} could not be ${data === undefined ? "loaded" : "refreshed"}`}
      onRetry={() => void source.refetch()}
    />
  );
  if (data === undefined) return problem;
  return (
    <>
      {problem}
      {isEmpty?.(data) ? <div className="empty">{empty}</div> : children(data)}
    </>
  );
}
