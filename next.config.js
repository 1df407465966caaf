// For everything that is served; what differs from page to page is in proxy.ts.
const headers = [
  { key: "x-content-type-options", value: "nosniff" },
  { key: "referrer-policy", value: "same-origin" },
  { key: "permissions-policy", value: "camera=(), geolocation=(), microphone=()" },
]

// The path of SIGNALBOX_URL: server/build hands it to the build, and server/roles/web.ts to the server.
const basePath = process.env.SIGNALBOX_BASE_PATH ?? ""

/** @type {import("next").NextConfig} */
export default {
  basePath,
  env: { SIGNALBOX_BASE_PATH: basePath },
  poweredByHeader: false,
  reactStrictMode: true,
  headers: async () => [
    { source: "/:path*", headers },
    // What the API answers is somebody's own: no cache may keep it. tRPC's route says so itself (streams differ).
    { source: "/api/:path((?!trpc/).*)", headers: [{ key: "cache-control", value: "no-store" }] },
    // Next lets caches keep what it made when it was built for a year, across upgrades.
    {
      source: "/:path(docs\\.json|healthz|readyz|metrics)",
      headers: [{ key: "cache-control", value: "no-store" }],
    },
  ],
  serverExternalPackages: [
    "@platformatic/kafka",
    "@prisma/adapter-pg",
    "@prisma/client",
    "better-auth",
    "kafkajs",
    "pg",
    "pg-copy-streams",
    "pino",
    "prom-client",
    "sharp",
    "yaml",
  ],
  // `npm run check:types` checks all of it, tests too; a start of the product must not wait for that again.
  typescript: { ignoreBuildErrors: true },
  experimental: { optimizePackageImports: ["@tabler/icons-react"] },
}
