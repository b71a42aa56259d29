"""What is measured. Each module has `run(run: Run) -> Section`."""
