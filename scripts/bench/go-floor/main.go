// Command go-floor is a provider that does nothing: a resource with the attributes of
// polyai_webhook_secret, whose every call is answered at once and which is updated in place. What a
// run with it costs is what Terraform and its protocol cost with any plugin, even one in Go.
package main

import (
	"context"
	"log"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

const typeName = "floor_webhook_secret"

var (
	schema = &tfprotov6.Schema{Version: 1, Block: &tfprotov6.SchemaBlock{Attributes: []*tfprotov6.SchemaAttribute{
		{Name: "id", Type: tftypes.String, Computed: true},
		{Name: "endpoint_id", Type: tftypes.String, Required: true},
		{Name: "rotation_trigger", Type: tftypes.String, Optional: true},
		{Name: "rotation_triggers", Type: tftypes.Map{ElementType: tftypes.String}, Optional: true},
		{Name: "rotate_after_days", Type: tftypes.Number, Optional: true},
		{Name: "on_destroy", Type: tftypes.String, Optional: true, Computed: true},
		{Name: "encrypt_to", Type: tftypes.Set{ElementType: tftypes.String}, Optional: true},
		{Name: "initial_secret", Type: tftypes.String, Optional: true, Sensitive: true},
		{Name: "initial_secret_wo", Type: tftypes.String, Optional: true, Sensitive: true, WriteOnly: true},
		{Name: "initial_secret_wo_version", Type: tftypes.Number, Optional: true},
		{Name: "signing_secret", Type: tftypes.String, Computed: true, Sensitive: true},
		{Name: "previous_signing_secret", Type: tftypes.String, Computed: true, Sensitive: true},
		{Name: "encrypted_signing_secret", Type: tftypes.String, Computed: true},
		{Name: "fingerprint", Type: tftypes.String, Computed: true},
		{Name: "rotation_count", Type: tftypes.Number, Computed: true},
		{Name: "rotated_at", Type: tftypes.String, Computed: true},
	}}}
	objectType = schema.ValueType()
	empty      = &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{}}
)

// What a rotation sets; the rest is kept.
var rotated = map[string]tftypes.Value{
	"signing_secret":          tftypes.NewValue(tftypes.String, "whsec_0123456789abcdef0123456789abcdef"),
	"previous_signing_secret": tftypes.NewValue(tftypes.String, "whsec_fedcba9876543210fedcba9876543210"),
	"fingerprint":             tftypes.NewValue(tftypes.String, "0123456789abcdef"),
	"rotation_count":          tftypes.NewValue(tftypes.Number, 1),
	"rotated_at":              tftypes.NewValue(tftypes.String, "2026-01-01T00:00:00.000Z"),
}

// The methods of the interface that core does not call here are those of a nil interface.
type provider struct{ tfprotov6.ProviderServer }

func (provider) GetMetadata(context.Context, *tfprotov6.GetMetadataRequest) (*tfprotov6.GetMetadataResponse, error) {
	return &tfprotov6.GetMetadataResponse{
		ServerCapabilities: &tfprotov6.ServerCapabilities{GetProviderSchemaOptional: true},
		Resources:          []tfprotov6.ResourceMetadata{{TypeName: typeName}},
	}, nil
}

func (provider) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return &tfprotov6.GetProviderSchemaResponse{
		ServerCapabilities: &tfprotov6.ServerCapabilities{GetProviderSchemaOptional: true},
		Provider:           empty,
		ResourceSchemas:    map[string]*tfprotov6.Schema{typeName: schema},
	}, nil
}

func (provider) GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov6.GetResourceIdentitySchemasResponse{}, nil
}

func (provider) ValidateProviderConfig(_ context.Context, r *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return &tfprotov6.ValidateProviderConfigResponse{PreparedConfig: r.Config}, nil
}

func (provider) ConfigureProvider(context.Context, *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	return &tfprotov6.ConfigureProviderResponse{}, nil
}

func (provider) StopProvider(context.Context, *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	return &tfprotov6.StopProviderResponse{}, nil
}

func (provider) ValidateResourceConfig(context.Context, *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return &tfprotov6.ValidateResourceConfigResponse{}, nil
}

func (provider) UpgradeResourceState(_ context.Context, r *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	state, err := r.RawState.Unmarshal(objectType)
	if err != nil {
		return nil, err
	}
	value, err := tfprotov6.NewDynamicValue(objectType, state)
	return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: &value}, err
}

func (provider) ReadResource(_ context.Context, r *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return &tfprotov6.ReadResourceResponse{NewState: r.CurrentState, Private: r.Private}, nil
}

func (provider) PlanResourceChange(_ context.Context, r *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	prior, err := attributes(r.PriorState)
	if err != nil {
		return nil, err
	}
	planned, err := attributes(r.ProposedNewState)
	if err != nil || planned == nil {
		return &tfprotov6.PlanResourceChangeResponse{PlannedState: r.ProposedNewState}, err
	}
	if planned["on_destroy"].IsNull() || !planned["on_destroy"].IsKnown() {
		planned["on_destroy"] = tftypes.NewValue(tftypes.String, "keep")
	}
	if prior == nil {
		planned["id"] = planned["endpoint_id"]
		planned["encrypted_signing_secret"] = tftypes.NewValue(tftypes.String, nil)
	}
	if prior == nil || !prior["rotation_trigger"].Equal(planned["rotation_trigger"]) {
		for name, value := range rotated {
			planned[name] = tftypes.NewValue(value.Type(), tftypes.UnknownValue)
		}
	}
	value, err := object(planned)
	return &tfprotov6.PlanResourceChangeResponse{PlannedState: value}, err
}

func (provider) ApplyResourceChange(_ context.Context, r *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	planned, err := attributes(r.PlannedState)
	if err != nil || planned == nil {
		return &tfprotov6.ApplyResourceChangeResponse{NewState: r.PlannedState}, err
	}
	for name, value := range rotated {
		if !planned[name].IsKnown() {
			planned[name] = value
		}
	}
	state, err := object(planned)
	return &tfprotov6.ApplyResourceChangeResponse{NewState: state}, err
}

// attributes gives nil for a null object.
func attributes(value *tfprotov6.DynamicValue) (map[string]tftypes.Value, error) {
	decoded, err := value.Unmarshal(objectType)
	if err != nil || decoded.IsNull() {
		return nil, err
	}
	of := map[string]tftypes.Value{}
	return of, decoded.As(&of)
}

func object(of map[string]tftypes.Value) (*tfprotov6.DynamicValue, error) {
	value, err := tfprotov6.NewDynamicValue(objectType, tftypes.NewValue(objectType, of))
	return &value, err
}

func main() {
	serve := func() tfprotov6.ProviderServer { return provider{} }
	if err := tf6server.Serve("registry.terraform.io/polyai/floor", serve); err != nil {
		log.Fatal(err)
	}
}
