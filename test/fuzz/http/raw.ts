import { request as httpRequest } from "node:http"

/** One request as it goes over the wire: nothing is normalised or encoded on its way. */
export interface RawRequest {
  method: string
  /** Path and query. */
  path: string
  headers: Record<string, string>
  body: Buffer | null
}

export interface RawAnswer {
  /** Null: it was cut, or nothing had come when it was left. */
  status: number | null
  headers: string
  /** The beginning of it. */
  body: string
}

/** Streams and downloads go on: they are left then, and what has come is looked at. */
const LEAVE_MS = 4000
const MAX_READ = 300_000

/** Asks the server at `port`; never rejects, since a server may refuse whatever it likes. */
export function sendRaw(port: number, asked: RawRequest): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const answer: RawAnswer = { status: null, headers: "", body: "" }
    const leave = AbortSignal.timeout(LEAVE_MS)
    const done = () => resolve(answer)
    try {
      const { method, path, headers, body } = asked
      const options = { host: "127.0.0.1", port, method, path, headers, signal: leave, agent: false }
      const sending = httpRequest(options, (response) => {
        answer.status = response.statusCode ?? null
        answer.headers = response.rawHeaders.join("\n")
        response.setEncoding("utf8")
        response.on("data", (text: string) => {
          answer.body += text
          if (answer.body.length > MAX_READ) sending.destroy()
        })
        response.once("error", done)
        response.once("close", done)
      })
      sending.once("error", done)
      sending.once("close", done)
      sending.end(body ?? undefined)
    } catch {
      // What Node itself refuses to send, such as a line break in a header.
      done()
    }
  })
}
