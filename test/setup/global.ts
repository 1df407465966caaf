import type { TestProject } from "vitest/node"
import { type Lease, leaseStack } from "./lease.ts"

declare module "vitest" {
  export interface ProvidedContext {
    /** Addresses of the shared three-broker cluster. */
    kafkaBootstrap: string[]
    /** The shared PostgreSQL; take a database of your own with `createDatabase` of scripts/stack/postgres.ts. */
    postgresUrl: string
  }
}

/** Runs once before the first file of each project that needs servers; all of them share one stack. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const lease: Lease = await leaseStack()
  project.provide("kafkaBootstrap", lease.bootstrap)
  project.provide("postgresUrl", lease.postgresUrl)
  return () => lease.release()
}
