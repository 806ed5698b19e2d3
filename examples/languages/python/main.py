import os

from cdktf import App, TerraformOutput, TerraformStack

from imports.polyai.provider import PolyaiProvider
from imports.polyai.webhook_secret import WebhookSecret

app = App()
stack = TerraformStack(app, "alerts")
PolyaiProvider(stack, "polyai")

secret = WebhookSecret(
    stack,
    "AlertsSecret",
    endpoint_id=os.environ["POLYAI_ENDPOINT_ID"],
    rotation_trigger="2026-Q4",
)
TerraformOutput(stack, "signing_secret", value=secret.signing_secret, sensitive=True)

app.synth()
