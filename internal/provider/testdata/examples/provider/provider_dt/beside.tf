data "machineid_dt_roles" "all" {}
