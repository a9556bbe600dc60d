"""Resources: tasks, batches, projects and so on, in one module each."""
