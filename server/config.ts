import path from "node:path"
import { z } from "zod"
import { DomainError } from "./errors.ts"
import { OUTBOUND_VARIABLES, readOutboundPolicy } from "./outbound/index.ts"
import { DEFAULT_KEEP, type Keep } from "./store/index.ts"

/** Days; partitions of the finest series are a day wide, so nothing is kept for less. */
const days = z.coerce.number("must be a number of days").int().min(1).max(36_500)
const gigabytes = z.coerce.number("must be a number of GB").min(0.1).max(1_000_000)
const port = z.coerce.number().int().min(0).max(65535)

const environment = z.object({
  DATABASE_URL: z.string().startsWith("postgres", "must be a postgresql:// URL").optional(),
  SIGNALBOX_MIGRATE_URL: z.string().startsWith("postgres", "must be a postgresql:// URL").optional(),
  SIGNALBOX_DATA_DIR: z.string().default(".data"),
  SIGNALBOX_CONFIG: z.string().optional(),
  SIGNALBOX_SECRET: z.string().min(16, "must have at least 16 characters").optional(),
  SIGNALBOX_URL: z.url().optional(),
  SIGNALBOX_ROLES: z.string().default("web,collector,receiver"),
  SIGNALBOX_TRUSTED_PROXIES: z.string().default(""),
  SIGNALBOX_KEEP_SAMPLES_DAYS: days.default(DEFAULT_KEEP.raw),
  SIGNALBOX_KEEP_MINUTES_DAYS: days.default(DEFAULT_KEEP["1m"]),
  SIGNALBOX_KEEP_TEN_MINUTES_DAYS: days.default(DEFAULT_KEEP["10m"]),
  SIGNALBOX_METRICS_PORT: port.optional(),
  SIGNALBOX_METRICS_GROUPS: z.coerce.number("must be a number").int().min(0).max(100_000).default(1000),
  SIGNALBOX_METRICS_TOKEN: z.string().min(16, "must have at least 16 characters").optional(),
  SIGNALBOX_RECEIVER_HOST: z.string().default("127.0.0.1"),
  SIGNALBOX_OTLP_HTTP_PORT: port.default(4318),
  SIGNALBOX_OTLP_GRPC_PORT: port.default(4317),
  SIGNALBOX_ZIPKIN_PORT: port.default(9411),
  SIGNALBOX_RECEIVER_TLS_CERT: z.string().optional(),
  SIGNALBOX_RECEIVER_TLS_KEY: z.string().optional(),
  SIGNALBOX_SPANS_KAFKA_BROKERS: z.string().default(""),
  SIGNALBOX_SPANS_KAFKA_TOPIC: z.string().min(1).default("otlp_spans"),
  SIGNALBOX_SPANS_KAFKA_GROUP: z.string().min(1).default("signalbox-receiver"),
  SIGNALBOX_SPANS_KAFKA_TLS: z.enum(["true", "false"], "must be true or false").default("false"),
  SIGNALBOX_SPANS_KAFKA_USERNAME: z.string().optional(),
  SIGNALBOX_SPANS_KAFKA_PASSWORD: z.string().optional(),
  SIGNALBOX_RECEIVER_TOKENS: z.string().default(""),
  SIGNALBOX_RECEIVER_METRICS_PORT: port.optional(),
  SIGNALBOX_KEEP_SPANS_DAYS: days.default(7),
  SIGNALBOX_KEEP_SPANS_GB: gigabytes.default(20),
  SIGNALBOX_DEMO_USER: z.email().optional(),
  SIGNALBOX_DEMO_PASSWORD: z.string().min(8).optional(),
  PORT: port.default(3000),
  HOST: z.string().default("127.0.0.1"),
})

/** Every variable that is read here; those of the sign-in by OIDC are in access/sign-in-config.ts. */
export const VARIABLES: ReadonlySet<string> = new Set([
  ...Object.keys(environment.shape),
  ...OUTBOUND_VARIABLES,
])

export const ROLES = ["web", "collector", "receiver"] as const
export type RoleName = (typeof ROLES)[number]

export interface Config {
  databaseUrl: string | undefined
  /** Of the role that owns the schema, where Signalbox runs as another. */
  migrateUrl: string | undefined
  dataDir: string
  configFile: string | undefined
  secret: string | undefined
  url: string
  /** The path of `url`, such as `/signalbox`; empty for the root. */
  basePath: string
  /** Whether SIGNALBOX_URL is set: else browsers may use any name that leads here. */
  urlIsSet: boolean
  roles: RoleName[]
  keep: Keep
  /** Addresses and networks whose x-forwarded-for is believed. */
  trustedProxies: string
  metricsPort: number | undefined
  /** Groups on destinations whose lag the collector tells Prometheus. */
  metricsGroups: number
  metricsToken: string | undefined
  receiver: ReceiverConfig
  demo: { email: string; password: string } | undefined
  port: number
  host: string
}

/** Where spans are taken, from whom, and how long they are kept. */
export interface ReceiverConfig {
  host: string
  otlpHttpPort: number
  otlpGrpcPort: number
  zipkinPort: number
  /** Files; null: connections are not encrypted. */
  tls: { cert: string; key: string } | null
  /** A topic of spans that is read, too; null: none. */
  kafka: SpansKafka | null
  /** Bearer tokens, of which senders need one; none: everybody may send. */
  tokens: string[]
  metricsPort: number | undefined
  keepDays: number
  keepBytes: number
}

export interface SpansKafka {
  brokers: string[]
  topic: string
  group: string
  tls: boolean
  sasl: { username: string; password: string } | null
}

/** The environment, checked. Throws a DomainError that names every wrong variable. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const parsed = environment.safeParse(env)
  if (!parsed.success) {
    const words = parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`).join("; ")
    throw new DomainError("bad_input", `Invalid environment variables: ${words}. See docs/configuration.md.`)
  }
  // Every process reads it for itself, when it asks: here it is only checked.
  readOutboundPolicy(env)
  const values = parsed.data
  const url = (values.SIGNALBOX_URL ?? `http://localhost:${values.PORT}`).replace(/\/$/, "")
  const demo = values.SIGNALBOX_DEMO_USER && values.SIGNALBOX_DEMO_PASSWORD
  return {
    databaseUrl: values.DATABASE_URL,
    migrateUrl: values.SIGNALBOX_MIGRATE_URL,
    dataDir: path.resolve(values.SIGNALBOX_DATA_DIR),
    configFile: values.SIGNALBOX_CONFIG,
    secret: values.SIGNALBOX_SECRET,
    url,
    basePath: new URL(url).pathname.replace(/\/$/, ""),
    urlIsSet: values.SIGNALBOX_URL !== undefined,
    roles: readRoles(values.SIGNALBOX_ROLES),
    trustedProxies: values.SIGNALBOX_TRUSTED_PROXIES,
    keep: readKeep(values),
    metricsPort: values.SIGNALBOX_METRICS_PORT,
    metricsGroups: values.SIGNALBOX_METRICS_GROUPS,
    metricsToken: values.SIGNALBOX_METRICS_TOKEN,
    receiver: readReceiver(values),
    demo: demo
      ? { email: values.SIGNALBOX_DEMO_USER ?? "", password: values.SIGNALBOX_DEMO_PASSWORD ?? "" }
      : undefined,
    port: values.PORT,
    host: values.HOST,
  }
}

const GB = 1e9
const SHORTEST_TOKEN = 16

function readReceiver(values: z.output<typeof environment>): ReceiverConfig {
  const tokens = values.SIGNALBOX_RECEIVER_TOKENS.split(",")
    .map((token) => token.trim())
    .filter((token) => token !== "")
  if (tokens.some((token) => token.length < SHORTEST_TOKEN || /\s/.test(token)))
    throw new DomainError(
      "bad_input",
      `SIGNALBOX_RECEIVER_TOKENS: each token must have at least ${SHORTEST_TOKEN} characters and no space.`,
    )
  return {
    host: values.SIGNALBOX_RECEIVER_HOST,
    otlpHttpPort: values.SIGNALBOX_OTLP_HTTP_PORT,
    otlpGrpcPort: values.SIGNALBOX_OTLP_GRPC_PORT,
    zipkinPort: values.SIGNALBOX_ZIPKIN_PORT,
    tls: readTls(values),
    kafka: readSpansKafka(values),
    tokens,
    metricsPort: values.SIGNALBOX_RECEIVER_METRICS_PORT,
    keepDays: values.SIGNALBOX_KEEP_SPANS_DAYS,
    keepBytes: values.SIGNALBOX_KEEP_SPANS_GB * GB,
  }
}

function readTls(values: z.output<typeof environment>): ReceiverConfig["tls"] {
  const { SIGNALBOX_RECEIVER_TLS_CERT: cert, SIGNALBOX_RECEIVER_TLS_KEY: key } = values
  if (cert !== undefined && key !== undefined) return { cert, key }
  if (cert === undefined && key === undefined) return null
  throw new DomainError(
    "bad_input",
    "SIGNALBOX_RECEIVER_TLS_CERT and SIGNALBOX_RECEIVER_TLS_KEY belong together: set both, or neither.",
  )
}

function readSpansKafka(values: z.output<typeof environment>): SpansKafka | null {
  const brokers = values.SIGNALBOX_SPANS_KAFKA_BROKERS.split(",")
    .map((broker) => broker.trim())
    .filter((broker) => broker !== "")
  if (brokers.length === 0) return null
  const { SIGNALBOX_SPANS_KAFKA_USERNAME: username, SIGNALBOX_SPANS_KAFKA_PASSWORD: password } = values
  return {
    brokers,
    topic: values.SIGNALBOX_SPANS_KAFKA_TOPIC,
    group: values.SIGNALBOX_SPANS_KAFKA_GROUP,
    tls: values.SIGNALBOX_SPANS_KAFKA_TLS === "true",
    sasl: username === undefined || password === undefined ? null : { username, password },
  }
}

/** A range that a finer resolution does not reach is drawn from the next coarser one, which must reach further. */
function readKeep(values: z.output<typeof environment>): Keep {
  const keep = {
    raw: values.SIGNALBOX_KEEP_SAMPLES_DAYS,
    "1m": values.SIGNALBOX_KEEP_MINUTES_DAYS,
    "10m": values.SIGNALBOX_KEEP_TEN_MINUTES_DAYS,
  }
  if (keep.raw <= keep["1m"] && keep["1m"] <= keep["10m"]) return keep
  throw new DomainError(
    "bad_input",
    "SIGNALBOX_KEEP_SAMPLES_DAYS, SIGNALBOX_KEEP_MINUTES_DAYS and SIGNALBOX_KEEP_TEN_MINUTES_DAYS must not decrease with coarser resolution: raw ≤ 1 minute ≤ 10 minutes.",
  )
}

function readRoles(text: string): RoleName[] {
  const names = text.split(",").map((name) => name.trim())
  const unknown = names.filter((name) => !ROLES.some((role) => role === name))
  if (unknown.length > 0) {
    throw new DomainError(
      "bad_input",
      `SIGNALBOX_ROLES names ${unknown.join(", ")}; the roles are ${ROLES.join(", ")}.`,
    )
  }
  return ROLES.filter((role) => names.includes(role))
}
