import {
  to = machineid_dt_organization_member.provisioning
  identity = {
    name = "organizations/cbp0ip4d7vhg00d4q1rg/members/cbp12nkd7vhg00d4q1v0"
  }
}
