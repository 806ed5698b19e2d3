/**
 * The public surface of both builds. A change of the snapshot is a change for users: it belongs in
 * CHANGELOG.md. `npm test -- -u test/constructs/api-report` writes it again.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { exports } from "../../package.json";
import { ROOT } from "../support/cli.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { exportsOf, foreignTo, type Export } from "./api-surface.js";

const SURFACES = {
  cdktf: exportsOf(join(ROOT, exports["."].types)),
  cdktn: exportsOf(join(ROOT, exports["./cdktn"].types)),
};
const CDKS = ["cdktf", "cdktn"] as const;

const own = (cdk: keyof typeof SURFACES) => SURFACES[cdk].filter(({ isGenerated }) => !isGenerated);
const names = (cdk: keyof typeof SURFACES) => SURFACES[cdk].map(({ name }) => name);
const textOf = (surface: readonly Export[]): string =>
  surface.map(({ text }) => text.replace(/^export declare |^export /gm, "")).join("\n\n");

it("the constructs, and the names of what the CDK's generator makes from the schema, are the ones in the report", () => {
  const generated = SURFACES.cdktf.filter(({ isGenerated }) => isGenerated);
  expect(textOf(own("cdktf"))).toMatchSnapshot("constructs");
  expect(generated.map(({ name }) => name)).toMatchSnapshot("generated");
});

it("both builds have the same constructs", () => {
  expect(textOf(own("cdktn"))).toBe(textOf(own("cdktf")));
});

it("both builds export the same names, but for the functions that only cdktn knows", () => {
  const without = (other: readonly string[]) => (name: string) => !other.includes(name);
  expect(names("cdktn").filter(without(names("cdktf")))).toEqual(["PolyaiProviderFunctions"]);
  expect(names("cdktf").filter(without(names("cdktn")))).toEqual([]);
});

it.each(CDKS)("the constructs for %s could be used from other languages", (cdk) => {
  expect(own(cdk).map(({ name }) => name)).toContain("PolyWebhookSecret");
  const declarations = own(cdk).flatMap((each) => each.declarations);
  expect(declarations.flatMap((declaration) => [...foreignTo(declaration)])).toEqual([]);
});

describe("the report", () => {
  const reported = (text: string) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "index.d.ts"), text);
    return exportsOf(join(folder, "index.d.ts"));
  };

  it("leaves private members and comments out", () => {
    const [made] = reported(
      "/** Doc. */ export declare class A { /** B. */ private b; #c; readonly d: string; protected e(): void }",
    );
    expect(made!.text.replace(/\s+/g, " ")).toBe(
      "export declare class A { readonly d: string; protected e(): void; }",
    );
  });

  it.each([
    ["export interface A { b: string | number }", "union: string | number"],
    ["export declare class A<T> {}", "generic: T"],
    ["export declare function a(): void;", "function outside a class"],
  ])("finds what is foreign in %s", (text, found) => {
    const [made] = reported(text);
    expect([...foreignTo(made!.declarations[0]!)]).toEqual([expect.stringContaining(found)]);
  });

  it("finds nothing foreign in a map of strings", () => {
    const [made] = reported("export interface A { readonly b?: { [key: string]: string } }");
    expect([...foreignTo(made!.declarations[0]!)]).toEqual([]);
  });
});
