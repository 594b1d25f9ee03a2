zenml_staging = {
  server_url = "$ZENML_SERVER_URL"
  username   = "$ZENML_USERNAME"
  password   = "$ZENML_PASSWORD"
}
zenml_production = {
  server_url = "$ZENML_SERVER_URL"
  username   = "$ZENML_USERNAME"
  password   = "$ZENML_PASSWORD"
}
