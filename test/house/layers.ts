/**
 * The architecture as data. A layer is a folder (the longest prefix of a file's path that is listed here); it may import
 * itself and what stands in `may`. Arrows point down only: what is listed later may know what is listed earlier.
 */
export interface Layer {
  folder: string
  /** Folders that files of this layer may import from. */
  may: readonly string[]
  /** Packages that may not be imported here. */
  without?: readonly RegExp[]
  why: string
}

const REACT = [/^next($|\/)/, /^react($|-dom$)/, /^@tanstack\//]
/** Words that everything may use: they know nothing of ours but each other. */
const WORDS = [
  "server/errors.ts",
  "server/log.ts",
  "server/actor.ts",
  "server/group-status.ts",
  "server/rates.ts",
  "server/networks.ts",
  "server/csv.ts",
  "server/every.ts",
  "server/fits-name.ts",
  "server/moment.ts",
  "server/storable.ts",
  "server/inputs.ts",
  "server/durations.ts",
  "server/numbers.ts",
  "server/place.ts",
  "server/segment.ts",
  "server/normalise-message.ts",
  "server/budget.ts",
]
/** The areas, and the areas each may know. */
const AREAS = {
  "server/clusters": [],
  "server/live": [],
  "server/saved-views": [],
  "server/lag": ["server/clusters"],
  "server/messages": ["server/clusters"],
  "server/offsets": ["server/clusters"],
  "server/administration": ["server/clusters"],
  "server/failures": ["server/clusters", "server/messages"],
  "server/traces": ["server/clusters"],
  "server/alerts": ["server/clusters", "server/failures", "server/traces"],
  "server/jobs": ["server/messages", "server/failures"],
  "server/sampling": ["server/clusters", "server/lag"],
} as const
const ALL_AREAS = Object.keys(AREAS)
const SHARED = [
  ...WORDS,
  "server/outbound",
  "server/store",
  "server/brokers",
  "server/context.ts",
  "server/access",
]

export const LAYERS: readonly Layer[] = [
  { folder: "server/errors.ts", may: [], without: REACT, why: "The one family of errors knows nobody." },
  { folder: "server/log.ts", may: [], without: REACT, why: "The log knows nobody." },
  { folder: "server/networks.ts", may: [], without: REACT, why: "What an address is, is one rule for all." },
  {
    folder: "server/outbound",
    may: WORDS,
    without: REACT,
    why: "The one way out to addresses that people entered, for whoever asks.",
  },
  { folder: "server/actor.ts", may: [], why: "Who acts is a word, not a rule." },
  {
    folder: "server/csv.ts",
    may: [],
    without: REACT,
    why: "How a line of CSV is written is one rule for all.",
  },
  {
    folder: "server/fits-name.ts",
    may: [],
    without: REACT,
    why: "Which names a pattern fits is one rule for masking, failures and alerts.",
  },
  { folder: "server/group-status.ts", may: [], without: REACT, why: "What lag says of a group is a word." },
  {
    folder: "server/rates.ts",
    may: [],
    without: REACT,
    why: "What a rate is, is defined once, for everybody.",
  },
  { folder: "server/durations.ts", may: [], without: REACT, why: "How a span of time reads is one rule." },
  { folder: "server/numbers.ts", may: [], without: REACT, why: "What a large number becomes is one rule." },
  { folder: "server/place.ts", may: [], without: REACT, why: "What names a partition is one rule." },
  {
    folder: "server/segment.ts",
    may: [],
    without: REACT,
    why: "How a name is written in a URL is one rule, for pages and for the HTTP API.",
  },
  {
    folder: "server/moment.ts",
    may: [],
    without: REACT,
    why: "Which numbers are a time is one rule, for pages and for what is stored.",
  },
  {
    folder: "server/normalise-message.ts",
    may: [],
    without: REACT,
    why: "Which messages of failures are alike is one rule, for dead letters and for spans.",
  },
  {
    folder: "server/budget.ts",
    may: [],
    without: REACT,
    why: "How many bytes readers hold together is one rule for brokers and for files.",
  },
  { folder: "server/storable.ts", may: [], without: REACT, why: "What can be stored is a rule of words." },
  {
    folder: "server/inputs.ts",
    may: ["server/moment.ts", "server/storable.ts"],
    without: REACT,
    why: "What any input may hold is one rule for all areas.",
  },
  { folder: "server/secret-files.ts", may: WORDS, without: REACT, why: "Read before the configuration." },
  {
    folder: "server/config.ts",
    may: [...WORDS, "server/outbound", "server/store"],
    why: "Read once, at the start.",
  },
  { folder: "server/store", may: WORDS, without: REACT, why: "The store knows no area and no broker." },
  {
    folder: "server/docs",
    may: [],
    without: REACT,
    why: "The documentation as data knows nobody.",
  },
  {
    folder: "server/build",
    may: WORDS,
    without: REACT,
    why: "Building the pages is a process of its own: nothing of them is loaded here.",
  },
  {
    folder: "server/brokers",
    may: [...WORDS, "server/outbound"],
    without: REACT,
    why: "The seam and every system behind it know no area and not the store.",
  },
  {
    folder: "server/context.ts",
    may: [...WORDS, "server/access", "server/brokers", "server/store"],
    why: "What every verb is given.",
  },
  {
    folder: "server/access",
    may: [
      ...WORDS,
      "server/outbound",
      "server/store",
      "server/brokers",
      "server/context.ts",
      "server/config.ts",
    ],
    without: REACT,
    why: "Who may do what is below every area.",
  },
  ...Object.entries(AREAS).map(([folder, may]) => ({
    folder,
    may: [...SHARED, ...may],
    without: REACT,
    why: "An area knows the areas below it, and no router, role or page.",
  })),
  {
    folder: "server/trpc",
    may: [...SHARED, ...ALL_AREAS, "server/web.ts"],
    without: [/^next($|\/)/, /^react($|-dom$)/],
    why: "Routers are thin doors to the areas.",
  },
  {
    folder: "server/roles",
    may: [
      ...SHARED,
      ...ALL_AREAS,
      "server/secret-files.ts",
      "server/config.ts",
      "server/trpc",
      "server/web.ts",
    ],
    why: "A role runs the areas; nothing imports a role but the start.",
  },
  {
    folder: "server",
    may: ["server"],
    why: "The files at the root of server/ start and wire everything.",
  },
  {
    folder: "app",
    may: [
      ...WORDS,
      ...ALL_AREAS,
      "server/access",
      "server/brokers",
      "server/docs",
      "server/trpc",
      "server/web.ts",
    ],
    why: "Pages ask trpc; of the areas they take only pure words, schemas and types.",
  },
]

/** Systems behind the seam: only the list of systems may import them. */
export const ONLY_SYSTEMS_KNOWS = {
  folder: /^server\/brokers\/[^/]+\//,
  importer: "server/brokers/systems.ts",
}

/** Where others enter a folder, if not by its index.ts. */
export const DOORS: Readonly<Record<string, readonly string[]>> = {
  // The seam is a handful of files: whoever takes its types loads no system.
  "server/brokers": [
    "broker.ts",
    "call-metrics.ts",
    "capabilities.ts",
    "connections.ts",
    "form.ts",
    "own-message.ts",
    "system.ts",
    "systems.ts",
  ],
  // prisma/client.ts is generated; embedded.ts is PostgreSQL itself, which only the start runs.
  "server/store": ["index.ts", "prisma/client.ts", "embedded.ts"],
  // The collector evaluates and never asks what pages ask.
  "server/lag": ["index.ts", "queries/index.ts"],
  "server/roles": ["process.ts", "supervisor.ts", "allocator.ts"],
  "server/trpc": ["api.ts", "context.ts", "http.ts", "router.ts"],
}

/** Files that may enter a folder elsewhere. */
export const SIDE_DOORS: readonly { from: string; to: string; why: string }[] = [
  {
    from: "server/context.ts",
    to: "server/access/audited-act.ts",
    why: "A type below the area, which itself takes the context.",
  },
  {
    from: "server/context.ts",
    to: "server/access/secrets.ts",
    why: "A type below the area, which itself takes the context.",
  },
  {
    from: "server/roles/web.ts",
    to: "server/access/address.ts",
    why: "Next loads the area in bundles of its own; this process would hold it twice.",
  },
]

/**
 * What runs in a browser is bundled with all that it imports: of the server, pages may run only these files, which in
 * turn may run only each other and words. Types may come from every door.
 */
export const RUNS_IN_BROWSER = [
  "server/alerts/label-name.ts",
  "server/alerts/matcher-text.ts",
  "server/csv.ts",
  "server/moment.ts",
  "server/group-status.ts",
  "server/durations.ts",
  "server/place.ts",
  "server/segment.ts",
  "server/access/permissions.ts",
  "server/brokers/form.ts",
  "server/failures/views.ts",
  "server/traces/analysis/compare.ts",
  "server/traces/analysis/critical-path.ts",
  "server/traces/analysis/differences.ts",
  "server/traces/analysis/flame.ts",
  "server/traces/analysis/queues.ts",
  "server/traces/analysis/self-time.ts",
  "server/traces/analysis/skew.ts",
  "server/traces/analysis/timed-span.ts",
  "server/traces/analysis/tree.ts",
  "server/traces/files/base64.ts",
  "server/traces/files/from-jaeger.ts",
  "server/traces/files/from-otlp.ts",
  "server/traces/files/read-file.ts",
  "server/traces/kinds.ts",
  "server/traces/otlp/received.ts",
  "server/traces/otlp/span.ts",
  "server/traces/queries/attribute-view.ts",
  "server/traces/semconv/facts-of.ts",
  "server/traces/semconv/facts.ts",
  "server/traces/semconv/table.ts",
  "server/traces/times.ts",
  "server/traces/view/span-view.ts",
  "server/traces/view/trace-view.ts",
  "server/messages/decode/format.ts",
  "server/offsets/strategy-words.ts",
]

/** Packages that these may load there: they need nothing of Node. */
export const PACKAGES_IN_BROWSER = ["csv-stringify/sync", "zod"]

/** Files of app/ that run on the server only. */
export const RUNS_ON_SERVER = [/\/(route|page)\.tsx?$/, /^app\/trpc\/server\.tsx$/]
