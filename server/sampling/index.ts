export type { GroupLag } from "./group-lags.ts"
export { ClusterSampling, type Swept } from "./sweep.ts"
