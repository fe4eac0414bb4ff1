import type {
  Column,
  DatabaseIdentifier,
  DatabaseInput,
  FederatedDatabase,
  FederatedTable,
  Parameters,
  Principal,
  PrincipalPermissions,
  SchemaId,
  SchemaReference,
  SerDeInfo,
  SkewedInfo,
  SortColumn,
  StorageDescriptor,
  TableIdentifier,
  TableInput,
  ViewDefinition,
  ViewRepresentation,
} from "./documents.ts";
import * as limits from "./limits.ts";
import { boolean, integer, oneOf, text, timestamp } from "./scalar-shapes.ts";
import { list, map, required, structure, type Shape } from "./shape.ts";

const parameters: Shape<Parameters> = map(limits.parameterKey, limits.parameterValue);

const column: Shape<Column> = structure<Column>({
  Name: required(limits.name),
  Type: limits.columnType,
  Comment: limits.comment,
  Parameters: parameters,
});

const storageDescriptor: Shape<StorageDescriptor> = structure<StorageDescriptor>({
  Columns: list(column),
  Location: limits.location,
  AdditionalLocations: list(limits.location),
  InputFormat: limits.format,
  OutputFormat: limits.format,
  Compressed: boolean(),
  NumberOfBuckets: integer(),
  SerdeInfo: structure<SerDeInfo>({ Name: limits.name, SerializationLibrary: limits.name, Parameters: parameters }),
  BucketColumns: list(limits.name),
  SortColumns: list(structure<SortColumn>({ Column: required(limits.name), SortOrder: required(integer({ min: 0, max: 1 })) })),
  Parameters: parameters,
  SkewedInfo: structure<SkewedInfo>({
    SkewedColumnNames: list(limits.name),
    SkewedColumnValues: list(text()),
    SkewedColumnValueLocationMaps: map(text(), text()),
  }),
  StoredAsSubDirectories: boolean(),
  SchemaReference: structure<SchemaReference>({
    SchemaId: structure<SchemaId>({ SchemaArn: limits.resourceArn, SchemaName: limits.registryName, RegistryName: limits.registryName }),
    SchemaVersionId: limits.schemaVersionId,
    SchemaVersionNumber: integer({ min: 1, max: 100000 }),
  }),
});

const viewDefinition: Shape<ViewDefinition> = structure<ViewDefinition>({
  IsProtected: boolean(),
  Definer: limits.arn,
  Representations: list(
    structure<ViewRepresentation>({
      Dialect: oneOf(["REDSHIFT", "ATHENA", "SPARK"]),
      DialectVersion: limits.dialectVersion,
      ViewOriginalText: limits.viewText,
      ViewExpandedText: limits.viewText,
      ValidationConnection: limits.name,
    }),
    { min: 1, max: 10 },
  ),
  SubObjects: list(limits.arn, { max: 10 }),
});

/** The model of `TableInput`. */
export const tableInput: Shape<TableInput> = structure<TableInput>({
  Name: required(limits.name),
  Description: limits.description,
  Owner: limits.name,
  LastAccessTime: timestamp(),
  LastAnalyzedTime: timestamp(),
  Retention: integer({ min: 0 }),
  StorageDescriptor: storageDescriptor,
  PartitionKeys: list(column),
  ViewOriginalText: limits.viewText,
  ViewExpandedText: limits.viewText,
  TableType: limits.tableType,
  Parameters: parameters,
  TargetTable: structure<TableIdentifier>({ CatalogId: limits.name, DatabaseName: limits.name, Name: limits.name, Region: limits.name }),
  FederatedTable: structure<FederatedTable>({
    Identifier: limits.federationIdentifier,
    DatabaseIdentifier: limits.federationIdentifier,
    ConnectionName: limits.name,
    ConnectionType: limits.name,
  }),
  ViewDefinition: viewDefinition,
});

/** The model of `DatabaseInput`. */
export const databaseInput: Shape<DatabaseInput> = structure<DatabaseInput>({
  Name: required(limits.name),
  Description: limits.description,
  LocationUri: limits.locationUri,
  Parameters: parameters,
  CreateTableDefaultPermissions: list(
    structure<PrincipalPermissions>({
      Principal: structure<Principal>({ DataLakePrincipalIdentifier: limits.principal }),
      Permissions: list(
        oneOf(["ALL", "SELECT", "ALTER", "DROP", "DELETE", "INSERT", "CREATE_DATABASE", "CREATE_TABLE", "DATA_LOCATION_ACCESS"]),
      ),
    }),
  ),
  TargetDatabase: structure<DatabaseIdentifier>({ CatalogId: limits.name, DatabaseName: limits.name, Region: limits.name }),
  FederatedDatabase: structure<FederatedDatabase>({
    Identifier: limits.federationIdentifier,
    ConnectionName: limits.name,
    ConnectionType: limits.name,
  }),
});
