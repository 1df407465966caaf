import { type NextRequest, NextResponse } from "next/server"

const OPEN = ["/sign-in", "/setup", "/invite"]

/** Security headers for every page, and the way to the sign-in page for who has no session (checked again inside). */
export function proxy(request: NextRequest): NextResponse {
  const { pathname, search } = request.nextUrl
  const signedIn = request.cookies.getAll().some((cookie) => cookie.name.endsWith("signalbox.session_token"))
  if (!signedIn && !OPEN.includes(pathname)) {
    // A clone keeps the path below which Signalbox is reached; `next` is without it, as every path inside is.
    const target = request.nextUrl.clone()
    target.pathname = "/sign-in"
    target.search = ""
    if (pathname !== "/") target.searchParams.set("next", pathname + search)
    return NextResponse.redirect(target)
  }
  const nonce = btoa(crypto.randomUUID())
  const policy = contentSecurityPolicy(nonce)
  const headers = new Headers(request.headers)
  headers.set("x-nonce", nonce)
  headers.set("content-security-policy", policy)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set("content-security-policy", policy)
  if (request.nextUrl.protocol === "https:")
    response.headers.set("strict-transport-security", "max-age=31536000")
  return response
}

/** Inline styles stay allowed: pages set style attributes. Scripts need the nonce. */
function contentSecurityPolicy(nonce: string): string {
  const development = process.env.NODE_ENV === "development" ? " 'unsafe-eval'" : ""
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ")
}

// The second is the overview below a base path, which Next writes without the slash that the first asks for.
export const config = { matcher: ["/((?!api/|_next/|healthz|readyz|metrics|favicon.ico|icon.svg).*)", "/"] }
