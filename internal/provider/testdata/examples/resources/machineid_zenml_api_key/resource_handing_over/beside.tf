# Fails unless the file holds the key. The id keeps the file from being read before it is written.
resource "terraform_data" "handed_over" {
  triggers_replace = [terraform_data.batch_key_file.id]

  lifecycle {
    postcondition {
      condition     = file("${var.key_file}${substr(self.id, 0, 0)}") == machineid_zenml_api_key.batch.key
      error_message = "The file does not hold the key."
    }
  }
}
