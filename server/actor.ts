export type Role = "viewer" | "operator" | "admin"

/** What somebody may do: on a cluster, the higher of both roles counts. */
export interface Grants {
  /** On every cluster, and on the installation itself; null: only on the clusters below. */
  role: Role | null
  /** By the cluster's slug. */
  clusters: Readonly<Record<string, Role>>
}

/** Who acts. */
export type Actor =
  | ({ kind: "user"; id: string; email: string; session?: string } & Grants)
  | ({ kind: "token"; id: string; name: string } & Grants)
  | { kind: "system" }
  | { kind: "nobody" }
