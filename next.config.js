/** @type {import("next").NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
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
    "yaml",
  ],
  experimental: { optimizePackageImports: ["@mantine/core", "@mantine/hooks", "@tabler/icons-react"] },
}
