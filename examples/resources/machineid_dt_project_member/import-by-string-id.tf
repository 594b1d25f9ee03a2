import {
  to = machineid_dt_project_member.climate_export
  id = "projects/cbp0j6cd7vhg00d4q1tg/members/cbp12nkd7vhg00d4q1v0"
}
