/**
 * The public surface of both builds. A change of the snapshot is a change for users: it belongs in
 * CHANGELOG.md. `npm test -- -u test/constructs/api-report` writes it again.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/cli.js";
import { exportsOf, foreignTo, type Export } from "./api-surface.js";
import { temporaryFolder } from "./package-fixture.js";

const surface = (cdk: string) => exportsOf(join(ROOT, "dist", cdk, "index.d.ts"));

const textOf = (exports: readonly Export[]): string =>
  exports.map(({ text }) => text.replace(/^export declare |^export /gm, "")).join("\n\n");

describe.each(["cdktf", "cdktn"])("the surface for %s", (cdk) => {
  it("is the one in the report", () => {
    expect(textOf(surface(cdk))).toMatchSnapshot();
  });

  it("could be used from other languages, but for what the generator makes", () => {
    const own = surface(cdk).filter(({ isGenerated }) => !isGenerated);
    expect(own.map(({ name }) => name)).toContain("PolyWebhookSecret");
    expect(
      own.flatMap(({ declarations }) => declarations.flatMap((d) => [...foreignTo(d)])),
    ).toEqual([]);
  });

  it("has the names that prebuilt providers give", () => {
    const names = surface(cdk).map(({ name }) => name);
    for (const type of ["WebhookSecret", "WebhookEndpoint", "AlertRule"]) {
      expect(names).toEqual(expect.arrayContaining([type, `${type}Config`]));
    }
    expect(names).toEqual(
      expect.arrayContaining([
        "PolyaiProvider",
        "PolyaiProviderConfig",
        "DataPolyaiWebhookEndpoint",
        "DataPolyaiWebhookEndpointConfig",
        "EphemeralPolyaiWebhookSecret",
        "EphemeralPolyaiWebhookSecretConfig",
      ]),
    );
  });
});

it("both builds export the same names, but for the functions that only cdktn knows", () => {
  const [cdktf, cdktn] = ["cdktf", "cdktn"].map((cdk) => surface(cdk).map(({ name }) => name));
  expect(cdktn!.filter((name) => !cdktf!.includes(name))).toEqual(["PolyaiProviderFunctions"]);
  expect(cdktf!.filter((name) => !cdktn!.includes(name))).toEqual([]);
});

it("our own constructs have the same signatures in both builds", () => {
  const own = (cdk: string) => textOf(surface(cdk).filter(({ isGenerated }) => !isGenerated));
  expect(own("cdktn")).toBe(own("cdktf"));
});

describe("the report", () => {
  const reported = (text: string) => {
    const folder = temporaryFolder();
    mkdirSync(folder, { recursive: true });
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
    ["export interface A { b: { [k: string]: number } }", "map of other than strings"],
    ["export type A = string;", "type alias"],
    ["export interface A { b: () => void }", "function type"],
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
