import {
  clusterPath,
  deleteGroupPath,
  newRulePath,
  newTopicPath,
  resetPath,
  topicActPath,
  topicPath,
} from "../paths.ts"

type Kind = "cluster" | "destination" | "group"

/** Something that can be done to an object, found by its words: "reset billing". */
interface ObjectAct {
  kind: Kind
  words: readonly string[]
  label: (name: string) => string
  path: (cluster: string, name: string) => string
}

const ACTS: readonly ObjectAct[] = [
  {
    kind: "group",
    words: ["reset", "offsets", "rewind"],
    label: (name) => `Reset offsets of ${name}`,
    path: resetPath,
  },
  {
    kind: "group",
    words: ["delete", "remove"],
    label: (name) => `Delete group ${name}`,
    path: deleteGroupPath,
  },
  {
    kind: "group",
    words: ["alert"],
    label: (name) => `Create an alert on the lag of ${name}`,
    path: (cluster, name) => newRulePath({ signal: "lag", cluster, include: name }),
  },
  {
    kind: "destination",
    words: ["messages", "browse", "read"],
    label: (name) => `Browse messages of ${name}`,
    path: (cluster, name) => `${topicPath(cluster, name)}?tab=messages`,
  },
  {
    kind: "destination",
    words: ["send", "produce", "publish"],
    label: (name) => `Send a message to ${name}`,
    path: (cluster, name) => `${topicPath(cluster, name)}?tab=messages&send=new`,
  },
  {
    kind: "destination",
    words: ["edit", "configure", "settings", "retention", "change"],
    label: (name) => `Change settings of ${name}`,
    path: (cluster, name) => topicActPath(cluster, name, "edit"),
  },
  {
    kind: "destination",
    words: ["add", "partitions", "grow"],
    label: (name) => `Add partitions to ${name}`,
    path: (cluster, name) => topicActPath(cluster, name, "grow"),
  },
  {
    kind: "destination",
    words: ["empty", "purge", "truncate"],
    label: (name) => `Delete all messages of ${name}`,
    path: (cluster, name) => topicActPath(cluster, name, "empty"),
  },
  {
    kind: "destination",
    words: ["delete", "remove"],
    label: (name) => `Delete topic ${name}`,
    path: (cluster, name) => topicActPath(cluster, name, "delete"),
  },
  {
    kind: "destination",
    words: ["alert"],
    label: (name) => `Create an alert on ${name}`,
    path: (cluster, name) => newRulePath({ signal: "produce-rate", cluster, include: name }),
  },
  {
    kind: "cluster",
    words: ["create", "new"],
    label: (name) => `Create a topic on ${name}`,
    path: (cluster) => newTopicPath(cluster),
  },
  {
    kind: "cluster",
    words: ["connection", "edit", "change"],
    label: (name) => `Change the connection of ${name}`,
    path: (cluster) => `${clusterPath(cluster)}/connection`,
  },
]

const FILLERS = new Set(
  "a all an and at cluster consumer for from group in into its my of on the to topic with".split(" "),
)
const MIN_LETTERS = 3

/** What is wanted: the words of acts in it, and what is left, which names an object. */
export function readQuery(q: string): { verbs: string[]; object: string } {
  const tokens = q.toLowerCase().split(/\s+/).filter(Boolean)
  const words = ACTS.flatMap((act) => act.words)
  const isVerb = (token: string) =>
    token.length >= MIN_LETTERS && !FILLERS.has(token) && words.some((word) => word.startsWith(token))
  const verbs = tokens.filter(isVerb)
  const rest = tokens.filter((token) => !isVerb(token) && !FILLERS.has(token))
  if (verbs.length === 0 || rest.length === 0) return { verbs, object: q.trim() }
  return { verbs, object: rest.join(" ") }
}

/** The acts on an object that fit all words; the way there. */
export function actsOn(
  object: { kind: Kind; cluster: string; name: string },
  verbs: readonly string[],
): { label: string; path: string }[] {
  if (verbs.length === 0) return []
  return ACTS.filter(
    (act) =>
      act.kind === object.kind && verbs.every((verb) => act.words.some((word) => word.startsWith(verb))),
  ).map((act) => ({ label: act.label(object.name), path: act.path(object.cluster, object.name) }))
}
