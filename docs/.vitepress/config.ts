import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { defineConfig } from "vitepress";

const docs = join(import.meta.dirname, "..");

/** Pages of a folder in the order of their names, each under its own title. */
function pages(folder: string): readonly { readonly text: string; readonly link: string }[] {
  return globSync("*.md", { cwd: join(docs, folder) })
    .sort()
    .map((file) => ({ text: titleOf(join(docs, folder, file)), link: `/${folder}/${basename(file, ".md")}` }));
}

function titleOf(path: string): string {
  return /^# (.*)$/m.exec(readFileSync(path, "utf8"))?.[1]?.replaceAll("`", "") ?? basename(path);
}

const guide = (name: string): { readonly text: string; readonly link: string } => ({
  text: titleOf(join(docs, "guide", `${name}.md`)),
  link: `/guide/${name}`,
});

const topic = (name: string): { readonly text: string; readonly link: string } => ({
  text: titleOf(join(docs, `${name}.md`)),
  link: `/${name}`,
});

/** The site of `docs/`: `npm run docs:build`. A dead link fails the build. */
export default defineConfig({
  title: "Tidemark",
  description: "Incremental metadata sync: SAP Datasphere to AWS Glue Data Catalog.",
  cleanUrls: true,
  outDir: join(docs, "../dist-docs"),
  cacheDir: join(docs, "../node_modules/.cache/vitepress"),
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    nav: [
      { text: "Guides", link: "/guide/first-sync" },
      { text: "Reference", link: "/reference/cli" },
    ],
    sidebar: [
      {
        text: "Guides",
        items: [
          "first-sync",
          "connect-tenant",
          "connect-glue",
          "run-in-ci",
          "operate",
          "recover",
          "ask-an-assistant",
          "write-a-connector",
        ].map(guide),
      },
      {
        text: "How it works",
        items: globSync("*.md", { cwd: docs })
          .filter((file) => file !== "index.md")
          .sort()
          .map((file) => topic(basename(file, ".md"))),
      },
      { text: "Reference", items: [...pages("reference")] },
      { text: "Decisions", collapsed: true, items: [...pages("adr")] },
    ],
  },
  markdown: {
    // The pages hold no HTML: `<prefix>` in a sentence is text.
    html: false,
    config(md) {
      // Comments are for the tests that run the pages.
      md.core.ruler.before("normalize", "comments", (state) => {
        state.src = state.src.replaceAll(/^<!--.*-->$/gm, "");
      });
      // A link that leaves this folder leads into the repository, which the site is not: its text stays.
      md.core.ruler.push("repository-links", ({ tokens, env }) => {
        const depth = String((env as { relativePath?: string }).relativePath ?? "").split("/").length;
        const leaves = (href: string): boolean => href.startsWith("../".repeat(depth));
        for (const { children } of tokens) {
          let open = false;
          for (const token of children ?? []) {
            if (token.type === "link_open" && leaves(token.attrGet("href") ?? "")) open = true;
            if (!open || !token.type.startsWith("link_")) continue;
            if (token.type === "link_close") open = false;
            token.type = "text";
            token.tag = "";
            token.content = "";
            token.nesting = 0;
          }
        }
      });
    },
  },
});
