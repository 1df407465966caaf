/** A package as package-lock.json has it, or the package.json of the project itself (at "").
 * @typedef {{ optional?: boolean, dependencies?: Record<string, string>, devDependencies?: Record<string, string>,
 *   optionalDependencies?: Record<string, string> }} Locked */

/**
 * The optional packages that locked packages name and that the lock lacks, as `name (optional for PLACE)`. Without its
 * entry a platform's build is not installed on that platform.
 * @param {Record<string, Locked>} packages of package-lock.json, by their place
 * @returns {string[]}
 */
export function missingOptional(packages) {
  return Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !findLocked(packages, place, name))
      .map((name) => `${name} (optional for ${place || "the project"})`),
  )
}

/**
 * Names of the packages without which nothing works: those that the project, or a package that is not optional itself,
 * depends on.
 * @param {Record<string, Locked>} packages
 * @param {Locked} project its package.json
 * @returns {Set<string>}
 */
export function requiredNames(packages, project) {
  const requiring = Object.values({ ...packages, "": project }).filter((one) => !one.optional)
  return new Set(
    requiring.flatMap(({ dependencies = {}, devDependencies = {}, optionalDependencies = {} }) =>
      Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !(name in optionalDependencies)),
    ),
  )
}

/** As Node resolves: in the package's own node_modules, then in those of the folders above it. */
function findLocked(packages, place, name) {
  for (let folder = place; ; folder = folder.slice(0, Math.max(folder.lastIndexOf("node_modules/") - 1, 0))) {
    if (packages[folder ? `${folder}/node_modules/${name}` : `node_modules/${name}`]) return true
    if (folder === "") return false
  }
}
