/** The two generations of the tenant's OData paths: today's, and those that are deprecated. A catalog's rows may name either. */
export type Generation = "new" | "old";

export const GENERATIONS: { readonly [G in Generation]: { readonly catalog: string; readonly consumption: string } } = {
  new: { catalog: "/api/v1/datasphere/consumption/catalog", consumption: "/api/v1/datasphere/consumption" },
  old: { catalog: "/api/v1/dwc/catalog", consumption: "/api/v1/dwc/consumption" },
};

export function otherGeneration(generation: Generation): Generation {
  return generation === "new" ? "old" : "new";
}

/** True for the answers of a tenant that does not know a path: it may know the other generation's. */
export function isUnknownPath(status: number): boolean {
  return status === 404 || status === 405;
}
