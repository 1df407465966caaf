export { type JobView, listJobs } from "./list-jobs.ts"
