import { type Look, Mark } from "#app/ui/mark.tsx"
import type { DestinationHealth, SystemWords } from "#server/brokers/system.ts"

const LOOKS: Record<DestinationHealth, Look> = {
  ok: { shape: "dot", tone: "good" },
  degraded: { shape: "triangle", tone: "warn" },
  refusing: { shape: "square", tone: "bad" },
  offline: { shape: "cross", tone: "bad" },
}

/** Whether all replicas of a destination are where they should be, in the system's own words. */
export function Health(props: { health: DestinationHealth; words: SystemWords; on?: "solid" }) {
  const { word, why } = props.words.health[props.health]
  return (
    <Mark look={LOOKS[props.health]} title={why} {...(props.on ? { on: props.on } : {})}>
      {word}
    </Mark>
  )
}
