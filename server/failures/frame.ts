/** Code that is nobody's own: the runtime's, or a framework's. */
const FOREIGN = [
  /^(java|javax|jakarta|jdk|sun|com\.sun|kotlin|kotlinx|scala|groovy|akka|reactor|rx)\./,
  /^org\.(springframework|apache|hibernate|slf4j|aspectj|jboss|eclipse|junit)\./,
  /^(com\.fasterxml|com\.google\.(common|protobuf|gson)|io\.(netty|confluent|micronaut|quarkus|grpc|opentelemetry)|lombok)\b/,
  /^(System|Microsoft|Confluent|MassTransit|NServiceBus)\./,
  /node_modules|node:|<anonymous>$/,
  /site-packages|\/lib\/python|<frozen /,
  /^(runtime|testing|net\/http|encoding\/\w+)\./,
]

const FRAMES: readonly RegExp[] = [
  // .NET:   at Shop.Amounts.Parse(String text) in /src/Amounts.cs:line 41
  /^\s*at (?<name>[\w.`+<>[\]]+)\(.*\) in (?<file>.*?)(?::line \d+)?\s*$/,
  // Java, Kotlin, Scala:   at com.example.Amounts.parse(Amounts.java:41) ~[app.jar:?]
  /^\s*at (?:[\w.$-]+\/{1,2})?(?<name>[\w.$<>-]+)\((?<file>[^():]*)(?::\d+)?\)/,
  // Node.js:   at parse (/app/amounts.js:41:7)      at async /app/amounts.js:41:7
  /^\s*at (?:async )?(?<name>[^()]+?) \((?<file>.*?)(?::\d+){0,2}\)\s*$/,
  /^\s*at (?:async )?(?<file>(?:file:|\/|[a-z]:\\|node:).*?)(?::\d+){1,2}\s*$/i,
  // Python:   File "/app/amounts.py", line 41, in parse
  /^\s*File "(?<file>[^"]+)", line \d+, in (?<name>\S+)/,
  // Go:   main.parseAmount(0xc000010250, 0x5)
  /^(?<name>[\w./]+\.\(?\*?\w+\)?\.?\w*)\(.*\)$/,
]

/** Whole lines of a stack trace: anything else in a line may be a message that only begins like a frame. */
const WHOLE: readonly RegExp[] = [
  /^\s*at (?:[\w.$-]+\/{1,2})?[\w.$<>/-]+\((?:[\w.-]+(?::\d+)?|Native Method|Unknown Source)\)(?: ~?\[[\w.:?-]+\])?\s*$/,
  /^\s*at (?:async )?(?:[\w.$<>[\] ]+ \()?[\w./:\\@-]+(?::\d+){1,2}\)?\s*$/,
  /^\s*at [\w.`+<>[\]]+\([\w\s,.[\]<>`&]*\)(?: in [\w./\\:-]+:line \d+)?\s*$/,
  /^\s*File "[\w./<>\\:-]+", line \d+, in [\w<>]+\s*$/,
  /^\s*\.\.\. \d+ (?:more|common frames omitted)\s*$/,
  /^Traceback \(most recent call last\):\s*$/,
]
/** No line number or name has so many digits; account and card numbers have. */
const LONG_NUMBER = /\d{7}/

/** Whether a line of a stack trace is a frame, and nothing else. */
export function isFrame(line: string): boolean {
  return !LONG_NUMBER.test(line) && WHOLE.some((pattern) => pattern.test(line))
}

/** Whether a class, or a frame as `topFrame` tells it, is made of names and paths alone. */
export function isName(text: string): boolean {
  return !LONG_NUMBER.test(text) && /^[\w.$<>[\]/\\:@+` -]+$/.test(text)
}

/**
 * The place in one's own code that a stack trace leads to: of the deepest cause, the first frame that is not the
 * runtime's or a framework's; else the first frame at all. Without line numbers, which every release moves, and without
 * the numbers of lambdas. Null: there is no frame in it.
 */
export function topFrame(stack: string): string | null {
  const sections = stack
    .slice(0, 100_000)
    .split(/^Caused by: /m)
    .map(framesOf)
  // Python tells the innermost call last, all others first.
  const frames = /^Traceback /m.test(stack) ? sections.flat().reverse() : sections.reverse().flat()
  return frames.find((frame) => !FOREIGN.some((pattern) => pattern.test(frame))) ?? frames[0] ?? null
}

function framesOf(section: string): string[] {
  return section.split(/\r?\n/).flatMap((line) => {
    const found = FRAMES.map((pattern) => pattern.exec(line)).find((match) => match !== null)
    if (!found) return []
    const { name, file } = found.groups ?? {}
    return [[steady(name), steady(file)].filter(Boolean).join(" ")]
  })
}

/** lambda$capture$3 → lambda$capture, Amounts$$Lambda/0x00007f → Amounts */
function steady(text: string | undefined): string {
  return (text ?? "").replace(/\$\$.*$/, "").replace(/\$\d+/g, "")
}
