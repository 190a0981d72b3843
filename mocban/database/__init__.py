"""The database: a private embedded PostgreSQL cluster, or the server that `DATABASE_URL` names.

`open_databases` is the way in; `mocban.database.cluster.Cluster` starts and stops the embedded server.
"""

from mocban.database.addresses import Databases, connection_url
from mocban.database.opening import open_databases

__all__ = ["Databases", "connection_url", "open_databases"]
