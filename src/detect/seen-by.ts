import { type Facet, FACETS } from "../model/asset.ts";
import type { HashScheme } from "../model/fingerprint.ts";
import type { FacetValues } from "./facet-values.ts";
import { asPlainText } from "./free-text.ts";
import { withoutFields } from "./ignore-fields.ts";

/**
 * The facets as a hash scheme sees them: without the ignored fields, free text in its plain form. What looks alike has the same hash
 * and no difference. Answers with its argument where there is nothing to overlook in the facets that are asked for.
 */
export function seenBy<Values extends FacetValues>(scheme: HashScheme, facets: Values, asked: readonly Facet[] = FACETS): Values {
  const plain = asPlainText(scheme, facets);
  return scheme.ignore_fields.length === 0 ? plain : withoutFields(plain, scheme.ignore_fields, asked);
}
