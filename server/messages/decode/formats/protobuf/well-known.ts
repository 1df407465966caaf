import type protobuf from "protobufjs"
import { Bytes, ObjectTree, type Tree } from "../../../tree.ts"
import { decimalText, signedInteger } from "../number.ts"
import { isoDateTime } from "../time.ts"

type Fields = [name: string, value: Tree][]
type Get = (field: string) => Tree | undefined

/** Reads a message of the type that an Any names; undefined: the schema does not have it. */
type OpenAny = (type: string, payload: Buffer) => Tree | undefined

/** Types that JSON of Protobuf writes in a form of their own; undefined: it is written as any other message. */
export function wellKnown(type: protobuf.Type, fields: Fields, open: OpenAny): Tree | undefined {
  const name = type.fullName.replace(/^\./, "")
  const get: Get = (field) => fields.find(([one]) => one === field)?.[1]
  return name === "google.protobuf.Any" ? any(get, open) : FORMS.get(name)?.(get, fields)
}

const wrapped = (get: Get) => get("value")

type Form = (get: Get, fields: Fields) => Tree | undefined

const FORMS: ReadonlyMap<string, Form> = new Map<string, Form>([
  ["google.protobuf.Timestamp", timestamp],
  ["google.protobuf.Duration", duration],
  ["google.protobuf.FieldMask", fieldMask],
  ["google.protobuf.Struct", (get: Get) => get("fields")],
  ["google.protobuf.ListValue", (get: Get) => get("values")],
  ["google.protobuf.Value", (_get: Get, fields: Fields) => fields[0]?.[1] ?? null],
  ["google.protobuf.DoubleValue", wrapped],
  ["google.protobuf.FloatValue", wrapped],
  ["google.protobuf.Int64Value", wrapped],
  ["google.protobuf.UInt64Value", wrapped],
  ["google.protobuf.Int32Value", wrapped],
  ["google.protobuf.UInt32Value", wrapped],
  ["google.protobuf.BoolValue", wrapped],
  ["google.protobuf.StringValue", wrapped],
  ["google.protobuf.BytesValue", wrapped],
  ["confluent.type.Decimal", decimal],
])

function any(get: Get, open: OpenAny): Tree | undefined {
  const url = get("type_url")
  const value = get("value")
  if (typeof url !== "string" || url === "" || !(value instanceof Bytes)) return undefined
  const name = url.slice(url.lastIndexOf("/") + 1)
  const message = open(name, Buffer.from(value.value))
  if (message === undefined) return undefined
  const own = message instanceof ObjectTree && !FORMS.has(name) && name !== "google.protobuf.Any"
  return new ObjectTree([["@type", url], ...(own ? message.entries : ([["value", message]] as Fields))])
}

/** Seconds and nanoseconds of a Timestamp or Duration, each as it stands there. */
function parts(get: Get): { seconds: bigint; nanos: number } {
  const nanos = get("nanos")
  return { seconds: BigInt(String(get("seconds") ?? 0)), nanos: typeof nanos === "number" ? nanos : 0 }
}

/** With as many digits as it has, in threes. */
function timestamp(get: Get): Tree | undefined {
  const { seconds, nanos } = parts(get)
  if (nanos < 0 || nanos > 999_999_999) return undefined
  return `${isoDateTime(seconds, 0)}${fraction(nanos)}Z`
}

function duration(get: Get): Tree | undefined {
  const { seconds, nanos } = parts(get)
  if (Math.abs(nanos) > 999_999_999 || (seconds > 0n && nanos < 0) || (seconds < 0n && nanos > 0))
    return undefined
  const sign = seconds < 0n || nanos < 0 ? "-" : ""
  return `${sign}${seconds < 0n ? -seconds : seconds}${fraction(Math.abs(nanos))}s`
}

function fraction(nanos: number): string {
  if (nanos === 0) return ""
  return `.${String(nanos)
    .padStart(9, "0")
    .replace(/(000){1,2}$/, "")}`
}

/** The paths in lowerCamelCase, after commas. */
function fieldMask(get: Get): Tree | undefined {
  const paths = get("paths")
  if (!Array.isArray(paths)) return undefined
  return paths
    .map((path) => String(path).replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()))
    .join(",")
}

const MAX_DECIMAL = 1024

function decimal(get: Get): Tree | undefined {
  const value = get("value")
  const scale = get("scale")
  if (!(value instanceof Bytes) || value.value.length > MAX_DECIMAL || typeof scale !== "number")
    return undefined
  return decimalText(signedInteger(Buffer.from(value.value)), scale)
}
