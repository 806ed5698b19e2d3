import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./cli.js";

export interface Block {
  /** The heading that it stands under. */
  readonly heading: string;
  readonly language: string;
  readonly text: string;
}

/** The fenced blocks of a page, in order. */
export function blocksOf(page: string): readonly Block[] {
  let heading = "";
  const text = readFileSync(join(ROOT, page), "utf8");
  return [...text.matchAll(/^#+ ([^\n]*)$|^```(\w+)\n(.*?)^```$/gms)].flatMap(
    ([, title, language = "", block = ""]) => {
      if (title === undefined) return [{ heading, language, text: block }];
      heading = title;
      return [];
    },
  );
}
