import { z } from "zod"
import type { Judge, Refusal } from "./http.ts"

/** What follows from the codes of a service, by code. Those that are not named will be said again. */
export type Codes = Readonly<Record<number, Refusal>>

const said = z.object({
  errcode: z.number().optional(),
  errmsg: z.string().optional(),
  code: z.number().optional(),
  msg: z.string().optional(),
})

/**
 * Reads answers of services that answer 200 whatever happened, and say in the body's `field` how it went: 0 is a delivery.
 * A body without the field is not the service's own (a gateway's page), so it is tried again.
 */
export function judgeByCode(
  field: "errcode" | "code",
  codes: Codes,
  isBusy: (message: string) => boolean = () => false,
): Judge {
  return ({ status, body }) => {
    const answer = said.safeParse(parsed(body)).data
    const code = answer?.[field]
    if (code === undefined) return status >= 200 && status < 300 ? { retry: true } : null
    if (code === 0) return null
    return codes[code] ?? { retry: isBusy(answer?.errmsg ?? answer?.msg ?? "") }
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}
