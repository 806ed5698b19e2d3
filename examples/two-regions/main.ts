/** Endpoints in two regions, each with its own account and key. */
import { App, TerraformStack, TerraformVariable } from "cdktf";
import type { Construct } from "constructs";
import { PolyaiProvider, PolyWebhookSecret } from "terraform-provider-polyai";

class TwoRegions extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    // TF_VAR_uk_api_key where Terraform runs. The US key comes from POLYAI_API_KEY.
    const ukApiKey = new TerraformVariable(this, "uk_api_key", { type: "string", sensitive: true });
    new PolyaiProvider(this, "us", { region: "us" });
    const uk = new PolyaiProvider(this, "uk", {
      alias: "uk",
      region: "uk",
      apiKey: ukApiKey.stringValue,
    });

    new PolyWebhookSecret(this, "UsSecret", { endpointId: "whe_us1a2b3c", rotationTrigger: "1" });
    new PolyWebhookSecret(this, "UkSecret", {
      endpointId: "whe_uk4d5e6f",
      rotationTrigger: "1",
      provider: uk,
    });
  }
}

const app = new App();
new TwoRegions(app, "two-regions");
app.synth();
