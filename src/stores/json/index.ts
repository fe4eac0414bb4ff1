export { JsonStore } from "./json-store.ts";
