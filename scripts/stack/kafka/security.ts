import { type Certificates, makeCertificates } from "./certificates.ts"

export interface SecurityOptions {
  /** Adds the listeners `tls` and `mtls`, and puts TLS on `saslTls`. */
  tls?: boolean
  /** Adds the listener `sasl`, and `saslTls` when there is TLS as well. */
  sasl?: boolean
  /**
   * Turns authorisation on: the plain listener and `admin` may do everything; other users only what ACLs allow
   * (`tools.run("acls", …)`), at first nothing.
   */
  authorise?: boolean
}

/** Ports of one node by listener; 0 where it was not asked for. */
export interface ListenerPorts {
  /** TLS, no client certificate asked for. */
  tls: number
  /** TLS, a client certificate is required. */
  mtls: number
  /** SASL without TLS. */
  sasl: number
  /** SASL over TLS. */
  saslTls: number
}

export interface Security {
  /** A listener's addresses, one a node, for `bootstrap`. */
  bootstrap: (listener: keyof ListenerPorts) => string[]
  certificates: Certificates | null
  users: typeof USERS
}

export const MECHANISMS = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"] as const

/** Who can sign in by every mechanism. With `authorise`, `guest` may nothing. */
export const USERS = {
  admin: { username: "admin", password: "admin-secret" },
  guest: { username: "guest", password: "guest-secret" },
} as const

/** A token that the brokers' OAUTHBEARER listener takes: an unsecured JWS, as Kafka has for development. */
export function unsecuredToken(subject: string, seconds = 3600): string {
  const now = Math.floor(Date.now() / 1000)
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")
  return `${part({ alg: "none" })}.${part({ sub: subject, iat: now, exp: now + seconds })}.`
}

/** Listener names of settings.ts. */
export function listenerNames(options: SecurityOptions): Partial<Record<keyof ListenerPorts, string>> {
  return {
    ...(options.tls ? { tls: "TLS", mtls: "MTLS" } : {}),
    ...(options.sasl ? { sasl: "SASL" } : {}),
    ...(options.sasl && options.tls ? { saslTls: "SASL_TLS" } : {}),
  }
}

/** The settings and formatter arguments that turn these listeners on. */
export async function secure(
  options: SecurityOptions,
  folder: string,
): Promise<{ config: Record<string, string>; format: string[]; certificates: Certificates | null }> {
  const certificates = options.tls ? await makeCertificates(folder) : null
  return {
    certificates,
    format: options.sasl ? scramUsers() : [],
    config: {
      ...(certificates ? tlsConfig(certificates) : {}),
      ...(options.sasl ? saslConfig() : {}),
      ...(options.authorise ? authoriserConfig() : {}),
    },
  }
}

function tlsConfig(certificates: Certificates): Record<string, string> {
  return {
    "ssl.keystore.type": "PEM",
    "ssl.keystore.location": certificates.files.serverKeyStore,
    "ssl.truststore.type": "PEM",
    "ssl.truststore.location": certificates.files.ca,
    "listener.name.mtls.ssl.client.auth": "required",
    "listener.name.tls.ssl.client.auth": "none",
  }
}

function saslConfig(): Record<string, string> {
  const security = "org.apache.kafka.common.security"
  const plain = Object.values(USERS).map((user) => `user_${user.username}="${user.password}"`)
  const modules = {
    plain: `${security}.plain.PlainLoginModule required ${plain.join(" ")};`,
    "scram-sha-256": `${security}.scram.ScramLoginModule required;`,
    "scram-sha-512": `${security}.scram.ScramLoginModule required;`,
    oauthbearer: `${security}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="admin";`,
  }
  const config: Record<string, string> = { "sasl.enabled.mechanisms": MECHANISMS.join(",") }
  for (const listener of ["sasl", "sasl_tls"]) {
    for (const [mechanism, module] of Object.entries(modules)) {
      config[`listener.name.${listener}.${mechanism}.sasl.jaas.config`] = module
    }
  }
  return config
}

function scramUsers(): string[] {
  const users = Object.values(USERS).flatMap((user) =>
    ["SCRAM-SHA-256", "SCRAM-SHA-512"].map(
      (mechanism) => `${mechanism}=[name=${user.username},password=${user.password}]`,
    ),
  )
  return users.flatMap((user) => ["--add-scram", user])
}

function authoriserConfig(): Record<string, string> {
  return {
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "super.users": "User:ANONYMOUS;User:admin",
    "allow.everyone.if.no.acl.found": "false",
  }
}
