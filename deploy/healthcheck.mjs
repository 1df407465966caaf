// The health check of the image: every role that runs here lives. Whether the database answers is /readyz, and no
// reason to restart anything.
const {
  SIGNALBOX_ROLES = "web,collector,receiver",
  SIGNALBOX_URL,
  PORT = "3000",
  SIGNALBOX_METRICS_PORT,
  SIGNALBOX_RECEIVER_METRICS_PORT,
} = process.env
const roles = SIGNALBOX_ROLES.split(",").map((role) => role.trim())
const basePath = SIGNALBOX_URL ? new URL(SIGNALBOX_URL).pathname.replace(/\/$/, "") : ""

const probes = []
if (roles.includes("web")) probes.push(`http://127.0.0.1:${PORT}${basePath}/healthz`)
if (roles.includes("collector") && SIGNALBOX_METRICS_PORT)
  probes.push(`http://127.0.0.1:${SIGNALBOX_METRICS_PORT}/healthz`)
if (roles.includes("receiver") && SIGNALBOX_RECEIVER_METRICS_PORT)
  probes.push(`http://127.0.0.1:${SIGNALBOX_RECEIVER_METRICS_PORT}/healthz`)

const answers = await Promise.all(
  probes.map((probe) =>
    fetch(probe, { signal: AbortSignal.timeout(4000) }).then(
      (response) => ({ probe, ok: response.ok, said: `HTTP ${response.status}` }),
      (error) => ({ probe, ok: false, said: error.cause?.message ?? error.message }),
    ),
  ),
)
for (const { probe, ok, said } of answers) if (!ok) console.error(`${probe}: ${said}`)
process.exitCode = answers.every(({ ok }) => ok) ? 0 : 1
