/** The texts of the provider's source that tell a reader to do something. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { ROOT } from "./cli.js";

const VERBS =
  "add|apply|ask|change|check|choose|correct|delete|export|give|import|keep|leave|look|make|move|name|plan|put|raise|read|remove|rotate|run|set|take|try|upgrade|use|wait|write";
/** A verb that begins a sentence or a part of one. "Report it" alone leads to nothing to test. */
const ADVICE = new RegExp(`(?:^|[.:;,] |\\b(?:or|and|then) )(?:${VERBS})\\b`, "i");

/** Each message that gives advice, with … for the values in it. */
export const adviceIn = (...folders: readonly string[]): readonly string[] =>
  folders
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".ts"))
        .map((name) => readFileSync(join(ROOT, folder, name), "utf8")),
    )
    .flatMap((code) => textsOf(ts.createSourceFile("", code, ts.ScriptTarget.Latest)))
    // The name of an action, such as "read alert rule …", has no end.
    .filter((text) => ADVICE.test(text) && /[.:;]/.test(text));

function textsOf(node: ts.Node): readonly string[] {
  if (ts.isImportDeclaration(node)) return [];
  // A schema's texts describe.
  if (ts.isPropertyAssignment(node) && "text" in node.name && node.name.text === "description") {
    return [];
  }
  const texts: string[] = [];
  if (ts.isStringLiteralLike(node)) texts.push(node.text);
  if (ts.isTemplateExpression(node)) {
    texts.push(
      node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join(""),
    );
  }
  ts.forEachChild(node, (child) => {
    texts.push(...textsOf(child));
  });
  return texts;
}
