"""Steps of the database's tables, run at every start of the server."""
