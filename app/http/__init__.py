"""HTTP as every service speaks it: strict bodies, problem documents, the session cookie, the access log, the drain."""
