module example.com/alerts

go 1.23.0

require (
	github.com/aws/constructs-go/constructs/v10 v10.4.2
	github.com/aws/jsii-runtime-go v1.112.0
	github.com/hashicorp/terraform-cdk-go/cdktf v0.21.0
)
