export { activityInput, destinationActivity } from "./activity.ts"
export {
  type ConfigFile,
  escapeVariables,
  type FileEntry,
  ownFilePath,
  parseConfigFile,
  readOwnFile,
  slugOf,
} from "./config-file.ts"
export {
  connectCluster,
  connectInput,
  listSystems,
  removeCluster,
  removeInput,
  testConnection,
  testInput,
} from "./connect-cluster.ts"
export {
  destinationInput,
  getDestination,
  listDestinations,
  listDestinationsInput,
} from "./destinations.ts"
export {
  connectionInput,
  getConnection,
  testStored,
  testStoredInput,
  updateCluster,
  updateInput,
} from "./edit-connection.ts"
export { knownReaders } from "./known-readers.ts"
export { getCluster, getClusterHead, listClusters, nameClusters } from "./list-clusters.ts"
export { openBroker, openTarget, releaseRemoved } from "./open-broker.ts"
export { destinationPartitionsInput, listDestinationPartitions } from "./partitions.ts"
export { freshnessOf, paging, readCluster, slug } from "./rows.ts"
export { type Hit, search, searchInput } from "./search.ts"
export { readState, type StoredNode } from "./stored-state.ts"
export { type ClusterTarget, readTargets, resealConnections, syncFileClusters } from "./targets.ts"
export type {
  ClusterDetail,
  ClusterSummary,
  DestinationDetail,
  DestinationPartition,
  DestinationRow,
  Finding,
  Freshness,
  Page,
  Series,
  SeriesFacts,
  StoredConnection,
} from "./views.ts"
