import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto"

interface Pems {
  ca?: string | undefined
  clientCertificate?: string | undefined
  clientKey?: string | undefined
  clientKeyPassphrase?: string | undefined
}

/** A field that cannot be used, and what to do about it. */
export interface PemFault {
  field: keyof Pems
  message: string
}

const EXPECTED = "paste all of the PEM, from its BEGIN line to its END line."

/** What is wrong with certificates and key, before any broker is asked; OpenSSL's own words help nobody. */
export function pemFaults(pems: Pems): PemFault[] {
  const ca = readCertificate(pems.ca)
  const certificate = readCertificate(pems.clientCertificate)
  const key = readKey(pems)
  const faults: PemFault[] = []
  if (ca === null) faults.push({ field: "ca", message: `This is no certificate: ${EXPECTED}` })
  if (certificate === null)
    faults.push({ field: "clientCertificate", message: `This is no certificate: ${EXPECTED}` })
  if (key && "field" in key) faults.push(key)
  else if (key && certificate && !certificate.checkPrivateKey(key)) {
    const message = "This key does not belong to the client certificate: give the key that it was issued for."
    faults.push({ field: "clientKey", message })
  }
  return faults
}

/** undefined: there is none; null: it cannot be read. */
function readCertificate(pem: string | undefined): X509Certificate | null | undefined {
  if (!pem) return undefined
  try {
    return new X509Certificate(pem)
  } catch {
    return null
  }
}

function readKey(pems: Pems): KeyObject | PemFault | undefined {
  if (!pems.clientKey) return undefined
  const passphrase = pems.clientKeyPassphrase
  const isEncrypted = /ENCRYPTED/.test(pems.clientKey)
  if (isEncrypted && !passphrase) {
    return { field: "clientKeyPassphrase", message: "The client key is encrypted: give its passphrase." }
  }
  try {
    return createPrivateKey({ key: pems.clientKey, ...(passphrase ? { passphrase } : {}) })
  } catch {
    return isEncrypted
      ? { field: "clientKeyPassphrase", message: "The client key does not open with this passphrase." }
      : { field: "clientKey", message: `This is no private key: ${EXPECTED}` }
  }
}
