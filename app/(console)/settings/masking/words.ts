export const PARTS = { value: "value", key: "key", headers: "headers" }
export const KINDS = { path: "field", pattern: "pattern" }
export const HOW = { hide: "hidden", last4: "last four shown", hash: "hashed" }
