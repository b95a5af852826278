"""Pure formats: no I/O, no Qt, nothing of the application. The only part the backend shares."""
