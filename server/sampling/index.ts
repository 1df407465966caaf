export type { GroupLag } from "./group-lags.ts"
export { type ClusterSampling, type Swept, startSampling } from "./sweep.ts"
