import { DomainError } from "#server/errors.ts"

/** The address of this installation, and whether the operator has set it (SIGNALBOX_URL). */
export interface OwnAddress {
  url: string
  urlIsSet: boolean
}

/**
 * The origins that are this installation's own. Where SIGNALBOX_URL is set, that alone; else also whatever name the
 * browser used, since nobody has said under which one the pages are served.
 */
export function ownOrigins({ url, urlIsSet }: OwnAddress, headers: Headers): string[] {
  const { origin, protocol } = new URL(url)
  const host = headers.get("host")
  if (urlIsSet || host === null) return [origin]
  const forwarded = headers.get("x-forwarded-proto")
  return [origin, `${forwarded ?? protocol.replace(":", "")}://${host}`]
}

/**
 * Refuses a change that another site's page has sent with the browser's cookie. Browsers send Origin with every POST
 * and Sec-Fetch-Site with every request; a program that sends neither cannot be tricked by a page.
 * https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */
export function refuseForeign(own: OwnAddress, headers: Headers): void {
  const origin = headers.get("origin")
  const site = headers.get("sec-fetch-site")
  const foreign =
    origin === null
      ? site !== null && site !== "same-origin" && site !== "none"
      : !ownOrigins(own, headers).includes(origin)
  if (foreign)
    throw new DomainError(
      "forbidden",
      `This request came from ${origin ?? "another site"}, not from a page of Signalbox. If that is its address, set SIGNALBOX_URL to it.`,
    )
}
