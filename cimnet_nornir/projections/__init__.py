"""What is read: views over the events, each incremental and each rebuildable."""
