"use client"

import Link from "next/link"
import { count, plural } from "#app/ui/format.ts"
import { Empty } from "#app/ui/states.tsx"
import { type Column, Table } from "#app/ui/table.tsx"
import { Value } from "#app/ui/value.tsx"
import type { GrowPreview as Preview, Reader } from "#server/administration/index.ts"
import { groupPath } from "../paths.ts"

const WHY_UNREAD = "Not known: a position or the end of a partition could not be read."

function columnsOf(cluster: string): Column<Reader>[] {
  return [
    {
      key: "group",
      label: "Group",
      cell: (row) => (
        <Link className="name" href={groupPath(cluster, row.group)}>
          {row.group}
        </Link>
      ),
    },
    { key: "state", label: "State", cell: (row) => row.state },
    {
      key: "members",
      label: "Members",
      cell: (row) =>
        row.members === null
          ? "not known"
          : row.members.length === 0
            ? "none"
            : row.members.map((member) => `${member.clientId} at ${member.host}`).join(", "),
    },
    {
      key: "unread",
      label: "Not read yet",
      numeric: true,
      cell: (row) => <Value of={row.unread} as={count} why={WHY_UNREAD} bad={(row.unread ?? 0) > 0} />,
    },
  ]
}

/** The groups that have read a destination, with what each would miss. */
export function Readers(props: { cluster: string; of: Pick<Preview, "readers" | "readerCount"> }) {
  const { readers, readerCount } = props.of
  const more = (readerCount ?? 0) - readers.length
  return (
    <section className="panel" aria-label="Read by">
      <h2>Read by</h2>
      {readerCount === null ? (
        <Empty>Which groups read this is unknown.</Empty>
      ) : readers.length === 0 ? (
        <Empty>No consumer group reads this. Consumers without a group can't be detected.</Empty>
      ) : (
        <Table label="Read by" columns={columnsOf(props.cluster)} rows={readers} keyOf={(row) => row.group} />
      )}
      {more > 0 && <p className="quiet">{`${plural(more, "more group", "more groups")} with less lag.`}</p>}
    </section>
  )
}
