"use client"

import { IconInbox } from "@tabler/icons-react"
import { EnvironmentTag } from "../(console)/clusters/environment-tag.tsx"
import { Diff } from "../ui/diff.tsx"
import { EmptyState } from "../ui/empty-state.tsx"
import { Fact } from "../ui/fact.tsx"
import { Mark, type Tone } from "../ui/mark.tsx"
import { PageHead, StatusStrip } from "../ui/page-head.tsx"
import { Sparkline } from "../ui/sparkline.tsx"
import { Empty, Failure, Loading } from "../ui/states.tsx"
import { STATUS_LOOKS, Status } from "../ui/status.tsx"
import { Tabs } from "../ui/tabs.tsx"
import { Value } from "../ui/value.tsx"
import { Part } from "./part.tsx"

const TONES: readonly Tone[] = ["good", "notice", "warn", "bad", "quiet"]
const STATUSES = Object.keys(STATUS_LOOKS) as (keyof typeof STATUS_LOOKS)[]
const TABS = { lag: "Lag", members: "Members" }
const TREND = [3, 5, 4, 9, 12, 8, 15, 22, 18, 30, 26, 41]

/** All that says something: statuses, heads, numbers, and what stands where there is nothing. */
export function Words() {
  return (
    <>
      <Part name="Statuses">
        <div className="row">
          {STATUSES.map((status) => (
            <Status key={status} status={status} />
          ))}
        </div>
        {(["nothing", "fill", "solid"] as const).map((on) => (
          <div className="row" key={on}>
            {TONES.map((tone) => (
              <Mark key={tone} look={{ shape: "dot", tone }} on={on}>
                {tone}
              </Mark>
            ))}
          </div>
        ))}
        <div className="row">
          <span className="tag">tag</span>
          {["production", "staging", "dev", "lab"].map((word) => (
            <EnvironmentTag key={word} word={word} />
          ))}
          <kbd>Ctrl K</kbd>
        </div>
      </Part>
      <Part name="Head">
        <PageHead
          above={[
            { href: "/design", label: "Clusters" },
            { href: "/design?shop", label: "shop" },
            { href: "/design?groups", label: "Consumer groups" },
          ]}
          title="billing"
          badge={<Status status="losing" on="solid" />}
          kind="classic group, Empty"
          acts={
            <button type="button" className="field act">
              Reset offsets
            </button>
          }
        >
          <StatusStrip
            tone="bad"
            sentence="billing lost 2,116 messages: retention deleted them before they were read."
            advice="Start a consumer, or raise retention."
            act={
              <button type="button" className="field">
                Change retention
              </button>
            }
          />
          <dl className="facts">
            <Fact term="Lag">9,544</Fact>
            <Fact term="Time lag">50 m 59 s</Fact>
            <Fact term="Lost">
              <Value of={null} as={String} why="Unknown" />
            </Fact>
            <Fact term="Last hour">
              <Sparkline values={TREND} label="Lag, last hour" />
            </Fact>
          </dl>
        </PageHead>
        <Tabs<keyof typeof TABS> label="Of this group" tabs={TABS} chosen="lag" choose={() => undefined} />
      </Part>
      <Part name="Empty">
        <Empty>No group matches these filters.</Empty>
        <EmptyState icon={IconInbox} title="No messages yet">
          <p>Messages appear here as they are produced.</p>
          <button type="button" className="field act">
            Send a message
          </button>
        </EmptyState>
        <Failure error={{ message: "The brokers do not answer." }} retry={() => undefined} />
        <Loading />
        <Diff label="Change" before={'{\n  "amount": "87,34"\n}'} after={'{\n  "amount": "87.34"\n}'} />
      </Part>
    </>
  )
}
