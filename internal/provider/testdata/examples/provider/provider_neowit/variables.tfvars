neowit_secret = "$NEOWIT_SECRET"
