"use client"

import { useQuery } from "@tanstack/react-query"
import Link from "next/link"
import { useQueryStates } from "nuqs"
import { alertPagePath, rulePath } from "#app/(console)/paths.ts"
import { useTRPC } from "#app/trpc/client.tsx"
import { Query } from "#app/ui/states.tsx"
import { alertPath } from "./alert-path.ts"
import { Happened } from "./happened.tsx"
import { alertParams } from "./search-params.ts"
import { SeverityMark } from "./severity.tsx"

/** One alert, chosen by the address: what it says, and all that happened to it. */
export function ChosenAlert({ id }: { id: string }) {
  const trpc = useTRPC()
  const [, setState] = useQueryStates(alertParams, { history: "push" })
  const query = useQuery(trpc.alerts.get.queryOptions({ id }))
  return (
    <section className="panel" aria-label="Alert">
      <Query of={query}>
        {(alert) => {
          const path = alertPath(alert)
          return (
            <>
              <div className="row">
                <SeverityMark severity={alert.severity} />
                <h2 className="grow">
                  <Link href={rulePath(alert.ruleId)}>{alert.rule}</Link>, {alert.state}
                </h2>
                <Link href={alertPagePath(id)} className="field">
                  Open alert
                </Link>
                <button type="button" className="field" onClick={() => void setState({ alert: null })}>
                  Close
                </button>
              </div>
              <p>{path === null ? alert.sentence : <Link href={path}>{alert.sentence}</Link>}</p>
              {alert.advice !== "" && <p className="quiet wrap">{alert.advice}</p>}
              <Happened alert={alert} />
            </>
          )
        }}
      </Query>
    </section>
  )
}
