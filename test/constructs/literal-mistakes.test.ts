import { TerraformProvider } from "cdktf";
import { PolyWebhookSecret } from "../../lib/index.js";
import { testStack } from "./stack-fixture.js";

const make = (props: object) => () => {
  new PolyWebhookSecret(testStack(), "Alerts", {
    endpointId: "whe_1a2b3c",
    ...props,
  });
};

class OtherProvider extends TerraformProvider {}

describe("PolyWebhookSecret refuses, when it is made,", () => {
  it.each([
    ["no endpoint id", { endpointId: undefined }, /endpointId must be .*not undefined\./],
    ["an empty endpoint id", { endpointId: "" }, /endpointId must be .*not ""\./],
    ["an endpoint id of another kind", { endpointId: "wh_1" }, /endpointId must be .*not "wh_1"\./],
    ["a path in the endpoint id", { endpointId: "whe_/../x" }, /endpointId must be/],
    [
      "a newline after the endpoint id",
      { endpointId: "whe_a\n" },
      /endpointId must be .*"whe_a\\n"/,
    ],
    ["zero days", { rotateAfterDays: 0 }, /rotateAfterDays must be .*not 0\./],
    ["half a day", { rotateAfterDays: 0.5 }, /rotateAfterDays must be .*not 0\.5\./],
    ["no number of days", { rotateAfterDays: Number.NaN }, /rotateAfterDays must be .*not NaN\./],
    ["another on_destroy", { onDestroy: "delete" }, /onDestroy must be "keep" or "invalidate"/],
    ["a list of triggers", { rotationTriggers: ["a"] }, /rotationTriggers must be a map/],
    ["an output name with a space", { outputName: "a b" }, /outputName must be a name/],
    ["an empty output name", { outputName: "" }, /set exportSecret to false/],
  ])("%s", (_, props, message) => {
    expect(make(props)).toThrow(message);
    expect(make(props)).toThrow(/^PolyWebhookSecret stack\/Alerts: /);
  });

  it("a provider block of another provider", () => {
    const stack = testStack();
    const provider = new OtherProvider(stack, "other", { terraformResourceType: "null" });
    expect(() => new PolyWebhookSecret(stack, "A", { endpointId: "whe_a", provider })).toThrow(
      "PolyWebhookSecret stack/A: provider must be a PolyaiProvider, not the provider stack/other.",
    );
  });

  it("a long value, of which it shows the beginning", () => {
    expect(make({ endpointId: "x".repeat(1_000_000) })).toThrow(/not "x{79}…\.$/);
  });
});
