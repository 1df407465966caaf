import type { PoolClient } from "pg"
import type { Calls, Counts, ErrorCalls, InstanceCalls } from "../calls/counts.ts"
import { MS_NS } from "../times.ts"
import { copy } from "./copy.ts"
import { binaryRow, int2, int4, int8 } from "./copy-rows.ts"

const CALLS = "traces.calls (at, slowest_ns, operation_id, status, slowest_trace, sketch, peer_id)"
const INSTANCES = "traces.instance_calls (at, instance_id, spans, calls, errors, sketch)"
const ERRORS = "traces.error_calls (at, error_id, operation_id, spans, trace)"

/** Writes what was counted, within the caller's transaction. */
export async function copyCounts(client: PoolClient, { calls, instances, errors }: Counts): Promise<void> {
  await copy(client, CALLS, calls.map(callsRow))
  await copy(client, INSTANCES, instances.map(instanceRow))
  await copy(client, ERRORS, errors.map(errorRow))
}

function at(minute: number): Buffer {
  return int8(BigInt(minute) * MS_NS)
}

function callsRow({ minute, slowest, operationId, peerId, status, sketch }: Calls): Buffer {
  const { durationNs, traceId } = slowest
  const ids = [int4(operationId), int2(status)]
  return binaryRow([at(minute), int8(BigInt(durationNs)), ...ids, traceId, sketch.toBytes(), int4(peerId)])
}

function instanceRow({ minute, instanceId, spans, calls, errors, sketch }: InstanceCalls): Buffer {
  return binaryRow([at(minute), ...[instanceId, spans, calls, errors].map(int4), sketch.toBytes()])
}

function errorRow({ minute, errorId, operationId, spans, traceId }: ErrorCalls): Buffer {
  return binaryRow([at(minute), ...[errorId, operationId, spans].map(int4), traceId])
}
