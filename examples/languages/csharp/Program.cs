using System;
using HashiCorp.Cdktf;
using polyai.Provider;
using polyai.WebhookSecret;

var app = new App();
var stack = new TerraformStack(app, "alerts");
new PolyaiProvider(stack, "polyai");

var secret = new WebhookSecret(stack, "AlertsSecret", new WebhookSecretConfig
{
    EndpointId = Environment.GetEnvironmentVariable("POLYAI_ENDPOINT_ID"),
    RotationTrigger = "2026-Q4",
});
new TerraformOutput(stack, "signing_secret", new TerraformOutputConfig
{
    Value = secret.SigningSecret,
    Sensitive = true,
});

app.Synth();
