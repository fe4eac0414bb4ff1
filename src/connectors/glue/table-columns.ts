import type { Json } from "../../model/json.ts";
import { COLUMN } from "./marks.ts";
import { textOf } from "./parameter-texts.ts";
import type { TableDocument } from "./table-document.ts";

/** A column as it stands in Glue, with the source's name of it where it is one of ours. */
export interface TableColumn {
  readonly name: string;
  readonly type: string;
  readonly description?: string;
  readonly source: string | null;
}

/** The columns of a table as a checkpoint keeps it. */
export function tableColumns(document: Json): readonly TableColumn[] {
  const { StorageDescriptor, PartitionKeys } = document as unknown as TableDocument;
  return [...(StorageDescriptor?.Columns ?? []), ...(PartitionKeys ?? [])].map(({ Name = "", Type = "", Comment, Parameters }) => ({
    name: Name,
    type: Type,
    ...(Comment === undefined ? {} : { description: Comment }),
    source: textOf(Parameters ?? {}, COLUMN.name),
  }));
}
