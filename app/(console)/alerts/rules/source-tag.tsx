import type { RouterOutputs } from "#app/trpc/types.ts"

type Row = RouterOutputs["alerts"]["rules"]["rules"][number]

/** Where a rule comes from, if not from this page. */
export function SourceTag({ source, isChanged }: Pick<Row, "source" | "isChanged">) {
  if (source === "file") return <span className="tag">from signalbox.yaml</span>
  return isChanged ? <span className="tag">changed default</span> : null
}
