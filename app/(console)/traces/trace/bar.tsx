import { durationNs, isSeen, placeIn, type SpanNode, type Stretch, type TraceModel } from "./model.ts"
import { shapeOf } from "./shape.tsx"
import { took } from "./took.ts"

interface Props {
  node: SpanNode
  model: TraceModel
  /** What of the time is shown. */
  seen: Stretch
}

/** A span's bar, before it the time in the queue, below it what of it is on the critical path. */
export function Bar({ node, model, seen }: Props) {
  const { span } = node
  const at = { fromNs: span.startNs, toNs: span.endNs }
  const queue = model.queueOf.get(node)
  return (
    <>
      {queue && queue.toNs > queue.fromNs && isSeen(queue, seen) && (
        <span
          className="span-queue"
          style={placeIn(queue, seen)}
          title={`${took(queue.toNs - queue.fromNs)} in the queue`}
        >
          <span className="words">{took(queue.toNs - queue.fromNs)} in the queue</span>
        </span>
      )}
      {isSeen(at, seen) && (
        <span
          className={`span-bar ${shapeOf(span)}${span.isError ? " failed" : ""}`}
          data-colour={model.colours.get(span.service)}
          style={placeIn(at, seen)}
          title={`${took(durationNs(node))}, ${took(model.selfNs.get(node) ?? 0)} of it its own`}
        />
      )}
      {model.pathOf
        .get(node)
        ?.map(
          (section) =>
            isSeen(section, seen) && (
              <span
                key={section.fromNs}
                className={`span-path ${section.is}`}
                style={placeIn(section, seen)}
                title={`Critical path: ${took(section.toNs - section.fromNs)}`}
              />
            ),
        )}
    </>
  )
}
