# Where the secret is not known (see above), the next apply rotates.
terraform import polyai_webhook_secret.alerts whe_9ZtRcXw3nByK5pVqMaEfJs
