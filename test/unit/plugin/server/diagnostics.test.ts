import { error, warning } from "../../../../src/plugin/framework/diagnostic.js";
import { diagnosticsToWire, pathToWire } from "../../../../src/plugin/server/diagnostics.js";
import { AttributePath, Diagnostic } from "../../../../src/plugin/tfplugin6/generated/tfplugin6.js";

it("diagnostics keep severity, summary, detail and path", () => {
  const sent = diagnosticsToWire([error("a", "b", "id"), warning("c", "d")]).map((diagnostic) =>
    Diagnostic.decode(Diagnostic.encode(diagnostic).finish()),
  );
  expect(sent).toEqual([
    { severity: 1, summary: "a", detail: "b", attribute: { steps: [{ attributeName: "id" }] } },
    { severity: 2, summary: "c", detail: "d" },
  ]);
});

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
    { kind: "element", value: "canary" },
    { kind: "attribute", name: "name" },
  ]);
  expect(path).toEqual({ steps: [{ attributeName: "tags" }] });
});
