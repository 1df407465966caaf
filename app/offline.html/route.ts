export const dynamic = "force-static"

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Offline · Signalbox</title>
<style>
  :root { color-scheme: light dark; }
  main { display: grid; place-content: center; justify-items: center; gap: 0.75rem; min-height: 90vh; text-align: center; }
  body { margin: 1rem;
    background: light-dark(#f5f6f8, #0c0e12); color: light-dark(#14171c, #dde2e9);
    font: 14px/1.5 "Inter Variable", system-ui, sans-serif; }
  h1 { margin: 0; font-size: 1.25rem; }
  p { margin: 0; max-width: 28rem; color: light-dark(#5a6472, #9aa4b2); }
  a { padding: 0.375rem 0.75rem; border-radius: 6px; background: light-dark(#3346c4, #93a1ff);
    color: light-dark(#ffffff, #14171d); font-weight: 600; text-decoration: none; }
</style>
<main>
<h1>Signalbox cannot be reached</h1>
<p>This browser is offline, or Signalbox is not running. Pages that are open keep the numbers they have.</p>
<a href="">Try again</a>
</main>
</html>
`

/** Kept by the service worker, and shown where a page cannot be fetched. */
export function GET(): Response {
  return new Response(PAGE, { headers: { "content-type": "text/html; charset=utf-8" } })
}
