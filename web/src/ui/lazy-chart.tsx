import { Skeleton } from "@mantine/core";
import { Suspense, type ReactNode } from "react";

/** Hold a chart's place while its code arrives. */
export function LazyChart({ height, children }: { height: number; children: ReactNode }) {
  return <Suspense fallback={<Skeleton height={height} />}>{children}</Suspense>;
}
