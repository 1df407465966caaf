import type { IncomingMessage, ServerResponse } from "node:http"

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

/** Answers what the pages' server fails on: a method that it does not know, a path that cannot be decoded. Returns whether it did. */
export function answerOdd(request: IncomingMessage, response: ServerResponse): boolean {
  const { method = "", url = "" } = request
  if (!METHODS.includes(method)) {
    refuse(response, 405, { code: "METHOD_NOT_SUPPORTED", message: `The method ${method} is not supported.` })
    return true
  }
  if (isDecodable(url.split("?", 1)[0] ?? "")) return false
  const message = 'The path has a malformed percent escape. Encode it as UTF-8, and "%" as %25.'
  refuse(response, 400, { code: "BAD_REQUEST", message })
  return true
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}

function refuse(response: ServerResponse, status: 400 | 405, error: { code: string; message: string }): void {
  response.writeHead(status, {
    "content-type": "application/json",
    "cache-control": "no-store",
    connection: "close",
    ...(status === 405 ? { allow: METHODS.join(", ") } : {}),
  })
  response.end(JSON.stringify({ error }))
}
