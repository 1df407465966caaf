"use client"

import { withBasePath } from "#app/base-path.ts"
import { moment } from "#app/ui/format.ts"
import { OneTime } from "../one-time.tsx"

export function InviteLink({ link }: { link: { token: string; expiresAt: number } }) {
  return (
    <OneTime
      label="Link to choose a password"
      value={`${window.location.origin}${withBasePath("/invite")}?token=${link.token}`}
      advice={`Send it to the person: whoever has it can sign in. It works once, until ${moment(link.expiresAt)}, and is not shown again.`}
    />
  )
}
