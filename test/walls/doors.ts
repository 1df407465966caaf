import { FORMATS } from "#server/messages/decode/format.ts"
import { bodiesOf, CLUSTER, type Walls } from "./world.ts"

/** What a door is asked for. `place`: the destination whose messages it shows, where it is one alone. */
export interface Ask {
  input: unknown
  place?: string
  /** That it may be refused even to who has the role: it guesses at what is hidden. */
  guess?: boolean
}

/** What was made before the doors are tried. */
export interface Made {
  walls: Walls
  /** Failure groups and their letters. */
  failures: { id: number; destination: string; letters: { id: string; destination: string }[] }[]
  /** Searches, and the destination that each has read. */
  searches: { id: string; destination: string }[]
  plan: string
}

const PARTITIONS = [0, 1, 2]

function destinations({ walls }: Made): string[] {
  const { bare: _nobodysSecret, open: _empty, ...masked } = walls.topics
  return Object.values(masked)
}

/** Two messages of each, so that all bodies have their turn. */
function messagesOf(made: Made) {
  return destinations(made).flatMap((destination, nth) =>
    [nth, nth + 5]
      .map((i) => i % bodiesOf(destination).length)
      .map((i) => ({
        destination,
        partition: i % 3,
        offset: String(Math.floor(i / 3)),
      })),
  )
}

function search(made: Made): Ask[] {
  return made.searches.map(({ id, destination }) => ({ input: { cluster: CLUSTER, id }, place: destination }))
}

function perFailure(made: Made, ask: (id: number) => object = () => ({})): Ask[] {
  return made.failures.map(({ id }) => ({ input: { cluster: CLUSTER, id, ...ask(id) } }))
}

function perLetter(made: Made, more: object = {}): Ask[] {
  return made.failures.flatMap(({ letters }) =>
    letters.map(({ id }) => ({ input: { cluster: CLUSTER, letter: id, ...more } })),
  )
}

const GUESS = { mend: { changes: [{ op: "replace", path: ["card"], find: "4929", with: "x" }] } }

/**
 * Every procedure that can answer with what stands in a message, and how it is asked here. A new procedure belongs into
 * this list or into QUIET.
 */
export const DOORS: Record<string, (made: Made) => Ask[]> = {
  "messages.browse": (made) =>
    destinations(made).flatMap((destination) =>
      (
        [
          ["auto", "oldest"],
          ["text", "newest"],
          ["hex", "oldest"],
        ] as const
      ).map(([value, at]) => ({
        input: { cluster: CLUSTER, destination, start: { at }, formats: { key: value, value } },
        place: destination,
      })),
    ),
  "messages.get": (made) =>
    messagesOf(made).map((at, i) => ({
      input: { cluster: CLUSTER, ...at, formats: { value: FORMATS[i % FORMATS.length] } },
      place: at.destination,
    })),
  "messages.found": search,
  "messages.progress": search,
  "messages.matches": search,
  "messages.searches": (made) =>
    destinations(made).map((destination) => ({
      input: { cluster: CLUSTER, destination },
      place: destination,
    })),
  "messages.estimate": (made) =>
    destinations(made).map((destination) => ({
      input: { cluster: CLUSTER, destination, question: { match: { kind: "contains", text: "492" } } },
    })),
  "failures.list": (made) => [
    { input: { state: "all" } },
    { input: { state: "all", search: "winter" } },
    { input: { state: "all", destination: made.walls.topics.path } },
  ],
  "failures.get": perFailure,
  "failures.trend": (made) => perFailure(made, () => ({ from: Date.now() - 3_600_000, to: Date.now() })),
  "failures.letters": perFailure,
  "failures.letter": perLetter,
  "failures.deriveMend": (made) =>
    perLetter(made, { value: '{"card":"x","order":2}' }).map((ask) => ({ ...ask, guess: true })),
  "failures.planReplay": (made) => [
    ...perFailure(made),
    ...perFailure(made, () => ({ order: { target: made.walls.topics.open } })),
    ...perFailure(made, () => ({ order: GUESS })).map((ask) => ({ ...ask, guess: true })),
  ],
  "failures.replays": perFailure,
  "failures.rules": () => [{ input: { cluster: CLUSTER } }],
  "offsets.get": (made) => [{ input: { cluster: CLUSTER, group: "walls", plan: made.plan } }],
  "offsets.resets": () => [{ input: { cluster: CLUSTER, group: "walls" } }],
  "offsets.armed": () => [{ input: { cluster: CLUSTER } }],
  "live.jobs": () => [{ input: undefined }],
  "audit.list": () => [{ input: { pageSize: 200 } }],
  "search.find": () => [{ input: { q: "winter" } }],
  "views.list": () => [{ input: undefined }],
}

/** Streams and acts that the test tries by themselves. */
export const APART = ["messages.tail", "messages.search", "failures.startReplay", "offsets.preview"]

/** What cannot answer with anything of a message, and why. */
export const QUIET: Record<string, readonly string[]> = {
  "names, counts and times of topics, groups and clusters": [
    ...[
      "clusters.systems",
      "clusters.list",
      "clusters.names",
      "clusters.get",
      "clusters.head",
      "clusters.rates",
    ],
    ...[
      "clusters.test",
      "clusters.connect",
      "clusters.getConnection",
      "clusters.testStored",
      "clusters.update",
    ],
    ...["clusters.remove", "destinations.list", "destinations.get", "destinations.partitions"],
    ...["destinations.activity", "groups.list", "groups.get", "groups.partitions", "groups.history"],
    ...["groups.statuses", "groups.heat", "groups.members", "failures.count", "live.sweeps"],
  ],
  "counts of what an act would touch; it answers with a plan's id, or nothing": [
    ...["administration.previewCreate", "administration.create", "administration.previewConfigure"],
    ...["administration.configure", "administration.previewGrow", "administration.grow"],
    ...["administration.previewEmpty", "administration.empty", "administration.previewDelete"],
    ...["administration.delete", "administration.previewDeleteGroup", "administration.deleteGroup"],
    ...["offsets.applyPlan", "offsets.arm", "offsets.cancel", "offsets.undo", "offsets.rest"],
    ...["failures.triage", "failures.controlReplay", "failures.saveRule", "failures.removeRule"],
    ...["messages.remember", "messages.resume", "messages.stop"],
  ],
  "it takes what the caller has, and answers with positions": ["messages.produce"],
  "spans as services sent them; no broker is asked": [
    ...[
      "traces.operations",
      "traces.get",
      "traces.span",
      "traces.linked",
      "traces.find",
      "traces.search",
      "traces.searching",
      "traces.keys",
      "traces.values",
    ],
    ...[
      "traces.services",
      "traces.service",
      "traces.instances",
      "traces.errors",
      "traces.peers",
      "traces.neighbours",
      "traces.consumers",
      "traces.ofMessages",
      "traces.messagePlaces",
    ],
    ...[
      "traces.setObjective",
      "traces.storage",
      "traces.setRetention",
      "traces.tokens",
      "traces.createToken",
      "traces.revokeToken",
    ],
  ],
  "rules and grants themselves": [
    ...[
      "masking.rules",
      "masking.add",
      "masking.remove",
      "masking.unmask",
      "masking.again",
      "messages.masking",
    ],
  ],
  "signals, rules and channels; of failures only the class of the exception": [
    ...[
      "alerts.list",
      "alerts.get",
      "alerts.timeline",
      "alerts.chart",
      "alerts.sparks",
      "alerts.trends",
      "alerts.count",
      "alerts.acknowledge",
      "alerts.rules",
      "alerts.enableRule",
    ],
    ...["alerts.previewRule", "alerts.exportRules", "alerts.createRule", "alerts.updateRule"],
    ...["alerts.resetRule", "alerts.removeRule"],
    ...[
      "alerts.backTest",
      "alerts.channels",
      "alerts.addChannel",
      "alerts.removeChannel",
      "alerts.tryChannel",
    ],
    ...["alerts.silences", "alerts.previewSilence", "alerts.addSilence", "alerts.endSilence"],
    ...["alerts.routing", "alerts.setRouting", "alerts.whoReceives"],
  ],
  "people, sessions, tokens and views": [
    ...[
      "access.me",
      "access.setup",
      "access.link",
      "access.accept",
      "access.changePassword",
      "access.sessions",
    ],
    ...["access.revokeSession", "access.signOutEverywhere", "access.users.list", "access.users.invite"],
    ...["access.users.newLink", "access.users.changeGrants", "access.users.disable", "access.users.remove"],
    ...["access.tokens.list", "access.tokens.create", "access.tokens.revoke", "views.save", "views.remove"],
  ],
  "an entry of the log, which the list has whole": ["audit.get"],
}

/** Files of messages, as app/api/messages gives them. */
export function downloads(made: Made): Ask[] {
  const whole = destinations(made).flatMap((destination) =>
    (["jsonl", "csv"] as const).flatMap((format) => {
      const ask = { cluster: CLUSTER, destination, format }
      const positions = PARTITIONS.map((partition) => ({ partition, offset: "0" }))
      return [
        { ...ask, of: { kind: "range", start: { at: "oldest" } } },
        { ...ask, of: { kind: "some", positions } },
      ].map((input) => ({ input, place: destination }))
    }),
  )
  const found = made.searches.map(({ id, destination }) => ({
    input: { cluster: CLUSTER, destination, of: { kind: "search", id } },
    place: destination,
  }))
  return [...whole, ...found]
}

/** One message each, to be downloaded as a line and as its bytes. */
export function values(made: Made): Ask[] {
  return messagesOf(made).map(({ destination, ...at }) => ({
    input: { cluster: CLUSTER, destination, of: { kind: "one", ...at } },
    place: destination,
  }))
}

/** Every route of app/, and where it is tried. */
export const ROUTES: Record<string, "here" | string> = {
  "app/api/trpc/[trpc]/route.ts": "here",
  "app/api/messages/route.ts": "here",
  "app/api/audit/route.ts": "here",
  "app/api/traces/[id]/route.ts": "spans as services sent them",
  "app/api/v1/[...path]/route.ts": "here",
  "app/api/v1/openapi.json/route.ts": "a description, made of the code alone",
  "app/api/auth/[...all]/route.ts": "sign-in and sign-out",
  "app/metrics/route.ts": "numbers",
  "app/readyz/route.ts": "a word",
  "app/healthz/route.ts": "a word",
  "app/docs.json/route.ts": "the guides",
  "app/offline.html/route.ts": "a page without data",
  "app/sw.js/route.ts": "a script without data",
}
