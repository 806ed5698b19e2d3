/**
 * Build step: the answer to GetProviderSchema, which does not change while the provider does not.
 * Made beforehand, it can be given by a process that has not loaded the provider.
 *
 * Run as `node <bundle> <file>`, the file to write.
 */
import { writeFileSync } from "node:fs";
import { encodeProviderSchema } from "../plugin/tfplugin6/service.js";
import { createProviderServer } from "../plugin/server/server.js";
import { provider } from "../provider/provider.js";
import { buildStep } from "./build-step.js";

async function main(file: string): Promise<void> {
  const schema = await encodeProviderSchema(createProviderServer(provider));
  const text = Buffer.from(schema).toString("base64");
  writeFileSync(
    file,
    "// Made by src/codegen/encoded-schema.ts. Do not edit.\n\n" +
      `export const schema: Uint8Array = Buffer.from("${text}", "base64");\n`,
  );
}

buildStep("the file to write", main);
