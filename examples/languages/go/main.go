package main

import (
	"os"

	"example.com/alerts/generated/polyai/polyai/provider"
	"example.com/alerts/generated/polyai/polyai/webhooksecret"
	"github.com/aws/jsii-runtime-go"
	"github.com/hashicorp/terraform-cdk-go/cdktf"
)

func main() {
	app := cdktf.NewApp(nil)
	stack := cdktf.NewTerraformStack(app, jsii.String("alerts"))
	provider.NewPolyaiProvider(stack, jsii.String("polyai"), &provider.PolyaiProviderConfig{})

	secret := webhooksecret.NewWebhookSecret(stack, jsii.String("AlertsSecret"), &webhooksecret.WebhookSecretConfig{
		EndpointId:      jsii.String(os.Getenv("POLYAI_ENDPOINT_ID")),
		RotationTrigger: jsii.String("2026-Q4"),
	})
	cdktf.NewTerraformOutput(stack, jsii.String("signing_secret"), &cdktf.TerraformOutputConfig{
		Value:     secret.SigningSecret(),
		Sensitive: jsii.Bool(true),
	})

	app.Synth()
}
