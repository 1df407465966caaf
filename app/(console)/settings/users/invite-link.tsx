"use client"

import { moment } from "#app/ui/format.ts"
import { OneTime } from "../one-time.tsx"

export function InviteLink({ link }: { link: { token: string; expiresAt: number } }) {
  return (
    <OneTime
      label="Link to choose a password"
      value={`${window.location.origin}/invite?token=${link.token}`}
      advice={`Send it to the person: whoever has it can sign in. It works once, until ${moment(link.expiresAt)}, and is not shown again.`}
    />
  )
}
