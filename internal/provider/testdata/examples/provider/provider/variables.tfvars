zenml_server_url = "$ZENML_SERVER_URL"
zenml_username   = "$ZENML_USERNAME"
zenml_password   = "$ZENML_PASSWORD"
