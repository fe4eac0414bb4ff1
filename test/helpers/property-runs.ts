/**
 * How often a property is tried: as often as asked, or the share of it that `PROPERTY_SHARE` says. Mutation tests run every test
 * hundreds of times, and a mutant that a twentieth of the runs lets live is told as a survivor, never the other way round.
 */
export function propertyRuns(count: number): number {
  return Math.ceil(count * Number(process.env["PROPERTY_SHARE"] ?? 1));
}
