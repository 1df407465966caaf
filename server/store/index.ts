export { readDocument, readEach } from "./document.ts"
export { migrate } from "./migrate.ts"
export { encodeCommits, NO_COMMIT } from "./series/encoding.ts"
export { type Grid, gridFacts, openGrid } from "./series/grid.ts"
export { growthOf, Holder, ratesOf } from "./series/growth.ts"
export { indexAt } from "./series/index-at.ts"
export { type LastCommit, type LastLog, lastCommits, lastLogs, nextSweep } from "./series/last.ts"
export { loadSweepMemory } from "./series/memory.ts"
export {
  growthByMinute,
  lagByMinute,
  type MinuteSpan,
  minuteAt,
  sweptMinutes,
} from "./series/minutes.ts"
export { keepPartitions } from "./series/partitions.ts"
export { type PassedRequest, whenEndPassed } from "./series/passed.ts"
export {
  type CommitSeries,
  type LogSeries,
  readCommits,
  readLogs,
  readSweeps,
  type Span,
} from "./series/read.ts"
export { rollUp } from "./series/rollup.ts"
export {
  forgetSignalSeries,
  nameSignalSeries,
  readSignalLabels,
  readSignalSeries,
  touchSignalSeries,
} from "./series/signal-series.ts"
export {
  BucketBuilder,
  readSignalBuckets,
  type SignalBucket,
  type SignalLevel,
  type SignalRange,
  type StoredBucket,
  signalLevelFor,
  streamSignalBuckets,
  writeSignalBuckets,
} from "./series/signal-values.ts"
export { readAllStatuses, readStatuses } from "./series/statuses.ts"
export { DEFAULT_KEEP, type Keep, LEVEL_MS } from "./series/tables.ts"
export {
  forget,
  HEARTBEAT_MS,
  newSweepMemory,
  type StoredSweep,
  type SweepMemory,
  writeSweep,
} from "./series/write.ts"
export {
  isDataRefused,
  isStoreAway,
  openStore,
  type Store,
  toStoreError,
  transaction,
  withConnection,
} from "./store.ts"
export { storable, toJson } from "./to-json.ts"
