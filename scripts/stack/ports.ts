export { freePort, freePorts } from "#server/store/ports.ts"
