"""The command: settings, the embedded database, migrations, wiring. The top floor; nobody imports it."""
