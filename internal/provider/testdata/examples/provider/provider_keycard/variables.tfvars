keycard_client_secret = "$KEYCARD_CLIENT_SECRET"
