"""The Hà Nội reference data that the product ships: units, agencies, schedules, the plan of 2025-07-01, scans."""
