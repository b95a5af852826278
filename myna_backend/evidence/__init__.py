"""What a visit proves: certificate path, birth-date record, card signature. Pure: no store, no clock of its own."""
