export { kernelLock } from "./kernel-lock.ts";
