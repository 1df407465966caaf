import { expect, it } from "vitest"
import type { Permission } from "#server/access/permissions.ts"
import { type Capability, capabilitiesOf } from "#server/brokers/capabilities.ts"
import { kafkaConnection } from "#server/brokers/kafka/connection.ts"
import { systems } from "#server/brokers/systems.ts"
import { isOffered } from "../../app/(console)/acts/offered.ts"

const ALL: Capability[] = ["messages", "producer", "offsets", "deadLetters", "admin"]
const without = (missing: Capability) => ALL.filter((one) => one !== missing)

it.each<[Capability, Permission[]]>([
  [
    "admin",
    [
      "destination.create",
      "destination.configure",
      "destination.empty",
      "destination.delete",
      "group.delete",
    ],
  ],
  ["offsets", ["offsets.reset"]],
  ["producer", ["message.produce", "failure.replay"]],
  ["messages", ["message.read", "message.search"]],
])("where the connection has no %s, these acts are not shown, and all others are", (missing, hidden) => {
  const acts: Permission[] = [
    ...(["destination.create", "destination.configure", "destination.empty", "destination.delete"] as const),
    ...(["group.delete", "offsets.reset", "message.read", "message.search", "message.produce"] as const),
    ...(["failure.replay", "cluster.view", "cluster.edit", "failure.triage"] as const),
  ]
  expect(acts.filter((act) => !isOffered(act, without(missing)))).toEqual(
    acts.filter((act) => hidden.includes(act)),
  )
})

it("where it is not known what the connection can do, everything is shown", () => {
  expect(isOffered("destination.delete", null)).toBe(true)
  expect(isOffered("destination.delete", undefined)).toBe(true)
})

it("a capability is one that is not null; Kafka has them all", async () => {
  const options = { clientId: "test", log: () => undefined }
  await using broker = systems.kafka.connect(kafkaConnection.parse({ bootstrap: "127.0.0.1:1" }), options)
  expect(capabilitiesOf(broker)).toEqual(ALL)
  expect(capabilitiesOf({ ...broker, admin: null, producer: null })).toEqual([
    "messages",
    "offsets",
    "deadLetters",
  ])
})
