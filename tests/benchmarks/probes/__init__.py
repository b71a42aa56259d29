"""Programs that do one thing inside the exchange and print one JSON line; a part starts them.

Each is a process of its own: settings belong to one data folder, and memory is measured by process.
"""
