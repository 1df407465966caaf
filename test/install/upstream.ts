import { execFile } from "node:child_process"
import { cp, mkdir, readFile, writeFile } from "node:fs/promises"
import path from "node:path"
import { promisify } from "node:util"

const root = path.resolve(import.meta.dirname, "../..")
/** What is in a folder of sources that were used, and is none. */
const NOT_SOURCES = new Set(["node_modules", ".next", ".cache", ".data", ".git", "coverage", "test-results"])

/** A repository that people clone and pull from. */
export interface Upstream {
  clone(folder: string): Promise<void>
  /** Brings a clone up to date, as its owner does. */
  pull(folder: string): Promise<void>
  /** Publishes a commit in which one file says something else. */
  edit(file: string, from: string, to: string): Promise<void>
}

/** What this checkout has committed, published below `home`; where it has no history, its files as they are. */
export async function publish(home: string): Promise<Upstream> {
  const folder = path.join(home, "upstream")
  const settings = path.join(home, "gitconfig")
  const person = '[user]\nname = "A developer"\nemail = "developer@example.com"\n'
  // Whoever runs the tests need not own the checkout, nor have told git of it.
  await writeFile(settings, `${person}[safe]\ndirectory = *\n[commit]\ngpgsign = false\n`)
  const git = async (...args: string[]) => {
    // Not the variables that git gives to its hooks, which name another repository.
    const { NODE_ENV, PATH } = process.env
    const env = { NODE_ENV, PATH, HOME: home, GIT_CONFIG_GLOBAL: settings }
    return promisify(execFile)("git", args, { cwd: home, env })
  }
  const commit = (words: string) =>
    git("-C", folder, "add", "--all").then(() => git("-C", folder, "commit", "--quiet", "-m", words))
  const hasHistory = await git("-C", root, "rev-parse", "--show-prefix", "HEAD").then(
    // A checkout of its own, not a folder inside somebody's.
    ({ stdout }) => stdout.startsWith("\n"),
    () => false,
  )
  if (hasHistory) {
    await git("clone", "--quiet", root, folder)
    // A build service checks out a commit, not a branch.
    await git("-C", folder, "checkout", "--quiet", "-B", "main")
  } else {
    await mkdir(folder)
    await cp(root, folder, {
      recursive: true,
      filter: (from) => !NOT_SOURCES.has(path.basename(from)),
    })
    await git("init", "--quiet", "--initial-branch=main", folder)
    await commit("Publish the sources")
  }
  return {
    clone: async (into) => void (await git("clone", "--quiet", folder, into)),
    pull: async (into) => void (await git("-C", into, "pull", "--quiet", "--ff-only")),
    edit: async (file, from, to) => {
      await replaceIn(path.join(folder, file), from, to)
      await commit(`Say ${to}`)
    },
  }
}

/** Saves a file in which one text became another. Rejects where the file does not have it. */
export async function replaceIn(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(file, "utf8")
  if (!text.includes(from)) throw new Error(`${file} does not say: ${from}`)
  await writeFile(file, text.replace(from, to))
}
