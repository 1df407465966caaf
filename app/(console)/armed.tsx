"use client"

import { useQuery } from "@tanstack/react-query"
import Link from "next/link"
import { useTRPC } from "../trpc/client.tsx"
import { duration } from "../ui/format.ts"
import { Mark } from "../ui/mark.tsx"
import { useNow } from "../ui/now.ts"
import { planPath } from "./paths.ts"

/** The resets that wait for a group to become empty; nothing where there is none. */
export function Armed(props: { cluster?: string; group?: string }) {
  const trpc = useTRPC()
  const now = useNow()
  const armed = useQuery(trpc.offsets.armed.queryOptions(props, { refetchInterval: 5000 }))
  if (!armed.data || armed.data.length === 0) return null
  return (
    <section className="panel" aria-label="Armed resets">
      <h2 className="warn">A reset of offsets is armed</h2>
      <ul className="needs">
        {armed.data.map((plan) => (
          <li key={plan.id}>
            <span>
              <Mark look={{ shape: "clock", tone: "warn" }}>armed</Mark>
            </span>
            <span className="said">
              <Link href={planPath(plan.cluster, plan.group, plan.id)}>{plan.what}</Link>, when the group is
              empty, by {plan.armedBy} <span className="quiet">on {plan.cluster}</span>
            </span>
            <span className="quiet since">
              {now !== null &&
                plan.armedUntil !== null &&
                `for ${duration(Math.max(0, plan.armedUntil - now))}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
