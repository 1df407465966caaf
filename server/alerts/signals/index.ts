import { brokerOffline } from "./broker-offline.ts"
import { caughtUpIn } from "./caught-up-in.ts"
import { channelFailing } from "./channel-failing.ts"
import { consumeRate } from "./consume-rate.ts"
import { databaseGrowth } from "./database-growth.ts"
import { databaseLatency } from "./database-latency.ts"
import { deadLetterRate } from "./dead-letter-rate.ts"
import { diskFree } from "./disk-free.ts"
import { failedJobs } from "./failed-jobs.ts"
import { failureState } from "./failure-state.ts"
import { groupStatus } from "./group-status.ts"
import { lag } from "./lag.ts"
import { leaderSkew } from "./leader-skew.ts"
import { lost } from "./lost.ts"
import { lostIn } from "./lost-in.ts"
import { members } from "./members.ts"
import { notSampled } from "./not-sampled.ts"
import { offlinePartitions } from "./offline-partitions.ts"
import { produceDeviation } from "./produce-deviation.ts"
import { produceRate } from "./produce-rate.ts"
import { serviceBurnRate } from "./service-burn-rate.ts"
import { serviceErrorRate } from "./service-error-rate.ts"
import { serviceP95 } from "./service-p95.ts"
import { serviceP99 } from "./service-p99.ts"
import { serviceThroughputChange } from "./service-throughput-change.ts"
import type { Signal } from "./signal.ts"
import { timeLag } from "./time-lag.ts"
import { underMinIsr } from "./under-min-isr.ts"
import { underReplicated } from "./under-replicated.ts"
import { unheldClusters } from "./unheld-clusters.ts"

/** Every signal; one more is one file and one line. */
export const SIGNALS: readonly Signal[] = [
  lag,
  timeLag,
  groupStatus,
  caughtUpIn,
  lostIn,
  lost,
  members,
  consumeRate,
  produceRate,
  produceDeviation,
  underReplicated,
  underMinIsr,
  offlinePartitions,
  brokerOffline,
  diskFree,
  leaderSkew,
  failureState,
  deadLetterRate,
  failedJobs,
  notSampled,
  unheldClusters,
  databaseLatency,
  databaseGrowth,
  channelFailing,
  serviceErrorRate,
  serviceP95,
  serviceP99,
  serviceThroughputChange,
  serviceBurnRate,
]

const BY_ID = new Map(SIGNALS.map((signal) => [signal.id, signal]))

export function findSignal(id: string): Signal | undefined {
  return BY_ID.get(id)
}
