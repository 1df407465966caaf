"use client"

import { useQuery } from "@tanstack/react-query"
import { useTRPC } from "#app/trpc/client.tsx"
import { count, plural } from "#app/ui/format.ts"
import { Empty, Problems, Query } from "#app/ui/states.tsx"
import { type Bound, Value, WHY } from "#app/ui/value.tsx"
import type { MemberRow } from "#server/lag/queries/index.ts"

function bound({ unknownPartitions }: MemberRow): Bound {
  return {
    mark: unknownPartitions > 0 ? "≥" : null,
    note: unknownPartitions > 0 ? `${plural(unknownPartitions, "partition", "partitions")} unknown.` : "",
  }
}

/** Who is in the group now, asked from its coordinator. */
export function Members(props: { cluster: string; group: string }) {
  const trpc = useTRPC()
  const query = useQuery(trpc.groups.members.queryOptions(props))
  return (
    <Query of={query}>
      {({ members, memberCount, assignor, coordinator, state, problems }) => (
        <>
          <Problems problems={problems} />
          <section className="panel">
            <h2>Members</h2>
            <p className="quiet">
              {state}
              {assignor && `, assigned by ${assignor}`}
              {coordinator !== null && `, coordinated by broker ${coordinator}`}
              {members !== null &&
                memberCount !== null &&
                memberCount > members.length &&
                `. Shown are the ${members.length} of ${plural(memberCount, "member", "members")} with the largest lag.`}
            </p>
            {members === null ? (
              <Empty>The members could not be read.</Empty>
            ) : members.length === 0 ? (
              <Empty>Nobody is in this group now. Consumers that call assign() do not show as members.</Empty>
            ) : (
              <div className="scroll">
                <table className="grid cards-on-phone" aria-label="Members">
                  <thead>
                    <tr>
                      <th>Client</th>
                      <th>Host</th>
                      <th>Member</th>
                      <th>Partitions</th>
                      <th className="num">Lag</th>
                    </tr>
                  </thead>
                  <tbody>
                    {members.map((member) => (
                      <tr key={member.id}>
                        <td data-label="Client">{member.clientId}</td>
                        <td data-label="Host">{member.host}</td>
                        <td data-label="Member" className="mono wrap">
                          {member.instanceId ?? member.id}
                        </td>
                        <td data-label="Partitions">
                          {member.assignment === null
                            ? "could not be decoded"
                            : member.assignment
                                .map((one) => `${one.destination}: ${one.partitions.join(", ")}`)
                                .join("; ") || "none"}
                        </td>
                        <td data-label="Lag" className="num">
                          <Value of={member.lag} as={count} why={WHY.lag} bound={bound(member)} />
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            )}
          </section>
        </>
      )}
    </Query>
  )
}
