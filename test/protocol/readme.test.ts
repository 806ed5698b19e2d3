import { buildSync } from "esbuild";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decodeMsgpack, encodeMsgpack } from "../../src/plugin/cty/msgpack.js";
import { object, STRING } from "../../src/plugin/cty/type.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { rpcs, type Host } from "./support/client.js";
import { startConnected, type Plugin } from "./support/plugin.js";

const RUNTIME = join(__dirname, "../../src/plugin");
const TYPE = object({ path: STRING, text: STRING });
const folder = temporaryFolder();
const script = join(folder, "provider.js");
let plugin: Plugin;
let host: Host;

beforeAll(async () => {
  const readme = readFileSync(join(RUNTIME, "README.md"), "utf8");
  const [, example = ""] = /```ts\n(.*?)```/s.exec(readme) ?? [];
  buildSync({
    stdin: { contents: example, resolveDir: RUNTIME, loader: "ts" },
    bundle: true,
    platform: "node",
    outfile: script,
    logLevel: "error",
  });
  ({ plugin, host } = await startConnected([process.execPath, script]));
});
afterAll(() => plugin.dispose());

it("the README's provider makes, reads and removes a file", async () => {
  const schema = await host.call(rpcs.getProviderSchema, {});
  expect(Object.keys(schema.resourceSchemas ?? {})).toEqual(["example_file"]);
  await host.call(rpcs.configureProvider, {});

  const path = join(folder, "note.txt");
  const typeName = "example_file";
  const nothing = { msgpack: encodeMsgpack(null, TYPE) };
  const config = { msgpack: encodeMsgpack({ path, text: "hello" }, TYPE) };
  const create = { typeName, priorState: nothing, proposedNewState: config, config };
  const { plannedState } = await host.call(rpcs.planResourceChange, create);
  const made = { typeName, priorState: nothing, plannedState, config };
  const { newState } = await host.call(rpcs.applyResourceChange, made);
  expect(readFileSync(path, "utf8")).toBe("hello");

  const read = await host.call(rpcs.readResource, { typeName, currentState: newState });
  expect(decodeMsgpack(read.newState!.msgpack!, TYPE)).toEqual({ path, text: "hello" });

  const gone = { typeName, priorState: newState, plannedState: nothing, config: nothing };
  expect((await host.call(rpcs.applyResourceChange, gone)).diagnostics).toEqual([]);
  expect(existsSync(path)).toBe(false);
});
