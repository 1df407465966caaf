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
const WORDS = ["server/errors.ts", "server/log.ts", "server/actor.ts"]
const AREAS = [
  "server/clusters",
  "server/lag",
  "server/messages",
  "server/offsets",
  "server/failures",
  "server/administration",
  "server/live",
  "server/views",
] as const
const SHARED = [...WORDS, "server/store", "server/brokers", "server/context.ts", "server/access"]

export const LAYERS: readonly Layer[] = [
  { folder: "server/errors.ts", may: [], without: REACT, why: "The one family of errors knows nobody." },
  { folder: "server/log.ts", may: [], without: REACT, why: "The log knows nobody." },
  { folder: "server/actor.ts", may: [], why: "Who acts is a word, not a rule." },
  { folder: "server/config.ts", may: [...WORDS, "server/store"], why: "Read once, at the start." },
  { folder: "server/store", may: WORDS, without: REACT, why: "The store knows no area and no broker." },
  {
    folder: "server/brokers",
    may: WORDS,
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
    may: [...WORDS, "server/store", "server/brokers", "server/context.ts", "server/config.ts"],
    without: REACT,
    why: "Who may do what is below every area.",
  },
  ...AREAS.map((folder) => ({
    folder,
    may: [...SHARED, ...AREAS],
    without: REACT,
    why: "An area knows other areas, what it acts on, and no router, role or page.",
  })),
  {
    folder: "server/sampling",
    may: [...SHARED, "server/clusters", "server/lag"],
    without: REACT,
    why: "A sweep samples, evaluates, stores and announces; it knows no role.",
  },
  {
    folder: "server/trpc",
    may: [...SHARED, ...AREAS, "server/sampling", "server/web.ts"],
    without: [/^next($|\/)/, /^react($|-dom$)/],
    why: "Routers are thin doors to the areas.",
  },
  {
    folder: "server/roles",
    may: [...SHARED, ...AREAS, "server/sampling", "server/config.ts", "server/trpc", "server/web.ts"],
    why: "A role runs the areas; nothing imports a role but the start.",
  },
  {
    folder: "server",
    may: ["server"],
    why: "The files at the root of server/ start and wire everything.",
  },
  {
    folder: "app",
    may: [...WORDS, ...AREAS, "server/access", "server/brokers", "server/trpc", "server/web.ts"],
    why: "Pages ask trpc; of the areas they take only pure words, schemas and types.",
  },
]

/** Systems behind the seam: only the list of systems may import them. */
export const ONLY_SYSTEMS_KNOWS = {
  folder: /^server\/brokers\/[^/]+\//,
  importer: "server/brokers/systems.ts",
}
