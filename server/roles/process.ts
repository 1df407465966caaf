/**
 * A signal that aborts when this role is to stop: SIGTERM, SIGINT, or its supervisor is gone. A second SIGINT ends the
 * process at once.
 */
export function untilStopped(): AbortSignal {
  const controller = new AbortController()
  const stop = () => controller.abort()
  process.once("SIGTERM", stop)
  process.once("SIGINT", stop)
  process.once("disconnect", stop)
  return controller.signal
}
