import { capital, useSystems } from "#app/(console)/systems.ts"
import { bytes, count, UNKNOWN } from "#app/ui/format.ts"
import { Mark } from "#app/ui/mark.tsx"
import { Empty } from "#app/ui/states.tsx"
import { type Column, Table } from "#app/ui/table.tsx"
import type { ClusterDetail } from "#server/clusters/index.ts"

type Node = ClusterDetail["nodeList"][number]

const COLUMNS: Column<Node>[] = [
  { key: "id", label: "Id", numeric: true, cell: (row) => row.id },
  { key: "online", label: "Status", cell: (row) => <Online online={row.online} /> },
  {
    key: "host",
    label: "Address",
    cell: (row) => (
      <>
        <span className="mono">
          {row.host}:{row.port}
        </span>
        {row.controller && <span className="tag">controller</span>}
      </>
    ),
  },
  { key: "rack", label: "Rack", cell: (row) => row.rack ?? <span className="quiet">none</span> },
  { key: "disk", label: "Disk", cell: (row) => <Disk node={row} /> },
]

/** The nodes, each with its disk by log directory and its share of leaders. */
export function Nodes({ cluster }: { cluster: ClusterDetail }) {
  const words = useSystems()(cluster.system)
  const leadersOf = new Map(cluster.leadersByNode.map((one) => [one.node, one]))
  const columns: Column<Node>[] = [
    ...COLUMNS,
    {
      key: "leaders",
      label: "Leader of",
      numeric: true,
      cell: (row) => count(leadersOf.get(row.id)?.leaders),
    },
    {
      key: "replicas",
      label: "Replicas",
      numeric: true,
      cell: (row) => count(leadersOf.get(row.id)?.replicas),
    },
  ]
  return (
    <section className="panel" aria-label={capital(words.node.many)}>
      <h2>{capital(words.node.many)}</h2>
      {cluster.nodeList.length === 0 ? (
        <Empty>No nodes yet: waiting for the first metadata refresh.</Empty>
      ) : (
        <Table
          label={capital(words.node.many)}
          columns={columns}
          rows={cluster.nodeList}
          keyOf={(row) => String(row.id)}
        />
      )}
    </section>
  )
}

function Online({ online }: { online: boolean | null }) {
  if (online === null) return <Mark look={{ shape: "question", tone: "quiet" }}>unknown</Mark>
  return online ? (
    <Mark look={{ shape: "dot", tone: "good" }}>online</Mark>
  ) : (
    <Mark look={{ shape: "cross", tone: "bad" }}>does not answer</Mark>
  )
}

/** Bytes of the broker's own data, and how full the volume is, where the broker says it. */
function Disk({ node }: { node: Node }) {
  if (node.logDirs === null) return <span title="This node did not say.">{UNKNOWN}</span>
  return (
    <>
      {node.logDirs.map((dir) => {
        if (dir.error !== null) {
          return (
            <div key={dir.path} className="bad">
              {dir.path}: {dir.error}
            </div>
          )
        }
        const total = dir.totalBytes ?? 0
        const full = total > 0 && dir.freeBytes !== null ? 1 - dir.freeBytes / total : null
        return (
          <div key={dir.path} title={dir.path} className={full !== null && full > 0.85 ? "bad" : undefined}>
            {bytes(dir.usedBytes)}
            {full !== null && (
              <span className="quiet">
                {" "}
                of data; volume {Math.round(full * 100)} % full, {bytes(dir.freeBytes)} free
              </span>
            )}
          </div>
        )
      })}
    </>
  )
}
