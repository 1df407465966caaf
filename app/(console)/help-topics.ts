/** Which section of the documentation explains a page; the first that fits. Its tests know that each exists. */
export const HELP_TOPICS: readonly (readonly [page: RegExp, section: string])[] = [
  [/^\/clusters\/new/, "connecting-kafka"],
  [/^\/clusters\/[^/]+\/connection/, "connecting-kafka#what-a-failed-step-means"],
  [/^\/clusters\/[^/]+\/groups\/[^/]+\/offsets\/./, "offsets#reading-a-plan"],
  [/^\/clusters\/[^/]+\/groups\/[^/]+\/offsets/, "offsets#making-a-plan"],
  [/^\/clusters\/[^/]+\/groups\/[^/]+\/delete/, "administration#how-each-act-works"],
  [/^\/clusters\/[^/]+\/groups\/./, "concepts#status-of-a-group"],
  [/^\/clusters\/[^/]+\/groups/, "concepts"],
  [/^\/clusters\/[^/]+\/new-topic/, "administration"],
  [/^\/clusters\/[^/]+\/topics\/[^/]+\/./, "administration#how-each-act-works"],
  [/^\/clusters\/[^/]+\/topics\/.*[?&]tab=messages/, "messages#reading"],
  [/^\/clusters/, "concepts#words"],
  [/^\/lag/, "concepts#status-of-a-group"],
  [/^\/failures\/rules/, "failures#dead-letter-sources"],
  [/^\/failures\/./, "failures#how-failures-are-grouped"],
  [/^\/failures/, "failures"],
  [/^\/alerts\/rules/, "alerts#rules"],
  [/^\/alerts/, "alerts"],
  [/^\/services/, "traces#services"],
  [/^\/traces/, "traces#viewing-traces"],
  [/^\/audit/, "access#the-audit-log"],
  [/^\/settings\/tokens/, "access#api-tokens"],
  [/^\/settings\/masking/, "messages#masking"],
  [/^\/settings\/users/, "access#roles"],
  [/^\/settings/, "access"],
  [/./, "concepts"],
]

/** The section for an address, with its query. */
export function helpTopicOf(address: string): string {
  return HELP_TOPICS.find(([page]) => page.test(address))?.[1] ?? "concepts"
}
