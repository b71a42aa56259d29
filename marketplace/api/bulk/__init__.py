"""Everything at once: files of all public records, with a manifest, checksums and a catalogue."""
