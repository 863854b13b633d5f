"""Event source mappings of Kinesis streams and table streams, with the failure semantics of AWS."""
