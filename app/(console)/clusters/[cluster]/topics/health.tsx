import { type Look, Mark } from "#app/ui/mark.tsx"
import type { DestinationHealth } from "#server/clusters/index.ts"

const LOOKS: Record<DestinationHealth, Look & { word: string; why: string }> = {
  ok: { shape: "dot", word: "ok", tone: "good", why: "Every replica is in sync." },
  "under-replicated": {
    shape: "triangle",
    word: "under-replicated",
    tone: "warn",
    why: "A replica is not in sync with its leader.",
  },
  "under-min-isr": {
    shape: "square",
    word: "under min ISR",
    tone: "bad",
    why: "Fewer replicas are in sync than producers with acks=all need: their writes are refused.",
  },
  offline: {
    shape: "cross",
    word: "offline",
    tone: "bad",
    why: "A partition has no leader: it can be neither read nor written.",
  },
}

/** Whether all replicas of a destination are where they should be. */
export function Health(props: { health: DestinationHealth; on?: "solid" }) {
  const look = LOOKS[props.health]
  return (
    <Mark look={look} title={look.why} {...(props.on ? { on: props.on } : {})}>
      {look.word}
    </Mark>
  )
}
