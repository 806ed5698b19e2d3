import { pathToWire } from "../../../../src/plugin/server/diagnostics.js";
import { AttributePath } from "../../../../src/plugin/tfplugin6/generated/tfplugin6.js";

it("paths name attributes, keys and indexes, empty ones too", () => {
  const path = pathToWire([
    { kind: "attribute", name: "" },
    { kind: "key", key: "" },
    { kind: "index", index: 0 },
  ]);
  expect(AttributePath.decode(AttributePath.encode(path).finish()).steps).toEqual([
    { attributeName: "" },
    { elementKeyString: "" },
    { elementKeyInt: 0 },
  ]);
});

it("a path into an element of a set ends at the set", () => {
  const path = pathToWire([
    { kind: "attribute", name: "tags" },
    { kind: "element", index: 1 },
    { kind: "attribute", name: "name" },
  ]);
  expect(path).toEqual({ steps: [{ attributeName: "tags" }] });
});
