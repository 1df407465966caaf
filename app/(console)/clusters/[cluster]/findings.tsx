import Link from "next/link"
import { clusterPath, topicPath } from "#app/(console)/paths.ts"
import { useSystems } from "#app/(console)/systems.ts"
import { type Look, Mark } from "#app/ui/mark.tsx"
import type { ClusterDetail, Finding } from "#server/clusters/index.ts"

const LEVELS: Record<Finding["level"], Look & { word: string }> = {
  bad: { shape: "cross", word: "bad", tone: "bad" },
  warn: { shape: "triangle", word: "look", tone: "warn" },
  info: { shape: "ring", word: "note", tone: "quiet" },
}

const MAX_NAMED = 6

/** What is wrong with the cluster itself, the worst first. */
export function Findings({ cluster }: { cluster: ClusterDetail }) {
  const { error } = cluster.freshness
  const words = useSystems()(cluster.system)
  const order = Object.keys(LEVELS)
  const findings = cluster.findings.toSorted((a, b) => order.indexOf(a.level) - order.indexOf(b.level))
  return (
    <section className="panel" aria-label="Findings">
      {error !== null && (
        <p className="finding" role="alert">
          <span>
            <Mark look={{ shape: "cross", tone: "bad" }}>unreachable</Mark>
          </span>
          <span>
            {error} What is shown below was true when it was last sampled. Check that the brokers are running
            and that Signalbox can reach them:{" "}
            <Link href={`${clusterPath(cluster.slug)}/connection`}>test the connection</Link>.
          </span>
        </p>
      )}
      {findings.map((finding) => (
        <Line
          key={`${finding.kind} ${finding.message}`}
          finding={finding}
          cluster={cluster.slug}
          advice={words.advice[finding.kind]}
        />
      ))}
      {error === null && findings.length === 0 && <AllWell cluster={cluster} />}
    </section>
  )
}

function AllWell({ cluster }: { cluster: ClusterDetail }) {
  const words = useSystems()(cluster.system)
  if (cluster.freshness.describedAt === null)
    return <p className="quiet note">Not described yet; that takes one sampling interval.</p>
  return (
    <p className="finding">
      <Mark look={{ shape: "dot", tone: "good" }}>ok</Mark>
      <span>{words.allWell}</span>
    </p>
  )
}

function Line(props: { finding: Finding; cluster: string; advice: string | undefined }) {
  const { finding, cluster, advice } = props
  const level = LEVELS[finding.level]
  return (
    <p className="finding">
      <span>
        <Mark look={level}>{level.word}</Mark>
      </span>
      <span>
        {finding.message} {advice && <span className="quiet">{advice} </span>}
        {finding.destinations.slice(0, MAX_NAMED).map((name) => (
          <Link key={name} href={topicPath(cluster, name)} className="tag">
            {name}
          </Link>
        ))}
        {finding.destinations.length > MAX_NAMED && (
          <Link href={`${clusterPath(cluster)}/topics?health=bad`} className="tag">
            and {finding.destinations.length - MAX_NAMED} more
          </Link>
        )}
      </span>
    </p>
  )
}
