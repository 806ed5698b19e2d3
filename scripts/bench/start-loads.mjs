import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "../lib/paths.mjs";
import { measureStart } from "./plugin-start.mjs";
import { median } from "./statistics.mjs";

const ANSWER_MS = 10_000;
// No message is that long.
const LONG_TEXT = 8192;

/**
 * What one start of the provider loads until it has answered for its schema: code in bytes, node's
 * own public modules beyond those that node always loads, how many internal ones, and the CPU time
 * in milliseconds, the median of some starts.
 *
 * @param {string} plugin the provider's script
 */
export async function startLoads(plugin, host, times = 7) {
  const folder = mkdtempSync(join(tmpdir(), "polyai-start-"));
  try {
    const starts = [];
    // The first fills caches.
    for (let time = 0; time <= times; time++) starts.push(await probe(plugin, host, folder));
    const { loaded, sources } = starts.at(-1);
    const code = await Promise.all(sources.map(codeBytes));
    return {
      code: code.reduce((sum, bytes) => sum + bytes, 0),
      ...modulesOf(loaded),
      cpu: median(starts.slice(1).map(({ cpu }) => cpu)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function probe(plugin, host, folder) {
  const file = join(folder, "loaded.json");
  rmSync(file, { force: true });
  const environment = {
    HOME: folder,
    NODE_OPTIONS: `--require "${join(root, "scripts/bench/start-probe.cjs").replace(/["\\]/g, "\\$&")}"`,
    START_PROBE: file,
  };
  await measureStart(plugin, host, environment, async (child) => {
    child.kill("SIGUSR2");
    for (const end = performance.now() + ANSWER_MS; !existsSync(file);) {
      if (performance.now() > end) throw new Error("The provider does not say what it loaded.");
      await sleep(5);
    }
  });
  return JSON.parse(readFileSync(file, "utf8"));
}

/**
 * The public modules, and the packages inside node, among entries of process.moduleLoadList; and
 * how many internal modules are there beside them.
 */
export function modulesOf(loaded) {
  const names = loaded.flatMap((entry) => /^NativeModule (.+)$/.exec(entry)?.[1] ?? []);
  const named = names.flatMap(
    (name) => /^internal\/deps\/[^/]+/.exec(name)?.[0] ?? (/^internal\//.test(name) ? [] : name),
  );
  return {
    modules: [...new Set(named)].sort(),
    internal: names.filter((name) => name.startsWith("internal/")).length,
  };
}

/**
 * Bytes of the code of a script: without comments, where the bundle keeps what is compiled later,
 * white space, and long texts, which are data.
 */
export async function codeBytes(source) {
  const { default: ts } = await import("typescript");
  const file = ts.createSourceFile("source.js", source, ts.ScriptTarget.Latest);
  let bytes = 0;
  const visit = (node) => {
    if (ts.isJSDoc(node)) return;
    const children = node.getChildren(file);
    if (children.length > 0) {
      children.forEach(visit);
      return;
    }
    const text = node.getText(file);
    if (!ts.isStringLiteralLike(node) || text.length < LONG_TEXT) bytes += Buffer.byteLength(text);
  };
  visit(file);
  return bytes;
}
