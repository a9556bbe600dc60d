"""The v2 API: chat tasks, their projects, batches and deliveries, and datasets."""
