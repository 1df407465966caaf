/** Above the pages of all clusters. */
export const HOME = [{ href: "/", label: "Overview" }]
