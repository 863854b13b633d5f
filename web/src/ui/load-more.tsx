import { Button } from "@mantine/core";

interface PageSource {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

/** Continue a listing that is newest first. */
export function LoadMore({ source, noun }: { source: PageSource; noun: string }) {
  if (!source.hasNextPage) return null;
  return (
    <Button
      size="compact-sm"
      variant="default"
      mt="xs"
      loading={source.isFetchingNextPage}
      onClick={() => void source.fetchNextPage()}
    >
      Older {noun}
    </Button>
  );
}
