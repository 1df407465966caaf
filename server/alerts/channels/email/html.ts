import type { Picture } from "../channel.ts"
import { COLOURS, factLine, type Link, moreOf, type Shown, type ShownAlert } from "../present.ts"

/* Mail programs know no style sheets: every element has its style, and the page is one column that fits a phone. */

const PAGE = "font:15px/1.5 system-ui,sans-serif;color:#1c1f23;max-width:640px;margin:0 auto;padding:16px"
const SUBTLE = "color:#5b6470;font-size:13px;margin:4px 0 0"

/** Pictures that come with the mail, by the place of their alert. */
export type Charts = Map<number, Picture & { cid: string }>

/** The HTML part of a mail. Nothing is loaded from elsewhere: pictures are parts of the mail. */
export function htmlOf(shown: Shown, charts: Charts): string {
  const more = moreOf(shown)
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    `<title>${escaped(shown.title)}</title></head><body style="margin:0;background:#ffffff"><div style="${PAGE}">`,
    `<h1 style="font-size:18px;margin:0 0 16px">${escaped(shown.title)}</h1>`,
    ...shown.alerts.map((alert, place) => alertOf(alert, charts.get(place))),
    ...(more ? [`<p style="${SUBTLE}">${escaped(more)}</p>`] : []),
    ...(shown.link ? [`<p style="margin:16px 0 0">${linked(shown.link)}</p>`] : []),
    "</div></body></html>",
  ].join("\n")
}

function alertOf(alert: ShownAlert, chart: (Picture & { cid: string }) | undefined): string {
  const facts = [factLine(alert), `since ${alert.since}`].filter((line) => line !== "").join(" · ")
  return [
    `<div style="border-left:4px solid #${COLOURS[alert.tone]};padding:2px 0 2px 12px;margin:0 0 16px">`,
    `<p style="margin:0"><strong>${escaped(alert.state)}</strong>: ${escaped(alert.sentence)}</p>`,
    ...(alert.advice === "" ? [] : [`<p style="margin:4px 0 0">${escaped(alert.advice)}</p>`]),
    `<p style="${SUBTLE}">${escaped(facts)}</p>`,
    ...(chart ? [pictured(chart)] : []),
    ...(alert.links.length === 0
      ? []
      : [`<p style="margin:4px 0 0">${alert.links.map(linked).join(" · ")}</p>`]),
    "</div>",
  ].join("\n")
}

const pictured = ({ cid, width, height, description }: Picture & { cid: string }) =>
  [
    `<img src="cid:${escaped(cid)}" width="${width}" height="${height}" alt="${escaped(description)}"`,
    ' style="display:block;max-width:100%;height:auto;margin:8px 0 0">',
    `<p style="${SUBTLE}">${escaped(description)}</p>`,
  ].join("")

const linked = ({ label, url }: Link) =>
  `<a href="${escaped(url)}" style="color:#1f5fbf">${escaped(label)}</a>`

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
}
