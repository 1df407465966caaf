import type { DestinationHealth } from "#server/clusters/index.ts"

const SHAPES: Record<DestinationHealth, { shape: string; word: string; tone: string; why: string }> = {
  ok: { shape: "●", word: "ok", tone: "good", why: "Every replica is in sync." },
  "under-replicated": {
    shape: "▲",
    word: "under-replicated",
    tone: "warn",
    why: "A replica is not in sync with its leader.",
  },
  "under-min-isr": {
    shape: "■",
    word: "under min ISR",
    tone: "bad",
    why: "Fewer replicas are in sync than writers with acks=all need: they are refused.",
  },
  offline: {
    shape: "✕",
    word: "offline",
    tone: "bad",
    why: "A partition has no leader: it can be neither read nor written.",
  },
}

/** Whether all replicas of a destination are where they should be. */
export function Health(props: { health: DestinationHealth }) {
  const { shape, word, tone, why } = SHAPES[props.health]
  return (
    <span className={`status ${tone}`} title={why}>
      <span aria-hidden="true">{shape}</span> {word}
    </span>
  )
}
