/** An OpenLineage run event, of the fields that Tidemark fills in. Its keys are those of the published schema, 2-0-2. */
export interface RunEvent {
  readonly eventType: EventType;
  readonly eventTime: string;
  readonly run: { readonly runId: string; readonly facets?: Facets };
  readonly job: { readonly namespace: string; readonly name: string; readonly facets?: Facets };
  readonly inputs: readonly Dataset[];
  readonly outputs: readonly Dataset[];
  readonly producer: string;
  readonly schemaURL: string;
}

export type EventType = "START" | "RUNNING" | "COMPLETE" | "FAIL" | "ABORT";

export interface DatasetName {
  readonly namespace: string;
  readonly name: string;
}

export interface Dataset extends DatasetName {
  readonly facets: Facets;
}

export type Facets = { readonly [name: string]: Facet };

export interface Facet {
  readonly _producer: string;
  readonly _schemaURL: string;
  readonly [key: string]: unknown;
}

/** A column as a schema facet tells it. */
export interface Field {
  readonly name: string;
  readonly type: string;
  readonly description?: string;
}

const SPEC = "https://openlineage.io/spec";

/** What makes the events of one job. */
export class EventBuilder {
  readonly #job: DatasetName;
  readonly #producer: string;

  /** `version` is Tidemark's own. */
  constructor(job: DatasetName, version: string) {
    this.#job = job;
    this.#producer = `urn:tidemark:${version}`;
  }

  event(eventType: EventType, run: { readonly runId: string; readonly time: number; readonly facets?: Facets }, datasets: Ends): RunEvent {
    const jobType = this.#facet("2-0-3", "JobTypeJobFacet", { processingType: "BATCH", integration: "TIDEMARK", jobType: "JOB" });
    return {
      eventType,
      eventTime: new Date(run.time).toISOString(),
      run: { runId: run.runId, ...(run.facets === undefined ? {} : { facets: run.facets }) },
      job: { ...this.#job, facets: { jobType } },
      ...datasets,
      producer: this.#producer,
      schemaURL: `${SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent`,
    };
  }

  schema(fields: readonly Field[]): Facets {
    return { schema: this.#facet("1-1-1", "SchemaDatasetFacet", { fields }) };
  }

  documentation(description: string | null): Facets {
    return description === null ? {} : { documentation: this.#facet("1-0-1", "DocumentationDatasetFacet", { description }) };
  }

  ownership(owner: string | null): Facets {
    return owner === null ? {} : { ownership: this.#facet("1-0-1", "OwnershipDatasetFacet", { owners: [{ name: owner }] }) };
  }

  /** That the run made, changed or removed the dataset. */
  lifecycle(lifecycleStateChange: "CREATE" | "ALTER" | "DROP"): Facets {
    return { lifecycleStateChange: this.#facet("1-0-1", "LifecycleStateChangeDatasetFacet", { lifecycleStateChange }) };
  }

  /** From which column of the input each column of the output comes. */
  columnLineage(input: DatasetName, pairs: readonly (readonly [output: string, input: string])[]): Facets {
    const fields = Object.fromEntries(
      pairs.map(([output, field]) => [output, { inputFields: [{ namespace: input.namespace, name: input.name, field }] }]),
    );
    return { columnLineage: this.#facet("1-0-1", "ColumnLineageDatasetFacet", { fields }) };
  }

  error(message: string): Facets {
    return { errorMessage: this.#facet("1-0-1", "ErrorMessageRunFacet", { message, programmingLanguage: "TypeScript" }) };
  }

  #facet(version: string, name: string, fields: { readonly [key: string]: unknown }): Facet {
    return { _producer: this.#producer, _schemaURL: `${SPEC}/facets/${version}/${name}.json#/$defs/${name}`, ...fields };
  }
}

/** What a run read and what it wrote. */
export interface Ends {
  readonly inputs: readonly Dataset[];
  readonly outputs: readonly Dataset[];
}

export const NO_DATASETS: Ends = { inputs: [], outputs: [] };
