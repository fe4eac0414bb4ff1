import { z } from "zod";

/**
 * What OpenLineage publishes of a run event, as far as our events fill it in: `spec/OpenLineage.json` (2-0-2) and `spec/facets/*.json` of
 * the repository OpenLineage/OpenLineage, written down by hand. Their facets are open (`additionalProperties: true`); these are closed, so
 * that a misspelt key shows.
 */
const base = { _producer: z.url(), _schemaURL: z.url() };
const facet = (name: string, shape: z.core.$ZodLooseShape): z.ZodType =>
  z.strictObject({
    ...base,
    _schemaURL: z.url().regex(new RegExp(`/spec/facets/\\d+-\\d+-\\d+/${name}\\.json#/\\$defs/${name}$`)),
    ...shape,
  });

const dataset = z.strictObject({
  namespace: z.string().min(1),
  name: z.string().min(1),
  facets: z.strictObject({
    schema: facet("SchemaDatasetFacet", {
      fields: z.array(z.strictObject({ name: z.string(), type: z.string().optional(), description: z.string().optional() })),
    }).optional(),
    documentation: facet("DocumentationDatasetFacet", { description: z.string() }).optional(),
    ownership: facet("OwnershipDatasetFacet", {
      owners: z.array(z.strictObject({ name: z.string(), type: z.string().optional() })),
    }).optional(),
    lifecycleStateChange: facet("LifecycleStateChangeDatasetFacet", {
      lifecycleStateChange: z.enum(["ALTER", "CREATE", "DROP", "OVERWRITE", "RENAME", "TRUNCATE"]),
    }).optional(),
    columnLineage: facet("ColumnLineageDatasetFacet", {
      fields: z.record(
        z.string(),
        z.strictObject({ inputFields: z.array(z.strictObject({ namespace: z.string(), name: z.string(), field: z.string() })) }),
      ),
    }).optional(),
  }),
});

export const PUBLISHED_RUN_EVENT: z.ZodType = z.strictObject({
  eventType: z.enum(["START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"]),
  eventTime: z.iso.datetime(),
  run: z.strictObject({
    runId: z.uuid(),
    facets: z
      .strictObject({
        errorMessage: facet("ErrorMessageRunFacet", {
          message: z.string(),
          programmingLanguage: z.string(),
          stackTrace: z.string().optional(),
        }).optional(),
      })
      .optional(),
  }),
  job: z.strictObject({
    namespace: z.string().min(1),
    name: z.string().min(1),
    facets: z.strictObject({
      jobType: facet("JobTypeJobFacet", { processingType: z.string(), integration: z.string(), jobType: z.string().optional() }),
    }),
  }),
  inputs: z.array(dataset),
  outputs: z.array(dataset),
  producer: z.url(),
  schemaURL: z.url().regex(/\/spec\/2-0-2\/OpenLineage\.json#\/\$defs\/RunEvent$/),
});
