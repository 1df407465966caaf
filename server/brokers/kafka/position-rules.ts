import type { PositionRules } from "../broker.ts"

/** Group types whose offsets Kafka lets anybody write while the group is empty. */
const WRITABLE: readonly string[] = ["classic", "consumer", "share"]

/** What binds whoever writes the offsets of a group of this type. */
export function positionRules(type: string): PositionRules {
  const refusal = WRITABLE.includes(type)
    ? null
    : `The offsets of a ${type} group can't be written from outside.`
  if (type !== "share") return { refusal, onlyWhole: null, effects: [] }
  return {
    refusal,
    // KIP-932: DeleteShareGroupOffsets takes topics, not partitions.
    onlyWhole: "A share group forgets whole topics only.",
    effects: ["A share group forgets which messages were in flight and delivers them again."],
  }
}
