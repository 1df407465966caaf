import { DomainError } from "#server/errors.ts"

/** Rejects as soon as the signal aborts; the work itself goes on, and its outcome is dropped. */
export function abortable<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  if (signal.aborted) {
    work.catch(() => undefined)
    return Promise.reject(timeoutError(signal))
  }
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(timeoutError(signal))
    signal.addEventListener("abort", onAbort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort))
  })
}

function timeoutError(signal: AbortSignal): Error {
  return signal.reason instanceof Error
    ? signal.reason
    : new DomainError("timeout", "It did not answer in time.")
}
