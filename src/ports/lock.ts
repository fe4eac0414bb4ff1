import type { Holder } from "./checkpoint-store.ts";

/**
 * A lock that the kernel frees when its process dies.
 *
 * It is an optimisation that keeps two runs from doing the same work; what protects the state when it fails is the fence of the store.
 */
export interface Lock {
  /** Takes the lock, or answers with who holds it (null where that cannot be told). Waits for nobody. */
  acquire(
    holder: Holder,
  ): Promise<{ readonly ok: true; readonly release: () => Promise<void> } | { readonly ok: false; readonly holder: Holder | null }>;
}
