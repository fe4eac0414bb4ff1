/** String parameters, as databases, tables, columns, storage and SerDes have them. */
export type Parameters = Readonly<Record<string, string>>;

export interface Column {
  readonly Name: string;
  readonly Type?: string;
  readonly Comment?: string;
  readonly Parameters?: Parameters;
}

export interface SerDeInfo {
  readonly Name?: string;
  readonly SerializationLibrary?: string;
  readonly Parameters?: Parameters;
}

export interface SkewedInfo {
  readonly SkewedColumnNames?: readonly string[];
  readonly SkewedColumnValues?: readonly string[];
  readonly SkewedColumnValueLocationMaps?: Parameters;
}

export interface SortColumn {
  readonly Column: string;
  readonly SortOrder: number;
}

export interface SchemaId {
  readonly SchemaArn?: string;
  readonly SchemaName?: string;
  readonly RegistryName?: string;
}

export interface SchemaReference {
  readonly SchemaId?: SchemaId;
  readonly SchemaVersionId?: string;
  readonly SchemaVersionNumber?: number;
}

export interface StorageDescriptor {
  readonly Columns?: readonly Column[];
  readonly Location?: string;
  readonly AdditionalLocations?: readonly string[];
  readonly InputFormat?: string;
  readonly OutputFormat?: string;
  readonly Compressed?: boolean;
  readonly NumberOfBuckets?: number;
  readonly SerdeInfo?: SerDeInfo;
  readonly BucketColumns?: readonly string[];
  readonly SortColumns?: readonly SortColumn[];
  readonly Parameters?: Parameters;
  readonly SkewedInfo?: SkewedInfo;
  readonly StoredAsSubDirectories?: boolean;
  readonly SchemaReference?: SchemaReference;
}

export interface ViewRepresentation {
  readonly Dialect?: "REDSHIFT" | "ATHENA" | "SPARK";
  readonly DialectVersion?: string;
  readonly ViewOriginalText?: string;
  readonly ViewExpandedText?: string;
  readonly ValidationConnection?: string;
}

export interface ViewDefinition {
  readonly IsProtected?: boolean;
  readonly Definer?: string;
  readonly Representations?: readonly ViewRepresentation[];
  readonly SubObjects?: readonly string[];
}

/** Where a resource link points. */
export interface TableIdentifier {
  readonly CatalogId?: string;
  readonly DatabaseName?: string;
  readonly Name?: string;
  readonly Region?: string;
}

export interface FederatedTable {
  readonly Identifier?: string;
  readonly DatabaseIdentifier?: string;
  readonly ConnectionName?: string;
  readonly ConnectionType?: string;
}

/** A table as a client writes it. */
export interface TableInput {
  readonly Name: string;
  readonly Description?: string;
  readonly Owner?: string;
  readonly LastAccessTime?: number;
  readonly LastAnalyzedTime?: number;
  readonly Retention?: number;
  readonly StorageDescriptor?: StorageDescriptor;
  readonly PartitionKeys?: readonly Column[];
  readonly ViewOriginalText?: string;
  readonly ViewExpandedText?: string;
  readonly TableType?: string;
  readonly Parameters?: Parameters;
  readonly TargetTable?: TableIdentifier;
  readonly FederatedTable?: FederatedTable;
  readonly ViewDefinition?: ViewDefinition;
}

/** A table as the service answers with it. Times are epoch seconds. */
export interface Table extends TableInput {
  readonly DatabaseName: string;
  readonly CatalogId: string;
  readonly CreateTime: number;
  readonly UpdateTime: number;
  readonly CreatedBy: string;
  readonly IsRegisteredWithLakeFormation: boolean;
  readonly IsMultiDialectView: boolean;
  readonly VersionId: string;
}

export interface DatabaseIdentifier {
  readonly CatalogId?: string;
  readonly DatabaseName?: string;
  readonly Region?: string;
}

export interface FederatedDatabase {
  readonly Identifier?: string;
  readonly ConnectionName?: string;
  readonly ConnectionType?: string;
}

export interface Principal {
  readonly DataLakePrincipalIdentifier?: string;
}

export interface PrincipalPermissions {
  readonly Principal?: Principal;
  readonly Permissions?: readonly string[];
}

/** A database as a client writes it. */
export interface DatabaseInput {
  readonly Name: string;
  readonly Description?: string;
  readonly LocationUri?: string;
  readonly Parameters?: Parameters;
  readonly CreateTableDefaultPermissions?: readonly PrincipalPermissions[];
  readonly TargetDatabase?: DatabaseIdentifier;
  readonly FederatedDatabase?: FederatedDatabase;
}

/** A database as the service answers with it. */
export interface Database extends DatabaseInput {
  readonly CatalogId: string;
  readonly CreateTime: number;
}
