import type { ConnectionField } from "../system.ts"

const withTls = { field: "tls", is: [true] }
const withPassword = { field: "sasl", is: ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] }
const withOauth = { field: "sasl", is: ["OAUTHBEARER"] }

export const kafkaFields: readonly ConnectionField[] = [
  {
    name: "bootstrap",
    label: "Bootstrap servers",
    help: "host:port, several separated by commas. Two or three are enough; the rest is found by them.",
    kind: "text",
    placeholder: "kafka-1.example.com:9092, kafka-2.example.com:9092",
    receivesSecrets: true,
  },
  {
    name: "tls",
    label: "TLS",
    help: "Encrypt the connection (listeners SSL and SASL_SSL).",
    kind: "switch",
    receivesSecrets: true,
  },
  {
    name: "ca",
    label: "Certificate authority (PEM)",
    help: "Leave empty if this machine already trusts it.",
    kind: "multiline",
    when: withTls,
  },
  {
    name: "serverName",
    label: "Name in the certificate",
    help: "Only when the brokers' certificate carries another name than their host.",
    kind: "text",
    when: withTls,
  },
  {
    name: "verify",
    label: "Verify the certificate",
    help: "Switched off, anyone on the way can read and change what is sent.",
    kind: "switch",
    initial: true,
    when: withTls,
    receivesSecrets: true,
  },
  {
    name: "clientCertificate",
    label: "Client certificate (PEM)",
    help: "For brokers with ssl.client.auth=required (mTLS).",
    kind: "multiline",
    when: withTls,
  },
  {
    name: "clientKey",
    label: "Client key (PEM)",
    help: "The key of the client certificate.",
    kind: "secret-multiline",
    when: withTls,
  },
  {
    name: "clientKeyPassphrase",
    label: "Passphrase of the key",
    help: "Only if the key has one.",
    kind: "secret",
    when: withTls,
  },
  {
    name: "sasl",
    label: "Authentication (SASL)",
    help: "The mechanism that the brokers' listener offers.",
    kind: "select",
    options: ["none", "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"].map((value) => ({
      value,
      label: value,
    })),
  },
  {
    name: "username",
    label: "User name",
    help: "The user as the brokers know it.",
    kind: "text",
    when: withPassword,
  },
  {
    name: "password",
    label: "Password",
    help: "Kept encrypted; never sent to a browser.",
    kind: "secret",
    when: withPassword,
  },
  {
    name: "token",
    label: "Token",
    help: "A fixed bearer token; or leave it empty and give a token endpoint.",
    kind: "secret",
    when: withOauth,
  },
  {
    name: "tokenEndpoint",
    label: "Token endpoint",
    help: "Where tokens are got by the client-credentials grant.",
    kind: "text",
    placeholder: "https://login.example.com/oauth2/token",
    when: withOauth,
    receivesSecrets: true,
  },
  {
    name: "clientId",
    label: "Client id",
    help: "Of the client-credentials grant.",
    kind: "text",
    when: withOauth,
  },
  {
    name: "clientSecret",
    label: "Client secret",
    help: "Of the client-credentials grant.",
    kind: "secret",
    when: withOauth,
  },
  {
    name: "scope",
    label: "Scope",
    help: "Only if the token endpoint wants one.",
    kind: "text",
    when: withOauth,
  },
]
