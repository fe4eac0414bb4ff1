/** Writes terms and names of a document's own aliases the way that is the same in every document. */
export interface Names {
  /** `Common.Label` for every spelling of `com.sap.vocabularies.Common.v1.Label`; a term of an unknown vocabulary with its whole namespace. */
  term(written: string): string;
  /** A name with its alias, if it has one, spelled out: `Self.Orders` is `StandaloneService.Orders`. */
  qualified(written: string): string;
}

/** `namespaces` holds the document's aliases. */
export function namesOf(namespaces: ReadonlyMap<string, string>): Names {
  const qualified = (written: string): string => {
    const dot = written.lastIndexOf(".");
    const namespace = namespaces.get(written.slice(0, dot));
    return namespace === undefined ? written : namespace + written.slice(dot);
  };
  return {
    qualified,
    term(written) {
      const whole = qualified(written);
      const dot = whole.lastIndexOf(".");
      const alias = KNOWN.get(whole.slice(0, dot));
      return alias === undefined ? whole : alias + whole.slice(dot);
    },
  };
}

/** The vocabularies seen in documents of tenants, and their neighbours, each by its usual alias. */
const KNOWN: ReadonlyMap<string, string> = new Map([
  ...["Aggregation", "Authorization", "Capabilities", "Core", "Measures", "Validation"].map(
    (alias) => [`Org.OData.${alias}.V1`, alias] as const,
  ),
  ...[
    "Analytics",
    "CodeList",
    "Common",
    "Communication",
    "DataIntegration",
    "Graph",
    "Hierarchy",
    "ODM",
    "PersonalData",
    "Session",
    "UI",
  ].map((alias) => [`com.sap.vocabularies.${alias}.v1`, alias] as const),
]);
