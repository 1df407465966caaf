import type { ConnectionOptions as TlsOptions } from "node:tls"
import type { ConnectionOptions, SASLOptions } from "@platformatic/kafka"
import { z } from "zod"
import { oauthToken } from "./oauth.ts"
import { pemFaults } from "./pem.ts"

const server = z
  .string()
  .regex(/^(\[[0-9a-fA-F:]+\]|[^\s:,]+):\d{1,5}$/, {
    error: "Give each bootstrap server as host:port, for example kafka-1.example.com:9092.",
    abort: true,
  })
  .refine((text) => isPort(toAddress(text).port), "A port is a number from 1 to 65535.")

const servers = z.preprocess(
  (value) => (typeof value === "string" ? value.split(/[\s,]+/).filter(Boolean) : value),
  z.array(server).min(1, "Give at least one bootstrap server as host:port."),
)

const optional = z
  .string()
  .optional()
  .transform((value) => value?.trim() || undefined)

/** Secrets are taken as they are: a space may belong to them. */
const secret = z
  .string()
  .optional()
  .transform((value) => value || undefined)

/** What is needed to connect to a Kafka cluster. Flat, so that the form on the page and the YAML file look alike. */
export const kafkaConnection = z
  .strictObject({
    bootstrap: servers,
    tls: z.boolean().default(false),
    /** PEM of the certificate authority; default: those the machine trusts. */
    ca: optional,
    /** Name that the brokers' certificate must carry, when it is not the host's. */
    serverName: optional,
    /** false accepts any certificate. */
    verify: z.boolean().default(true),
    clientCertificate: optional,
    clientKey: optional,
    clientKeyPassphrase: secret,
    sasl: z.enum(["none", "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"]).default("none"),
    username: optional,
    password: secret,
    token: optional,
    tokenEndpoint: optional,
    clientId: optional,
    clientSecret: secret,
    scope: optional,
    /** Confluent's HTTP API, as Karapace and Apicurio have it too. */
    registryUrl: optional.refine(
      (url) => url === undefined || /^https?:\/\/[^\s/]/.test(url),
      "Give the schema registry as http:// or https:// with its host.",
    ),
    registryUsername: optional,
    registryPassword: optional,
  })
  .superRefine((connection, context) => {
    const fault = (path: string, message: string) =>
      context.addIssue({ code: "custom", path: [path], message })
    if (Boolean(connection.clientCertificate) !== Boolean(connection.clientKey)) {
      fault("clientKey", "A client certificate and its key go together: give both or neither.")
    }
    for (const one of pemFaults(connection)) fault(one.field, one.message)
    if (connection.tokenEndpoint && !/^https?:\/\/[^\s/]/.test(connection.tokenEndpoint)) {
      fault("tokenEndpoint", "Give the token endpoint as a whole address, with https://.")
    }
    if (connection.sasl === "OAUTHBEARER") {
      if (
        !connection.token &&
        !(connection.tokenEndpoint && connection.clientId && connection.clientSecret)
      ) {
        fault("token", "OAUTHBEARER needs a token, or a token endpoint with client id and client secret.")
      }
    } else if (connection.sasl !== "none" && !(connection.username && connection.password)) {
      fault("username", `${connection.sasl} needs a user name and a password.`)
    }
  })

export type KafkaConnection = z.output<typeof kafkaConnection>

export interface Address {
  host: string
  port: number
}

export function bootstrapAddresses(connection: KafkaConnection): Address[] {
  return connection.bootstrap.map(toAddress)
}

function toAddress(text: string): Address {
  const colon = text.lastIndexOf(":")
  return { host: text.slice(0, colon).replace(/^\[|\]$/g, ""), port: Number(text.slice(colon + 1)) }
}

function isPort(port: number): boolean {
  return port >= 1 && port <= 65_535
}

export function tlsOptions(connection: KafkaConnection): TlsOptions | undefined {
  if (!connection.tls) return undefined
  return {
    ca: connection.ca,
    cert: connection.clientCertificate,
    key: connection.clientKey,
    passphrase: connection.clientKeyPassphrase,
    rejectUnauthorized: connection.verify,
    ...(connection.serverName ? { servername: connection.serverName } : {}),
  }
}

function saslOptions(connection: KafkaConnection): SASLOptions | undefined {
  if (connection.sasl === "none") return undefined
  if (connection.sasl === "OAUTHBEARER") return { mechanism: "OAUTHBEARER", token: oauthToken(connection) }
  return {
    mechanism: connection.sasl,
    username: connection.username ?? "",
    password: connection.password ?? "",
  }
}

/** The same connection, as @platformatic/kafka wants it. Times in ms. */
export function toPlatformatic(connection: KafkaConnection): ConnectionOptions {
  const tls = tlsOptions(connection)
  const sasl = saslOptions(connection)
  return {
    connectTimeout: 4000,
    requestTimeout: 8000,
    maxInflights: 16,
    ...(tls ? { tls, tlsServerName: connection.serverName ?? true } : {}),
    ...(sasl ? { sasl } : {}),
  }
}
