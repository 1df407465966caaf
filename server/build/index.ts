export { ensureBuild, isBuildStale } from "./ensure-build.ts"
