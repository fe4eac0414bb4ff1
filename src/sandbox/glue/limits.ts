import { text, type Pattern, type TextShape } from "./scalar-shapes.ts";

// The limits of every string as the service's published API model has them (the botocore package, data/glue/2017-03-31/service-2.json).

const ONE_LINE: Pattern = {
  source: "[\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\t]*",
  test: /^[\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}\t]*$/u,
};

const MULTI_LINE: Pattern = {
  source: "[\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\r\\n\\t]*",
  test: /^[\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}\r\n\t]*$/u,
};

/** Names of databases, tables, columns, SerDes, owners and regions; ids of catalogs and versions. */
export const name: TextShape = text({ min: 1, max: 255, pattern: ONE_LINE });
export const description: TextShape = text({ min: 0, max: 2048, pattern: MULTI_LINE });
export const comment: TextShape = text({ min: 0, max: 255, pattern: ONE_LINE });
export const columnType: TextShape = text({ min: 0, max: 131072, pattern: ONE_LINE });
export const locationUri: TextShape = text({ min: 1, max: 1024, pattern: MULTI_LINE });
export const location: TextShape = text({ max: 2056, pattern: MULTI_LINE });
export const format: TextShape = text({ max: 128, pattern: ONE_LINE });
export const tableType: TextShape = text({ max: 255 });
export const viewText: TextShape = text({ max: 409600 });
export const parameterKey: TextShape = text({ min: 1, max: 255, pattern: ONE_LINE });
export const parameterValue: TextShape = text({ max: 512000 });
export const federationIdentifier: TextShape = text({ min: 1, max: 512, pattern: ONE_LINE });
export const principal: TextShape = text({ min: 1, max: 255 });
export const dialectVersion: TextShape = text({ min: 1, max: 255 });
export const arn: TextShape = text({ min: 20, max: 2048 });
export const tagKey: TextShape = text({ min: 1, max: 128 });
export const tagValue: TextShape = text({ min: 0, max: 256 });
export const tableFilter: TextShape = text({ min: 0, max: 2048, pattern: ONE_LINE });

export const resourceArn: TextShape = text({
  min: 1,
  max: 10240,
  pattern: { source: "arn:aws(-(cn|us-gov|iso(-[bef])?))?:glue:.*", test: /^arn:aws(-(cn|us-gov|iso(-[bef])?))?:glue:.*$/u },
});

export const registryName: TextShape = text({ min: 1, max: 255, pattern: { source: "[a-zA-Z0-9-_$#.]+", test: /^[a-zA-Z0-9-_$#.]+$/ } });

export const schemaVersionId: TextShape = text({
  min: 36,
  max: 36,
  pattern: {
    source: "[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}",
    test: /^[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}$/,
  },
});
