export { createGlueTarget, type GlueTargetOptions } from "./target.ts";
