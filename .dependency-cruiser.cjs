/** Arrows point down only: app → trpc → areas → brokers, registries, store. STYLE.md habit 8. */
const areas = "lag|clusters|traces|topology|failures|offsets|alerts|access|live"

module.exports = {
  forbidden: [
    {
      name: "no-cycle",
      severity: "error",
      comment: "Two files that need each other are one file, or need a third.",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "server-knows-no-page",
      severity: "error",
      comment: "server/ is what the program does: no React, no Next, nothing of app/.",
      from: { path: "^server/" },
      to: { path: "^app/|node_modules/(next|react|react-dom|@mantine)/" },
    },
    {
      name: "no-concrete-broker",
      severity: "error",
      comment: "Ask brokers/ for a broker and look at what it can do; only systems.ts knows which there are.",
      from: { pathNot: "^server/brokers/(systems\\.ts|[^/]+/)|^(test|bench|scripts)/" },
      to: { path: "^server/brokers/[^/]+/" },
    },
    {
      name: "a-broker-stands-alone",
      severity: "error",
      comment: "A messaging system's folder may use the seam and libraries, nothing else of ours.",
      from: { path: "^server/brokers/[^/]+/" },
      to: { path: "^server/", pathNot: "^server/(brokers/|errors\\.ts)" },
    },
    {
      name: "store-is-the-floor",
      severity: "error",
      comment: "The store knows no area.",
      from: { path: "^server/(store|brokers)/" },
      to: { path: `^server/(${areas}|trpc|roles)/` },
    },
    {
      name: "areas-know-no-router",
      severity: "error",
      comment: "Procedures call verbs, never the other way round.",
      from: { path: `^server/(${areas})/` },
      to: { path: "^server/(trpc|roles)/" },
    },
    {
      name: "page-code-takes-types-only",
      severity: "error",
      comment: "Server code reaches the browser as types; only route handlers and server components run it.",
      from: { path: "^app/ui/|^app/.*view\\.tsx$" },
      to: { path: "^server/", dependencyTypesNot: ["type-only"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(server/store/prisma/|\\.next/)" },
    parser: "swc",
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default"],
      extensions: [".ts", ".tsx", ".js", ".mjs", ".cjs", ".json"],
    },
  },
}
