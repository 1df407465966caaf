/** What the shop's services tell each other. */
export interface Order {
  orderId: string
  customerId: string
  /** In the customer's currency, as the web shop sent it: "12.50". The German one sends "12,50". */
  amount: string
  currency: "EUR" | "USD"
  items: { sku: string; quantity: number }[]
  address: Address | null
  placedAt: string
}

export interface Address {
  street: string
  city: string
  country: string
}

export interface Payment {
  paymentId: string
  orderId: string
  customerId: string
  /** Minor units: cents. */
  cents: number
  currency: Order["currency"]
  address: Address | null
}

export interface Reservation {
  orderId: string
  sku: string
  quantity: number
  warehouse: string
}

export interface Parcel {
  parcelId: string
  orderId: string
  carrier: string
  address: Address
}

export interface Email {
  to: string
  template: "order-confirmed" | "parcel-sent"
  orderId: string
}

export interface Click {
  /** Which advertisement brought the visitor, if any. */
  campaign: string | null
  page: string
  visitor: string
  at: string
}

export interface Customer {
  customerId: string
  name: string
  email: string
  tier: "bronze" | "silver" | "gold"
}

/** Over `currency.requests`. */
export interface RateRequest {
  from: Order["currency"]
  to: Order["currency"]
}

/** Over `currency.replies`. */
export interface RateReply extends RateRequest {
  rate: number
}

export interface AuditEvent {
  actor: string
  action: string
  subject: string
  at: string
}
