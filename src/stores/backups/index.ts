export { folderShelf, writeProved } from "./folder-shelf.ts";
export { linesOf } from "./lines-of.ts";
