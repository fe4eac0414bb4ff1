/** A `$metadata` document as a tenant frames it, with this inside its schema. */
export function aDocument(
  schema: string,
  { references = "", alias }: { readonly references?: string; readonly alias?: string } = {},
): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">
  <edmx:Reference Uri="https://sap.github.io/odata-vocabularies/vocabularies/Common.xml">
    ${references === "" ? '<edmx:Include Alias="Common" Namespace="com.sap.vocabularies.Common.v1"/>' : references}
  </edmx:Reference>
  <edmx:Reference Uri="https://sap.github.io/odata-vocabularies/vocabularies/Analytics.xml">
    <edmx:Include Alias="Analytics" Namespace="com.sap.vocabularies.Analytics.v1"/>
  </edmx:Reference>
  <edmx:Reference Uri="https://sap.github.io/odata-vocabularies/vocabularies/DataIntegration.xml">
    <edmx:Include Alias="DataIntegration" Namespace="com.sap.vocabularies.DataIntegration.v1"/>
  </edmx:Reference>
  <edmx:DataServices>
    <Schema Namespace="StandaloneService"${alias === undefined ? "" : ` Alias="${alias}"`} xmlns="http://docs.oasis-open.org/odata/ns/edm">
      ${schema}
    </Schema>
  </edmx:DataServices>
</edmx:Edmx>`;
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
