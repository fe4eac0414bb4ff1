import type { Json } from "../model/json.ts";

/** What happens while a run goes on, for progress and logs. Texts are constant, values are fields, secrets never reach a field. */
export interface Log {
  event(event: RunEvent): void;
}

export type Phase = "recover" | "list" | "detect" | "apply" | "commit";

export type RunEvent =
  | { readonly kind: "phase"; readonly phase: Phase; readonly total?: number }
  | { readonly kind: "progress"; readonly phase: Phase; readonly done: number }
  /** How many requests the source's endpoint still allows in this minute, as a request goes out. */
  | { readonly kind: "budget"; readonly left: number; readonly per_minute: number }
  /** One request that has ended. `what` names operation and asset or space, without query, header or body. */
  | {
      readonly kind: "request";
      readonly end: "source" | "target";
      readonly what: string;
      /** HTTP status; null where no answer came. */
      readonly status: number | null;
      readonly duration_ms: number;
      readonly sent: number;
      readonly received: number;
    }
  | { readonly kind: "problem"; readonly message: string; readonly asset_id?: string }
  | { readonly kind: "debug"; readonly message: string; readonly fields: { readonly [key: string]: Json } };
