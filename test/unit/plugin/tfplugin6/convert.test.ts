import * as cty from "../../../../src/plugin/cty/type.js";
import { error, warning } from "../../../../src/plugin/framework/diagnostic.js";
import {
  diagnosticsToWire,
  pathToWire,
} from "../../../../src/plugin/tfplugin6/convert/diagnostic.js";
import { rawStateFrom, valueFrom } from "../../../../src/plugin/tfplugin6/convert/request.js";
import {
  functionToWire,
  identitySchemaToWire,
  schemaToWire,
} from "../../../../src/plugin/tfplugin6/convert/schema.js";
import { timestampToWire } from "../../../../src/plugin/tfplugin6/convert/timestamp.js";
import * as wire from "../../../../src/plugin/tfplugin6/generated/tfplugin6.js";

const json = (bytes: Uint8Array | undefined): unknown =>
  JSON.parse(Buffer.from(bytes ?? []).toString()) as unknown;

describe("diagnostics", () => {
  it("keep severity, summary, detail and path", () => {
    const [first, second] = diagnosticsToWire([error("a", "b", "id"), warning("c", "d")]);
    expect(first).toEqual({
      severity: wire.DiagnosticSeverity.ERROR,
      summary: "a",
      detail: "b",
      attribute: { steps: [{ attributeName: "id" }] },
    });
    expect(second).toEqual({
      severity: wire.DiagnosticSeverity.WARNING,
      summary: "c",
      detail: "d",
    });
  });

  it("name attributes, keys and indexes", () => {
    const path = pathToWire([
      { kind: "attribute", name: "" },
      { kind: "key", key: "" },
      { kind: "index", index: 0 },
    ]);
    expect(wire.AttributePath.decode(wire.AttributePath.encode(path)).steps).toEqual([
      { attributeName: "" },
      { elementKeyString: "" },
      { elementKeyInt: 0 },
    ]);
  });

  it("end at the set where the path goes into one of its elements", () => {
    const path = pathToWire([
      { kind: "attribute", name: "tags" },
      { kind: "element", value: "canary" },
      { kind: "attribute", name: "name" },
    ]);
    expect(path).toEqual({ steps: [{ attributeName: "tags" }] });
  });
});

describe("schemas", () => {
  const plain = {
    description: "It.",
    required: false,
    optional: false,
    computed: false,
    sensitive: false,
    writeOnly: false,
    deprecated: false,
  };
  const schema = schemaToWire({
    version: 2,
    description: "All.",
    deprecated: true,
    attributes: [
      { ...plain, name: "a", type: cty.STRING, required: true, deprecated: true },
      {
        ...plain,
        name: "b",
        type: cty.set(cty.object({ x: cty.NUMBER })),
        optional: true,
        writeOnly: true,
      },
      {
        ...plain,
        name: "c",
        type: cty.tuple([cty.BOOL, cty.DYNAMIC]),
        computed: true,
        sensitive: true,
      },
    ],
  });
  const { block, version } = wire.Schema.decode(wire.Schema.encode(schema));
  const [a, b, c] = block!.attributes;

  it("carry version, Markdown and deprecation", () => {
    expect([version, block!.version]).toEqual([2, 2]);
    expect(block).toMatchObject({
      description: "All.",
      descriptionKind: wire.StringKind.MARKDOWN,
      deprecated: true,
    });
    expect(a).toMatchObject({ description: "It.", descriptionKind: wire.StringKind.MARKDOWN });
  });

  it("carry what may be done with each attribute, and nothing else", () => {
    const flags = {
      required: false,
      optional: false,
      computed: false,
      sensitive: false,
      writeOnly: false,
      deprecated: false,
    };
    expect(a).toMatchObject({ ...flags, name: "a", required: true, deprecated: true });
    expect(b).toMatchObject({ ...flags, name: "b", optional: true, writeOnly: true });
    expect(c).toMatchObject({ ...flags, name: "c", computed: true, sensitive: true });
  });

  it("carry types as cty's JSON", () => {
    expect([a, b, c].map((attribute) => json(attribute?.type))).toEqual([
      "string",
      ["set", ["object", { x: "number" }]],
      ["tuple", ["bool", "dynamic"]],
    ]);
  });

  it("of identities say what an import needs", () => {
    const identity = identitySchemaToWire({
      version: 1,
      identityAttributes: [
        {
          name: "id",
          type: cty.STRING,
          requiredForImport: true,
          optionalForImport: false,
          description: "Id.",
        },
      ],
    });
    const [attribute] = wire.ResourceIdentitySchema.decode(
      wire.ResourceIdentitySchema.encode(identity),
    ).identityAttributes;
    expect(attribute).toMatchObject({
      name: "id",
      requiredForImport: true,
      optionalForImport: false,
    });
    expect(json(attribute?.type)).toBe("string");
  });
});

describe("functions", () => {
  const parameter = {
    name: "p",
    type: cty.list(cty.STRING),
    allowNullValue: true,
    allowUnknownValues: false,
    description: "P.",
  };
  const signature = {
    parameters: [parameter],
    returnType: cty.BOOL,
    summary: "S",
    description: "D",
    deprecationMessage: "old",
  };
  const decode = (init: ReturnType<typeof functionToWire>) =>
    wire.Function.decode(wire.Function.encode(init));

  it("carry their parameters, result and texts", () => {
    const decoded = decode(functionToWire(signature));
    expect(decoded).toMatchObject({
      parameters: [
        { name: "p", allowNullValue: true, allowUnknownValues: false, description: "P." },
      ],
      summary: "S",
      description: "D",
      descriptionKind: wire.StringKind.MARKDOWN,
      deprecationMessage: "old",
    });
    expect(json(decoded.parameters[0]?.type)).toEqual(["list", "string"]);
    expect(json(decoded.return?.type)).toBe("bool");
    expect(decoded.variadicParameter).toBeUndefined();
  });

  it("carry a variadic parameter where there is one", () => {
    const decoded = decode(functionToWire({ ...signature, variadicParameter: parameter }));
    expect(decoded.variadicParameter?.name).toBe("p");
  });
});

describe("requests", () => {
  it("take a stored state as JSON where there is any, else as a flat map", () => {
    const flatmap = { id: "1" };
    expect(rawStateFrom({ json: Uint8Array.of(0x7b), flatmap })).toEqual({
      json: Uint8Array.of(0x7b),
    });
    expect(rawStateFrom({ json: new Uint8Array(0), flatmap })).toEqual({ flatmap });
  });

  it("take a value that is left out as one with no encoding", () => {
    expect(valueFrom(undefined)).toEqual({});
  });
});

describe("timestamps", () => {
  it.each([
    [0, 0, 0],
    [1_700_000_000_250, 1_700_000_000, 250_000_000],
    [-1, -1, 999_000_000],
  ])("%d ms is %d s and %d ns", (milliseconds, seconds, nanos) => {
    expect(timestampToWire(milliseconds)).toEqual({ seconds, nanos });
  });
});
