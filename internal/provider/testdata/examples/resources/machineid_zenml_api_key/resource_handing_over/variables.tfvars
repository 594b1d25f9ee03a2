key_file = "$FOLDER/key"
