/**
 * The public surface of both builds. A change of the snapshot is a change for users: it belongs in
 * CHANGELOG.md. `npm test -- -u test/constructs/api-report` writes it again.
 */
import { join } from "node:path";
import { exports } from "../../package.json";
import { ROOT } from "../support/cli.js";
import { exportsOf, type Export } from "./api-surface.js";

const SURFACES = {
  cdktf: exportsOf(join(ROOT, exports["."].types)),
  cdktn: exportsOf(join(ROOT, exports["./cdktn"].types)),
};

const own = (cdk: keyof typeof SURFACES) => SURFACES[cdk].filter(({ isGenerated }) => !isGenerated);
const names = (cdk: keyof typeof SURFACES) => SURFACES[cdk].map(({ name }) => name);
const textOf = (surface: readonly Export[]): string =>
  surface.map(({ text }) => text.replace(/^export declare |^export /gm, "")).join("\n\n");

it("the constructs are the ones in the report", () => {
  expect(textOf(own("cdktf"))).toMatchSnapshot("constructs");
});

it("both builds have the same constructs", () => {
  expect(textOf(own("cdktn"))).toBe(textOf(own("cdktf")));
});

it("both builds export the same names, but for the functions that only cdktn knows", () => {
  const without = (other: readonly string[]) => (name: string) => !other.includes(name);
  expect(names("cdktn").filter(without(names("cdktf")))).toEqual(["PolyaiProviderFunctions"]);
  expect(names("cdktf").filter(without(names("cdktn")))).toEqual([]);
});
