import { Registry } from "prom-client"
import { describe, expect, it } from "vitest"
import { groupMetrics } from "#server/roles/collector/group-metrics.ts"
import type { GroupLag } from "#server/sampling/group-lags.ts"

function lags(count: number): GroupLag[] {
  return Array.from({ length: count }, (_, i) => ({
    group: `group-${i}`,
    destination: "orders",
    lag: i,
    timeLag: i * 1000,
  }))
}

const linesOf = async (registry: Registry, name: string) =>
  (await registry.metrics()).split("\n").filter((line) => line.startsWith(`${name}{`))

describe("lag of groups for Prometheus", () => {
  it("is told in messages and in seconds; what is unknown has no series", async () => {
    const registry = new Registry()
    groupMetrics(registry, 10).swept("shop", [
      { group: "billing", destination: "orders", lag: 4310, timeLag: 720_000 },
      { group: "audit", destination: "orders", lag: null, timeLag: null },
    ])
    const labels = 'cluster="shop",group="billing",destination="orders"'
    expect(await linesOf(registry, "signalbox_group_lag_messages")).toEqual([
      `signalbox_group_lag_messages{${labels}} 4310`,
    ])
    expect(await linesOf(registry, "signalbox_group_time_lag_seconds")).toEqual([
      `signalbox_group_time_lag_seconds{${labels}} 720`,
    ])
  })

  it("has no more series than set, those with the longest lag of all clusters first", async () => {
    const registry = new Registry()
    const metrics = groupMetrics(registry, 3)
    metrics.swept("small", lags(2))
    metrics.swept("large", lags(50))
    const lines = await linesOf(registry, "signalbox_group_lag_messages")
    expect(lines.map((line) => Number(line.split(" ")[1]))).toEqual([49, 48, 47])
    expect(await registry.metrics()).toContain("signalbox_group_series_left_out 49\n")
  })

  it("drops a group that is gone, and a cluster that another collector has taken", async () => {
    const registry = new Registry()
    const metrics = groupMetrics(registry, 10)
    metrics.swept("shop", lags(3))
    metrics.swept("shop", lags(2))
    expect(await linesOf(registry, "signalbox_group_lag_messages")).toHaveLength(2)
    metrics.forget("shop")
    expect(await linesOf(registry, "signalbox_group_lag_messages")).toEqual([])
  })
})
