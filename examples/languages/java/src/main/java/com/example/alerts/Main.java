package com.example.alerts;

import com.hashicorp.cdktf.App;
import com.hashicorp.cdktf.TerraformOutput;
import com.hashicorp.cdktf.TerraformStack;
import imports.polyai.provider.PolyaiProvider;
import imports.polyai.webhook_secret.WebhookSecret;

public class Main {
  public static void main(String[] args) {
    App app = new App();
    TerraformStack stack = new TerraformStack(app, "alerts");
    PolyaiProvider.Builder.create(stack, "polyai").build();

    WebhookSecret secret =
        WebhookSecret.Builder.create(stack, "AlertsSecret")
            .endpointId(System.getenv("POLYAI_ENDPOINT_ID"))
            .rotationTrigger("2026-Q4")
            .build();
    TerraformOutput.Builder.create(stack, "signing_secret")
        .value(secret.getSigningSecret())
        .sensitive(true)
        .build();

    app.synth();
  }
}
